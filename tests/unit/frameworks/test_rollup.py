from fractions import Fraction

import pytest

from frameworks.definition import parse
from frameworks.rollup import ItemInput, LeftOut, LeftOutBecause, Standing, Status, roll_up
from tests.unit.frameworks.definitions import GARDEN, LEVELS, criterion, flat, garden

CLAIMED, SUPPORTED = Standing.CLAIMED, Standing.SUPPORTED

# A scale on which even the lowest level asks for some evidence.
DEMANDING = [level | {"demand": level["rank"] - 1 or 1} for level in LEVELS]


def items(*levels, code="C", strength=4):
    """Make one item per level; "n/a" for one that is not applicable."""
    return [
        ItemInput(f"{code}.{number}", not_applicable=True, reason="No such estate", strength=strength)
        if level == "n/a"
        else ItemInput(f"{code}.{number}", level, strength=strength)
        for number, level in enumerate(levels, start=1)
    ]


def result(*levels, kind="headline", standing=CLAIMED, **options):
    """Roll up one criterion C under a rule."""
    definition = flat("C", rule={"kind": kind} | options)
    return roll_up(definition, {"C": items(*levels)}, standing=standing)["C"]


@pytest.mark.parametrize(
    "levels, lower_median, minimum, headline",
    [
        ([4, 4, 3, 2], 3, 2, 3),
        ([4, 4, 4, 1], 4, 1, 2),
        ([3], 3, 3, 3),
    ],
)
def test_published_cases_of_the_headline(levels, lower_median, minimum, headline):
    assert result(*levels, kind="lower_median").level == lower_median
    assert result(*levels, kind="minimum").level == minimum
    assert result(*levels, kind="headline").level == headline


@pytest.mark.parametrize(
    "options, levels, value, level",
    [
        ({}, [2, 3, 3], Fraction(8, 3), 2),
        ({"rounding": "half_up"}, [2, 3, 3], Fraction(3), 3),
        ({"rounding": "half_up"}, [2, 3], Fraction(3), 3),
        ({"rounding": "floor"}, [4, 4, 3], Fraction(3), 3),
        ({"rounding": "truncate", "digits": 1}, [2, 3, 3], Fraction(13, 5), 2),
        ({"rounding": "half_up", "digits": 1}, [2, 3, 3], Fraction(27, 10), 2),
        ({"bands": {2: "1.5", 3: "5/2", 4: "7/2"}}, [2, 3], Fraction(5, 2), 3),
        ({"bands": {2: "1.5", 3: "5/2", 4: "7/2"}}, [1, 2, 1], Fraction(4, 3), 1),
        ({"rounding": "floor", "digits": 1, "bands": {3: "2.7"}}, [2, 3, 3], Fraction(13, 5), 2),
    ],
)
def test_a_mean_is_rounded_as_declared_and_then_banded(options, levels, value, level):
    got = result(*levels, kind="mean", **options)

    assert (got.value, got.level) == (value, level)


def test_weights_move_the_middle_and_the_mean():
    def domain(kind, weight):
        definition = parse(
            garden(
                tiers=["Domain", "Criterion"],
                nodes=[
                    {
                        "code": "D",
                        "name": "Design",
                        "rule": {"kind": kind},
                        "nodes": [criterion("A", weight=weight), criterion("B"), criterion("C")],
                    }
                ],
                pathways=[],
                golden=[],
            )
        )
        return roll_up(definition, {"A": items(1), "B": items(4), "C": items(4)}, standing=CLAIMED)["D"]

    assert domain("lower_median", 1).level == 4
    assert domain("lower_median", 2).level == 1
    assert domain("lower_median", "19/10").level == 4
    assert domain("mean", "1/2").value == Fraction(17, 5)


def test_an_average_cannot_hide_a_hole_at_any_tier():
    definition = flat("C1", "C2", "C3", "C4")
    results = roll_up(
        definition,
        {"C1": items(4), "C2": items(4), "C3": items(4), "C4": items(1, 4, 4)},
        standing=CLAIMED,
    )

    assert results["C4"].level == 2
    assert results["D"].level == 3
    assert results["D"].trace.held_by == ("C4",)
    assert results["C4"].trace.held_by == ("C.1",)


