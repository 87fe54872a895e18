"""
Make any text printable with the fonts at hand: what they lack is shown by its code, so that nothing vanishes; pure.

A tagged PDF must not hold a glyph that means "missing", and people's names and words may hold any character.
"""

import unicodedata
from itertools import groupby

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

    `covered` is the set of code points that the fonts can draw; of what lies outside it `coded` gives the codes. A line
    with words that are read from the right is isolated, so that it leaves the order of what stands around it alone.
    """
    if isinstance(value, str):
        return _text(unicodedata.normalize("NFC", value), covered)
    if isinstance(value, dict):
        return {name: printable(inner, covered) for name, inner in value.items()}
    if isinstance(value, list):
        return [printable(inner, covered) for inner in value]
    return value


def coded(text, covered):
    """
    Return a text in which what no font can draw stands as codes, so that it can be looked up.

    Letters that follow each other stand together, after the name of their script: "[Khmer U+1781 U+17D2]". Alone stand
    signs, control characters, and what turns the direction of the text and so could disguise it: "[U+202E]".
    """
    joins = any(ord(character) > 0x2FF and ord(character) in covered for character in text)
    parts = []
    for script, letters in groupby(text, key=lambda character: _lacking_script(character, covered)):
        if script:
            parts.append(f"[{script} {' '.join(f'U+{ord(letter):04X}' for letter in letters)}]")
        else:
            parts += [_shown(character, covered, joins) for character in letters]
    return "".join(parts)


def _text(text, covered):
    shown = coded(text, covered)
    if shown.isascii() or not any(unicodedata.bidirectional(each) in FROM_THE_RIGHT for each in shown):
        return shown
    return "\n".join(_isolated(line) for line in shown.split("\n"))


def _lacking_script(character, covered):
    """Return the script of a letter, or of a mark on one, that no font has; "" for anything else."""
    if ord(character) in covered or unicodedata.category(character)[0] not in "LM" or ord(character) in UNSEEN:
        return ""
    first = unicodedata.name(character, "").split(" ")[0]
    return first if first == "CJK" else first.capitalize()


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
