from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks import fronts
from frameworks.fronts import Step, fewest, flat, front_of, worth_having

quick = settings(derandomize=True, max_examples=150, deadline=None, database=None)

gains = st.fractions(min_value=0, max_value=9, max_denominator=7)
front = st.lists(st.tuples(st.integers(0, 6), gains), min_size=1, max_size=4).map(
    lambda pairs: worth_having([Step(cost, gain, (f"{cost}:{gain}",)) for cost, gain in pairs])
)
# With four of four steps there are 256 ways to try.
several = st.lists(front, min_size=1, max_size=4)


def by_trying(several, needed):
    costs = [
        sum(step.cost for step in chosen) for chosen in product(*several) if sum(step.gain for step in chosen) >= needed
    ]
    return min(costs, default=None)


@quick
@given(several, st.fractions(min_value=0, max_value=30, max_denominator=5))
def test_the_pick_is_as_cheap_as_trying_everything_finds(several, needed):
    pick = fewest(several, lambda gain: gain >= needed)

    assert (pick and pick.cost) == by_trying(several, needed)
    if pick:
        picked = [(int(cost), Fraction(gain)) for cost, gain in (done.split(":") for done in flat(pick.done))]
        assert sum(cost for cost, _ in picked) == pick.cost
        assert sum(gain for _, gain in picked) >= needed
        assert pick.exact


@quick
@given(several, st.fractions(min_value=0, max_value=30, max_denominator=5))
def test_a_quick_pick_says_that_it_is_an_upper_bound(several, needed):
    patch = pytest.MonkeyPatch()
    with patch.context() as limits:
        limits.setattr(fronts, "MOST_PAIRINGS", 0)
        pick = fewest(several, lambda gain: gain >= needed)

    best = by_trying(several, needed)
    assert (pick is None) == (best is None)
    if pick:
        assert pick.cost == best if pick.exact else pick.cost >= best


@quick
@given(several)
def test_a_merged_front_has_the_best_gain_for_every_cost(several):
    merged, exact = front_of(several)

    assert exact
    for step in merged:
        best = max(
            sum(each.gain for each in chosen)
            for chosen in product(*several)
            if sum(each.cost for each in chosen) <= step.cost
        )
        assert step.gain == best


def test_nothing_is_picked_where_an_input_has_no_way():
    assert fewest([[Step(0, Fraction(1))], []], lambda gain: True) is None
