"""What holds for every framework and every set of levels, tried on many made-up ones."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks.rollup import ItemInput, Standing, Status, roll_up
from tests.unit.frameworks.definitions import LEVELS, flat

quick = settings(derandomize=True, max_examples=60, deadline=None, database=None)

DEMANDING = [level | {"demand": level["rank"] - 1 or 1} for level in LEVELS]
FRAMEWORKS = [
    flat("C1", "C2", rule=rule, levels=levels)
    for levels in (LEVELS, DEMANDING)
    for rule in (
        {"kind": "headline"},
        {"kind": "lower_median"},
        {"kind": "minimum"},
        {"kind": "mean"},
        {"kind": "mean", "rounding": "half_up", "digits": 1, "bands": {3: "2.8", 4: "3.5"}},
    )
]

frameworks = st.sampled_from(FRAMEWORKS)
standings = st.sampled_from(Standing)
scored = st.builds(
    ItemInput,
    key=st.uuids().map(str),
    level=st.integers(1, 4),
    strength=st.integers(0, 4),
    not_applicable=st.sampled_from([False, False, False, True]),
)
criterion_items = st.lists(scored, min_size=1, max_size=7)


def rank(result, scale):
    return scale.below if result.status == Status.NONE_SUPPORTED else result.level


@quick
@given(frameworks, standings, criterion_items, criterion_items, st.randoms(use_true_random=False))
def test_order_makes_no_difference(definition, standing, first, second, random):
    one = roll_up(definition, {"C1": first, "C2": second}, standing=standing)
    random.shuffle(first)
    random.shuffle(second)
    other = roll_up(definition, {"C2": second, "C1": first}, standing=standing)

    assert {code: (each.status, each.value) for code, each in one.items()} == {
        code: (each.status, each.value) for code, each in other.items()
    }


@quick
@given(frameworks, standings, criterion_items, criterion_items, st.data())
def test_raising_an_item_or_its_evidence_never_lowers_a_node(definition, standing, first, second, data):
    before = roll_up(definition, {"C1": first, "C2": second}, standing=standing)
    index = data.draw(st.integers(0, len(first) - 1))
    item = first[index]
    better = ItemInput(
        item.key,
        data.draw(st.integers(item.level, 4)),
        item.not_applicable,
        strength=data.draw(st.integers(item.strength, 4)),
    )
    after = roll_up(definition, {"C1": [*first[:index], better, *first[index + 1 :]], "C2": second}, standing=standing)

    for code in ("C1", "D"):
        if before[code].status != Status.NOT_APPLICABLE:
            assert rank(after[code], definition.scale) >= rank(before[code], definition.scale)


@quick
@given(frameworks, criterion_items, criterion_items)
def test_no_result_lies_outside_its_inputs_and_evidence_never_supports_more_than_was_claimed(definition, first, second):
    given_items = {"C1": first, "C2": second}
    claimed = roll_up(definition, given_items, standing=Standing.CLAIMED)
    supported = roll_up(definition, given_items, standing=Standing.SUPPORTED)
    levels = [item.level for item in first if not item.not_applicable]

    if levels:
        assert min(levels) <= claimed["C1"].level <= max(levels)
    for code in ("C1", "C2", "D"):
        assert claimed[code].level is None or claimed[code].level in definition.scale.ranks
        if claimed[code].status == Status.LEVEL:
            assert rank(supported[code], definition.scale) <= claimed[code].level


@quick
@given(frameworks, standings, st.lists(scored, min_size=1, max_size=4), st.data())
def test_not_applicable_alone_is_not_applicable_and_one_missing_level_is_incomplete(definition, standing, some, data):
    unused = [ItemInput(item.key, not_applicable=True) for item in some]
    results = roll_up(definition, {"C1": unused, "C2": unused}, standing=standing)
    assert {each.status for each in results.values()} == {Status.NOT_APPLICABLE}

    place = data.draw(st.integers(0, len(some)))
    missing = [*some[:place], ItemInput("new"), *some[place:]]
    results = roll_up(definition, {"C1": missing, "C2": some}, standing=standing)
    assert [results[code].status for code in ("C1", "D", "")] == [Status.INCOMPLETE] * 3


@quick
@given(standings, st.lists(st.integers(1, 4), min_size=1, max_size=9))
def test_the_headline_is_the_sorted_middle_or_one_above_the_least(standing, levels):
    definition = FRAMEWORKS[0]
    given_items = {"C1": [ItemInput(str(n), level, strength=4) for n, level in enumerate(levels)], "C2": []}

    got = roll_up(definition, given_items, standing=standing)["C1"]

    # Written another way: the middle of a sorted list, the earlier of two.
    assert got.level == min(sorted(levels)[(len(levels) - 1) // 2], min(levels) + 1)


@quick
@given(st.lists(st.integers(1, 4), min_size=1, max_size=9))
def test_a_mean_is_exact(levels):
    definition = flat("C1", rule={"kind": "mean"})
    given_items = {"C1": [ItemInput(str(n), level) for n, level in enumerate(levels)]}

    got = roll_up(definition, given_items, standing=Standing.CLAIMED)["C1"]

    assert got.value == Fraction(sum(levels), len(levels))
    assert got.level == sum(levels) // len(levels)
