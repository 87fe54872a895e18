"""Gather what lies beneath a node, sorted by the part that it takes in the node's roll-up."""

from collections.abc import Mapping, Sequence

from frameworks.items import ItemInput
from frameworks.rules import ONE, Input
from frameworks.scale import Scale
from frameworks.trace import (
    INCOMPLETE,
    NONE_SUPPORTED,
    NOT_APPLICABLE,
    Cap,
    LeftOut,
    LeftOutBecause,
    Result,
    Standing,
)
from frameworks.tree import Node, Statement


class Parts:
    """
    What lies beneath one node.

    `inputs` take part; `spared` do not apply and have neither rank nor value; `missing` have no answer yet and stand
    there with the worst they could get. Why something takes no part is in `left_out`.
    """

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.spared: list[Input] = []
        self.missing: list[Input] = []
        self.left_out: list[LeftOut] = []
        self.caps: list[Cap] = []


def gather(
    node: Node, items: Sequence[ItemInput], results: Mapping[str, Result], scale: Scale, standing: Standing
) -> Parts:
    """
    Gather a criterion's items or answers, or the children of any other node.

    :raises ValueError: if an item has no place in the criterion, or a level that is not on its scale
    """
    if node.statements:
        return _gather_answers(node, items, standing)
    if node.is_criterion:
        parts = Parts()
        for item in items:
            _add_item(parts, item, item.key, _form(node.answers), node.answers, standing)
        return parts
    return _gather_children(node, results, scale)


def best(each: Input, scale: Scale) -> Input:
    """Return a missing input with the best that it could get instead of the worst."""
    if each.adverse:
        return each._replace(rank=scale.lowest, value=each.least)
    return each._replace(rank=scale.highest, value=each.most)


def _form(scale: Scale, statement: Statement | None = None) -> Input:
    """Return what all answers on a scale have in common, as an input without a key."""
    if statement is None:
        return Input("", None, ONE, None, scale.least, scale.most)
    weight, group, of_level = statement.weight, statement.group, statement.of_level
    return Input("", None, weight, None, scale.least, scale.most, group, of_level, statement.adverse)


def _gather_answers(node: Node, items: Sequence[ItemInput], standing: Standing) -> Parts:
    given = {item.statement: item for item in items}
    unknown = set(given) - {statement.code for statement in node.statements}
    if unknown or len(given) < len(items):
        raise ValueError(f"The items of {node.code} do not answer its statements, one each")
    parts = Parts()
    for statement in node.statements:
        item = given.get(statement.code)
        key = f"{node.code}.{statement.code}" if item is None else item.key
        if not statement.weight:
            parts.left_out.append(LeftOut(key, LeftOutBecause.ZERO_WEIGHT))
        else:
            form = _form(statement.answers, statement)
            _add_item(parts, item or ItemInput(key), key, form, statement.answers, standing)
    return parts


def _add_item(parts: Parts, item: ItemInput, key: str, form: Input, scale: Scale, standing: Standing) -> None:
    if item.not_applicable:
        parts.left_out.append(LeftOut(key, LeftOutBecause.NOT_APPLICABLE, item.reason))
        parts.spared.append(form._replace(key=key))
    elif item.level is None:
        worst = scale.highest if form.adverse else scale.lowest
        parts.missing.append(form._replace(key=key, rank=worst, value=scale.value(worst)))
    elif item.level not in scale.ranks:
        raise ValueError(f"Item {key} has level {item.level}, which is not on the scale")
    else:
        rank = item.level if standing == Standing.CLAIMED else _supported(parts, item, scale, adverse=form.adverse)
        parts.inputs.append(form._replace(key=key, rank=rank, value=scale.value(rank)))


def _supported(parts: Parts, item: ItemInput, scale: Scale, *, adverse: bool) -> int:
    """Return the rank that an item's evidence supports, noting a cap where that is less than was claimed."""
    rank = scale.supported(item.level, item.strength, adverse=adverse)
    if rank != item.level:
        demand = scale.level(scale.mirrored(item.level) if adverse else item.level).demand
        parts.caps.append(Cap(item.key, item.level, rank, item.strength, demand, item.statement))
    return scale.below if rank is None else rank


def _gather_children(node: Node, results: Mapping[str, Result], scale: Scale) -> Parts:
    parts = Parts()
    for child in node.children:
        result = results[child.code]
        if not child.weight:
            parts.left_out.append(LeftOut(child.code, LeftOutBecause.ZERO_WEIGHT))
            continue
        carried = child_input(child, node.rule.carry, result, scale)
        if result.status == NOT_APPLICABLE:
            parts.left_out.append(LeftOut(child.code, LeftOutBecause.NOT_APPLICABLE))
            parts.spared.append(carried)
        elif result.status == INCOMPLETE:
            parts.missing.append(carried._replace(rank=scale.lowest, value=scale.least))
        else:
            parts.inputs.append(carried)
    return parts


def child_input(child: Node, carry: str, result: Result, scale: Scale) -> Input:
    """Return what a child passes on to its parent: its level, or what it counts, as rounded or exact."""
    rank = scale.below if result.status == NONE_SUPPORTED else result.level
    value, (least, most) = None if rank is None else scale.value(rank), (scale.least, scale.most)
    if carry != "level" and result.bounds is not None:
        value, (least, most) = result.exact, result.bounds
        if carry == "value":
            value = result.value
            least, most = child.rule.rounded(least), child.rule.rounded(most)
    return Input(child.code, rank, child.weight, value, least, most, child.group, child.of_level)
