"""
Fewest changes: pick among ways to change several inputs, so that what they gain together is enough.

A **front** is the list of ways worth having for one input or for many together: by rising number of changes, each
gaining more than every cheaper one. Two fronts merge into one by pairing their ways; the pairs worth having are the
front of both, exactly. Merging many is a knapsack, so a quick pick is made first: along the steepest steps of all
fronts, which also bounds from below what any pick must cost. Mostly the two agree and nothing more is to be done.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from frameworks.rules import Input, Need

# Changes made so far, nested in pairs so that joining two costs nothing; `flat` lists them.
Done = tuple

# So many pairings take about a tenth of a second; a pick that needs more is settled for the quick one, unless it has
# few fronts or must be exact at any cost.
MOST_PAIRINGS = 200_000
FEW = 30


class Way(NamedTuple):
    """One way to change an input: the number of changes, what the input is then, and the changes themselves."""

    cost: int
    input: "Input"
    done: Done = ()
    exact: bool = True


class Step(NamedTuple):
    """One entry of a front: so many changes gain so much."""

    cost: int
    gain: Fraction | int
    done: Done = ()


class Pick(NamedTuple):
    """A pick that is enough; not `exact` where fewer changes might be, too."""

    cost: int
    done: Done
    exact: bool = True


Front = list[Step]


def flat(done: Done) -> list[object]:
    """List the changes that are nested in pairs, in the order of the inputs."""
    changes: list[object] = []
    open_pairs = [done]
    while open_pairs:
        pair = open_pairs.pop()
        if type(pair) is tuple:
            open_pairs.extend(reversed(pair))
        else:
            changes.append(pair)
    return changes


def worth_having(steps: Sequence[Step]) -> Front:
    """Keep, by rising number of changes, only steps that gain more than every cheaper one; the first of equals."""
    front: Front = []
    for step in sorted(steps, key=lambda step: (step.cost, -step.gain)):
        if not front or step.gain > front[-1].gain:
            front.append(step)
    return front


def merge(fronts: Sequence[Front], *, limit: int | None = None) -> Front:
    """Return the front of several inputs together, exactly, as far as `limit` changes."""
    merged: Front = [Step(0, 0)]
    for front in fronts:
        best: dict[int, Step] = {}
        # Most changes first, so that of equal picks the one that changes earlier inputs is kept.
        for left in reversed(merged):
            for right in front:
                cost = left.cost + right.cost
                if limit is not None and cost > limit:
                    break
                gain = left.gain + right.gain
                if cost not in best or gain > best[cost].gain:
                    best[cost] = Step(cost, gain, (left.done, right.done))
        merged = worth_having(list(best.values()))
    return merged


def front_of(fronts: Sequence[Front]) -> tuple[Front, bool]:
    """Return the front of several inputs together, and whether it is exact or only along the steepest steps."""
    base = sum(front[0].cost for front in fronts)
    whole, unit = _in_whole_numbers(fronts)
    if exact := is_small(whole):
        steps = merge(whole)
    else:
        steps = [Step(cost, gain, tuple(step.done for step in state)) for cost, gain, state in _along(whole)]
    return [Step(base + step.cost, Fraction(step.gain, unit), step.done) for step in steps], exact


def fewest(fronts: Sequence[Front], enough: Callable[[Fraction], bool], *, at_any_cost: bool = False) -> Pick | None:
    """
    Return the fewest changes whose gain is enough, None if there are none.

    More gain is never worse. `at_any_cost` says to take as long as an exact pick takes.
    """
    if not all(fronts):
        return None
    base = sum(front[0].cost for front in fronts)
    whole, unit = _in_whole_numbers(fronts)

    def is_enough(gain: Fraction | int) -> bool:
        return enough(Fraction(gain, unit))

    if not is_enough(sum(front[-1].gain for front in whole)):
        return None
    before = None
    walk = _along(whole)
    cost, gain, state = next(walk)
    while not is_enough(gain):
        before = cost, gain
        cost, gain, state = next(walk)
    quick = Pick(base + cost, tuple(step.done for step in state))
    if before is None or _bound(before, (cost, gain), is_enough) == cost:
        return quick
    limit = cost - 1
    if not at_any_cost and not is_small(whole, limit):
        return quick._replace(exact=False)
    for step in merge(whole, limit=limit):
        if is_enough(step.gain):
            return Pick(base + step.cost, step.done)
    return quick


def fewest_in_parts(
    ways: Sequence[Sequence[Way]], parts: Sequence[tuple[list[int], "Need"]], *, at_any_cost: bool = False
) -> Pick | None:
    """Return the fewest changes that give each part of the inputs what it needs; None if that cannot be had."""
    cost, done, exact = 0, [()] * len(ways), True
    for positions, need in parts:
        fronts = [
            worth_having([Step(way.cost, need.gain(way.input), (way,)) for way in ways[at] if need.allowed(way.input)])
            for at in positions
        ]
        pick = fewest(fronts, need.enough, at_any_cost=at_any_cost)
        if pick is None:
            return None
        cost, exact = cost + pick.cost, exact and pick.exact
        for at, way in zip(positions, flat(pick.done), strict=True):
            done[at], exact = way.done, exact and way.exact
    return Pick(cost, tuple(done), exact)


def _in_whole_numbers(fronts: Sequence[Front]) -> tuple[list[Front], int]:
    """Return the fronts with gains as multiples of a unit, and costs beyond what cannot be saved."""
    # Fractions would take most of the time.
    unit = math.lcm(*(step.gain.denominator for front in fronts for step in front))
    whole = [
        [
            Step(step.cost - front[0].cost, step.gain.numerator * (unit // step.gain.denominator), step.done)
            for step in front
        ]
        for front in fronts
    ]
    return whole, unit


def pairings(fronts: Sequence[Front], limit: int | None = None) -> int:
    """Estimate how many pairs of ways `merge` looks at."""
    size, total = 1, 0
    for front in fronts:
        total += size * len(front)
        size += front[-1].cost - front[0].cost
        size = size if limit is None else min(size, limit + 1)
    return total


def is_small(fronts: Sequence[Front], limit: int | None = None) -> bool:
    """Say whether the fronts can be merged exactly in reasonable time."""
    work = pairings(fronts, limit)
    return work <= MOST_PAIRINGS or (len(fronts) <= FEW and work <= 10 * MOST_PAIRINGS)


def _along(fronts: Sequence[Front]) -> Iterator[tuple[int, int, list[Step]]]:
    """
    Walk along the steepest steps of several fronts: yield cost, gain and each front's step, cheapest first.

    Gains are whole numbers here.
    Between two neighbours on this way, nothing gains more than the line that joins them. The list is changed on the
    way: copy it to keep it.
    """
    state = [front[0] for front in fronts]
    cost, gain = sum(step.cost for step in state), sum(step.gain for step in state)
    yield cost, gain, state
    moves = sorted(
        (-_slope(before, after), index, after) for index, front in enumerate(fronts) for before, after in _edges(front)
    )
    for _, index, after in moves:
        cost, gain = cost + after.cost - state[index].cost, gain + after.gain - state[index].gain
        state[index] = after
        yield cost, gain, state


def _bound(before: tuple[int, int], after: tuple[int, int], enough: Callable[[Fraction], bool]) -> int:
    """Return the least cost at which the line between two neighbours on the steepest way is enough."""
    (cost, gain), (last, highest) = before, after
    rise = Fraction(highest - gain, last - cost)
    while last - 1 > cost and enough(gain + rise * (last - 1 - cost)):
        last -= 1
    return last


def _edges(front: Front) -> list[tuple[Step, Step]]:
    """Return the edges of a front's upper hull: from each of its corners to the next."""
    hull: Front = []
    for step in front:
        while len(hull) > 1 and _slope(hull[-2], hull[-1]) <= _slope(hull[-1], step):
            hull.pop()
        hull.append(step)
    return list(zip(hull, hull[1:], strict=False))


def _slope(before: Step, after: Step) -> Fraction | int:
    rise, run = after.gain - before.gain, after.cost - before.cost
    return rise if run == 1 else Fraction(rise, run)
