"""
Judge the gates of a readiness pathway, and from them whether a place is ready. Never an average.

Gates look at the supported standing. One whose data are missing cannot be told, which counts as failing; one that
names a node (coverage without a node names the whole) fails where that node does not apply, unless the framework
calls it optional. A floor names no node, and looks at the criteria that apply.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from frameworks import remedies
from frameworks.items import ItemInput
from frameworks.rollup import roll_up
from frameworks.skipping import Skipped, skipped
from frameworks.trace import INCOMPLETE, LEVEL, NONE_SUPPORTED, NOT_APPLICABLE, Result, Standing
from frameworks.tree import Definition, Gate, Node, Pathway
from frameworks.wording import counted, listed

Items = Mapping[str, Sequence[ItemInput]]

# So many criteria are named in a gate's value; its remedy names them all.
MOST_NAMED = 4


class Outcome(StrEnum):
    """What became of one gate."""

    PASS = "pass"
    FAIL = "fail"
    CANNOT_TELL = "cannot_tell"


PASS, FAIL, CANNOT_TELL = Outcome


class Verdict(StrEnum):
    """Whether a place is ready for a pathway."""

    READY = "READY"
    READY_WITH_CONDITIONS = "READY_WITH_CONDITIONS"
    NOT_READY = "NOT_READY"


READY, READY_WITH_CONDITIONS, NOT_READY = Verdict


@dataclass(frozen=True)
class Facts:
    """
    What gates look at: items by criterion, both results by node, and two counts that are None where unknown.

    `unsettled_splits` counts items whose scores are split and not settled; `open_conditions` counts conditions of
    earlier decisions that are not closed. `not_asked` needs no answer, since none could change a level.
    """

    items: Items
    claimed: Mapping[str, Result]
    supported: Mapping[str, Result]
    unsettled_splits: int | None
    open_conditions: int | None
    not_asked: Skipped = Skipped()


def facts_of(
    definition: Definition, items: Items, *, unsettled_splits: int | None, open_conditions: int | None
) -> Facts:
    """Roll the items up and return the facts."""
    claimed = roll_up(definition, items, standing=Standing.CLAIMED)
    supported = roll_up(definition, items, standing=Standing.SUPPORTED)
    return Facts(
        items=items,
        claimed=claimed,
        supported=supported,
        unsettled_splits=unsettled_splits,
        open_conditions=open_conditions,
        not_asked=skipped(definition, items, claimed, supported),
    )


@dataclass(frozen=True)
class Coverage:
    """How many of the items that apply have evidence in date, and which have none, by criterion."""

    in_date: int
    applicable: int
    without: Mapping[str, tuple[str, ...]]


def coverage(
    definition: Definition, items: Items, code: str = "", *, not_asked: Collection[str] = frozenset()
) -> Coverage:
    """
    Count the items beneath a node.

    Those that are not applicable, that a zero weight leaves out, or whose keys are in `not_asked` do not count.
    """
    applicable = {
        node.code: [item for item in items.get(node.code, ()) if not item.not_applicable and item.key not in not_asked]
        for node in definition.counted_criteria(code)
    }
    without = {
        criterion: tuple(item.key for item in some if not item.has_evidence) for criterion, some in applicable.items()
    }
    number = sum(map(len, applicable.values()))
    return Coverage(
        in_date=number - sum(map(len, without.values())),
        applicable=number,
        without={criterion: keys for criterion, keys in without.items() if keys},
    )


@dataclass(frozen=True)
class GateResult:
    """
    One gate with its value beside its threshold, both in words.

    `remedy` says what would mend a gate that does not pass; it is empty where the gate passes.
    """

    code: str
    name: str
    kind: str
    foundational: bool
    status: Outcome
    value: str
    threshold: str
    sentence: str
    node_code: str | None
    remedy: str


@dataclass(frozen=True)
class _Finding:
    """What looking at one gate found. `said` is the value as a clause, where that differs from it."""

    status: Outcome
    value: str
    threshold: str
    said: str = ""
    remedy: str = ""


def evaluate(definition: Definition, pathway: Pathway, facts: Facts) -> tuple[GateResult, ...]:
    """Judge each gate of a pathway, in the framework's order."""
    return tuple(_evaluate(definition, gate, facts) for gate in pathway.gates)


def verdict(results: Collection[GateResult], remedied: Collection[str]) -> Verdict:
    """
    Say whether a place is ready.

    `remedied` are the codes of the gates that have an action with an owner and a date. Conditions can stand in for a
    gate only where it is not foundational.
    """
    failing = [result for result in results if result.status != PASS]
    if not failing:
        return READY
    if any(result.foundational or result.code not in remedied for result in failing):
        return NOT_READY
    return READY_WITH_CONDITIONS


def _evaluate(definition: Definition, gate: Gate, facts: Facts) -> GateResult:
    found = GATES[gate.kind](definition, gate, facts)
    words = {PASS: "Passes", FAIL: "Fails", CANNOT_TELL: "Cannot tell"}[found.status]
    return GateResult(
        code=gate.code,
        name=gate.name,
        kind=gate.kind,
        foundational=gate.foundational,
        status=found.status,
        value=found.value,
        threshold=found.threshold,
        sentence=f"{words}: {found.said or found.value}; asked for: {found.threshold}.",
        node_code=gate.node,
        remedy="" if found.status == PASS else found.remedy,
    )


