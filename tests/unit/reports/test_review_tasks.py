"""What needs a person while assessments are reviewed and decided on."""

from datetime import date

import pytest

from assessments.workflow import Move, State
from partnership.roles import Role
from reports.review_tasks import review_tasks
from tests.unit.reports.test_tasks import TODAY, standing

REVIEWERS = [Role.PROGRAMME_OFFICE, Role.REVIEWER]


def told(*standings):
    return [(task.text, task.button) for task in review_tasks(standings, today=TODAY)]


@pytest.mark.parametrize("role", REVIEWERS)
def test_reviewers_are_told_how_many_criteria_are_left_and_then_to_finish(role):
    at_work = standing(role, state=State.IN_REVIEW, reviewed=4)
    done = standing(role, state=State.IN_REVIEW, reviewed=12)

    assert told(at_work) == [("8 criteria to review", "Review")]
    assert told(done) == [("Every criterion is reviewed: finish the review", "Finish the review")]


def test_the_programme_office_alone_is_told_to_decide():
    values = {"state": State.IN_REVIEW, "reviewed": 12, "is_shared": True}

    assert told(standing(Role.REVIEWER, **values)) == []
    (task,) = review_tasks([standing(Role.PROGRAMME_OFFICE, **values)], today=TODAY)
    assert (task.text, task.address.values) == ("The review is finished: record the decision", ("a", Move.DECIDE))


@pytest.mark.parametrize("role", [Role.LEAD, Role.CHAIR])
@pytest.mark.parametrize(
    "number, words", [(1, "Reply to one question from the ICB"), (2, "Reply to 2 questions from the ICB")]
)
def test_lead_and_chair_are_told_what_to_reply_to_and_by_when(role, number, words):
    asked = standing(role, state=State.CLARIFY, open_questions=number, reply_by=date(2026, 12, 2))

    (task,) = review_tasks([asked], today=TODAY)

    assert (task.text, task.due_on) == (words, date(2026, 12, 2))


def test_reviewers_hear_of_a_place_that_did_not_reply_in_time_and_not_before():
    values = {"state": State.CLARIFY, "open_questions": 1}

    assert told(standing(Role.REVIEWER, reply_by=TODAY, **values)) == []
    assert told(standing(Role.REVIEWER, reply_by=date(2026, 11, 19), **values)) == [
        ("Mossley has not replied in time", "See the questions")
    ]


def test_places_that_wait_for_their_review_are_told_once_for_each_round():
    values = {"state": State.SUBMITTED, "round_id": "r"}
    places = [standing(Role.REVIEWER, place=place, **values) for place in ("Mossley", "Ashton")]

    assert told(*places) == [("2 places wait for their review", "See the round")]
    assert told(places[0]) == [("Mossley waits for its review", "Start the review")]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.CLARIFY])
def test_nobody_is_told_to_review_their_own_place_or_what_stays_at_the_place(state):
    own = standing(Role.REVIEWER, Role.OBSERVER, state=state, reply_by=date(2026, 11, 1))
    kept = standing(Role.REVIEWER, state=state, reply_by=date(2026, 11, 1), stays_at_place=True)

    assert told(own, kept) == []
