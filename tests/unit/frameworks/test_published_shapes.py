"""Roll-ups of the shapes that published frameworks have; the numbers of the first tests are their publishers'."""

from fractions import Fraction

import pytest

from frameworks.definition import parse
from frameworks.golden import run
from frameworks.rollup import ItemInput, LeftOutBecause, Standing, Status, roll_up
from tests.unit.frameworks.definitions import LEVELS, garden

CLAIMED, SUPPORTED = Standing.CLAIMED, Standing.SUPPORTED
QUARTERS = {
    "code": "quarters",
    "answers": [
        {"rank": rank, "name": name, "value": value}
        for rank, (name, value) in enumerate([("No", 0), ("Some", "1/4"), ("Half", "1/2"), ("Most", 1)])
    ],
}
CLASSES = [
    {"code": "not", "name": "Not achieved", "adverse": True},
    {"code": "part", "name": "Partially achieved"},
    {"code": "full", "name": "Achieved"},
]
CAF = {
    "kind": "rule_table",
    "rows": [
        {"level": 1, "when": [{"class": "not", "is": "some"}]},
        {"level": 4, "when": [{"class": "full", "is": "all"}]},
        {"level": 3, "when": [{"class": "part", "is": "all"}]},
        {"level": 1},
    ],
}


def framework(*nodes, rule=None, **more):
    """Build a framework of criteria, or of whatever nodes are given, with a rule for the root."""
    tiers = ["Domain", "Criterion"] if any("nodes" in node for node in nodes) else ["Criterion"]
    rule = rule or {"kind": "profile_only"}
    return parse(garden(tiers=tiers, nodes=list(nodes), rule=rule, pathways=[], golden=[], **more))


def checklist(code="C", *, rule, statements, **more):
    return {
        "code": code,
        "name": f"Checklist {code}",
        "scoring": "checklist",
        "rule": rule,
        "statements": [{"code": code, "text": f"Statement {code}"} | about for code, about in statements.items()],
    } | more


def rated(code, **more):
    return {"code": code, "name": f"Criterion {code}"} | more


def answers(code="C", strength=0, **given):
    """Make an item per answer, None for one that is not applicable."""
    return {
        code: [
            ItemInput(f"{code}.{name}", level, not_applicable=level is None, strength=strength, statement=name)
            for name, level in given.items()
        ]
    }


def levels(**given):
    return {code: [ItemInput(f"{code}.1", level, not_applicable=level is None)] for code, level in given.items()}


def test_levels_of_practice_add_up_the_mean_of_two_streams_without_gating():
    statements = {f"{stream}{level}": {"weight": "1/2"} for level in (1, 2, 3) for stream in "ab"}
    practice = checklist("P", rule={"kind": "sum", "bands": "none"}, statements=statements, answers="quarters")
    definition = framework(practice, rule={"kind": "mean", "carry": "value", "bands": "none"}, answers=[QUARTERS])
    given = answers("P", a1=3, a2=2, a3=0, b1=3, b2=1, b3=1)

    results = roll_up(definition, given, standing=CLAIMED)

    assert (results["P"].status, results["P"].level, results["P"].value) == (Status.NO_LEVEL, None, Fraction(3, 2))
    assert results[""].value == Fraction(3, 2)
    assert results["P"].trace.sentence(definition) == (
        "1.5: the sum of 6 statements is 1.5, to which the framework gives no level."
    )


@pytest.mark.parametrize(
    "scores, points, percent, level",
    [
        ([2, 2, 2, 2, 2, 1, 1, 1, 1], 14, 39, 2),
        ([3, 3, 3, 3, 3, 2, 2, 2, 2], 23, 64, 3),
        ([4] * 5 + [3] * 4, 32, 89, 4),
    ],
)
def test_a_percentage_of_the_maximum_is_rounded_before_it_is_banded(scores, points, percent, level):
    rule = {"kind": "percent_of_maximum", "rounding": "half_up", "bands": {1: 25, 2: 39, 3: 63, 4: 88}}
    definition = framework(*(rated(f"Q{n}") for n in range(9)), rule=rule)
    given = levels(**{f"Q{n}": score for n, score in enumerate(scores)})

    got = roll_up(definition, given, standing=CLAIMED)[""]

    assert got.trace.figures == {"points": points, "maximum": 36}
    assert (got.value, got.level) == (percent, level)
    assert got.exact == Fraction(100 * points, 36)


