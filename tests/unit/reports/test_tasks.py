"""What needs a person now, from where their assessments stand."""

from datetime import date

import pytest

from assessments.quorum import Quorum
from assessments.workflow import State
from partnership.roles import Role
from reports.standings import Standing
from reports.tasks import tasks, waiting

TODAY = date(2026, 11, 20)


def standing(*roles, **values):
    defaults = {
        "public_id": "a",
        "place_id": "p",
        "place": "Mossley",
        "round": "Autumn 2026",
        "state": State.SCORING,
        "roles": frozenset(roles),
        "scoring_closes_on": date(2026, 12, 4),
        "signing_closes_on": date(2027, 1, 29),
        "items": 50,
        "items_with_evidence": 50,
        "criteria": 12,
        "criteria_with_items": 12,
        "asked": 50,
        "members": 12,
    }
    return Standing(**defaults | values)


def told(*standings, **values):
    return [(task.text, task.button) for task in tasks(standings, today=TODAY, **values)]


def test_a_member_is_told_how_many_items_are_left_and_when_scoring_closes():
    (task,) = tasks([standing(Role.MEMBER, own_scored=32)], today=TODAY)

    assert task.text == "Score Mossley, Autumn 2026: 18 of 50 left"
    assert (task.due_verb, task.due_on) == ("closes", date(2026, 12, 4))
    assert task.button == "Continue scoring"


def test_a_member_who_has_scored_everything_waits():
    done = standing(Role.MEMBER, own_scored=50)

    assert told(done) == []
    assert waiting(done).startswith("You have scored everything. The chair closes scoring by 4 December 2026;")


def test_a_chair_sees_how_many_have_finished_and_closes_scoring_when_all_have():
    assert told(standing(Role.CHAIR, finished=9)) == [("9 of 12 members have finished scoring", "See who is left")]
    assert told(standing(Role.CHAIR, finished=12)) == [
        ("All 12 members have finished scoring: close scoring", "Close scoring")
    ]


def test_a_chair_may_close_scoring_once_its_last_day_is_over():
    late = standing(Role.CHAIR, finished=9, scoring_closes_on=date(2026, 11, 19))

    assert told(late) == [("9 of 12 members have finished scoring: close scoring", "Close scoring")]


@pytest.mark.parametrize("role", [Role.LEAD, Role.CONTRIBUTOR])
def test_those_who_keep_the_register_are_asked_for_evidence(role):
    assert ("35 of 50 items without evidence", "Attach evidence") in told(standing(role, items_with_evidence=15))


def test_a_lead_is_told_which_criteria_lack_items_and_can_open_scoring():
    bare = standing(Role.LEAD, state=State.PREPARING, criteria_with_items=7)

    assert told(bare) == [
        ("5 criteria without evidence items", "Write items"),
        ("Open scoring: 50 items to score", "Open scoring"),
    ]


def test_a_lead_without_items_cannot_open_scoring():
    bare = standing(Role.LEAD, state=State.PREPARING, criteria_with_items=0, items=0, items_with_evidence=0)

    assert told(bare) == [("12 criteria without evidence items", "Write items")]


def test_a_chair_agrees_first_what_is_split_and_then_puts_the_result_up():
    agreeing = {"state": State.AGREEING, "unsettled": 3}

    assert told(standing(Role.CHAIR, agreed=20, **agreeing)) == [("30 items to agree, 3 of them split", "Agree levels")]
    assert told(standing(Role.CHAIR, agreed=50, state=State.AGREEING)) == [
        ("Every item is agreed: put the result up for signature", "Put up for signature")
    ]


def test_a_signatory_signs_for_each_organisation_that_has_not_answered():
    assert told(standing(Role.SIGNATORY, state=State.SIGNING, to_sign=("The council",))) == [
        ("Sign for The council", "Read and sign")
    ]
    assert told(standing(Role.SIGNATORY, state=State.SIGNING)) == []


def quorum(**given):
    return Quorum(required=("The council",), minimum=1, expected=(), given={"The council": "SIGNED"} if given else {})


def test_a_chair_closes_the_signing_once_the_quorum_is_met():
    waits = standing(Role.CHAIR, state=State.SIGNING, quorum=quorum())
    met = standing(Role.CHAIR, state=State.SIGNING, quorum=quorum(council=True))

    assert told(waits)[0][1] == "See who has signed"
    assert "The council must sign and has not yet." in told(waits)[0][0]
    assert told(met) == [("The quorum is met: close the signing", "Close the signing")]


def test_a_chair_submits_what_is_sealed():
    assert told(standing(Role.CHAIR, state=State.SIGNED)) == [("Submit the signed assessment to the ICB", "Submit")]


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROGRAMME_OFFICE, Role.REVIEWER])
@pytest.mark.parametrize("state", State)
def test_those_who_only_read_have_nothing_to_do(role, state):
    assert told(standing(role, state=state, items_with_evidence=0, late_actions=2)) == []


@pytest.mark.parametrize("state", State)
def test_everybody_is_told_what_comes_next_in_every_state(state):
    assert waiting(standing(Role.OBSERVER, state=state)).endswith(".")


def test_overdue_actions_come_first_with_the_day_on_which_the_first_was_due():
    busy = standing(
        Role.LEAD,
        Role.MEMBER,
        late_actions=2,
        near_actions=1,
        next_action_on=date(2026, 11, 2),
    )

    first, second = tasks([busy], today=TODAY)

    assert first.text == "2 actions overdue and 1 action due within 21 days"
    assert first.due_on == date(2026, 11, 2)
    assert second.text.startswith("Score Mossley")


def test_the_actions_of_a_place_are_told_once():
    older = standing(Role.LEAD, late_actions=2, tells_actions=False)

    assert told(older, standing(Role.LEAD, late_actions=2)) == [("2 actions overdue", "See the actions")]


def test_what_has_no_last_day_comes_last():
    assert [text for text, _ in told(standing(Role.MEMBER), drafts=1)] == [
        "Score Mossley, Autumn 2026: 50 of 50 left",
        "1 framework draft to publish",
    ]


def test_a_lead_is_asked_to_confirm_what_was_brought_from_an_earlier_round():
    brought = standing(Role.LEAD, state=State.PREPARING, unconfirmed=12)
    (task, *_) = tasks([brought], today=TODAY)

    assert (task.text, task.button) == ("Confirm 12 carried items", "Confirm items")
    assert task.address.route == "assessments:carried"
    assert not any(
        "Confirm" in text for text, _ in told(standing(Role.CONTRIBUTOR, state=State.PREPARING, unconfirmed=12))
    )