def _node_at_least(definition: Definition, gate: Gate, facts: Facts) -> _Finding:
    node, result = definition.node(gate.node), facts.supported[gate.node]
    threshold = f"{definition.scale.name(gate.level)} or above"
    if result.status == NOT_APPLICABLE:
        return _not_applicable(node, threshold)
    if result.status == INCOMPLETE:
        remedy = remedies.complete(definition, facts, node.code)
        return _Finding(CANNOT_TELL, "incomplete", threshold, f"{node.code} {node.name} is incomplete", remedy)
    value = definition.scale.name(result.level)
    said = f"{node.code} {node.name} is at {value}"
    if result.status == LEVEL and result.level >= gate.level:
        return _Finding(PASS, value, threshold, said)
    return _Finding(FAIL, value, threshold, said, remedies.lift_nodes(definition, facts, [node.code], gate.level))


def _floor(definition: Definition, gate: Gate, facts: Facts) -> _Finding:
    results = [facts.supported[node.code] for node in definition.counted_criteria()]
    level = definition.scale.name(gate.level)
    threshold = f"every criterion at {level} or above"
    if all(each.status == NOT_APPLICABLE for each in results):
        return _Finding(FAIL, "no criterion applies", threshold, remedy=remedies.NOTHING_APPLIES)
    incomplete = [each.code for each in results if each.status == INCOMPLETE]
    below = [
        each.code
        for each in results
        if each.status == NONE_SUPPORTED or (each.status == LEVEL and each.level < gate.level)
    ]
    of_all = f"of {counted(len(results), 'criterion', 'criteria')}"
    mend = remedies.complete(definition, facts, "")
    if below:
        value = f"{len(below)} {of_all} below {level}: {listed(below, MOST_NAMED)}"
        mend = f"{remedies.lift_nodes(definition, facts, below, gate.level)} {mend}".strip()
        return _Finding(FAIL, value, threshold, remedy=mend)
    if incomplete:
        value = f"{len(incomplete)} {of_all} incomplete: {listed(incomplete, MOST_NAMED)}"
        return _Finding(CANNOT_TELL, value, threshold, remedy=mend)
    return _Finding(PASS, f"no criterion below {level}", threshold)


def _coverage(definition: Definition, gate: Gate, facts: Facts) -> _Finding:
    node = definition.node(gate.node or "")
    found = coverage(definition, facts.items, node.code, not_asked=facts.not_asked.keys)
    threshold = f"at least {gate.percent}%"
    if facts.supported[node.code].status == NOT_APPLICABLE:
        return _not_applicable(node, threshold)
    if not found.applicable:
        remedy = remedies.complete(definition, facts, node.code)
        return _Finding(CANNOT_TELL, "no items yet", threshold, remedy=remedy)
    # Rounded down, so that a share just short of the threshold never reads as if it had met it.
    percent = 100 * found.in_date // found.applicable
    value = f"{found.in_date} of {counted(found.applicable, 'item', 'items')} ({percent}%)"
    has = "has" if found.applicable == 1 else "have"
    said = f"{value} {f'of {node.code} {node.name} ' if node.code else ''}{has} evidence in date"
    needed = math.ceil(Fraction(gate.percent * found.applicable, 100)) - found.in_date
    if needed <= 0:
        return _Finding(PASS, value, threshold, said)
    return _Finding(FAIL, value, threshold, said, remedies.cover(found.without, needed))


def _complete(definition: Definition, gate: Gate, facts: Facts) -> _Finding:
    criteria = [node.code for node in definition.counted_criteria() if node.code not in facts.not_asked.criteria]
    under = [item for code in criteria for item in facts.items.get(code, ()) if item.key not in facts.not_asked.keys]
    agreed = sum(item.not_applicable or item.level is not None for item in under)
    value = f"{agreed} of {counted(len(under), 'item', 'items')} agreed"
    empty = [code for code in criteria if not facts.items.get(code)]
    if empty:
        value += f", no items in {listed(empty, MOST_NAMED)}"
    done = facts.supported[""].status != INCOMPLETE
    remedy = remedies.complete(definition, facts, "")
    return _Finding(PASS if done else FAIL, value, "every item of every criterion agreed", remedy=remedy)


def _splits_settled(definition: Definition, gate: Gate, facts: Facts) -> _Finding:
    return _none_left(facts.unsettled_splits, "unsettled split", "unsettled splits", remedies.settle)


def _conditions_closed(definition: Definition, gate: Gate, facts: Facts) -> _Finding:
    return _none_left(facts.open_conditions, "open condition", "open conditions", remedies.close)


def _none_left(number: int | None, one: str, many: str, remedy: Callable[[int], str]) -> _Finding:
    if number is None:
        return _Finding(CANNOT_TELL, f"{many} not known", "none", remedy=f"Find out how many {many} there are.")
    if number == 0:
        return _Finding(PASS, f"no {many}", "none")
    return _Finding(FAIL, counted(number, one, many), "none", remedy=remedy(number))


def _not_applicable(node: Node, threshold: str) -> _Finding:
    said = f"{node.code} {node.name} is not applicable".strip()
    return _Finding(PASS if node.optional else FAIL, "not applicable", threshold, said, remedies.NOTHING_APPLIES)


GATES: Mapping[str, Callable[[Definition, Gate, Facts], _Finding]] = {
    "node_at_least": _node_at_least,
    "floor": _floor,
    "coverage": _coverage,
    "complete": _complete,
    "splits_settled": _splits_settled,
    "conditions_closed": _conditions_closed,
}
