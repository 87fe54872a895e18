"""What an author may have left out is named, and nothing else."""

import pytest

from frameworks.definition import parse
from frameworks.gaps import LONGEST, MOST_NAMED, gaps
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.garden_versions import node


def found(data):
    return {gap.what: gap.codes for gap in gaps(parse(data))}


def appeared(change):
    """Return what is named after a change of the garden and was not before."""
    data = garden()
    before = found(data)
    change(data)
    return {what: codes for what, codes in found(data).items() if before.get(what) != codes}


def no_demands(data):
    for level in data["scale"]["levels"]:
        level["demand"] = 0


def long_name(data):
    node(data, "SO1")["name"] = "n" * (LONGEST["name"] + 1)


def checklist(data, **answers):
    """Let SO1 be a checklist whose answers are as told."""
    data["answers"] = [{"code": "own", "answers": [{"rank": 0, "name": "No"}, {"rank": 1, "name": "Yes", **answers}]}]
    criterion = node(data, "SO1")
    for name in ("descriptors", "anchors", "items"):
        criterion.pop(name, None)
    criterion |= {
        "scoring": "checklist",
        "statements": [{"code": "a", "text": "The soil is dug.", "answers": "own"}],
        "rule": {"kind": "rule_table", "rows": [{"level": 2, "when": [{"is": "all"}]}, {"level": 1}]},
    }
    data["golden"] = [{"name": "Nothing", "items": {}, "expect": {"claimed": {"": "incomplete"}}}]


def test_demands_of_levels_are_said_to_be_of_no_use_where_everything_is_scored_by_answers():
    def by_answers(data):
        data["nodes"], data["tiers"], data["pathways"], data["targets"] = [node(data, "SO1")], ["Question"], [], []
        checklist(data)

    assert "No answer demands evidence, and what levels demand is never asked for" in appeared(by_answers)


@pytest.mark.parametrize(
    "field, what",
    [
        ("descriptors", "Criteria without a descriptor for each level"),
        ("summary", "Criteria without a summary"),
        ("expected_evidence", "Criteria that name no evidence to expect"),
    ],
)
def test_a_criterion_that_lacks_something_is_named(field, what):
    assert appeared(lambda data: node(data, "SO1").pop(field)) == {what: ("SO1",)}


def test_levels_that_demand_nothing_are_named_once():
    assert appeared(no_demands) == {"No level and no answer demands evidence": ()}


def test_answers_of_a_checklist_that_demand_nothing_are_named():
    assert appeared(checklist)["Criteria of which no level or answer demands evidence"] == ("SO1",)


def test_answers_of_a_checklist_that_demand_evidence_are_enough():
    def demanding(data):
        no_demands(data)
        checklist(data, demand=2)

    assert "No level and no answer demands evidence" not in appeared(demanding)
    assert "SO1" not in appeared(demanding)["Criteria of which no level or answer demands evidence"]


def test_a_part_whose_highest_level_nothing_reaches_is_named():
    def averaged(data):
        checklist(data)
        node(data, "SO1")["rule"] = {"kind": "mean"}

    what = "Parts that stay below the highest level even where all beneath them is at its best"
    assert appeared(averaged)[what] == ("SO", "SO1")


def test_a_text_that_is_long_for_its_place_is_named():
    assert appeared(long_name) == {"Names that are long for a heading": ("SO1",)}


@pytest.mark.parametrize("kind", ["items", "expect"])
def test_what_no_golden_case_touches_is_named(kind):
    def bare(data):
        data["golden"] = [{"name": "Nothing", "items": {}, "expect": {"claimed": {"": "incomplete"}}}]

    new = appeared(bare)
    if kind == "items":
        assert "SO1" in new["Criteria that no golden case answers"]
    else:
        assert "SO" in new["Parts of which no golden case expects a result"]
        assert new["Gates of which no golden case expects an outcome"]


def test_many_codes_are_counted():
    gap = gaps(parse(garden()))[0]
    many = type(gap)(gap.what, tuple(f"C{number}" for number in range(MOST_NAMED + 3)), gap.why)

    assert many.named.endswith(" and 3 more")
