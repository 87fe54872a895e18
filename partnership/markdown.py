"""
Turn what people write into HTML that can do no harm.

Of Markdown there are paragraphs, headings, lists, emphasis and links. Everything else, HTML above all, is shown as it
was typed; a link leads to a web or mail address, or to a page of the portal.
"""

import re

from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

# An address of the portal's own begins with one slash: two would lead elsewhere.
SAFE_LINK = re.compile(r"(?:https?://|mailto:|/(?!/))\S*\Z", re.IGNORECASE)
CLASSES = {"h2": "nhsuk-heading-m", "h3": "nhsuk-heading-s", "ul": "nhsuk-list nhsuk-list--bullet"}
CLASSES["ol"] = "nhsuk-list nhsuk-list--number"


def to_html(text):
    """Return a text as HTML; its headings begin at the second level, below the page's own."""
    parser = MarkdownIt("zero", {"html": False, "linkify": False, "typographer": False})
    parser.enable(["heading", "list", "emphasis", "link", "escape", "newline"])
    parser.validateLink = lambda address: bool(SAFE_LINK.match(address))
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h2" if token.tag in ("h1", "h2") else "h3"
        if token.nesting == 1 and token.tag in CLASSES:
            token.attrSet("class", CLASSES[token.tag])
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))
