"""What open actions would come to: levels and gates by the same roll-up, and no more than what was expected."""

from dataclasses import replace

import pytest

from assessments.case import Case
from frameworks.projection import project
from improvement.projection import projected
from improvement.sections import _pathway
from tests.unit.reports.documents import EVIDENCE, ITEMS, TODAY, definition

GARDEN = definition()
CASE = Case(definition=GARDEN, as_at=TODAY, items=ITEMS, evidence=EVIDENCE)
PATHWAYS = [_pathway(CASE, pathway, []) for pathway in GARDEN.pathways]


def action(criterion="", level=None, gate="", status="OPEN"):
    pathway = PATHWAYS[0]["code"] if gate else ""
    return {"criterion": criterion, "pathway": pathway, "gate": gate, "expected_level": level, "status": status}


def then(*actions, items=None):
    return projected(GARDEN, items or CASE.inputs, PATHWAYS, list(actions))


def test_an_action_takes_its_criterion_to_the_level_that_it_expects():
    found = then(action("SO2", 3))

    assert CASE.supported["SO2"].level == 2
    assert found["criteria"]["SO2"]["supported"] == {"status": "level", "level": 3}
    assert found["criteria"]["SO2"]["claimed"]["level"] == 3
    assert found["criteria"]["PE1"]["supported"]["level"] == CASE.supported["PE1"].level


@pytest.mark.parametrize("done", [action("SO2", 3, status="DONE"), action("SO2")])
def test_what_is_done_or_names_no_level_moves_nothing(done):
    found = then(done)

    assert found["criteria"]["SO2"]["supported"]["level"] == 2
    assert found["without_level"] == (done["status"] == "OPEN")


def test_an_action_never_takes_a_level_down():
    assert then(action("SO2", 1))["criteria"]["SO2"]["supported"]["level"] == 2


def test_what_is_incomplete_is_out_of_reach():
    found = then(action("PE2a", 3))

    assert found["out_of_reach"] == ["PE2a"]
    assert found["criteria"]["PE2a"]["supported"]["status"] == "incomplete"


def test_the_changes_are_as_few_as_bring_it():
    items = project(GARDEN, CASE.inputs, {"SO1": 4}).items

    changed = [
        (before.key, after.level, after.strength)
        for before, after in zip(CASE.inputs["SO1"], items["SO1"], strict=True)
        if before != after
    ]
    assert len(changed) <= 2
    assert items["SO2"] == CASE.inputs["SO2"]


def test_a_gate_passes_once_its_node_does_and_else_only_as_promised():
    gates = {gate["kind"]: gate for gate in PATHWAYS[0]["gates"]}
    by_level = gates["node_at_least"]
    other = next(gate for gate in PATHWAYS[0]["gates"] if gate["status"] != "pass" and gate["kind"] != "node_at_least")

    found = then(action(gate=other["code"]))["pathways"][PATHWAYS[0]["code"]]
    assert other["code"] not in found["failing"]
    assert found["promised"] == [other["code"]]

    kept = then(action(gate=by_level["code"], level=4))["pathways"][PATHWAYS[0]["code"]]
    assert kept["promised"] == []
    assert by_level["code"] not in kept["failing"]


def test_what_no_action_changes_stays_as_it_was_judged():
    gate = replace(GARDEN.pathways[0].gates[0], kind="splits_settled", node=None, level=None)
    other = replace(GARDEN, pathways=(replace(GARDEN.pathways[0], gates=(gate,)),))
    told = [_pathway(replace(CASE, definition=other), other.pathways[0], [])]
    told[0]["gates"][0] |= {"status": "fail"}

    found = projected(other, CASE.inputs, told, [action("SO2", 4)])

    assert found["pathways"][other.pathways[0].code]["failing"] == [gate.code]
