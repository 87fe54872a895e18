"""
Make any text printable with the fonts at hand: what they lack is shown by its code, so that nothing vanishes; pure.

A tagged PDF must not hold a glyph that means "missing", and people's names and words may hold any character.
"""

import unicodedata

# Zero-width joiners, variation selectors and soft hyphens only steer what is drawn; without them the text stays whole.
UNSEEN = frozenset({0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)})
KEPT = frozenset({"\n", "\t", "\r"})


def printable(value, covered):
    """
    Return data with each text made printable; mappings and lists keep their shape.

    `covered` is the set of code points that the fonts can draw. A character outside it, a control character, or one
    that turns the direction of the text (and so could disguise it) becomes its code, such as "[U+4E2D]".
    """
    if isinstance(value, str):
        return "".join(_shown(character, covered) for character in unicodedata.normalize("NFC", value))
    if isinstance(value, dict):
        return {name: printable(inner, covered) for name, inner in value.items()}
    if isinstance(value, list):
        return [printable(inner, covered) for inner in value]
    return value


def _shown(character, covered):
    code = ord(character)
    if character in KEPT:
        return character
    if code in UNSEEN:
        return ""
    if code in covered and unicodedata.category(character) not in {"Cc", "Cf"}:
        return character
    return f"[U+{code:04X}]"
