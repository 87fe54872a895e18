"""
One cell of a framework's workbook: how each kind of value is written in it, and read back.

Words and numbers stand as they are, lists of texts line by line, yes and no for true and false. A value of several
parts stands as in the YAML file. Whatever would not come back as it was (an empty text, a line break within a list) is
written as JSON behind a backslash, so that every value has a cell.
"""

import json
import re

import yaml

from frameworks.kinds import Choice, Code, Either, Flag, Kind, Number, One, Text, Texts, Whole
from frameworks.marks import FileRefused
from frameworks.reading_yaml import DEEPEST, WHOLE, read_yaml
from frameworks.vocabulary import RECORDS

# What XML cannot hold, and what spreadsheet programs read as the code of a character.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel takes four digits for a character, LibreOffice fewer, too.
READ_AS_CODE = re.compile(r"_(?=x[0-9A-Fa-f]{1,4}_)")
ESCAPE = "\\"
LONGEST_CELL = 32_767
YES_AND_NO = {"yes": True, "no": False, "true": True, "false": False}
AS_TEXT = "Format the cell as text, or begin with an apostrophe ('), and type it again."
Cell = str | int | None


class CellRefused(ValueError):
    """A cell that cannot be read; says what is wrong and how to mend it."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what} {mend}")
        self.what = what
        self.mend = mend


class CellTooSmall(ValueError):
    """A value that is longer than a cell can be."""


def as_written(text: str) -> str:
    """Return a text as a cell can hold it."""
    return READ_AS_CODE.sub("_x005F_", NOT_IN_XML.sub("\ufffd", text))


def as_read(text: str) -> str:
    """Return what a cell's text says that `as_written` was written to, whichever program saved it."""
    return text.replace("_x005F_", "_").replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")


def as_kept(text: str) -> str:
    """Return what is left of a text in a cell, whichever program saved it: texts that differ may leave the same."""
    # The library drops these letters from texts that a program keeps in one table, wherever they stand.
    return as_read(as_written(text).replace("x005F_", ""))


def is_blank(cell: object) -> bool:
    """Say whether a person sees nothing in a cell: it holds none, or blanks alone."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def encode(value: object, kind: Kind, rules: frozenset[str] = frozenset()) -> Cell:
    """
    Write a value as a cell; `rules` are the names of rules that the framework declares.

    :raises CellTooSmall: if it is too long for one
    """
    cell = _natural(value, kind)
    if not _comes_back(cell, value, kind, rules):
        # Without this sign nothing in it is a character's code.
        cell = ESCAPE + json.dumps(value, ensure_ascii=False).replace("_", "\\u005f")
    length = len(as_written(cell)) if isinstance(cell, str) else 0
    if length > LONGEST_CELL:
        raise CellTooSmall(f"{length} characters are more than the {LONGEST_CELL} that a cell holds")
    return cell


def decode(cell: object, kind: Kind, rules: frozenset[str] = frozenset()) -> object:
    """
    Read a cell that is not blank.

    What is not of the kind is returned as it stands, for the parser to say so.

    :raises CellRefused: if it cannot be read at all
    """
    if isinstance(cell, str) and cell.startswith(ESCAPE):
        return _json(cell[len(ESCAPE) :])
    match kind:
        case Flag():
            return _flag(cell)
        case Whole():
            return _whole(cell)
        case Number():
            return _exact(cell)
        case Text() | Code() | Choice():
            return _text(cell)
        case Texts():
            return [line.strip() for line in _text(cell).split("\n") if line.strip()]
        case Either(kinds=kinds) if all(isinstance(each, (Whole, Text, Choice)) for each in kinds):
            return _whole(cell)
    return _parts(_text(cell), kind, rules)


def _natural(value: object, kind: Kind) -> Cell:
    match kind:
        case Flag() if isinstance(value, bool):
            return "yes" if value else "no"
        case Texts() if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return "\n".join(value)
        case Either() if _names_rule(kind) and isinstance(value, dict) and list(value) == ["kind"]:
            return value["kind"] if isinstance(value["kind"], str) else None
    if isinstance(value, (dict, list)):
        return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=10_000).rstrip("\n")
    return value if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _comes_back(cell: Cell, value: object, kind: Kind, rules: frozenset[str]) -> bool:
    if is_blank(cell) or (isinstance(cell, str) and as_kept(cell) != cell):
        return False
    try:
        back = decode(cell, kind, rules)
    except CellRefused:
        return False
    # By their text, since true equals 1.
    return json.dumps(back, sort_keys=True) == json.dumps(value, sort_keys=True)


def _flag(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    word = cell.strip().lower()
    if word not in YES_AND_NO:
        raise CellRefused(f"This is “{cell.strip()}”.", "Write yes or no.")
    return YES_AND_NO[word]


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell
    raise CellRefused(f"This cell holds {cell}, not text: a number or date may have lost how it was typed.", AS_TEXT)


def _whole(cell: object) -> object:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**9:
        return int(cell)
    return int(cell) if isinstance(cell, str) and WHOLE.fullmatch(cell.strip()) else cell


def _exact(cell: object) -> object:
    """Read a number; one with decimals becomes the shortest text that means it, such as "0.1"."""
    whole = cell if isinstance(cell, str) else _whole(cell)
    return repr(whole) if isinstance(whole, float) else whole


def _json(text: str) -> object:
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_float=str, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise CellRefused("Behind the backslash stands no JSON.", "Remove the backslash, or mend the JSON.") from None
    if _depth(value) > DEEPEST:
        raise CellRefused(f"This is nested more than {DEEPEST} deep.", "Take out some of the nesting.")
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no exact number")


def _depth(value: object) -> int:
    layer, depth = [value], 0
    while layer:
        layer = [
            inner
            for each in layer
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        depth += 1
    return depth


def _parts(text: str, kind: Kind, rules: frozenset[str]) -> object:
    """Read a value that has several parts and is written as in the YAML file."""
    if _names_rule(kind):
        word = text.strip()
        if word in RECORDS["rule"].field("kind").kind.words and word not in rules:
            return {"kind": word}
    try:
        source = read_yaml(text.encode())
    except FileRefused as error:
        raise CellRefused(error.finding.what, error.finding.mend) from None
    if source.findings:
        raise CellRefused(source.findings[0].what, source.findings[0].mend)
    return source.data


def _names_rule(kind: Kind) -> bool:
    return isinstance(kind, Either) and One("rule") in kind.kinds
