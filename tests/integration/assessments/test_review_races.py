"""Review, reply, decision, hand-over and governance by several at once: each act once, in an order, or refused."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Assessment, CriterionReview, Decision, Question, Reply
from assessments.permissions import WrongState
from assessments.services.asking import StillOpen
from assessments.services.deciding import DecisionRefused
from assessments.services.moves import make_move
from assessments.workflow import Move, State
from partnership import audit
from partnership.models import Body, Membership, OutgoingMail, Stale
from partnership.roles import Role
from partnership.services import bodies, leaving
from tests import factories
from tests.factories import AT
from tests.integration.assessments.test_moves_race import later, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hooks")]
ROUNDS = 3
LATER = AT + timedelta(days=30)


def of(results, kind):
    return [result for result in results if isinstance(result, kind)]


def sound(assessment):
    return not list(audit.faults(audit.chain_key(assessment)))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_of_reviewers_with_the_same_page_one_is_let_through_and_the_others_are_shown_what_stands(seed):
    assessment = factories.create_assessment(state=State.IN_REVIEW)
    reviewers = [factories.create_membership(role=Role.REVIEWER, system=assessment.system).user for _ in range(3)]

    results = together(
        *(
            later(
                lambda by=by, level=level: factories.create_finding(assessment, by=by, level=level, words="So it is"),
                seed + level,
            )
            for level, by in enumerate(reviewers, start=1)
        )
    )

    (found,) = CriterionReview.objects.all()
    assert of(results, CriterionReview) == [found]
    assert {refused.current for refused in of(results, Stale)} == {found}
    assert sound(assessment)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_last_replies_at_once_hand_back_once_and_each_is_kept(seed):
    assessment = factories.create_assessment(state=State.CLARIFY)
    question, lead = Question.objects.get(), factories.holder(Role.LEAD, assessment.place)
    chair = factories.holder(Role.CHAIR, assessment.place)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)

    *replies, gone_on = together(
        later(lambda: factories.create_reply(question, text="By the lead", by=lead), seed),
        later(lambda: factories.create_reply(question, text="By the chair", by=chair), seed + 1),
        later(lambda: factories.move(assessment, Move.GO_ON, by=office, at=LATER, reason="Too late"), seed + 2),
        refusals=(WrongState, Stale, StillOpen),
    )

    assessment.refresh_from_db()
    assert assessment.state == State.IN_REVIEW
    assert set(of(replies, Reply)) == set(Reply.objects.all())
    # Handed back by the first reply, or else the ICB went on before it: never both.
    moves = assessment.state_changes.filter(from_state=State.CLARIFY)
    assert moves.count() == 1
    assert bool(moves.get().reason) == isinstance(gone_on, Assessment)
    assert sound(assessment)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_decisions_and_a_question_at_once_leave_one_of_them(seed):
    assessment = factories.reviewed_after_submission(factories.create_assessment(state=State.SUBMITTED))
    offices = [factories.create_membership(role=Role.PROGRAMME_OFFICE, system=assessment.system).user for _ in range(2)]
    said = factories.create_decision_said(assessment)
    based_on = Assessment.objects.get(pk=assessment.pk).version
    before = Question.objects.count(), OutgoingMail.objects.filter(subject__contains="has decided").count()

    def decide(by):
        fresh = Assessment.objects.get(pk=assessment.pk)
        return make_move(assessment=fresh, move=Move.DECIDE, based_on=based_on, by=by, at=AT, **said)

    *decided, asked = together(
        *(later(lambda by=by: decide(by), seed + by.pk) for by in offices),
        later(lambda: factories.create_question(assessment), seed),
        refusals=(WrongState, Stale, DecisionRefused),
    )

    assessment.refresh_from_db()
    made = of(decided, Assessment)
    assert len(made) + isinstance(asked, Assessment) == 1
    assert Decision.objects.count() == len(made)
    assert assessment.state == (State.DECIDED if made else State.CLARIFY)
    assert Question.objects.count() == before[0] + (not made)
    # Lead and chair hear of a decision once.
    assert OutgoingMail.objects.filter(subject__contains="has decided").count() == before[1] + 2 * len(made)
    assert sound(assessment)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_person_leaves_once_and_a_score_of_theirs_is_in_before_it_or_refused(seed):
    assessment = factories.create_assessment(state=State.SCORING)
    item = assessment.items.get()
    leaver = factories.create_membership(place=assessment.place).user
    successor, now = factories.create_user(), timezone.now()
    administrators = [factories.create_user(administrator=True) for _ in range(2)]
    yesterday = timezone.localdate() - timedelta(days=1)

    def leave(by):
        return leaving.leave(person=leaver, last_day=yesterday, successor=successor, by=by, at=now)

    *left, scored = together(
        *(later(lambda by=by: leave(by), seed + by.pk) for by in administrators),
        later(lambda: factories.create_score(item, by=leaver, at=now), seed),
        refusals=(leaving.LeavingRefused, PermissionDenied, Stale),
    )

    assert len([each for each in left if not isinstance(each, Exception)]) == 1
    assert Membership.objects.filter(user=successor, place=assessment.place, ends_on=None).count() == 1
    assert item.scores.filter(membership__user=leaver).exists() == (not isinstance(scored, Exception))
    assert sound(assessment)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_bodies_that_are_put_under_each_other_at_once_make_no_circle(seed):
    place = factories.create_place()
    lead = factories.holder(Role.LEAD, place)
    one, two = factories.create_body(place), factories.create_body(place)

    def under(body, parent):
        return bodies.change_body(body=body, based_on=body.version, name=body.name, parent=parent, by=lead, at=AT)

    results = together(
        later(lambda: under(one, two), seed), later(lambda: under(two, one), seed + 1), refusals=(bodies.GoesInCircles,)
    )

    assert len(of(results, Body)) == 1
    assert Body.objects.filter(parent=None).count() == 1