@pytest.mark.parametrize(
    "c1",
    [
        pytest.param(None, id="criterion absent"),
        pytest.param([], id="criterion without items"),
        pytest.param(items(4, None), id="item without a level"),
        pytest.param(items("n/a", None), id="only unscored item left"),
    ],
)
def test_missing_is_never_zero_and_shows_in_all_ancestors(c1):
    given = {"C2": items(4)} | ({} if c1 is None else {"C1": c1})
    results = roll_up(flat("C1", "C2"), given, standing=CLAIMED)

    assert {code: each.status for code, each in results.items()} == {
        "": Status.INCOMPLETE,
        "D": Status.INCOMPLETE,
        "C1": Status.INCOMPLETE,
        "C2": Status.LEVEL,
    }
    assert results["D"].level is None
    assert results["D"].trace.missing == ("C1",)


def test_not_applicable_leaves_the_denominator():
    got = result(4, "n/a", 2, kind="mean")

    assert got.value == 3
    assert got.trace.left_out == (LeftOut("C.2", LeftOutBecause.NOT_APPLICABLE, "No such estate"),)


def test_a_node_of_nothing_but_not_applicable_is_so_itself_and_leaves_its_parent():
    given = {"C1": items("n/a", "n/a"), "C2": items(3)}
    results = roll_up(flat("C1", "C2"), given, standing=CLAIMED)

    assert results["C1"].status == Status.NOT_APPLICABLE
    assert results["D"].level == 3

    nothing = roll_up(flat("C1", "C2"), {"C1": items("n/a"), "C2": items("n/a")}, standing=CLAIMED)
    assert {each.status for each in nothing.values()} == {Status.NOT_APPLICABLE}


def test_a_child_without_weight_is_left_out_even_when_incomplete():
    results = roll_up(parse(GARDEN), parse(GARDEN).golden[0].items, standing=CLAIMED)

    assert results["PE3"].status == Status.INCOMPLETE
    assert results["PE"].level == 2
    assert results[""].status == Status.NO_LEVEL
    assert LeftOut("PE3", LeftOutBecause.ZERO_WEIGHT) in results["PE"].trace.left_out


def test_evidence_caps_items_before_they_are_rolled_up():
    given = {
        "C": [
            ItemInput("C.1", 4, strength=3),
            ItemInput("C.2", 4, strength=2),
            ItemInput("C.3", 4, strength=0),
            ItemInput("C.4", 1, strength=0),
        ]
    }
    results = {each: roll_up(flat("C"), given, standing=each)["C"] for each in Standing}

    assert [each.rank for each in results[SUPPORTED].trace.inputs] == [4, 3, 2, 1]
    assert (results[CLAIMED].level, results[SUPPORTED].level) == (2, 2)
    assert results[CLAIMED].trace.caps == ()
    caps = [(cap.key, cap.claimed, cap.supported, cap.strength, cap.demand) for cap in results[SUPPORTED].trace.caps]
    assert caps == [("C.2", 4, 3, 2, 3), ("C.3", 4, 2, 0, 3)]


@pytest.mark.parametrize(
    "kind, strengths, status, level",
    [
        ("minimum", [3, 3, 0], Status.NONE_SUPPORTED, None),
        ("lower_median", [3, 3, 0], Status.LEVEL, 4),
        ("lower_median", [3, 0], Status.NONE_SUPPORTED, None),
        ("headline", [3, 3, 0], Status.LEVEL, 1),
        ("headline", [3, 0], Status.NONE_SUPPORTED, None),
        ("mean", [3, 3, 0], Status.LEVEL, 2),
        ("mean", [1, 0], Status.LEVEL, 1),
        ("mean", [1, 0, 0], Status.NONE_SUPPORTED, None),
    ],
)
def test_none_supported_counts_as_one_rung_below_the_lowest_level(kind, strengths, status, level):
    definition = flat("C", rule={"kind": kind}, levels=DEMANDING)
    given = [ItemInput(f"C.{number}", 4, strength=strength) for number, strength in enumerate(strengths)]

    got = roll_up(definition, {"C": given}, standing=SUPPORTED)

    assert (got["C"].status, got["C"].level) == (status, level)
    assert (got["D"].status, got["D"].level) == (status, level)


def test_a_scale_may_begin_at_zero():
    levels = [level | {"rank": level["rank"] - 1} for level in DEMANDING]
    definition = flat("C", levels=levels)
    given = {"C": [ItemInput("C.1", 3, strength=4), ItemInput("C.2", 3, strength=4), ItemInput("C.3", 0, strength=0)]}

    assert roll_up(definition, given, standing=CLAIMED)["C"].level == 1
    assert roll_up(definition, given, standing=SUPPORTED)["C"].level == 0


@pytest.mark.parametrize(
    "given, message",
    [({"D": items(3)}, "Not criteria of .*: D"), ({"C": items(5)}, "C.1 has level 5, which is not on the scale")],
)
def test_what_the_framework_does_not_know_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        roll_up(flat("C"), given, standing=CLAIMED)
