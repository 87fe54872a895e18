"""What needs no answer any more, where a framework asks only until its level is decided. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from frameworks.items import ItemInput
from frameworks.trace import LeftOutBecause, Result
from frameworks.tree import Definition

Items = Mapping[str, Sequence[ItemInput]]


@dataclass(frozen=True)
class Skipped:
    """Keys of the items without an answer that could change nothing, and codes of the criteria nobody asks about."""

    keys: frozenset[str] = frozenset()
    criteria: frozenset[str] = frozenset()


def asks_everything(definition: Definition) -> bool:
    """Say whether a framework asks for every answer, whatever the others are."""
    return all(node.rule.unanswered == "required" for node in definition.nodes.values())


def skipped(definition: Definition, items: Items, *standings: Mapping[str, Result]) -> Skipped:
    """Gather what the results of every standing given need not ask: statements, and all that lies beneath a node."""
    found = [_skipped(definition, items, results) for results in standings]
    keys, criteria = [each.keys for each in found], [each.criteria for each in found]
    return Skipped(frozenset.intersection(*keys), frozenset.intersection(*criteria))


def _skipped(definition: Definition, items: Items, results: Mapping[str, Result]) -> Skipped:
    keys: set[str] = set()
    criteria: set[str] = set()
    for node in definition.nodes.values():
        not_asked = [each.key for each in results[node.code].trace.left_out if each.why == LeftOutBecause.NOT_ASKED]
        if node.is_criterion:
            keys.update(not_asked)
            continue
        for code in not_asked:
            beneath = [each.code for each in definition.node(code).walk() if each.is_criterion]
            criteria.update(beneath)
            keys.update(item.key for each in beneath for item in items.get(each, ()) if _is_open(item))
    return Skipped(frozenset(keys), frozenset(criteria))


def _is_open(item: ItemInput) -> bool:
    return item.level is None and not item.not_applicable