@pytest.mark.parametrize(
    "given, level",
    [
        ({"n1": 0, "n2": 0, "p1": 1, "f1": 1, "f2": 1}, 4),
        ({"n1": 0, "n2": 0, "p1": 1, "f1": 1, "f2": 0}, 3),
        ({"n1": 0, "n2": 0, "p1": 0, "f1": 1, "f2": 0}, 1),
        ({"n1": 0, "n2": 1, "p1": 1, "f1": 1, "f2": 1}, 1),
        ({"n1": None, "n2": 0, "p1": 1, "f1": 1, "f2": None}, 4),
    ],
)
def test_a_table_of_classes_gives_the_level_of_the_first_line_that_fits(given, level):
    classes = {"n": "not", "p": "part", "f": "full"}
    statements = {code: {"class": classes[code[0]]} for code in given}
    definition = framework(checklist(rule="outcome", statements=statements), classes=CLASSES, rules={"outcome": CAF})

    assert roll_up(definition, answers(**given), standing=CLAIMED)["C"].level == level


def test_a_class_without_statements_cannot_be_fulfilled():
    statements = {"n1": {"class": "not"}, "f1": {"class": "full"}}
    definition = framework(checklist(rule="outcome", statements=statements), classes=CLASSES, rules={"outcome": CAF})

    assert roll_up(definition, answers(n1=0, f1=0), standing=CLAIMED)["C"].level == 1
    assert roll_up(definition, answers(n1=0, f1=1), standing=CLAIMED)["C"].level == 4


GATED = {"a": {"of_level": 2}, "b": {"of_level": 2}, "c": {"of_level": 3}, "d": {"of_level": 4}}


@pytest.mark.parametrize(
    "options, given, level",
    [
        ({}, {"a": 2, "b": 2, "c": 2, "d": 2}, 4),
        ({}, {"a": 2, "b": 1, "c": 2, "d": 2}, 1),
        ({}, {"a": 2, "b": 2, "c": 1, "d": 2}, 2),
        ({}, {"a": 2, "b": 2, "c": None, "d": 2}, 4),
        ({"met": "1/2"}, {"a": 1, "b": 1, "c": 1, "d": 0}, 3),
        # The level itself largely, those below in full.
        ({"met": "1/2", "met_below": 1}, {"a": 1, "b": 2, "c": 2, "d": 2}, 2),
        ({"met": "1/2", "met_below": 1}, {"a": 2, "b": 2, "c": 1, "d": 2}, 3),
        ({"percent": 50}, {"a": 2, "b": 0, "c": 2, "d": 0}, 3),
    ],
)
def test_a_gate_opens_level_by_level(options, given, level):
    rule = {"kind": "cumulative_gate"} | options
    definition = framework(checklist(rule=rule, statements=GATED, answers="yes_partly_no"))

    assert roll_up(definition, answers(**given), standing=CLAIMED)["C"].level == level


def test_a_gate_of_nodes_asks_each_for_the_level_in_question():
    nodes = [rated("A", of_level=2), rated("B", of_level=3)]
    definition = framework(*nodes, rule={"kind": "cumulative_gate"})

    def level(**given):
        return roll_up(definition, levels(**given), standing=CLAIMED)[""].level

    # Nothing belongs to the highest level, so that it is out of reach.
    assert [level(A=2, B=1), level(A=2, B=3), level(A=3, B=3), level(A=4, B=4)] == [2, 2, 3, 3]


def test_a_gate_whose_lowest_level_fails_reaches_none():
    definition = framework(checklist(rule={"kind": "cumulative_gate"}, statements={"a": {"of_level": 1}}))

    got = roll_up(definition, answers(a=0), standing=CLAIMED)["C"]

    assert (got.status, got.level) == (Status.NONE_SUPPORTED, None)
    assert (
        got.trace.sentence(definition)
        == "No level reached: 1 of 1 statement of Emerging is not met: statement C.a holds it down."
    )


