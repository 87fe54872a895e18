"""
Make any text printable with the fonts at hand: what they lack is shown by its code, so that nothing vanishes; pure.

A tagged PDF must not hold a glyph that means "missing", and people's names and words may hold any character.
"""

import unicodedata

# Variation selectors, direction marks and soft hyphens only steer what is drawn; without them the text stays whole.
UNSEEN = frozenset({0x00AD, 0x061C, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)})
# Between letters of some scripts, and between the parts of one sign, they make a difference.
JOINERS = frozenset({0x200C, 0x200D})
KEPT = frozenset({"\n", "\t", "\r"})
ISOLATE, END = "\u2068", "\u2069"
FROM_THE_RIGHT = frozenset({"R", "AL"})


def printable(value, covered):
    """
    Return data with each text made printable; mappings and lists keep their shape.

    `covered` is the set of code points that the fonts can draw. A character outside it, a control character, or one
    that turns the direction of the text (and so could disguise it) becomes its code, such as "[U+202E]". A line with
    words that are read from the right is isolated, so that it leaves the order of what stands around it alone.
    """
    if isinstance(value, str):
        return _text(unicodedata.normalize("NFC", value), covered)
    if isinstance(value, dict):
        return {name: printable(inner, covered) for name, inner in value.items()}
    if isinstance(value, list):
        return [printable(inner, covered) for inner in value]
    return value


def _text(text, covered):
    joins = any(ord(character) > 0x2FF and ord(character) in covered for character in text)
    shown = "".join(_shown(character, covered, joins) for character in text)
    if shown.isascii() or not any(unicodedata.bidirectional(each) in FROM_THE_RIGHT for each in shown):
        return shown
    return "\n".join(_isolated(line) for line in shown.split("\n"))


def _isolated(line):
    turns = any(unicodedata.bidirectional(each) in FROM_THE_RIGHT for each in line)
    # An address stays one: it begins from the left by itself.
    return f"{ISOLATE}{line}{END}" if turns and "://" not in line else line


def _shown(character, covered, joins):
    code = ord(character)
    if character in KEPT:
        return character
    if code in UNSEEN:
        return ""
    if code in JOINERS:
        return character if joins else ""
    if code in covered and unicodedata.category(character) not in {"Cc", "Cf"}:
        return character
    return f"[U+{code:04X}]"
