"""Parts of pages that say the same to everybody: rendered once, and remembered by what they are made of."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.utils.safestring import SafeString

from partnership import remembered


class Unkeepable(TypeError):
    """A value is none that stays as it is and is always shown in the same way."""


def part(place, values, make):
    """
    Return the text that `make` gives at a `place` of a template for these values: made once, while they are the same.

    :raises Unkeepable: if it might be another one the next time
    """
    # Its addresses are those of the whole portal.
    return remembered.PARTS.part((place, settings.ROOT_URLCONF, *map(key_of, values)), make)


def key_of(value):
    """
    Return a key under which what is made of a value can be kept: equal for values that are shown alike, and only then.

    Values are texts, whole numbers, truth values, days, identifiers, None and tuples of them. A text that is marked as
    safe is shown otherwise than the same text that is not, and a number otherwise than a truth value that equals it.

    :raises Unkeepable: for anything else, such as a row or a list, which may change
    """
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind in (int, bool, date, UUID, SafeString):
        return kind, value
    if isinstance(value, tuple):
        return kind, *map(key_of, value)
    raise Unkeepable(f"{kind.__name__} is no value to keep a part of a page by")
