"""The fonts of the report, as set-up placed them."""

from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from fontTools.ttLib import TTFont

FAMILIES = "'Source Sans 3', 'Noto Sans', 'Noto Sans Symbols 2'"


def folder():
    """
    Return the folder that holds the fonts and their stylesheet.

    :raises ImproperlyConfigured: if set-up has not placed them: without any font the PDF maker would crash
    """
    fonts = settings.ASSETS_DIR / "fonts"
    if not (fonts / "fonts.css").is_file():
        raise ImproperlyConfigured(
            f"The report's fonts are missing from {fonts}. Run bin/assets, which places them there."
        )
    return fonts


@lru_cache(maxsize=1)
def covered():
    """Return the code points that at least one of the upright fonts can draw."""
    points = set()
    for path in sorted(folder().glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(points)
