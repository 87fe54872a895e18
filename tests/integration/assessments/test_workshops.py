"""Holding a workshop: who may, in which order, what nobody sees before the reveal, and what races cannot break."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments import permissions, visibility
from assessments.models import Agreement, Dissent, Facilitator, Judgement, Presence, Score, Step, Workshop
from assessments.permissions import WrongState
from assessments.services import agreeing, moves, scoring, voting, workshops
from assessments.workflow import Move, State
from partnership import audit, audit_rows, throttle
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration.assessments.test_visibility import voices_shown
from tests.integration.assessments.workshop_room import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]


@pytest.fixture
def room():
    return Room()


def test_votes_become_the_last_ballot_on_reveal_and_the_first_is_kept(room):
    room.voting()
    for seat in range(3):
        room.vote(seat, 2)
    room.step(workshops.reveal)

    assert room.item.ballot == 2
    assert sorted(Score.objects.filter(ballot=1).values_list("level", flat=True)) == [1, 1, 4]
    assert list(visibility.revealed_scores(assessment=room.assessment).values_list("level", flat=True)) == [2, 2, 2]


def test_nobody_sees_a_vote_before_the_reveal_but_its_own_voter(room):
    room.voting().vote(0, 3)

    for person in [room.chair, *room.members]:
        capacity = permissions.capacity(user=person, assessment=room.assessment)
        assert not visibility.named_scores(capacity=capacity, assessment=room.assessment).filter(ballot=2).exists()
        voices = voices_shown(capacity=capacity, assessment=room.assessment)
        assert sorted(level for _, _, level, *_ in voices) == [1, 1, 4]
    assert visibility.own_vote(user=room.members[0], item=room.item).level == 3
    assert visibility.votes_given(item=room.item) == 1


def test_a_vote_after_the_reveal_is_refused(room):
    room.voting().vote(0, 3)
    room.step(workshops.reveal)

    with pytest.raises(voting.VoteClosed):
        room.vote(1, 2)
    with pytest.raises(voting.VoteClosed):
        room.vote(1, 2, ballot=3)

    assert Score.objects.filter(ballot=2).count() == 1


def test_a_vote_can_be_changed_until_the_reveal_but_not_from_an_old_page(room):
    room.voting().vote(0, 3)
    room.vote(0, 3)
    room.vote(0, 2, based_on=1)

    with pytest.raises(Stale):
        room.vote(0, 4, based_on=1)

    assert Score.objects.get(ballot=2).level == 2


def test_not_applicable_needs_a_reason_and_cannot_judge_none(room):
    room.voting()
    with pytest.raises(scoring.ReasonMissing):
        room.vote(0, None, judgement=Judgement.NOT_APPLICABLE)
    room.vote(0, None, judgement=Judgement.CANNOT_JUDGE)

    assert Score.objects.get(ballot=2).judgement == Judgement.CANNOT_JUDGE


def test_who_has_not_joined_does_not_vote(room):
    room.voting()
    room.members.append(factories.create_membership(place=room.assessment.place).user)

    with pytest.raises(voting.NotPresent):
        room.vote(3, 2)


def test_of_two_facilitators_one_goes_on(room):
    lead = factories.holder(Role.LEAD, room.assessment.place)
    room.take(based_on=1)

    with pytest.raises(Stale):
        room.step(workshops.open_vote, by=lead, based_on=1)

    assert Workshop.objects.get().phase == Workshop.Phase.PRESENTED


def test_steps_out_of_turn_are_refused_and_leave_nothing(room):
    with pytest.raises(workshops.OutOfTurn):
        room.step(workshops.reveal)
    room.voting()
    for step in (workshops.reveal, workshops.close_workshop, workshops.open_vote):
        with pytest.raises(workshops.OutOfTurn):
            room.step(step)
    room.vote(0, 2)
    with pytest.raises(workshops.OutOfTurn):
        room.step(workshops.call_off_vote)

    assert list(Step.objects.values_list("kind", flat=True)) == ["TAKEN", "VOTE_OPENED"]


def test_a_vote_without_votes_can_be_called_off(room):
    room.voting().step(workshops.call_off_vote)

    assert (room.item.ballot, Workshop.objects.get().phase) == (1, Workshop.Phase.PRESENTED)


def test_the_facilitator_records_level_rationale_and_dissent_at_once(room):
    room.take()
    room.step(workshops.reveal)
    with pytest.raises(agreeing.RationaleMissing):
        room.settle(2, reason="")
    room.settle(2, dissent="One of us holds it to be Thriving")

    assert Agreement.objects.get().reason == "We heard the minutes"
    assert Dissent.objects.get().membership is None
    with pytest.raises(Stale):
        room.settle(3)


def test_lead_chair_and_the_member_whom_they_named_hold_workshops(room):
    member, other = room.members[:2]
    with pytest.raises(PermissionDenied):
        room.take(by=member)
    named = workshops.possible_facilitators(assessment=room.assessment, on=AT.date()).get(user=member)
    with pytest.raises(PermissionDenied):
        workshops.name_facilitator(assessment=room.assessment, membership=named, by=member, at=AT)

    workshops.name_facilitator(assessment=room.assessment, membership=named, by=room.chair, at=AT)
    room.take(by=member)
    room.step(workshops.reveal, by=factories.holder(Role.LEAD, room.assessment.place))
    with pytest.raises(PermissionDenied):
        room.take(by=other)
    workshops.name_facilitator(assessment=room.assessment, membership=None, by=room.chair, at=AT)
    with pytest.raises(PermissionDenied):
        room.take(by=member)


def test_nobody_from_elsewhere_is_named(room):
    with pytest.raises(workshops.NotABoardMember):
        workshops.name_facilitator(
            assessment=room.assessment, membership=factories.create_membership(), by=room.chair, at=AT
        )


def test_a_code_of_another_place_is_unknown_and_guessing_is_throttled(room):
    stranger = factories.create_membership().user
    for _ in range(throttle.JOIN_WORKSHOP.most):
        with pytest.raises(workshops.UnknownCode):
            workshops.join_workshop(code=room.workshop.code, by=stranger, at=AT)
    with pytest.raises(throttle.TooMany):
        workshops.join_workshop(code=room.workshop.code, by=stranger, at=AT)


def test_coming_back_adds_nothing(room):
    for _ in range(throttle.JOIN_WORKSHOP.most + 1):
        workshops.join_workshop(code=room.workshop.code, by=room.members[0], at=AT)

    assert Presence.objects.count() == 3


@pytest.mark.parametrize("move", [Move.SCORE_AGAIN, Move.PUT_UP])
def test_the_assessment_stays_while_a_workshop_is_open(room, move):
    extras = {"items": [room.item]} if move == Move.SCORE_AGAIN else {}
    with pytest.raises(moves.WorkshopOpen):
        factories.move(room.assessment, move, reason="Because", **extras)


def test_withdrawing_the_assessment_closes_its_workshop_even_amid_a_vote(room):
    room.voting().vote(0, 2)
    factories.move(room.assessment, Move.WITHDRAW, by=room.chair, reason="Because")

    assert Workshop.objects.get().closed_by == room.chair
    assert audit_rows.faults() == []


def test_settling_can_put_the_next_item_on_the_screen_in_the_same_act(room):
    room.take()
    room.step(workshops.reveal)
    room.settle(2, next_item=room.item)

    room.workshop.refresh_from_db()
    assert (room.workshop.version, room.workshop.phase) == (5, Workshop.Phase.PRESENTED)
    assert list(Step.objects.values_list("number", "kind", "level")) == [
        (2, "TAKEN", None),
        (3, "REVEALED", None),
        (4, "SETTLED", 2),
        (5, "TAKEN", None),
    ]


def test_rows_are_held_to_what_the_audit_record_says(room):
    named = workshops.possible_facilitators(assessment=room.assessment, on=AT.date()).first()
    for membership in (named, None):
        workshops.name_facilitator(assessment=room.assessment, membership=membership, by=room.chair, at=AT)
    room.voting().vote(0, 2)
    room.step(workshops.reveal)
    room.settle(2)
    room.step(workshops.close_workshop)
    assert audit_rows.faults() == []

    Workshop.objects.update(closed_at=None, closed_by=None)
    Facilitator.objects.update(ended_at=None, ended_by=None)

    said = [fault.what for fault in audit_rows.faults()]
    assert len(said) == 2
    assert "ended" in said[0]
    assert "closed" in said[1]


def test_a_closed_workshop_takes_no_step_and_another_can_be_opened(room):
    with pytest.raises(workshops.OpenAlready):
        workshops.open_workshop(assessment=room.assessment, by=room.chair, at=AT)
    room.step(workshops.close_workshop)

    with pytest.raises(workshops.ClosedAlready):
        room.take()
    assert workshops.open_workshop(assessment=room.assessment, by=room.chair, at=AT).code


def test_no_workshop_outside_agreeing():
    assessment = factories.create_assessment(state=State.SCORING)
    with pytest.raises(WrongState):
        workshops.open_workshop(assessment=assessment, by=factories.holder(Role.CHAIR, assessment.place), at=AT)


def test_every_act_is_on_the_audit_record(room):
    room.voting().vote(0, 2)
    room.step(workshops.reveal)
    room.settle(2)
    room.step(workshops.close_workshop)

    types = list(
        AuditEvent.objects.filter(chain=audit.chain_key(room.assessment))
        .order_by("sequence")
        .values_list("type", flat=True)
    )
    went, joined = "WORKSHOP_WENT_ON", "WORKSHOP_JOINED"
    assert types[types.index("WORKSHOP_OPENED") :] == [
        "WORKSHOP_OPENED", joined, joined, joined, went, went, "SCORE_RECORDED", went, "LEVEL_AGREED", went,
        "WORKSHOP_CLOSED",
    ]  # fmt: skip


@pytest.mark.parametrize("values", [{"phase": "VOTING", "item": None}, {"closed_at": AT}])
def test_the_database_refuses_a_workshop_that_cannot_be(room, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.update(**values)


@pytest.mark.parametrize("values", [{"number": 2}, {"kind": "SETTLED"}, {"level": 2}])
def test_the_database_refuses_a_step_that_cannot_be(room, values):
    room.take()
    step = {"item": room.item, "number": 3, "kind": "TAKEN", "ballot": 1, "taken_at": AT, "taken_by": room.chair}
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.create(workshop=room.workshop, **step | values)


def test_the_database_refuses_a_second_open_workshop_and_a_second_presence(room):
    with pytest.raises(IntegrityError), transaction.atomic():
        Workshop.objects.create(assessment=room.assessment, code="OTHER3", opened_at=AT, opened_by=room.chair)
    presence = Presence.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Presence.objects.create(workshop=room.workshop, membership=presence.membership, joined_at=AT)
