"""
The rules that ask what is met: gates that open level by level, and tables of conditions.

Both can decide before everything is answered. Where a framework declares `unanswered: until_decided`, what could no
longer change the level need not be answered: a ladder is climbed until the first rung that does not hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from frameworks.conditions import Condition
from frameworks.fronts import Done, Pick, Way
from frameworks.reading import Reader
from frameworks.rules import Check, Combined, Input, Need, Rule, anything
from frameworks.scale import Scale

if TYPE_CHECKING:
    from frameworks.rulebook import Setting
    from frameworks.wording import Wording

# What the conditions of a table have counted, one number each.
Tallies = tuple[Fraction | int, ...]

UNANSWERED = ("required", "until_decided")
MOST_ROWS = 60


@dataclass(frozen=True)
class CumulativeGate(Rule):
    """
    A level is reached when all that belongs to it and to the levels below it is met.

    What is rated on the framework's own levels is met for a level when it is itself there or above; an answer is met
    when it counts the most it can. `met` replaces that by a value, `met_below` does for what belongs to levels below
    the one in question. `percent` is the part, by weight, that has to be met of each level. A level to which nothing
    belongs is reached along with the one below it, but none is reached above the last to which something belongs.
    """

    kind = "cumulative_gate"
    plain_when_alike = False
    compares_levels = False

    met: Fraction | None = None
    met_below: Fraction | None = None
    percent: Fraction = Fraction(100)
    on_levels: bool = False
    unanswered: str = "required"

    @classmethod
    def read(cls, reader: Reader, setting: "Setting") -> "CumulativeGate":
        percent = reader.number("percent", default=100)
        if not 0 < percent <= 100:
            reader.problem(f"This is {percent}.", "Write a number above 0, and 100 at most.", "percent")
        return cls(
            met=reader.number("met") if reader.has("met") else None,
            met_below=reader.number("met_below") if reader.has("met_below") else None,
            percent=percent,
            on_levels=setting.on_levels,
            unanswered=reader.choice("unanswered", UNANSWERED, default="required"),
        )

    def is_met(self, each: Input, level: int, scale: Scale) -> bool:
        """Say whether an input is met, where `level` is in question."""
        threshold = self.met
        if each.of_level < level and self.met_below is not None:
            threshold = self.met_below
        if threshold is None:
            threshold = scale.value(level) if self.on_levels else each.most
        return each.merit >= threshold

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        top = max(each.of_level for each in (*inputs, *spared))
        rank, checks = scale.below, ()
        for level in range(scale.lowest, top + 1):
            checks = tuple(self._checks(inputs, level, scale))
            if not all(check.holds for check in checks):
                break
            rank = level
        held_by = tuple(
            each.key
            for check in checks
            if not check.holds
            for each in inputs
            if each.of_level == check.level and not self.is_met(each, rank + 1, scale)
        )
        return Combined(rank, held_by, checks=checks)

    def _checks(self, inputs: Sequence[Input], level: int, scale: Scale) -> Iterator[Check]:
        """Check what belongs to a level and to each below it; what does not apply is passed over."""
        for below in range(scale.lowest, level + 1):
            group = [each for each in inputs if each.of_level == below]
            if group:
                met = [each for each in group if self.is_met(each, level, scale)]
                holds = 100 * sum(each.weight for each in met) >= self.percent * sum(each.weight for each in group)
                yield Check(f"level {below}", len(met), len(group), holds, below)

    def because(self, wording: "Wording") -> str:
        return wording.gate(self.percent)

    def needs(
        self, inputs: Sequence[Input], spared: Sequence[Input], target: int, scale: Scale
    ) -> list[tuple[list[int], Need]] | None:
        if target > max(each.of_level for each in (*inputs, *spared)):
            return None
        return [self._need(inputs, level, target, scale) for level in range(scale.lowest, target + 1)]

    def _need(self, inputs: Sequence[Input], level: int, target: int, scale: Scale) -> tuple[list[int], Need]:
        positions = [at for at, each in enumerate(inputs) if each.of_level == level]
        weight = sum(inputs[at].weight for at in positions)

        def gain(each: Input) -> Fraction:
            # Every level on the way has to hold, too. What meets the strictest of them meets them all.
            on_the_way = range(level, target + 1)
            return each.weight if all(self.is_met(each, at, scale) for at in on_the_way) else Fraction(0)

        need = Need(anything, gain, lambda gained: 100 * gained >= self.percent * weight)
        return positions, need


@dataclass(frozen=True)
class Row:
    """One line of a rule table: the level that it gives where all its conditions hold."""

    level: int
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class RuleTable(Rule):
    """The level of the first line whose conditions all hold; the last line has none, and catches the rest."""

    kind = "rule_table"
    plain_when_alike = False
    compares_levels = False

    rows: tuple[Row, ...] = ()
    unanswered: str = "required"
    # Whether better answers can never lower the level; only then do the worst and the best of them show what is open.
    monotone: bool = True

    @classmethod
    def read(cls, reader: Reader, setting: "Setting") -> "RuleTable":
        rows = []
        for each in reader.readers("rows"):
            level = each.integer("level", setting.scale.lowest, setting.scale.highest)
            conditions = tuple(Condition.read(one, setting) for one in each.readers("when", required=False))
            if rows and not rows[-1].conditions:
                each.problem("No answers get as far as this line.", "Give the line before it a condition.", "when")
            each.close()
            rows.append(Row(level, conditions))
        if rows and rows[-1].conditions:
            reader.problem("Some answers may fit no line.", "End with a line that has a level and no “when”.", "rows")
        if len(rows) > MOST_ROWS:
            reader.problem(f"The table has {len(rows)} lines.", f"Use {MOST_ROWS} at most.", "rows")
        unanswered = reader.choice("unanswered", UNANSWERED, default="required")
        table = cls(tuple(rows), unanswered, _is_monotone(rows, setting))
        if unanswered == "until_decided" and not table.monotone:
            reader.problem(
                "In this table better answers may give a lower level, so that nothing is decided before the last.",
                "Let higher levels ask for more, or require every answer.",
                "unanswered",
            )
        return table

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        number, row, checks = self._first(inputs, spared)
        better = [other for other in self.rows if other.level > row.level]
        keys: set[str] = set()
        if any(other.level > row.level for other in self.rows[number:]):
            # This line came before a better one could be tried.
            keys.update(key for each in row.conditions for key in each.culprits(inputs, holds=True))
        next_level = min((other.level for other in better), default=None)
        for each in (each for other in better if other.level == next_level for each in other.conditions):
            if not each.check(inputs, spared, row.level, "").holds:
                keys.update(each.culprits(inputs, holds=False))
        held_by = tuple(each.key for each in inputs if each.key in keys)
        return Combined(row.level, held_by, figures={"row": Fraction(number)}, checks=checks)

    def _first(self, inputs: Sequence[Input], spared: Sequence[Input]) -> tuple[int, Row, tuple[Check, ...]]:
        """Return the first line that fits, its number from 1, and what its conditions found."""
        for number, row in enumerate(self.rows, start=1):
            checks = tuple(
                each.check(inputs, spared, row.level, f"line {number}, condition {position}")
                for position, each in enumerate(row.conditions, start=1)
            )
            if all(check.holds for check in checks):
                return number, row, checks
        raise ValueError("The last line of a table fits everything")

    def because(self, wording: "Wording") -> str:
        return wording.table(self.rows)

    def fewest(self, ways: Sequence[Sequence[Way]], spared: Sequence[Input], target: int, scale: Scale) -> Pick | None:
        found = []
        for number, row in enumerate(self.rows):
            if row.level >= target:
                before = [other for other in self.rows[:number] if other.level < target]
                pick = _fewest_to(row, before, ways, spared)
                found += [pick] if pick is not None else []
        return min(found, key=lambda pick: pick.cost, default=None)


def _fewest_to(row: Row, before: Sequence[Row], ways: Sequence[Sequence[Way]], spared: Sequence[Input]) -> Pick | None:
    """
    Pick the fewest changes with which a line fits and none of some lines before it does.

    That depends on a few tallies alone, each of which matters only up to a cap: so there are few states, and the
    cheapest way to each is kept while the inputs are gone through.
    """
    inputs = [some[0].input for some in ways]
    conditions = tuple({each: None for one in (*before, row) for each in one.conditions})
    caps = tuple(each.cap(inputs) for each in conditions)
    states: dict[Tallies, Pick] = {(0,) * len(conditions): Pick(0, ())}
    for alike in _alike(ways, conditions):
        states = _extend(states, alike, caps)
    best = None
    for state, pick in states.items():
        if best is not None and pick.cost >= best.cost:
            continue
        holds = {each: each.holds(tally, inputs, spared) for each, tally in zip(conditions, state, strict=True)}
        if all(holds[each] for each in row.conditions) and not any(
            all(holds[each] for each in other.conditions) for other in before
        ):
            best = pick
    return best


def _alike(
    ways: Sequence[Sequence[Way]], conditions: Sequence[Condition]
) -> Iterator[tuple[list[Tallies], list[list[Way]]]]:
    """
    Sort inputs by what they can do for the tallies and at what cost.

    Yield the tallies of each way worth having, as it is now first, and these ways of each input alike.
    """
    sorted_by: dict[tuple[tuple[int, Tallies], ...], list[list[Way]]] = {}
    for some in ways:
        cheapest: dict[Tallies, Way] = {}
        for way in some:
            cheapest.setdefault(tuple(each.tally(way.input) for each in conditions), way)
        profile = tuple((way.cost, tallies) for tallies, way in cheapest.items())
        sorted_by.setdefault(profile, []).append(list(cheapest.values()))
    for profile, inputs in sorted_by.items():
        yield [tallies for _, tallies in profile], inputs


def _extend(
    states: dict[Tallies, Pick], alike: tuple[list[Tallies], list[list[Way]]], caps: Tallies
) -> dict[Tallies, Pick]:
    """Return the cheapest way to every state that can be had once some inputs that are alike are gone through."""
    tallies, inputs = alike
    for some in inputs if len(tallies) != 2 else ():
        reached: dict[Tallies, Pick] = {}
        for state, pick in states.items():
            for more, way in zip(tallies, some, strict=True):
                _keep(reached, _sum(state, more, 1, caps), pick, way.cost, way.done, way.exact)
        states = reached
    if len(tallies) != 2:
        return states
    # Of inputs that stay or change in one way alone, only the number of those that change matters.
    (stays, moves), number, cost = tallies, len(inputs), inputs[0][1].cost
    done: list[tuple] = [()]
    for _, way in inputs:
        done.append((done[-1], way.done))
    exact = all(way.exact for _, way in inputs)
    reached = {}
    for state, pick in states.items():
        for moved in range(number + 1):
            after = _sum(_sum(state, stays, number - moved, caps), moves, moved, caps)
            _keep(reached, after, pick, moved * cost, done[moved], exact)
    return reached


def _sum(state: Tallies, more: Tallies, times: int, caps: Tallies) -> Tallies:
    return tuple(min(cap, one + times * other) for one, other, cap in zip(state, more, caps, strict=True))


def _keep(states: dict[Tallies, Pick], state: Tallies, pick: Pick, cost: int, done: Done, exact: bool) -> None:
    if state not in states or pick.cost + cost < states[state].cost:
        states[state] = Pick(pick.cost + cost, (pick.done, done), pick.exact and exact)


def _is_monotone(rows: Sequence[Row], setting: "Setting") -> bool:
    """
    Say whether better answers can only raise the level, as far as the lines show it.

    Better answers may make a line fit that asks for good things: then no later line may be higher. They may make a
    line stop fitting that asks for bad ones: then no later line may be lower.
    """
    for number, row in enumerate(rows):
        directions = {each.direction(setting) for each in row.conditions}
        later = [other.level for other in rows[number + 1 :]]
        if directions - {-1} and any(level > row.level for level in later):
            return False
        if directions - {1} and any(level < row.level for level in later):
            return False
    return True
