"""The sentences that explain the rules which calculate, open gates or look things up in tables."""

from frameworks.rollup import Standing, roll_up
from tests.unit.frameworks.test_published_shapes import (
    CAF,
    CLASSES,
    GATED,
    answers,
    checklist,
    framework,
    levels,
    rated,
)


def sentence(definition, given, code=""):
    return roll_up(definition, given, standing=Standing.CLAIMED)[code].trace.sentence(definition)


def numbers(rule, **given):
    definition = framework(*(rated(code) for code in given), rule=rule)
    return sentence(definition, levels(**given))


def test_a_sum_is_told_with_what_became_of_it():
    bands = {2: 4, 3: 6, 4: 8}

    assert numbers({"kind": "sum", "bands": bands}, A=3, B=4) == (
        "Established: the sum of 2 criteria is 7, which lies in the band of Established."
    )
    assert numbers({"kind": "sum", "bands": bands, "rounding": "floor"}, A=3, B=2, C=None) == (
        "Established: the sum of 2 criteria is 5, which makes 7.5 when the weight of what does not apply is shared, "
        "rounded down to 7, which lies in the band of Established. C Criterion C is left out as not applicable."
    )
    assert numbers({"kind": "sum", "bands": {1: 3, 2: 4, 3: 6, 4: 8}}, A=1, B=1) == (
        "No level reached: the sum of 2 criteria is 2, which lies below the band of every level."
    )


def test_a_percentage_is_told_with_its_points():
    rule = {"kind": "percent_of_maximum", "rounding": "half_up", "bands": {2: 39, 3: 63, 4: 88}}

    assert numbers(rule, A=3, B=2, C=2) == (
        "Evolving: 3 criteria come to 7 of 12, which is 58.33% (175/3), rounded to 58%, which lies in the band of "
        "Evolving."
    )
    assert numbers(rule | {"not_applicable": "leave_out"}, A=4, B=None) == (
        "Evolving: 1 criterion comes to 4 of 8 (what does not apply included), which is 50%, which lies in the band "
        "of Evolving. B Criterion B is left out as not applicable."
    )


def test_a_mean_over_everything_says_so():
    assert numbers({"kind": "mean", "not_applicable": "leave_out"}, A=4, B=4, C=None) == (
        "Evolving: the mean of 2 criteria, over the weight of all, is 2.67 (8/3), which lies in the band of Evolving. "
        "C Criterion C is left out as not applicable."
    )


def test_a_gate_is_told_by_what_is_met_and_what_is_not():
    definition = framework(checklist(rule={"kind": "cumulative_gate"}, statements=GATED))

    assert sentence(definition, answers(a=1, b=1, c=1, d=1), "C") == (
        "Thriving: everything that belongs to Thriving and the levels below it is met."
    )
    assert sentence(definition, answers(a=1, b=0, c=1, d=1), "C") == (
        "Emerging: everything up to Emerging is met, but 1 of 2 statements of Evolving is not met: statement C.b holds "
        "it down."
    )
    half = framework(checklist(rule={"kind": "cumulative_gate", "percent": 50}, statements=GATED))
    assert sentence(half, answers(a=1, b=0, c=0, d=1), "C") == (
        "Evolving: 50% up to Evolving is met, but 1 of 1 statement of Established is not met (50% is asked): "
        "statement C.c holds it down."
    )


def test_a_table_is_told_by_the_line_that_fits_and_what_stands_in_the_way():
    statements = {"n1": {"class": "not"}, "n2": {"class": "not"}, "p1": {"class": "part"}, "f1": {"class": "full"}}
    definition = framework(checklist(rule="outcome", statements=statements), classes=CLASSES, rules={"outcome": CAF})

    assert sentence(definition, answers(n1=1, n2=0, p1=1, f1=1), "C") == (
        "Emerging: line 1 of 4 is the first that fits, since 1 of 2 statements of “Not achieved” is met; statement "
        "C.n1 holds it down."
    )
    assert sentence(definition, answers(n1=0, n2=0, p1=1, f1=0), "C") == (
        "Established: line 3 of 4 is the first that fits, since the only statement of “Partially achieved” is met; "
        "statement C.f1 holds it down."
    )
    assert sentence(definition, answers(n1=0, n2=0, p1=0, f1=0), "C") == (
        "Emerging: no other line of the rule fits than the last; statement C.p1 holds it down."
    )


def test_a_table_over_levels_names_the_level_asked():
    rows = [{"level": 4, "when": [{"at_least": 2, "level": 3}]}, {"level": 1}]
    definition = framework(rated("A"), rated("B"), rated("C"), rule={"kind": "rule_table", "rows": rows})

    assert sentence(definition, levels(A=3, B=4, C=1)) == (
        "Thriving: line 1 of 2 is the first that fits, since 2 of 3 criteria are at Established or above."
    )


def test_a_trace_says_what_a_gate_looked_at_and_what_inputs_counted():
    definition = framework(checklist(rule={"kind": "cumulative_gate"}, statements=GATED, answers="yes_partly_no"))

    data = roll_up(definition, answers(a=2, b=2, c=1, d=0), standing=Standing.CLAIMED)["C"].trace.to_data(definition)

    assert data["checks"] == [
        {"what": "level 2", "met": 2, "of": 2, "holds": True, "level": 2},
        {"what": "level 3", "met": 0, "of": 1, "holds": False, "level": 3},
    ]
    assert data["held_by"] == ["C.c"]
    assert data["inputs"][2] == {"key": "C.c", "level": 1, "weight": 1, "value": "1/2"}
