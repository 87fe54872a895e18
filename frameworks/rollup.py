"""
Roll agreed levels up the framework's tree, for the claimed and the supported standing, in exact numbers.

Caps act on items, before anything is rolled up. What a node passes on to its parent is its level or, where the
parent's rule carries values, its number, as shown unless the rule carries it exact: every step can be checked by hand
from what the page shows.

- Missing is never zero: a criterion without items, or with an item that has no level, is incomplete, and so is every
  node above it. Only a rule that is declared to ask until it is decided does without what can no longer matter.
- Not applicable leaves the denominator; a node with nothing else left is not applicable itself.
- A child with zero weight is left out, whatever its state. Its own result is still given.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from frameworks.items import ItemInput
from frameworks.parts import Parts, best, gather
from frameworks.rules import Combined
from frameworks.scale import Scale
from frameworks.trace import (
    INCOMPLETE,
    LEVEL,
    NO_LEVEL,
    NONE_SUPPORTED,
    NOT_APPLICABLE,
    Cap,
    LeftOut,
    LeftOutBecause,
    Result,
    Standing,
    Status,
    Trace,
)
from frameworks.tree import Definition, Node

__all__ = [
    "INCOMPLETE",
    "LEVEL",
    "NONE_SUPPORTED",
    "NOT_APPLICABLE",
    "NO_LEVEL",
    "Cap",
    "ItemInput",
    "LeftOut",
    "LeftOutBecause",
    "Result",
    "Standing",
    "Status",
    "Trace",
    "not_asked",
    "roll_up",
]


def roll_up(
    definition: Definition, items: Mapping[str, Sequence[ItemInput]], *, standing: Standing, code: str = ""
) -> dict[str, Result]:
    """
    Return the results of a node and all beneath it by code: of every node, the root ("") included, unless told.

    `items` gives each criterion's items by the criterion's code; a criterion may be absent, which is incomplete.

    :raises ValueError: if `items` names what is no criterion, or a level that is not on the scale
    """
    unknown = set(items) - definition.criterion_codes
    if unknown:
        raise ValueError(f"Not criteria of {definition.name}: {', '.join(sorted(unknown))}")
    results: dict[str, Result] = {}

    def visit(node: Node) -> None:
        for child in node.children:
            visit(child)
        parts = gather(node, items.get(node.code, ()), results, definition.scale, standing)
        results[node.code] = _combine(node, parts, definition.scale, standing)

    visit(definition.node(code))
    return results


def not_asked(definition: Definition, code: str, items: Sequence[ItemInput]) -> frozenset[str]:
    """Return the keys of a criterion's statements that need no answer any more, given the answers to the others."""
    node = definition.node(code)
    parts = gather(node, items, {}, definition.scale, Standing.CLAIMED)
    result = _combine(node, parts, definition.scale, Standing.CLAIMED)
    return frozenset(each.key for each in result.trace.left_out if each.why == LeftOutBecause.NOT_ASKED)


def _combine(node: Node, parts: Parts, scale: Scale, standing: Standing) -> Result:
    status, level, value, exact, bounds, told = INCOMPLETE, None, None, None, None, {}
    combined = None
    if parts.missing:
        combined = _decided(node, parts, scale)
    elif parts.inputs:
        combined = node.rule.combine(parts.inputs, scale, parts.spared)
    elif parts.left_out:
        status, bounds = NOT_APPLICABLE, node.rule.bounds(parts.spared)
    left_out, missing = tuple(parts.left_out), tuple(each.key for each in parts.missing)
    if combined is not None:
        left_out += tuple(LeftOut(key, LeftOutBecause.NOT_ASKED) for key in missing)
        missing, bounds = (), combined.bounds
        if combined.rank is None:
            status = NO_LEVEL
        elif combined.rank == scale.below:
            status = NONE_SUPPORTED
        else:
            status, level, value = LEVEL, combined.rank, scale.value(combined.rank)
        if combined.rounding:
            value, exact = combined.rounding.rounded, combined.rounding.exact
        told = {
            "steps": dict(combined.steps),
            "rounding": combined.rounding,
            "held_by": combined.held_by,
            "figures": dict(combined.figures),
            "checks": combined.checks,
        }
    trace = Trace(
        code=node.code,
        standing=standing,
        rule=node.rule.kind,
        status=status,
        level=level,
        value=value,
        inputs=tuple(parts.inputs),
        left_out=left_out,
        missing=missing,
        caps=tuple(parts.caps),
        **told,
    )
    return Result(node.code, status, level, value, trace, exact, bounds)


def _decided(node: Node, parts: Parts, scale: Scale) -> Combined | None:
    """Combine what is answered, if the rule need not ask for the rest and nothing the rest could be matters."""
    if node.rule.unanswered != "until_decided" or not parts.inputs:
        return None
    at_worst = node.rule.combine([*parts.inputs, *parts.missing], scale, parts.spared)
    at_best = node.rule.combine([*parts.inputs, *(best(each, scale) for each in parts.missing)], scale, parts.spared)
    if at_worst.rank != at_best.rank:
        return None
    answered = {each.key for each in parts.inputs}
    return replace(at_worst, held_by=tuple(key for key in at_worst.held_by if key in answered))
