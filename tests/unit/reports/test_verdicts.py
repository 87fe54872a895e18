"""What a pathway says in words."""

from datetime import date

import pytest

from reports import verdicts


def gate(code, *, status="pass", foundational=False, actions=()):
    return {"code": code, "status": status, "foundational": foundational, "actions": list(actions)}


def pathway(verdict, *gates):
    return {"name": "Full delegation", "verdict": verdict, "gates": list(gates)}


ACTIONS = {"a": {"due_on": date(2026, 6, 30)}, "b": {"due_on": date(2027, 1, 9)}}
FAILS = gate("G2", status="fail")
HOLDS = gate("G3", status="fail", foundational=True)
UNKNOWN = gate("G4", status="cannot_tell", foundational=True)


@pytest.mark.parametrize(
    "found, words",
    [
        (pathway("READY", gate("G1"), gate("G2")), "All 2 gates pass."),
        (pathway("READY", gate("G1")), "Its only gate passes."),
        (
            pathway("READY_WITH_CONDITIONS", gate("G1"), gate("G2", status="fail", actions="a")),
            "1 of 2 gates pass; the one that fails has an action, due 30 June 2026.",
        ),
        (
            pathway(
                "READY_WITH_CONDITIONS", gate("G1", status="fail", actions="b"), gate("G2", status="fail", actions="a")
            ),
            "0 of 2 gates pass; each that fails has an action, the last of them due 9 January 2027.",
        ),
        (pathway("NOT_READY", gate("G1"), FAILS, HOLDS), "2 of 3 gates fail, 1 of them foundational."),
        (pathway("NOT_READY", FAILS), "1 of 1 gate fails, and it has no action with an owner and a date."),
        (pathway("NOT_READY", gate("G1"), HOLDS), "1 of 2 gates fails, and it is foundational."),
        (
            pathway("NOT_READY", gate("G1", status="fail", actions="a"), FAILS),
            "2 of 2 gates fail, none of them foundational, but not all have an action.",
        ),
        (pathway("NOT_READY", UNKNOWN, HOLDS), "2 of 2 gates fail, 2 of them foundational. G4 cannot be told."),
    ],
)
def test_a_sentence_counts_the_gates(found, words):
    assert verdicts.sentence(found, ACTIONS) == words


def test_a_heading_names_the_pathway_and_the_verdict():
    assert verdicts.heading(pathway("NOT_READY", HOLDS)) == "Full delegation: not ready"
    assert verdicts.heading(pathway("READY_WITH_CONDITIONS", FAILS)) == "Full delegation: ready with conditions"


@pytest.mark.parametrize("verdict, day, late", [("NOT_READY", 2, True), ("NOT_READY", 1, False), ("READY", 2, False)])
def test_a_planned_day_is_late_once_it_has_passed_and_the_place_is_not_ready(verdict, day, late):
    said = {"set_at": "2026-01-01T09:00:00+00:00", "reason": "", "set_by": "Lead"}
    history = [said | {"planned_on": "2022-01-01"}, said | {"planned_on": "2026-11-01"}]
    told = {"planned_on": "2026-11-01", "number": 2, "history": history}

    planned = verdicts.planned({"verdict": verdict}, told, on=date(2026, 11, day))

    assert planned["is_late"] == late
    assert planned["sentence"] == "Planned for 1 November 2026, at first for 1 January 2022."
    assert verdicts.planned({"verdict": verdict}, None, on=date(2026, 11, day)) is None


@pytest.mark.parametrize(
    "then, sentence",
    [
        ({"verdict": "NOT_READY", "failing": ["G1", "G2"], "promised": []}, ""),
        ({"verdict": "READY", "failing": [], "promised": []}, "Once its actions are done: ready."),
        (
            {"verdict": "NOT_READY", "failing": ["G1"], "promised": ["G2"]},
            "Once its actions are done: not ready, 1 of 2 gates fails, if G2 passes as promised.",
        ),
    ],
)
def test_what_becomes_of_a_pathway_once_its_actions_are_done(then, sentence):
    pathway = {"code": "fund", "gates": [gate("G1", status="fail"), gate("G2", status="fail")]}

    assert verdicts.prospect(pathway, {"projected": {"pathways": {"fund": then}}}) == sentence
    assert verdicts.prospect(pathway, {}) == ""
