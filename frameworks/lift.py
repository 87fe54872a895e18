"""
What would lift a node: a smallest set of changes that takes it to a level.

A change is one item raised by one level, or one item given one artefact in date of the strength that it needs. As the
parts of a tree share no items, each child's cheapest way to each rank is found on its own, and the node picks among
them: every input must come to the rule's floor, and the gains of all must be enough. The pick is exact for every rule
that gives a level, whatever the weights.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from frameworks.items import ItemInput
from frameworks.rules import Input
from frameworks.scale import STRENGTHS, Scale
from frameworks.trace import LEVEL, NONE_SUPPORTED, Result, Standing
from frameworks.tree import Definition, Node
from frameworks.wording import listed

Items = Mapping[str, Sequence[ItemInput]]


@dataclass(frozen=True)
class Change:
    """One item of a criterion raised to `level`, one above its last, or given evidence of `strength`."""

    criterion: str
    item: str
    level: int | None = None
    strength: int | None = None


def lift(
    definition: Definition, items: Items, results: Mapping[str, Result], code: str, *, target: int | None = None
) -> tuple[Change, ...] | None:
    """
    Return a smallest set of changes that takes a node to `target`, or to its next level where none is named.

    `results` are those that `roll_up` gave for the same items; their standing says whether evidence counts. Nothing
    needs to change where the node is there already. The answer is None where no change of this kind can help: the
    node is at the top of the scale, is incomplete, does not apply, or gives no level.
    """
    result = results[code]
    if result.status not in (LEVEL, NONE_SUPPORTED):
        return None
    if target is None:
        target = definition.scale.lowest if result.level is None else result.level + 1
    if target > definition.scale.highest:
        return None
    return _Planner(definition, items, results).cheapest(definition.node(code), target)


def apply_changes(items: Items, changes: Sequence[Change]) -> dict[str, list[ItemInput]]:
    """Return the items as they would be once the changes are made."""
    after = {criterion: {item.key: item for item in some} for criterion, some in items.items()}
    for change in changes:
        item = after[change.criterion][change.item]
        if change.level is not None:
            item = replace(item, level=change.level)
        if change.strength is not None:
            item = replace(item, strength=max(item.strength, change.strength))
        after[change.criterion][change.item] = item
    return {criterion: list(some.values()) for criterion, some in after.items()}


def describe(definition: Definition, items: Items, changes: Sequence[Change]) -> str:
    """Say in one sentence what is to be done, alike changes together."""
    before = {item.key: item.level for some in items.values() for item in some}
    raised = {change.item: change.level for change in changes if change.level is not None}
    acts: dict[str, list[str]] = {}
    for key, level in raised.items():
        act = f"raise {{}} from {definition.scale.name(before[key])} to {definition.scale.name(level)}"
        acts.setdefault(act, []).append(key)
    for change in changes:
        if change.strength is not None:
            act = f"give {{}} evidence in date of {STRENGTHS[change.strength]} or stronger"
            acts.setdefault(act, []).append(change.item)
    told = [act.format(("item " if len(keys) == 1 else "items ") + listed(keys)) for act, keys in acts.items()]
    text = "; ".join(told) or "nothing needs to change"
    return f"{text[0].upper()}{text[1:]}."


# What some changes gain towards the target.
Pick = tuple[Fraction, tuple[Change, ...]]


class _Planner:
    """Find the cheapest ways for one set of items, remembering those of each node and rank."""

    def __init__(self, definition: Definition, items: Items, results: Mapping[str, Result]) -> None:
        self._scale = definition.scale
        self._items = items
        self._results = results
        self._known: dict[tuple[str, int], tuple[Change, ...]] = {}

    def cheapest(self, node: Node, target: int) -> tuple[Change, ...]:
        """Return a smallest set of changes that takes a node with a level to `target` or above."""
        known = self._known.get((node.code, target))
        if known is None:
            known = self._known[node.code, target] = self._pick(node, target)
        return known

    def _pick(self, node: Node, target: int) -> tuple[Change, ...]:
        rule, scale = node.rule, self._scale
        inputs = self._results[node.code].trace.inputs
        # The best gain for each number of changes, fewest first; a pick that costs more and gains no more is dropped.
        front: list[Pick] = [(Fraction(0), ())]
        for each in inputs:
            least = max(each.rank, rule.floor(target, scale))
            choices = _best(
                [
                    (rule.gain(replace(each, rank=rank), target), self._way(node, each, rank))
                    for rank in range(least, scale.highest + 1)
                ]
            )
            # Most changes first, so that of equal picks the one that changes earlier inputs is kept.
            front = _best([(gain + more, done + extra) for gain, done in reversed(front) for more, extra in choices])
        weight = sum(each.weight for each in inputs)
        return next(changes for gain, changes in front if rule.enough(gain, weight, target, scale))

    def _way(self, node: Node, each: Input, rank: int) -> tuple[Change, ...]:
        if rank <= each.rank:
            return ()
        if not node.is_criterion:
            return self.cheapest(next(child for child in node.children if child.code == each.key), rank)
        item = next(item for item in self._items[node.code] if item.key == each.key)
        standing = self._results[node.code].trace.standing
        return item_changes(node.code, item, rank, self._scale, standing)


def item_changes(criterion: str, item: ItemInput, rank: int, scale: Scale, standing: Standing) -> tuple[Change, ...]:
    """Return the changes that take one item to a rank: a level at a time, then one artefact where it is needed."""
    changes = [Change(criterion, item.key, level=level) for level in range(item.level + 1, rank + 1)]
    demand = scale.level(rank).demand
    if standing == Standing.SUPPORTED and demand > item.strength:
        changes.append(Change(criterion, item.key, strength=demand))
    return tuple(changes)


def _best(picks: list[Pick]) -> list[Pick]:
    """Keep, by rising number of changes, only picks that gain more than every cheaper one."""
    best: dict[int, Pick] = {}
    for gain, changes in picks:
        if len(changes) not in best or gain > best[len(changes)][0]:
            best[len(changes)] = gain, changes
    kept: list[Pick] = []
    for number in sorted(best):
        if not kept or best[number][0] > kept[-1][0]:
            kept.append(best[number])
    return kept
