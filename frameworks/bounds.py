"""
Check that what a file holds stays within bounds: lengths of texts and lists, plain words, and work to be done.

Runs before anything is calculated, so that a small file cannot ask for much: what is beyond measure is refused, what is
merely too long is a problem like any other.
"""

import re
from collections.abc import Iterator

from frameworks.kinds import Code, Either, Keyed, Kind, Many, One, Record, Text, Texts
from frameworks.reading import Problem
from frameworks.vocabulary import RECORDS

MOST_NODES = 5_000
# Results to be worked out when all golden cases run.
MOST_RESULTS = 60_000
# Values to be read when every use of a named rule counts on its own.
MOST_RULE_VALUES = 200_000
# What would be markup if a page did not guard against it. Nobody needs it: a "<" stands apart or before a digit.
MARKUP = re.compile(r"<[A-Za-z/!?]")
# Other than letters of any language: nothing that only machines see.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class TooMuch(ValueError):
    """There is so much of something that nothing else was looked at; `problem` says of what."""

    def __init__(self, where: str, what: str, mend: str) -> None:
        self.problem = Problem(where or "the definition", what, mend)
        super().__init__(str(self.problem))


def check(data: object) -> list[Problem]:
    """
    Return what is too long, or no plain text.

    :raises TooMuch: where a list is too long to be looked at, or the whole is
    """
    problems = list(_texts(data, ""))
    problems += _record(data, RECORDS["framework"], "")
    _check_work(data)
    return problems


def _texts(value: object, where: str) -> Iterator[Problem]:
    """Check every text and every name, known to the format or not."""
    if isinstance(value, str):
        if MARKUP.search(value):
            yield Problem(where, "This looks like markup.", "Write plain words, and put a space after each “<”.")
        if CONTROL.search(value):
            yield Problem(where, "There is a control character in this text.", "Remove it.")
    elif isinstance(value, dict):
        for name, inner in value.items():
            if MARKUP.search(str(name)) or CONTROL.search(str(name)):
                yield Problem(where or "the definition", "A name here looks like markup.", "Write plain words.")
            yield from _texts(inner, _join(where, str(name)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{where}[{index}]")


def _record(value: object, record: Record, where: str) -> Iterator[Problem]:
    if not isinstance(value, dict):
        return
    for name, inner in value.items():
        field = record.field(str(name))
        if field is not None:
            yield from _value(inner, field.kind, _join(where, str(name)))


def _value(value: object, kind: Kind, where: str) -> Iterator[Problem]:
    match kind:
        case Text(longest=longest) | Code(longest=longest) if isinstance(value, str):
            if len(value.strip()) > longest:
                yield Problem(where, f"This has {len(value.strip())} characters.", f"Use {longest} at most.")
        case Texts(longest=longest, most=most) if isinstance(value, list):
            _check_length(value, most, where)
            for index, inner in enumerate(value):
                yield from _value(inner, Text(longest), f"{where}[{index}]")
        case One(record=name):
            yield from _record(value, RECORDS[name], where)
        case Many(record=name, most=most) if isinstance(value, list):
            _check_length(value, most, where)
            for index, inner in enumerate(value):
                yield from _record(inner, RECORDS[name], f"{where}[{index}]")
        case Keyed(of=of, most=most) if isinstance(value, dict):
            _check_length(value, most, where)
            for name, inner in value.items():
                yield from _value(inner, of, _join(where, str(name)))
        case Either(kinds=kinds):
            for each in kinds:
                yield from _value(value, each, where)


def _check_length(value: list | dict, most: int, where: str) -> None:
    if len(value) > most:
        raise TooMuch(where, f"There are {len(value)} of these.", f"Use {most} at most.")


def _check_work(data: object) -> None:
    """Refuse what is short to write and long to work out."""
    if not isinstance(data, dict):
        return
    nodes = list(_nodes(data))
    if len(nodes) > MOST_NODES:
        raise TooMuch("nodes", f"The tree has {len(nodes)} nodes.", f"Use {MOST_NODES} at most.")
    cases = data.get("golden")
    if isinstance(cases, list) and len(cases) * (len(nodes) + 1) > MOST_RESULTS:
        most = MOST_RESULTS // (len(nodes) + 1)
        raise TooMuch("golden", f"{len(cases)} cases are too many for so large a tree.", f"Use {most} at most.")
    rules = data.get("rules")
    if isinstance(rules, dict):
        sizes = {name: _size(rule) for name, rule in rules.items()}
        used = [node.get("rule") for node in nodes]
        if sum(sizes.get(name, 0) for name in used if isinstance(name, str)) > MOST_RULE_VALUES:
            raise TooMuch("rules", "Long rules are used by too many nodes.", "Shorten the rules.")


def _nodes(data: dict) -> Iterator[dict]:
    waiting = [data]
    while waiting:
        children = waiting.pop().get("nodes")
        if isinstance(children, list):
            found = [child for child in children if isinstance(child, dict)]
            yield from found
            waiting += found


def _size(value: object) -> int:
    if isinstance(value, (dict, list)):
        return 1 + sum(_size(inner) for inner in (value.values() if isinstance(value, dict) else value))
    return 1


def _join(where: str, name: str) -> str:
    return ".".join(part for part in (where, name) if part)
