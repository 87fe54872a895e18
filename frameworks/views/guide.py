"""
The written guides to frameworks, as pages of the portal: the files in docs are the only source.

They are our own texts, so that all of Markdown that they use is taken, but no HTML.
"""

import re
from functools import cache

from django.conf import settings
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET
from markdown_it import MarkdownIt
from markdown_it.token import Token

GUIDES = {"format": "framework-format.md", "rules": "framework-rules.md"}
# Marks between which tables are generated.
MARKS = re.compile(r"<!--.*?-->\n*", re.DOTALL)
CLASSES = {
    "h2": "nhsuk-heading-m",
    "h3": "nhsuk-heading-s",
    "ul": "nhsuk-list nhsuk-list--bullet",
    "ol": "nhsuk-list nhsuk-list--number",
    "table": "nhsuk-table-responsive",
    "thead": "nhsuk-table__head",
    "tbody": "nhsuk-table__body",
    "tr": "nhsuk-table__row",
    "th": "nhsuk-table__header",
    "td": "nhsuk-table__cell",
}
# On a phone each row is a card; these say that it is still a table.
ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}


@require_GET
def read(request, name):
    if name not in GUIDES:
        raise Http404("There is no such guide")
    title, html = page(name)
    return TemplateResponse(request, "frameworks/guide.html", {"title": title, "html": html, "name": name})


@cache
def page(name: str) -> tuple[str, SafeString]:
    """
    Return the title and the HTML of a guide.

    :raises KeyError: if there is no guide of the name
    """
    text = MARKS.sub("", (settings.BASE_DIR / "docs" / GUIDES[name]).read_text())
    first, rest = text.split("\n", 1)
    return first.removeprefix("# "), to_html(rest)


def to_html(text: str) -> SafeString:
    """Return a guide as HTML, its headings with the addresses that the guide's own links name."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    _label_cells(tokens)
    for token, inline in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and inline:
            token.attrSet("id", anchor(inline.content))
        if token.nesting == 1:
            _dress(token)
        for link in (each for each in token.children or () if each.type == "link_open"):
            link.attrSet("href", _address(str(link.attrGet("href"))))
    parser.add_render_rule("fence", lambda renderer, tokens, index, *_: _listing(tokens[index].content))
    return mark_safe(parser.renderer.render(tokens, parser.options, {}))


def anchor(heading: str) -> str:
    """Return the address of a heading within its page."""
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def _dress(token: Token) -> None:
    if token.tag in CLASSES:
        token.attrSet("class", CLASSES[token.tag])
    if token.tag in ROLES:
        token.attrSet("role", ROLES[token.tag])
    if token.tag == "th":
        token.attrSet("scope", "col")


def _label_cells(tokens: list[Token]) -> None:
    """Give each cell the heading of its column, which a phone shows before it."""
    headings: list[str] = []
    column = 0
    for token, inline in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "table_open":
            headings = []
        elif token.type == "th_open" and inline:
            headings.append(inline.content)
        elif token.type == "tr_open":
            column = 0
        elif token.type == "td_open" and inline:
            heading = escape(headings[column])
            label = f'<span class="nhsuk-table-responsive__heading" aria-hidden="true">{heading} </span><span>'
            inline.children = [_html(label), *(inline.children or []), _html("</span>")]
            column += 1


def _html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)


def _address(link: str) -> str:
    """Return where a link between the files in docs leads within the portal."""
    file, mark, place = link.partition("#")
    pages = {file: reverse("frameworks:guide", args=[name]) for name, file in GUIDES.items()}
    pages["small-framework.yaml"] = reverse("frameworks:starter", args=["yaml"])
    pages["framework-format.schema.json"] = reverse("frameworks:starter", args=["schema"])
    return f"{pages[file] if file else ''}{mark}{place}"


def _listing(text: str) -> str:
    # What is wider than the page is scrolled to, by keyboard, too.
    return f'<pre class="portal-listing" tabindex="0"><code>{escape(text)}</code></pre>\n'
