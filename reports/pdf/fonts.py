"""
The fonts of the report, as set-up placed them: `text/` for every document, `scripts/` for letters that those lack.

Loading all of them would cost a second of each PDF, so that a document is given a script's font only where it has
letters of it.
"""

import re
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# Those of the text first, then the scripts in the order in which `bin/assets` lists them.
FAMILIES = (
    "'Source Sans 3', 'Noto Sans', 'Noto Sans Symbols 2', 'Noto Sans Hebrew', 'Noto Sans Arabic', 'Noto Sans Bengali', "
    "'Noto Sans Gujarati', 'Noto Sans Gurmukhi', 'Noto Sans Tamil', 'Noto Sans Thai', 'Noto Sans SC', 'Noto Sans KR', "
    "'Noto Emoji'"
)
TEXT, SCRIPTS = "text", "scripts"
RULE = re.compile(r"url\(([^)]+)\)")


def folder():
    """
    Return the folder that holds the fonts and their stylesheets.

    :raises ImproperlyConfigured: if set-up has not placed them: without any font the PDF maker would crash
    """
    fonts = settings.ASSETS_DIR / "fonts"
    if not all((fonts / kind / "fonts.css").is_file() for kind in (TEXT, SCRIPTS)):
        raise ImproperlyConfigured(
            f"The report's fonts are missing from {fonts}. Run bin/assets, which places them there."
        )
    return fonts


def faces(words):
    """Return the rules of CSS that declare the fonts which these words need."""
    lacking = {ord(character) for character in set(words)} - _points_of(TEXT)
    rules = _rules(TEXT)
    for rule, points in _scripts():
        if lacking & points:
            rules.append(rule)
            lacking -= points
    return "\n".join(rules)


@lru_cache(maxsize=1)
def covered():
    """Return the code points that at least one of the upright fonts can draw."""
    return _points_of(TEXT) | _points_of(SCRIPTS)


def _rules(kind):
    """Return the rules of a folder's stylesheet, each naming its file from the folder that holds both."""
    lines = (folder() / kind / "fonts.css").read_text().splitlines()
    return [RULE.sub(rf"url({kind}/\1)", line) for line in lines]


@lru_cache(maxsize=1)
def _scripts():
    return [(rule, _points(folder() / RULE.search(rule)[1])) for rule in _rules(SCRIPTS)]


@lru_cache(maxsize=2)
def _points_of(kind):
    return frozenset().union(*(_points(path) for path in sorted((folder() / kind).glob("*.ttf"))))


def _points(path):
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())
