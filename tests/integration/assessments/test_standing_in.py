"""The lead stands in for the chair: where the chair says so, for what they name, on the days they name, on record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import StandIn
from assessments.permissions import WrongState, capacity
from assessments.services import agreeing, standing_in
from assessments.workflow import ACTS, MOVES, Act, Move, Power, State
from partnership import audit
from partnership.models import AuditEvent, OutgoingMail
from partnership.roles import Role
from tests import factories
from tests.audited import no_faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]


@pytest.fixture
def assessment():
    assessment = factories.create_assessment()
    factories.create_item(assessment)
    return assessment


@pytest.fixture
def chair(assessment):
    return factories.holder(Role.CHAIR, assessment.place)


def stand_in(assessment, *powers, at=None, **values):
    return factories.create_stand_ins(assessment, powers=powers or tuple(Power), at=at or timezone.now(), **values)


def as_lead(assessment, move, lead, **extras):
    return factories.move(assessment, move, by=lead, at=timezone.now(), **extras)


def test_the_lead_takes_an_assessment_through_in_the_chairs_place_and_both_are_on_record(assessment, chair, lead):
    factories.create_stand_ins(assessment)
    factories.in_scoring(assessment)
    for member in factories.board(assessment.place, 3):
        factories.create_score(assessment.items.get(), by=member, level=2)

    as_lead(assessment, Move.CLOSE_SCORING, lead)
    agreement = factories.create_agreement(assessment.items.get(), by=lead)
    as_lead(assessment, Move.PUT_UP, lead, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    as_lead(assessment, Move.SEAL, lead, meeting_on=factories.AT.date(), minute_reference="PB/26/1")
    as_lead(assessment, Move.SUBMIT, lead)

    made = assessment.state_changes.filter(changed_by=lead, stood_in_for__user=chair).order_by("pk")
    assert [change.to_state for change in made] == ["AGREEING", "SIGNING", "SIGNED", "SUBMITTED"]
    assert agreement.agreed_by.user == lead
    assert f'"role":"Place lead, standing in for {chair.name}"' in assessment.seal.text
    recorded = AuditEvent.objects.filter(details__contains=f'"stood_in_for":"{chair.public_id}"')
    assert set(recorded.values_list("actor", flat=True)) == {str(lead.public_id)}
    assert recorded.filter(type=audit.Type.LEVEL_AGREED).count() == 1
    assert recorded.filter(type=audit.Type.STATE_CHANGED).count() == 4
    told = OutgoingMail.objects.filter(to=chair.email, subject__contains="stood in for you")
    assert told.count() == 4
    assert "submit to the ICB." in told.latest("pk").body
    assert OutgoingMail.objects.filter(to=lead.email, subject__startswith="You stand in").count() == 1
    assert no_faults()


@pytest.mark.parametrize("power", Power)
def test_a_power_lets_do_what_it_says_and_nothing_else(assessment, lead, power):
    stand_in(assessment, power)
    held = capacity(user=lead, assessment=assessment)

    rules = [*MOVES.values(), *ACTS.values()]
    assert {rule.power for rule in rules if rule.power in held.powers} == {power}
    chairs = [rule for rule in rules if rule.roles == {Role.CHAIR} and rule.power is None]
    assert {ACTS[Act.REOPEN], ACTS[Act.NAME_STAND_IN]} == set(chairs)


def test_without_the_power_or_outside_its_days_the_lead_does_nothing_of_the_chairs(assessment, chair, lead):
    factories.in_scoring(assessment)
    today = timezone.now()
    for days in (None, (-30, 10), (30, 10)):
        if days:
            stand_in(assessment, Power.CLOSE_SCORING, at=today + timedelta(days=days[0]), days=days[1])
        with pytest.raises(PermissionDenied):
            as_lead(assessment, Move.CLOSE_SCORING, lead)
    stand_in(assessment, Power.SEAL)
    with pytest.raises(PermissionDenied):
        as_lead(assessment, Move.CLOSE_SCORING, lead)


def test_it_ends_when_it_is_withdrawn_or_when_either_leaves(assessment, chair, lead):
    factories.in_scoring(assessment)
    (made,) = stand_in(assessment, Power.CLOSE_SCORING)
    standing_in.withdraw_stand_in(assessment=assessment, stand_in=made, by=chair, at=timezone.now())
    with pytest.raises(PermissionDenied):
        as_lead(assessment, Move.CLOSE_SCORING, lead)
    with pytest.raises(standing_in.WithdrawnAlready):
        standing_in.withdraw_stand_in(assessment=assessment, stand_in=made, by=chair, at=timezone.now())
    assert "no longer" in OutgoingMail.objects.filter(to=lead.email).latest("pk").subject
    stand_in(assessment, Power.CLOSE_SCORING)
    chair.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(PermissionDenied):
        as_lead(assessment, Move.CLOSE_SCORING, lead)


def test_what_cannot_be_is_refused(assessment, chair, lead):
    stand_in(assessment, Power.SEAL)
    day = timezone.localdate()
    mine = lead.memberships.get()
    elsewhere = factories.create_membership(role=Role.LEAD)
    wrong = [
        (standing_in.NotALead, {"lead": elsewhere}),
        (standing_in.NothingChosen, {"powers": []}),
        (standing_in.DaysWrong, {"ends_on": day - timedelta(days=1)}),
        (standing_in.DaysWrong, {"starts_on": day + timedelta(days=9)}),
        (standing_in.StandsInAlready, {"powers": [Power.AGREE, Power.SEAL]}),
    ]
    for refusal, values in wrong:
        said = {"lead": mine, "powers": [Power.AGREE], "starts_on": day, "ends_on": day + timedelta(days=5)}
        with pytest.raises(refusal):
            standing_in.let_stand_in(assessment=assessment, by=chair, at=timezone.now(), **said | values)
    with pytest.raises(PermissionDenied):
        standing_in.let_stand_in(assessment=assessment, by=lead, at=timezone.now(), **said)
    assert StandIn.objects.count() == 1


def test_nobody_is_named_once_the_chairs_part_is_over():
    assessment = factories.create_assessment(state=State.SUBMITTED)
    factories.holder(Role.LEAD, assessment.place)

    with pytest.raises(WrongState):
        stand_in(assessment)


def test_the_lead_settles_what_nobody_disputes_and_the_chair_still_may(assessment, chair, lead):
    factories.in_agreeing(assessment)
    stand_in(assessment, Power.AGREE)

    (agreement,) = agreeing.agree_undisputed(assessment=assessment, by=lead, at=timezone.now())
    factories.create_agreement(
        assessment.items.get(), level=3, reason="On reflection", based_on=agreement.version, by=chair
    )

    events = AuditEvent.objects.filter(type=audit.Type.LEVEL_AGREED).order_by("pk")
    assert ["stood_in_for" in event.details for event in events] == [True, False]


def test_the_database_keeps_it_as_it_was_said(assessment):
    made, *_ = stand_in(assessment)
    rows = StandIn.objects.filter(pk=made.pk)
    for wrong in (
        lambda: rows.update(ends_on=made.ends_on + timedelta(days=1)),
        lambda: rows.update(power=Power.AGREE if made.power != Power.AGREE else Power.SEAL),
        rows.delete,
        lambda: rows.update(withdrawn_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


# Pages


def page(assessment):
    return reverse("assessments:stand_ins", args=[assessment.public_id])


def asked(lead, **changes):
    day = timezone.localdate()
    values = {"lead": str(lead.memberships.get().public_id), "powers": ["AGREE", "SEAL"], "token": str(uuid4())}
    values |= {f"starts_on_{part}": getattr(day, part) for part in ("day", "month", "year")}
    end = day + timedelta(days=14)
    return values | {f"ends_on_{part}": getattr(end, part) for part in ("day", "month", "year")} | changes


def test_a_chair_names_the_lead_and_withdraws_and_everybody_sees_it(client, assessment, chair, lead):
    client.force_login(chair)
    values = asked(lead)
    assert "Choose what they may do" in client.post(page(assessment), values | {"powers": []}).text
    assert "must include a day" in client.post(page(assessment), values | {"ends_on_day": ""}).text
    done = client.post(page(assessment), values, follow=True).text
    client.post(page(assessment), values)

    assert "was told by e-mail" in done
    assert StandIn.objects.count() == 2
    member = factories.board(assessment.place, 1)[0]
    client.force_login(member)
    seen = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text
    assert f"{lead.name} stands in for {chair.name} until" in seen
    withdrawn = factories.move(factories.create_assessment(place=assessment.place), Move.WITHDRAW, reason="No part")
    seen = client.get(reverse("assessments:assessment", args=[withdrawn.public_id])).text
    assert "This assessment was withdrawn" in seen
    assert "stands in for" not in seen
    assert 'name="powers"' not in client.get(page(assessment)).text
    assert client.post(page(assessment), asked(lead)).status_code == 403
    client.force_login(chair)
    for each in StandIn.objects.all():
        address = reverse("assessments:stand_in_withdraw", args=[assessment.public_id, each.public_id])
        client.post(address)
        client.post(address)
    assert "withdrawn by" in client.get(page(assessment)).text
    assert AuditEvent.objects.filter(type=audit.Type.STAND_IN_WITHDRAWN).count() == 2


def test_what_waits_for_the_chair_waits_for_the_lead_who_stands_in(client, assessment, lead):
    factories.in_agreeing(assessment)
    client.force_login(lead)
    assert "1 item to agree" not in client.get("/").text
    stand_in(assessment, Power.AGREE)

    assert "1 item to agree" in client.get("/").text
    criterion = client.get(reverse("assessments:agree", args=[assessment.public_id, "SO1"]))
    assert "Record and next most disputed" in criterion.text
    moves = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text
    assert reverse("assessments:move", args=[assessment.public_id, Move.PUT_UP]) in moves
    assert reverse("assessments:move", args=[assessment.public_id, Move.SCORE_AGAIN]) not in moves


@pytest.mark.parametrize("times", [1, 8])
def test_the_page_asks_as_much_for_few_as_for_many(client, assessment, chair, times, django_assert_num_queries):
    for number in range(times):
        stand_in(assessment, Power.SEAL, at=timezone.now() + timedelta(days=10 * number), days=2)
    client.force_login(chair)

    # session, user, assessment, capacity, leads, who stands in
    with django_assert_num_queries(6):
        client.get(page(assessment))
