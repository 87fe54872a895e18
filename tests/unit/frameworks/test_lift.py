from itertools import product

import pytest

from frameworks.definition import parse
from frameworks.lift import Change, apply_changes, describe, lift
from frameworks.rollup import ItemInput, Standing, Status, roll_up
from tests.unit.frameworks.definitions import LEVELS, criterion, flat, garden

SUPPORTED = Standing.SUPPORTED


def framework(kind, weights=("1", "1"), levels=LEVELS):
    """Build one domain D of criteria C1, C2 … with these weights, one rule for the domain and another beneath."""
    outer, inner = kind
    texts = {level["rank"]: level["name"] for level in levels}
    nodes = [
        criterion(f"C{number}", weight=weight, rule={"kind": inner}, descriptors=texts)
        for number, weight in enumerate(weights, start=1)
    ]
    return parse(
        garden(
            tiers=["Domain", "Criterion"],
            scale={"levels": levels},
            nodes=[{"code": "D", "name": "Design", "rule": {"kind": outer}, "nodes": nodes}],
            pathways=[],
            golden=[],
        )
    )


def make(**criteria):
    """Make items from (level, strength) pairs by criterion."""
    return {
        code: [
            ItemInput(f"{code}.{number}", level, strength=strength) for number, (level, strength) in enumerate(some, 1)
        ]
        for code, some in criteria.items()
    }


def fewest_by_trying(definition, items, target):
    """Count the changes needed by trying every set of them; an artefact of full strength stands for any other."""
    ways = [
        [(item.level - before.level + (item.strength > before.strength), code, item) for item in better(before)]
        for code, some in items.items()
        for before in some
    ]
    for chosen in sorted(product(*ways), key=lambda chosen: sum(cost for cost, _, _ in chosen)):
        after = {}
        for _, code, item in chosen:
            after.setdefault(code, []).append(item)
        if (roll_up(definition, after, standing=SUPPORTED)["D"].level or 0) >= target:
            return sum(cost for cost, _, _ in chosen)
    raise AssertionError("No set of changes reaches the target")


def better(item):
    levels, strengths = range(item.level, 5), {item.strength, 4}
    return [ItemInput(item.key, level, strength=strength) for level in levels for strength in strengths]


KINDS = ["headline", "lower_median", "minimum", "mean"]
CASES = [
    make(C1=[(3, 0)], C2=[(2, 2), (4, 1)]),
    make(C1=[(1, 0), (4, 4)], C2=[(4, 0)]),
    make(C1=[(2, 0), (2, 3)], C2=[(3, 2)]),
]


@pytest.mark.parametrize("kind", list(product(KINDS, KINDS)))
@pytest.mark.parametrize("weights", [("1", "1"), ("3", "2/3")])
def test_the_changes_are_as_few_as_trying_everything_finds(kind, weights):
    definition = framework(kind, weights)
    for items in CASES:
        results = roll_up(definition, items, standing=SUPPORTED)

        changes = lift(definition, items, results, "D").changes

        target = results["D"].level + 1
        after = roll_up(definition, apply_changes(items, changes), standing=SUPPORTED)
        assert after["D"].level >= target
        assert len(changes) == fewest_by_trying(definition, items, target)


def test_unequal_weights_are_weighed_and_not_taken_greedily():
    definition = framework(("lower_median", "minimum"), ("1", "1", "3"))
    # C1 and C2 need one change each and C3 needs two, but only C3 carries more than half of the weight.
    items = make(C1=[(3, 1)], C2=[(3, 1)], C3=[(2, 0)])

    changes = lift(definition, items, roll_up(definition, items, standing=SUPPORTED), "D", target=3).changes

    assert changes == (Change("C3", "C3.1", level=3), Change("C3", "C3.1", strength=2))


def test_a_hole_is_mended_first():
    definition = flat("C")
    items = make(C=[(4, 3), (4, 3), (4, 3), (1, 0)])

    changes = lift(definition, items, roll_up(definition, items, standing=SUPPORTED), "C").changes

    assert changes == (Change("C", "C.4", level=2),)
    assert describe(definition, items, changes) == "Raise item C.4 from Emerging to Evolving."


def test_a_claim_rises_without_evidence_where_only_claims_count():
    definition = flat("C")
    items = make(C=[(2, 0)])

    changes = lift(definition, items, roll_up(definition, items, standing=Standing.CLAIMED), "C", target=4).changes

    assert changes == (Change("C", "C.1", level=3), Change("C", "C.1", level=4))
    assert describe(definition, items, changes) == "Raise item C.1 from Evolving to Thriving."


def test_alike_changes_are_told_together():
    definition = flat("C", rule={"kind": "minimum"})
    items = make(C=[(3, 1), (3, 0), (2, 0)])

    changes = lift(definition, items, roll_up(definition, items, standing=SUPPORTED), "C").changes

    assert describe(definition, items, changes) == (
        "Raise item C.3 from Evolving to Established; give items C.1, C.2 and C.3 evidence in date of documented "
        "process in use or stronger."
    )


def test_a_node_with_none_supported_is_lifted_to_the_lowest_level():
    definition = framework(("headline", "headline"), ("1",), [level | {"demand": 1} for level in LEVELS])
    items = make(C1=[(2, 0)])
    results = roll_up(definition, items, standing=SUPPORTED)

    assert results["D"].status == Status.NONE_SUPPORTED
    assert lift(definition, items, results, "D").changes == (Change("C1", "C1.1", strength=1),)


@pytest.mark.parametrize("code", ["C", "D", ""])
@pytest.mark.parametrize(
    "some",
    [
        pytest.param([ItemInput("C.1", 4, strength=4)], id="at the top"),
        pytest.param([ItemInput("C.1")], id="incomplete"),
        pytest.param([ItemInput("C.1", not_applicable=True)], id="not applicable"),
    ],
)
def test_nothing_lifts_what_cannot_rise(code, some):
    definition = flat("C")

    assert lift(definition, {"C": some}, roll_up(definition, {"C": some}, standing=SUPPORTED), code) is None


def test_nothing_needs_to_change_where_the_target_is_met():
    definition = flat("C")
    items = make(C=[(3, 2)])

    assert lift(definition, items, roll_up(definition, items, standing=SUPPORTED), "D", target=2).changes == ()
    assert describe(definition, items, ()) == "Nothing needs to change."


def test_what_does_not_count_is_not_changed():
    definition = framework(("minimum", "minimum"), ("1", "0", "1"))
    items = make(C1=[(2, 4)], C2=[(1, 0)]) | {"C3": [ItemInput("C3.1", not_applicable=True)]}

    changes = lift(definition, items, roll_up(definition, items, standing=SUPPORTED), "D").changes

    assert changes == (Change("C1", "C1.1", level=3),)


def test_five_hundred_items_are_weighed_exactly():
    definition = flat("C")
    items = make(C=[(2 + number % 2, number % 3) for number in range(500)])
    results = roll_up(definition, items, standing=SUPPORTED)

    changes = lift(definition, items, results, "C").changes

    assert results["C"].level == 2
    assert roll_up(definition, apply_changes(items, changes), standing=SUPPORTED)["C"].level == 3
    assert len(changes) < 500
