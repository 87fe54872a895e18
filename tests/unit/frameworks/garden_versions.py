"""Versions of the garden framework that say what became of the one before them."""

import copy

from frameworks import lineage
from frameworks.definition import Definition, parse
from tests.unit.frameworks.definitions import garden


def node(data: dict, code: str) -> dict:
    """Return the written node with this code."""
    waiting = list(data["nodes"])
    while waiting:
        each = waiting.pop()
        if each["code"] == code:
            return each
        waiting += each.get("nodes", [])
    raise KeyError(code)


def account_of(later: Definition, earlier: Definition) -> dict:
    """Return a `changes_from` block that follows from codes and words alone: it knows of no splits and mergers."""
    found = lineage.difference(later, earlier)
    return {
        "number": earlier.number,
        "criteria": {each.code: {"what": each.what} for each in found.criteria},
        "dropped": [{"code": node.code} for node, _ in found.dropped],
    }


def next_version(data: dict, change=None, *, number: str = "2.0", criteria=(), dropped=None) -> dict:
    """
    Return the version that follows `data`: written anew by `change`, with a sound account of it.

    `criteria` and `dropped` replace what the account would say by itself.
    """
    earlier = parse(data)
    after = copy.deepcopy(data) | {"number": number}
    after.pop("changes_from", None)
    if change:
        change(after)
    # Holds whatever the change was: what is not answered is incomplete.
    after["golden"] = [{"name": "Nothing is agreed", "items": {}, "expect": {"claimed": {"": "incomplete"}}}]
    after["pathways"] = []
    said = account_of(parse(after), earlier)
    said["criteria"] |= dict(criteria)
    if dropped is not None:
        said["dropped"] = [{"code": code} for code in dropped]
    return after | {"changes_from": said}


def second_garden(change=None, **account) -> dict:
    return next_version(garden(), change, **account)
