import json
from fractions import Fraction

import pytest

from frameworks.definition import parse
from frameworks.rollup import ItemInput, Standing, roll_up
from frameworks.wording import decimal, listed
from tests.unit.frameworks.definitions import GARDEN, flat
from tests.unit.frameworks.test_rollup import DEMANDING, items

CLAIMED, SUPPORTED = Standing.CLAIMED, Standing.SUPPORTED


def sentence(*levels, kind="headline", **options):
    definition = flat("DD1", rule={"kind": kind} | options)
    results = roll_up(definition, {"DD1": items(*levels, code="DD1")}, standing=CLAIMED)
    return results["DD1"].trace.sentence(definition)


@pytest.mark.parametrize(
    "levels, words",
    [
        (
            [4, 4, 4, 2, 4, 4],
            "Established: the middle of 6 items is Thriving, but item DD1.4 at Evolving holds it down to one level "
            "above it.",
        ),
        (
            [4, 4, 4, 1, 4, 1],
            "Evolving: the middle of 6 items is Thriving, but items DD1.4 and DD1.6 at Emerging hold it down to one "
            "level above them.",
        ),
        ([4, 3, 3], "Established: the middle of 3 items is Established, and none is below that."),
        ([4, 3, 2], "Established: the middle of 3 items is Established, and none is more than one level below that."),
        ([3], "Established: the only item, DD1.1, is at Established."),
        ([3, 3], "Established: both items are at Established."),
        ([3, 3, 3], "Established: all 3 items are at Established."),
        ([3, "n/a"], "Established: the only item, DD1.1, is at Established. Item DD1.2 is left out as not applicable."),
        (["n/a"], "Not applicable: its only item does not apply."),
        (["n/a", "n/a"], "Not applicable: none of its 2 items applies."),
        ([3, None], "Incomplete: item DD1.2 has no level yet."),
        ([None] * 5, "Incomplete: items DD1.1, DD1.2 and 3 more have no level yet."),
        ([], "Incomplete: there are no evidence items yet."),
    ],
)
def test_the_headline_is_explained(levels, words):
    assert sentence(*levels) == words


@pytest.mark.parametrize(
    "options, words",
    [
        ({"kind": "minimum"}, "Evolving: the lowest of 3 items is item DD1.1, at Evolving."),
        ({"kind": "lower_median"}, "Established: the middle of 3 items is Established."),
        ({"kind": "mean"}, "Evolving: the mean of 3 items is 2.67 (8/3), which lies in the band of Evolving."),
        (
            {"kind": "mean", "rounding": "half_up"},
            "Established: the mean of 3 items is 2.67 (8/3), rounded to 3, which lies in the band of Established.",
        ),
        (
            {"kind": "mean", "rounding": "truncate", "digits": 1},
            "Evolving: the mean of 3 items is 2.67 (8/3), cut to 2.6, which lies in the band of Evolving.",
        ),
    ],
)
def test_every_rule_is_explained(options, words):
    assert sentence(2, 3, 3, **options) == words


def test_nodes_are_named_and_what_is_left_out_is_said():
    definition = parse(GARDEN)
    given = dict(definition.golden[0].items) | {"PE2b": items(1, code="PE2b")}
    results = roll_up(definition, given, standing=CLAIMED)

    def said(code):
        return results[code].trace.sentence(definition)

    assert said("SO") == (
        "Established: both criteria are at Established. SO3 Criterion SO3 is left out as not applicable."
    )
    assert said("PE2") == "Evolving: the middle of 2 criteria by weight is Evolving."
    assert said("PE") == "Evolving: both parts are at Evolving. PE3 Criterion PE3 is left out, having no weight."
    assert said("") == (
        "No single level: the framework shows 2 parts side by side and sums them up in no single level."
    )
    given.pop("PE2b")
    results = roll_up(definition, given, standing=CLAIMED)
    assert said("PE") == ("Incomplete: PE2 Welcome is incomplete. PE3 Criterion PE3 is left out, having no weight.")


def test_a_cap_is_explained_by_its_evidence():
    definition = flat("C")
    one = {"C": [ItemInput("C.1", 4, strength=1)]}
    many = {"C": [ItemInput(f"C.{number}", 4, strength=1) for number in range(1, 5)]}

    assert roll_up(definition, one, standing=SUPPORTED)["C"].trace.sentence(definition) == (
        "Evolving: the only item, C.1, is at Evolving. Item C.1 was agreed at Thriving, but its evidence (documented "
        "intent) supports Evolving: Thriving needs measured performance."
    )
    assert roll_up(definition, many, standing=SUPPORTED)["C"].trace.sentence(definition) == (
        "Evolving: all 4 items are at Evolving. Evidence supports less than was agreed for items C.1, C.2 and 2 more."
    )


def test_none_supported_is_explained():
    definition = flat("C", levels=DEMANDING)
    given = {"C": [ItemInput("C.1", 4, strength=4), ItemInput("C.2", 4, strength=4), ItemInput("C.3", 1)]}
    none = {"C": [ItemInput("C.3", 1)]}

    assert roll_up(definition, given, standing=SUPPORTED)["C"].trace.sentence(definition) == (
        "Emerging: the middle of 3 items is Thriving, but item C.3 at no supported level holds it down to one level "
        "above it. Item C.3 was agreed at Emerging, but its evidence (none that counts) supports no level: "
        "Emerging needs documented intent."
    )
    assert (
        roll_up(definition, none, standing=SUPPORTED)["C"]
        .trace.sentence(definition)
        .startswith("No level supported: the only item, C.3, is at no supported level.")
    )


def test_a_trace_is_written_as_json_with_exact_numbers():
    definition = flat("C", rule={"kind": "mean", "rounding": "half_up", "digits": 1}, levels=DEMANDING)
    given = {
        "C": [
            ItemInput("C.1", 4, strength=2),
            ItemInput("C.2", 2),
            ItemInput("C.3", 2, strength=1),
            ItemInput("C.4", not_applicable=True, reason="No such estate"),
        ]
    }

    data = roll_up(definition, given, standing=SUPPORTED)["C"].trace.to_data(definition)

    assert json.loads(json.dumps(data)) == data
    assert data == {
        "code": "C",
        "standing": "supported",
        "rule": "mean",
        "status": "level",
        "level": 1,
        "value": "17/10",
        "inputs": [
            {"key": "C.1", "level": 3, "weight": 1},
            {"key": "C.2", "level": None, "weight": 1},
            {"key": "C.3", "level": 2, "weight": 1},
        ],
        "left_out": [{"key": "C.4", "why": "not_applicable", "reason": "No such estate"}],
        "missing": [],
        "caps": [
            {"key": "C.1", "claimed": 4, "supported": 3, "strength": 2, "demand": 3},
            {"key": "C.2", "claimed": 2, "supported": None, "strength": 0, "demand": 1},
        ],
        "steps": {},
        "rounding": {"exact": "5/3", "mode": "half_up", "digits": 1, "rounded": "17/10"},
        "held_by": ["C.2"],
    }


def test_lists_and_numbers_read_well():
    assert [listed(list("ABCDE")[:size], 3) for size in range(1, 6)] == [
        "A",
        "A and B",
        "A, B and C",
        "A, B and 2 more",
        "A, B and 3 more",
    ]
    numbers = [Fraction(5, 2), Fraction(8, 3), Fraction(3), Fraction(-1, 4), Fraction(20), Fraction(1, 1000)]
    assert [decimal(number) for number in numbers] == ["2.5", "2.67 (8/3)", "3", "-0.25", "20", "0 (1/1000)"]
