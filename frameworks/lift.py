"""
What would lift a node: a smallest set of changes that takes it to a level.

A change is one item raised by one level, or one item given one artefact in date of the strength that it needs. The
answer to a statement counts as an item; to an adverse one, better is lower. As the parts of a tree share no items,
each child's cheapest ways are found on their own, and the node's rule picks among them (`Rule.fewest`).

The pick is exact whatever the weights, with two exceptions. A rule that calculates settles for "at most" where
exactness would take too long: hardly ever, and never up to 30 items. A table of nodes in which a better node may lower
the level is tried out, and given up where the changes do not do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from frameworks.banded import Banded
from frameworks.fronts import Pick, Way, flat, worth_having
from frameworks.items import ItemInput
from frameworks.parts import Parts, gather
from frameworks.rollup import roll_up
from frameworks.rules import Input
from frameworks.scale import STRENGTHS, Scale
from frameworks.trace import LEVEL, NONE_SUPPORTED, Result, Standing
from frameworks.tree import Definition, Node
from frameworks.wording import listed

Items = Mapping[str, Sequence[ItemInput]]


@dataclass(frozen=True)
class Change:
    """
    One item of a criterion brought to `level`, one better than its last, or given evidence of `strength`.

    `statement` is the code of the statement that the item answers, "" where there is none.
    """

    criterion: str
    item: str
    level: int | None = None
    strength: int | None = None
    statement: str = ""


@dataclass(frozen=True)
class Lift:
    """What would lift a node. Not `exact` means that these changes do it, but fewer might, too."""

    changes: tuple[Change, ...]
    exact: bool = True


def lift(
    definition: Definition, items: Items, results: Mapping[str, Result], code: str, *, target: int | None = None
) -> Lift | None:
    """
    Return a smallest set of changes that takes a node to `target`, or to its next level where none is named.

    `results` are those that `roll_up` gave for the same items; their standing says whether evidence counts. Nothing
    needs to change where the node is there already. What a rule did not ask counts as the worst answer. The answer is
    None where no change of this kind can help: the node is at the top of the scale, is incomplete, does not apply,
    gives no level, or has a rule that cannot come to the target.
    """
    result = results[code]
    if result.status not in (LEVEL, NONE_SUPPORTED):
        return None
    if target is None:
        target = definition.scale.lowest if result.level is None else result.level + 1
    if target > definition.scale.highest:
        return None
    planner = _Planner(definition, items, results)
    pick = planner.cheapest(definition.node(code), target)
    if pick is None:
        return None
    found = Lift(tuple(flat(pick.done)), pick.exact)
    return found if _is_certain(definition.node(code)) else _tried(definition, items, result, found, target)


def _is_certain(node: Node) -> bool:
    """Say whether nothing beneath is a table of nodes in which a better one may lower the level."""
    return all(each.is_criterion or each.rule.monotone for each in node.walk())


def _tried(definition: Definition, items: Items, result: Result, found: Lift, target: int) -> Lift | None:
    """Try out changes that are not certain, as children may come out higher than was asked of them."""
    standing, code = result.trace.standing, result.code
    after = roll_up(definition, apply_changes(items, found.changes), standing=standing, code=code)[code]
    reached = after.status == LEVEL and after.level >= target
    return replace(found, exact=False) if reached else None


def apply_changes(items: Items, changes: Sequence[Change]) -> dict[str, list[ItemInput]]:
    """Return the items as they would be once the changes are made; an answer that was not asked is added."""
    after = {criterion: {item.key: item for item in some} for criterion, some in items.items()}
    for change in changes:
        some = after.setdefault(change.criterion, {})
        item = some.get(change.item) or ItemInput(change.item, statement=change.statement)
        if change.level is not None:
            item = replace(item, level=change.level)
        if change.strength is not None:
            item = replace(item, strength=max(item.strength, change.strength))
        some[change.item] = item
    return {criterion: list(some.values()) for criterion, some in after.items()}


def describe(definition: Definition, items: Items, changes: Sequence[Change], *, exact: bool = True) -> str:
    """Say in one sentence what is to be done, alike changes together; in a second, if fewer changes might do."""
    before = {item.key: item.level for some in items.values() for item in some}
    last = {change.item: change for change in changes if change.level is not None}
    acts: dict[tuple[str, str], list[str]] = {}
    for key, change in last.items():
        act = _act(before.get(key), change.level, _scale(definition, change))
        acts.setdefault((act, _noun(change)), []).append(key)
    for change in changes:
        if change.strength is not None:
            act = f"give {{}} evidence in date of {STRENGTHS[change.strength]} or stronger"
            acts.setdefault((act, _noun(change)), []).append(change.item)
    told = [act.format(f"{noun}{'' if len(keys) == 1 else 's'} {listed(keys)}") for (act, noun), keys in acts.items()]
    text = "; ".join(told) or "nothing needs to change"
    sentence = f"{text[0].upper()}{text[1:]}."
    return sentence if exact else f"{sentence} That is {len(changes)} changes at most; fewer might do."


def _act(before: int | None, after: int, scale: Scale) -> str:
    name = scale.name(after).replace("{", "{{").replace("}", "}}")
    if before is None:
        return f"answer {{}} with {name}"
    was = scale.name(before).replace("{", "{{").replace("}", "}}")
    return f"{'raise' if after > before else 'bring'} {{}} from {was} to {name}"


def _scale(definition: Definition, change: Change) -> Scale:
    node = definition.node(change.criterion)
    return node.statement(change.statement).answers if change.statement else node.answers


def _noun(change: Change) -> str:
    return "statement" if change.statement else "item"


class _Planner:
    """Find the cheapest ways for one set of items, remembering those of each node and rank."""

    def __init__(self, definition: Definition, items: Items, results: Mapping[str, Result]) -> None:
        self._scale = definition.scale
        self._items = items
        self._results = results
        self._standing = results[""].trace.standing
        self._known: dict[tuple[str, int], Pick | None] = {}
        self._gathered: dict[str, Parts] = {}
        self._found: dict[str, list[list[Way]]] = {}

    def cheapest(self, node: Node, target: int) -> Pick | None:
        """Return a smallest set of changes that takes a node with a level to `target` or above, None if none does."""
        if (node.code, target) not in self._known:
            spared = self._parts(node).spared
            self._known[node.code, target] = node.rule.fewest(self._ways(node), spared, target, self._scale)
        return self._known[node.code, target]

    def _parts(self, node: Node) -> Parts:
        if node.code not in self._gathered:
            items = self._items.get(node.code, ())
            self._gathered[node.code] = gather(node, items, self._results, self._scale, self._standing)
        return self._gathered[node.code]

    def _ways(self, node: Node) -> list[list[Way]]:
        """Return for each input of a node what it could be, as it is now first."""
        if node.code not in self._found:
            parts = self._parts(node)
            if node.is_criterion:
                answered = {item.key: item for item in self._items.get(node.code, ())}
                ways = [self._item_ways(node, each, answered) for each in (*parts.inputs, *parts.missing)]
            else:
                children = {child.code: child for child in node.children}
                ways = [self._child_ways(children[each.key], each, node.rule.carry) for each in parts.inputs]
                # A child that was not asked stays as it is: what it lacks are answers, not better ones.
                ways += [[Way(0, each)] for each in parts.missing]
            self._found[node.code] = ways
        return self._found[node.code]

    def _item_ways(self, node: Node, each: Input, answered: Mapping[str, ItemInput]) -> list[Way]:
        # A statement that has no item yet is known by the key that was made up for it.
        item = answered.get(each.key) or ItemInput(each.key, statement=each.key.removeprefix(f"{node.code}."))
        scale = node.statement(item.statement).answers if node.statements else node.answers
        now = scale.mirrored(each.rank) if each.adverse else each.rank
        ways = [Way(0, each)]
        for merit in range(now + 1, scale.highest + 1):
            rank = scale.mirrored(merit) if each.adverse else merit
            changes = item_changes(node.code, item, merit, scale, self._standing, adverse=each.adverse)
            ways.append(Way(len(changes), each._replace(rank=rank, value=scale.value(rank)), changes))
        return ways

    def _child_ways(self, child: Node, each: Input, carry: str) -> list[Way]:
        if carry != "level" and isinstance(child.rule, Banded):
            return [Way(0, each), *self._value_ways(child, each, carry)]
        ways = [Way(0, each)]
        for rank in range(each.rank + 1, self._scale.highest + 1):
            pick = self.cheapest(child, rank)
            if pick is not None:
                ways.append(
                    Way(pick.cost, each._replace(rank=rank, value=self._scale.value(rank)), pick.done, pick.exact)
                )
        return ways

    def _value_ways(self, child: Node, each: Input, carry: str) -> list[Way]:
        front, exact = child.rule.front(self._ways(child), self._parts(child).spared)
        if carry == "value":
            front = worth_having([step._replace(gain=child.rule.rounded(step.gain)) for step in front])
        return [Way(step.cost, each._replace(value=step.gain), step.done, exact) for step in front if step.cost]


def item_changes(
    criterion: str, item: ItemInput, merit: int, scale: Scale, standing: Standing, *, adverse: bool = False
) -> tuple[Change, ...]:
    """
    Return the changes that take one item to a rank: a level at a time, then one artefact where it is needed.

    `merit` is the rank or, for an adverse statement, the rank as far from the other end of the scale.
    """
    now = scale.lowest if item.level is None else scale.mirrored(item.level) if adverse else item.level
    statement = item.statement
    changes = [
        Change(criterion, item.key, level=scale.mirrored(rank) if adverse else rank, statement=statement)
        for rank in range(now + 1, merit + 1)
    ]
    demand = scale.level(merit).demand
    if standing == Standing.SUPPORTED and demand > item.strength:
        changes.append(Change(criterion, item.key, strength=demand, statement=statement))
    return tuple(changes)
