"""Who moves an assessment on, from which state, and what must be there first."""

import json
from copy import copy
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from assessments.models import Agreement, EvidenceItem, Score, StateChange
from assessments.permissions import WrongState
from assessments.services import moves
from assessments.services.asking import StillOpen
from assessments.services.signing import MeetingNotNamed, NoQuorum
from assessments.workflow import MOVES, Move, State
from partnership import audit
from partnership.idempotency import AlreadyDone
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.kept import undone

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]

EXTRAS = {
    Move.ASK: {"text": "How often does the board meet?", "reply_by": factories.REPLY_BY},
    Move.FINISH_REVIEW: {"text": "Thank you for the evidence.", "reply_by": factories.REPLY_BY},
    Move.PUT_UP: {"accepted_gaps": factories.EMPTY_CRITERIA},
    Move.SEAL: {"meeting_on": AT.date(), "minute_reference": "PB/26/7"},
}


def make(assessment, move, *, by, reason="Because", based_on=None, **extras):
    if move == Move.SCORE_AGAIN:
        extras = {"items": list(assessment.items.all())} | extras
    if move == Move.DECIDE:
        extras = factories.create_decision_said(assessment) | extras
    return moves.make_move(
        assessment=assessment,
        move=move,
        based_on=assessment.version if based_on is None else based_on,
        by=by,
        # Nobody goes on without a reply before its last day has passed.
        at=AT + timedelta(days=30) if move == Move.GO_ON else AT,
        reason=reason,
        **EXTRAS.get(move, {}) | extras,
    )


def ready(state):
    """Return an assessment in which nothing but state and role decides whether a move may be made."""
    assessment = factories.create_assessment(state=State.SUBMITTED if state == State.IN_REVIEW else state)
    if state == State.IN_REVIEW:
        factories.reviewed_after_submission(assessment)
    if state == State.PREPARING:
        factories.create_item(assessment)
    if state == State.AGREEING:
        factories.create_agreement(assessment.items.get())
    if state == State.SIGNING:
        factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    assessment.refresh_from_db()
    return assessment


@pytest.mark.parametrize("state", State)
def test_every_role_makes_every_move_in_every_state_as_the_table_says(state, subtests):
    assessment = ready(state)
    cast = {role: factories.holder(role, assessment.place) for role in Role} | {None: factories.create_user()}
    for move in Move:
        with subtests.test(move=move), undone():
            _made_by_each(cast, copy(assessment), move)


def _made_by_each(cast, assessment, move):
    state, rule = assessment.state, MOVES[move]
    # Those who may come last, so that the state is the same for all the others.
    for role in sorted(cast, key=lambda role: role in rule.roles):
        if role not in rule.roles:
            with pytest.raises(PermissionDenied):
                make(assessment, move, by=cast[role])
        elif state not in rule.sources:
            with pytest.raises(WrongState):
                make(assessment, move, by=cast[role])
        elif rule.follows:
            # It is made with the last reply, and not before.
            with pytest.raises(StillOpen):
                make(assessment, move, by=cast[role])
            factories.create_reply(assessment.questions.get(), by=cast[role])
            assessment.refresh_from_db()
            assert assessment.state == rule.target
            break
        else:
            moved = make(assessment, move, by=cast[role])
            assert moved.state == rule.target
            assessment.refresh_from_db()
            assert assessment.state == rule.target
            break
    else:
        assessment.refresh_from_db()
        assert assessment.state == state


def test_a_move_leaves_its_row_its_event_and_a_new_version():
    assessment = ready(State.PREPARING)
    lead = factories.holder(Role.LEAD, assessment.place)

    moved = make(assessment, Move.OPEN_SCORING, by=lead, reason="")

    assert moved.version == assessment.version + 1
    change = StateChange.objects.latest("pk")
    assert (change.from_state, change.to_state, change.changed_by) == (State.PREPARING, State.SCORING, lead)
    event = AuditEvent.objects.filter(chain=audit.chain_key(assessment)).latest("sequence")
    assert event.type == audit.Type.STATE_CHANGED
    assert json.loads(event.details)["move"] == "OPEN_SCORING"
    assert not list(audit.faults(event.chain))


@pytest.mark.parametrize("move", [move for move, rule in MOVES.items() if rule.needs_reason])
def test_a_move_that_must_say_why_is_refused_without_words(move):
    state = min(MOVES[move].sources)
    assessment = ready(state)
    mover = factories.holder(min(MOVES[move].roles), assessment.place)

    with pytest.raises(moves.ReasonMissing):
        make(assessment, move, by=mover, reason="  ")

    assessment.refresh_from_db()
    assert assessment.state == state


def test_a_reason_is_kept_with_the_move_and_by_digest_alone_in_the_audit_record():
    assessment = ready(State.SIGNING)

    make(assessment, Move.TAKE_BACK, by=factories.holder(Role.CHAIR, assessment.place), reason="A figure was wrong")

    assert StateChange.objects.latest("pk").reason == "A figure was wrong"
    details = AuditEvent.objects.filter(chain=audit.chain_key(assessment)).latest("sequence").details
    assert "figure" not in details
    assert audit.digest("A figure was wrong") in details


def test_scoring_does_not_open_without_an_item():
    assessment = factories.create_assessment()

    with pytest.raises(moves.NothingToScore):
        make(assessment, Move.OPEN_SCORING, by=factories.holder(Role.LEAD, assessment.place))


