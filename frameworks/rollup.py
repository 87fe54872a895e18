"""
Roll agreed levels up the framework's tree, for the claimed and the supported standing, in exact numbers.

Caps act on items, before anything is rolled up. What a node passes on to its parent is its level, as shown, so that
every step can be checked by hand from what the page shows.

- Missing is never zero: a criterion without items, or with an item that has no level, is incomplete, and so is every
  node above it.
- Not applicable leaves the denominator; a node with nothing else left is not applicable itself.
- A child with zero weight is left out, whatever its state. Its own result is still given.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from frameworks.items import ItemInput
from frameworks.rules import Input
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
    "roll_up",
]

ONE = Fraction(1)


def roll_up(
    definition: Definition, items: Mapping[str, Sequence[ItemInput]], *, standing: Standing
) -> dict[str, Result]:
    """
    Return the result of every node by its code, the root ("") included.

    `items` gives each criterion's items by the criterion's code; a criterion may be absent, which is incomplete.

    :raises ValueError: if `items` names what is no criterion, or a level that is not on the scale
    """
    unknown = set(items) - {node.code for node in definition.criteria}
    if unknown:
        raise ValueError(f"Not criteria of {definition.name}: {', '.join(sorted(unknown))}")
    results: dict[str, Result] = {}

    def visit(node: Node) -> None:
        for child in node.children:
            visit(child)
        if node.is_criterion:
            parts = _gather_items(items.get(node.code, ()), definition.scale, standing)
        else:
            parts = _gather_children(node, results, definition.scale)
        results[node.code] = _combine(node, parts, definition.scale, standing)

    visit(definition.root)
    return results


class _Parts:
    """What lies beneath one node, sorted by the part it takes."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.left_out: list[LeftOut] = []
        self.missing: list[str] = []
        self.caps: list[Cap] = []


def _gather_items(items: Sequence[ItemInput], scale: Scale, standing: Standing) -> _Parts:
    parts = _Parts()
    for item in items:
        if item.not_applicable:
            parts.left_out.append(LeftOut(item.key, LeftOutBecause.NOT_APPLICABLE, item.reason))
        elif item.level is None:
            parts.missing.append(item.key)
        elif item.level not in scale.ranks:
            raise ValueError(f"Item {item.key} has level {item.level}, which is not on the scale")
        elif standing == Standing.CLAIMED:
            parts.inputs.append(Input(item.key, item.level, ONE))
        else:
            supported = scale.supported(item.level, item.strength)
            if supported != item.level:
                demand = scale.level(item.level).demand
                parts.caps.append(Cap(item.key, item.level, supported, item.strength, demand))
            parts.inputs.append(Input(item.key, scale.below if supported is None else supported, ONE))
    return parts


def _gather_children(node: Node, results: Mapping[str, Result], scale: Scale) -> _Parts:
    parts = _Parts()
    for child in node.children:
        status = results[child.code].status
        if not child.weight:
            parts.left_out.append(LeftOut(child.code, LeftOutBecause.ZERO_WEIGHT))
        elif status == NOT_APPLICABLE:
            parts.left_out.append(LeftOut(child.code, LeftOutBecause.NOT_APPLICABLE))
        elif status == INCOMPLETE:
            parts.missing.append(child.code)
        else:
            rank = scale.below if status == NONE_SUPPORTED else results[child.code].level
            parts.inputs.append(Input(child.code, rank, child.weight))
    return parts


def _combine(node: Node, parts: _Parts, scale: Scale, standing: Standing) -> Result:
    status, level, value, told = INCOMPLETE, None, None, {}
    if parts.missing or not (parts.inputs or parts.left_out):
        status = INCOMPLETE
    elif not parts.inputs:
        status = NOT_APPLICABLE
    else:
        combined = node.rule.combine(parts.inputs, scale)
        if combined.rank is None:
            status = NO_LEVEL
        elif combined.rank == scale.below:
            status = NONE_SUPPORTED
        else:
            status, level, value = LEVEL, combined.rank, Fraction(combined.rank)
        if combined.rounding:
            value = combined.rounding.rounded
        told = {"steps": dict(combined.steps), "rounding": combined.rounding, "held_by": combined.held_by}
    trace = Trace(
        code=node.code,
        standing=standing,
        rule=node.rule.kind,
        status=status,
        level=level,
        value=value,
        inputs=tuple(parts.inputs),
        left_out=tuple(parts.left_out),
        missing=tuple(parts.missing),
        caps=tuple(parts.caps),
        **told,
    )
    return Result(node.code, status, level, value, trace)