def test_a_ladder_is_climbed_to_the_first_rung_that_fails():
    rule = {"kind": "cumulative_gate", "unanswered": "until_decided"}
    definition = framework(checklist(rule=rule, statements=GATED))

    got = roll_up(definition, answers(a=1, b=1, c=0), standing=CLAIMED)["C"]
    open_rung = roll_up(definition, answers(a=1, b=1), standing=CLAIMED)["C"]

    assert (got.status, got.level) == (Status.LEVEL, 2)
    assert [each.key for each in got.trace.left_out if each.why == LeftOutBecause.NOT_ASKED] == ["C.d"]
    assert got.trace.sentence(definition) == (
        "Evolving: everything up to Evolving is met, but 1 of 1 statement of Established is not met: statement C.c "
        "holds it down. Statement C.d is not asked, as no answer there could change the level."
    )
    assert open_rung.status == Status.INCOMPLETE
    assert open_rung.trace.missing == ("C.c", "C.d")


def test_without_that_every_statement_has_to_be_answered():
    definition = framework(checklist(rule={"kind": "cumulative_gate"}, statements=GATED))

    got = roll_up(definition, answers(a=1, b=1, c=0), standing=CLAIMED)["C"]

    assert (got.status, got.trace.missing) == (Status.INCOMPLETE, ("C.d",))
    assert got.trace.sentence(definition) == "Incomplete: statement C.d has no answer yet."


@pytest.mark.parametrize(
    "kind, not_applicable, value",
    [
        ("mean", "redistribute", Fraction(15, 5)),
        ("mean", "leave_out", Fraction(15, 10)),
        ("sum", "redistribute", Fraction(30)),
        ("sum", "leave_out", Fraction(15)),
        ("percent_of_maximum", "redistribute", Fraction(75)),
        ("percent_of_maximum", "leave_out", Fraction(75, 2)),
    ],
)
def test_what_is_not_applicable_gives_its_weight_away_or_keeps_it(kind, not_applicable, value):
    rule = {"kind": kind, "bands": "none"}
    nodes = [rated("A", weight=2), rated("B", weight=3), rated("X", weight=5)]
    given = levels(A=3, B=3, X=None)
    for definition in (
        framework(*nodes, rule=rule | {"not_applicable": not_applicable}),
        framework(*nodes, rule=rule, not_applicable=not_applicable),
    ):
        assert roll_up(definition, given, standing=CLAIMED)[""].value == value


def test_categories_are_weighed_and_rounded_down_at_each_tier():
    def category(code, weight):
        return {
            "code": code,
            "name": code,
            "weight": weight,
            "rule": {"kind": "mean", "rounding": "floor"},
            "nodes": [rated(f"{code}{n}") for n in range(2)],
        }

    nodes = [category("A", "0.7"), category("B", "0.3")]
    definition = framework(*nodes, rule={"kind": "mean", "rounding": "floor", "carry": "value"})
    given = levels(A0=4, A1=3, B0=2, B1=3)

    results = roll_up(definition, given, standing=CLAIMED)

    assert [results[code].value for code in ("A", "B", "")] == [3, 2, 2]
    assert results[""].exact == Fraction(27, 10)


@pytest.mark.parametrize("carry, value", [("level", 2), ("value", Fraction(26, 10)), ("exact", Fraction(8, 3))])
def test_a_parent_takes_the_level_the_rounded_value_or_the_exact_one(carry, value):
    nodes = [rated(f"A{n}") for n in range(3)]
    domain = {"code": "A", "name": "A", "rule": {"kind": "mean", "rounding": "truncate", "digits": 1}, "nodes": nodes}
    definition = framework(domain, rule={"kind": "mean", "carry": carry})

    assert roll_up(definition, levels(A0=2, A1=3, A2=3), standing=CLAIMED)[""].value == value


def test_a_child_with_a_number_is_measured_against_the_most_it_could_have():
    practice = checklist("P", rule={"kind": "sum", "bands": "none"}, statements={"a": {"weight": 2}, "b": {}, "c": {}})
    definition = framework(practice, rule={"kind": "percent_of_maximum", "carry": "value", "bands": "none"})

    assert roll_up(definition, answers("P", a=1, b=0, c=0), standing=CLAIMED)[""].value == 50


def test_levels_may_count_other_than_their_ranks():
    scale = {"levels": [level | {"value": value} for level, value in zip(LEVELS, [0, 20, 50, 100], strict=True)]}
    definition = framework(rated("A"), rated("B"), scale=scale, rule={"kind": "mean"})

    got = roll_up(definition, levels(A=3, B=2), standing=CLAIMED)[""]

    assert (got.value, got.level) == (35, 2)