def test_the_second_of_two_chairs_is_told_and_changes_nothing():
    assessment = ready(State.SCORING)
    first, second = (factories.create_membership(role=Role.CHAIR, place=assessment.place).user for _ in range(2))
    make(assessment, Move.CLOSE_SCORING, by=first)

    with pytest.raises(WrongState, match="Agreeing"):
        make(assessment, Move.CLOSE_SCORING, by=second)

    assert StateChange.objects.filter(assessment=assessment, to_state=State.AGREEING).count() == 1


def test_a_page_from_before_a_round_trip_of_states_is_stale():
    assessment = ready(State.AGREEING)
    chair = factories.holder(Role.CHAIR, assessment.place)
    opened_at_version = assessment.version
    make(assessment, Move.PUT_UP, by=chair)
    assessment.refresh_from_db()
    make(assessment, Move.TAKE_BACK, by=chair)

    with pytest.raises(Stale):
        make(assessment, Move.PUT_UP, by=chair, based_on=opened_at_version)

    assert assessment.snapshots.count() == 1


def test_a_form_sent_twice_moves_once():
    assessment = ready(State.SCORING)
    chair = factories.holder(Role.CHAIR, assessment.place)
    token = "6f1c1de4-58b8-4d53-9c1c-5b0f0b8a7a10"
    make(assessment, Move.CLOSE_SCORING, by=chair, token=token)

    with pytest.raises(AlreadyDone):
        make(assessment, Move.CLOSE_SCORING, by=chair, token=token)


def test_scoring_again_opens_a_second_ballot_for_the_chosen_items_and_keeps_the_first():
    assessment = factories.create_assessment()
    chosen, other = (factories.create_item(assessment) for _ in range(2))
    factories.in_agreeing(assessment)
    factories.create_agreement(chosen)
    factories.create_agreement(other)
    assessment.refresh_from_db()

    make(assessment, Move.SCORE_AGAIN, by=factories.holder(Role.CHAIR, assessment.place), items=[chosen])

    chosen, other = (EvidenceItem.objects.get(pk=item.pk) for item in (chosen, other))
    assert (chosen.ballot, chosen.open_for_scoring) == (2, True)
    assert (other.ballot, other.open_for_scoring) == (1, False)
    assert Score.objects.filter(item=chosen, ballot=1).count() == 3
    assert set(Agreement.objects.standing()) == {other.agreements.get()}
    assert chosen.agreements.get().level == 2
    details = json.loads(AuditEvent.objects.filter(chain=audit.chain_key(assessment)).latest("sequence").details)
    assert details["superseded"] == [{"item": str(chosen.public_id), "judgement": "LEVEL", "level": 2}]


def test_scoring_again_needs_items_of_this_assessment():
    assessment = ready(State.AGREEING)
    stranger = factories.create_item(factories.create_assessment())

    with pytest.raises(moves.NoItemsChosen):
        make(assessment, Move.SCORE_AGAIN, by=factories.holder(Role.CHAIR, assessment.place), items=[stranger])


def test_putting_up_with_gaps_is_refused_until_each_is_accepted_and_names_them():
    assessment = factories.create_assessment(state=State.AGREEING)
    chair = factories.holder(Role.CHAIR, assessment.place)

    with pytest.raises(moves.GapsNotAccepted) as refused:
        make(assessment, Move.PUT_UP, by=chair)

    assert refused.value.problems == ("Item SO1.1 has no agreed level.",)
    with pytest.raises(moves.GapsNotAccepted, match="SO2 Criterion SO2 has no evidence items"):
        make(assessment, Move.PUT_UP, by=chair, accepted_gaps={"SO1.1"})


def test_accepted_gaps_are_frozen_as_incomplete():
    assessment = factories.create_assessment(state=State.AGREEING)
    chair = factories.holder(Role.CHAIR, assessment.place)

    make(assessment, Move.PUT_UP, by=chair, accepted_gaps=factories.EMPTY_CRITERIA | {"SO1.1"})

    frozen = json.loads(assessment.snapshots.get().text)
    statuses = {criterion["code"]: criterion["claimed"]["status"] for criterion in frozen["criteria"]}
    assert statuses["SO1"] == statuses["SO2"] == "incomplete"


def test_taking_back_leaves_signatures_with_the_old_snapshot_and_asks_anew():
    assessment = ready(State.SIGNING)
    chair = factories.holder(Role.CHAIR, assessment.place)
    old = assessment.snapshots.get()
    make(assessment, Move.TAKE_BACK, by=chair)
    factories.create_agreement(assessment.items.get(), level=3, reason="The board heard more", based_on=1)
    assessment.refresh_from_db()

    make(assessment, Move.PUT_UP, by=chair)

    new = assessment.snapshots.get(number=2)
    assert new.digest != old.digest
    assert old.signatures.count() == 1
    assert not new.signatures.exists()
    assessment.refresh_from_db()
    with pytest.raises(NoQuorum):
        make(assessment, Move.SEAL, by=chair)


@pytest.mark.parametrize(
    "meeting_on, minute_reference",
    [(None, "PB/26/7"), (AT.date() + timedelta(days=1), "PB/26/7"), (date(2026, 9, 30), "  ")],
)
def test_sealing_needs_a_meeting_held_and_its_minute(meeting_on, minute_reference):
    assessment = ready(State.SIGNING)

    with pytest.raises(MeetingNotNamed):
        make(
            assessment,
            Move.SEAL,
            by=factories.holder(Role.CHAIR, assessment.place),
            meeting_on=meeting_on,
            minute_reference=minute_reference,
        )


def test_the_programme_office_may_withdraw_a_place():
    assessment = ready(State.SCORING)

    make(assessment, Move.WITHDRAW, by=factories.holder(Role.PROGRAMME_OFFICE, assessment.place))

    assessment.refresh_from_db()
    assert assessment.state == State.WITHDRAWN