def test_an_adverse_statement_counts_the_other_way_round():
    statements = {"good": {}, "bad": {"class": "not"}}
    rule = {"kind": "percent_of_maximum", "bands": "none"}
    definition = framework(checklist(rule=rule, statements=statements), classes=CLASSES)

    def value(**given):
        return roll_up(definition, answers(**given), standing=CLAIMED)["C"].value

    assert [value(good=1, bad=0), value(good=1, bad=1), value(good=0, bad=1)] == [100, 50, 0]


def test_that_something_bad_is_not_so_needs_evidence_as_well():
    demanding = {
        "code": "proven",
        "answers": [{"rank": 0, "name": "No"}, {"rank": 1, "name": "Yes", "demand": 2}],
    }
    statements = {"good": {"class": "full"}, "bad": {"class": "not"}}
    node = checklist(rule="outcome", statements=statements, answers="proven")
    definition = framework(node, answers=[demanding], classes=CLASSES, rules={"outcome": CAF})

    def level(strength, standing):
        return roll_up(definition, answers(strength=strength, good=1, bad=0), standing=standing)["C"].level

    assert [level(0, CLAIMED), level(0, SUPPORTED), level(2, SUPPORTED)] == [4, 1, 4]
    weak = roll_up(definition, answers(strength=1, good=1, bad=0), standing=SUPPORTED)["C"]
    assert [(cap.key, cap.claimed, cap.supported, cap.demand) for cap in weak.trace.caps] == [
        ("C.good", 1, 0, 2),
        ("C.bad", 0, 1, 2),
    ]
    assert (
        "Statement C.bad was agreed at No, but its evidence (documented intent) supports Yes: No needs documented "
        "process in use." in weak.trace.sentence(definition)
    )


def test_an_optional_part_may_be_left_out_of_a_ragged_tree():
    inner = {
        "code": "D",
        "name": "D",
        "optional": True,
        "rule": {"kind": "mean"},
        "nodes": [
            rated("D1"),
            checklist("D2", rule={"kind": "mean", "bands": {2: "1/2", 3: "3/4", 4: 1}}, statements={"a": {}}),
        ],
    }
    data = garden(
        tiers=["Domain", "Criterion"],
        nodes=[rated("A"), inner],
        rule={"kind": "mean", "bands": {2: 2, 3: 3, 4: 4}},
        pathways=[],
        golden=[
            {
                "name": "Without",
                "items": {"A": [{"level": 3}], "D": "not_applicable"},
                "expect": {
                    "claimed": {"": 3, "D": "not_applicable", "D2": "not_applicable"},
                    "claimed_values": {"": 3},
                },
            },
            {
                "name": "With",
                "items": {"A": [{"level": "Thriving"}], "D1": [{"level": 2}], "D2": {"a": "Yes"}},
                "expect": {"claimed": {"": 3, "D": 3, "D2": 4}, "claimed_values": {"": "7/2", "D": 3}},
            },
        ],
    )

    failures = [str(each) for each in run(parse(data))]

    assert failures == []


@pytest.mark.parametrize(
    "not_applicable, child, alone, beside",
    [("leave_out", 25, 50, Fraction(250, 3)), ("redistribute", 50, 50, 75)],
)
def test_what_a_child_leaves_out_does_not_count_against_its_parent(not_applicable, child, alone, beside):
    def part(code):
        rule = {"kind": "percent_of_maximum", "bands": "none", "not_applicable": not_applicable}
        return {"code": code, "name": code, "rule": rule, "nodes": [rated(f"{code}1"), rated(f"{code}2")]}

    rule = {"kind": "percent_of_maximum", "carry": "value", "bands": "none"}
    given = levels(A1=2, A2=None)

    one = roll_up(framework(part("A"), rule=rule), given, standing=CLAIMED)
    both = roll_up(framework(part("A"), part("B"), rule=rule), given | levels(B1=4, B2=4), standing=CLAIMED)

    assert (one["A"].value, one[""].value) == (child, alone)
    assert (both["A"].value, both["B"].value, both[""].value) == (child, 100, beside)
