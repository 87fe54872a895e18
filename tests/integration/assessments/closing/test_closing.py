"""A place closes, becomes part of another, is opened again; what it did stays, and is read by those entitled."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from assessments.permissions import PlaceClosed, WrongState
from assessments.services import rounds
from assessments.workflow import Move, State
from partnership.models import EndedByClosing, Invitation, Membership, OutgoingMail, Partner, Place, PlaceChange, Stale
from partnership.roles import Role
from partnership.services import bodies, closing, organisations, people
from partnership.services.opening_again import NotClosed, open_again
from tests import factories
from tests.audited import no_faults
from tests.integration.assessments.closing.conftest import again, close, current, refreshed, today

pytestmark = pytest.mark.django_db


# What closing does


def test_chosen_parts_and_partners_go_on_at_the_successor_and_the_others_end(ashby, tarn, office):
    lead = factories.create_membership(role=Role.LEAD, place=ashby, ends_on=today() + timedelta(days=90))
    member = factories.create_membership(place=ashby)
    both = factories.create_membership(place=ashby, organisation=lead.organisation)
    factories.create_membership(place=tarn, user=both.user)

    close(ashby, into=tarn, by=office, memberships=[lead, both], organisations=[lead.organisation])

    place = refreshed(ashby)
    assert (place.ended_on, place.part_of) == (today(), tarn)
    for each in (lead, member, both):
        each.refresh_from_db()
        assert each.ends_on == today() - timedelta(days=1)
    went_on = Membership.objects.get(place=tarn, user=lead.user)
    assert (went_on.role, went_on.organisation, went_on.starts_on) == (Role.LEAD, lead.organisation, today())
    assert went_on.ends_on == today() + timedelta(days=90)
    assert went_on.seat != lead.seat
    assert Membership.objects.filter(place=tarn, user=both.user).count() == 1
    assert not Membership.objects.filter(place=tarn, user=member.user).exists()
    assert lead.organisation.partnerships.get(place=tarn).starts_on == today()
    assert not Partner.objects.filter(place=ashby, ends_on=None).exists()
    assert not member.organisation.partnerships.filter(place=tarn).exists()
    assert "Place lead at Ashby" in OutgoingMail.objects.get(to=lead.user.email).body
    assert "goes on at Tarn" in OutgoingMail.objects.get(to=lead.user.email).body
    assert ": ended" in OutgoingMail.objects.get(to=member.user.email).body
    assert no_faults()


def test_several_places_merge_in_one_act_and_somebody_of_both_goes_on_once(ashby, tarn, system, office):
    whole = factories.create_place("Whole", system=system)
    council = factories.create_organisation(place=ashby)
    organisations.add_partner(place=tarn, organisation=council, starts_on=factories.LONG_AGO, by=None, at=factories.AT)
    person = factories.create_user()
    parts = [factories.create_membership(user=person, place=place, organisation=council) for place in (ashby, tarn)]

    close(ashby, tarn, into=whole, by=office, memberships=parts, organisations=[council])

    assert current(whole) == {(person, Role.MEMBER)}
    assert whole.partners.get().organisation == council
    assert OutgoingMail.objects.filter(to=person.email).count() == 1
    assert no_faults()


def test_an_open_invitation_is_withdrawn_with_its_place(ashby, office):
    invitation = factories.create_invitation(place=ashby)

    close(ashby, by=office)

    assert Invitation.objects.get(pk=invitation.pk).withdrawn_at


@pytest.mark.parametrize("role", ["reviewer", "lead", "chair", "outsider"])
def test_only_the_programme_office_and_administrators_close(ashby, role):
    person = factories.create_people(role, place=ashby)[role]

    with pytest.raises(PermissionDenied):
        close(ashby, by=person)
    assert not refreshed(ashby).ended_on


def test_what_cannot_be_closed_is_refused_with_a_reason(ashby, tarn, office):
    elsewhere = factories.create_place()
    member = factories.create_membership(place=ashby)
    tomorrow = today() + timedelta(days=1)
    wrong = [
        (closing.WrongPlaces, {}, (ashby, elsewhere)),
        (closing.WrongSuccessor, {"into": elsewhere}, (ashby,)),
        (closing.WrongSuccessor, {"into": ashby}, (ashby,)),
        (closing.DayToCome, {"closed_on": tomorrow}, (ashby,)),
        (closing.NoReason, {"reason": "  "}, (ashby,)),
        (closing.PartnerNeeded, {"into": tarn, "memberships": [member]}, (ashby,)),
        (closing.EffectChanged, {"shown": "what was shown before"}, (ashby,)),
    ]
    for refusal, values, places in wrong:
        with pytest.raises(refusal):
            close(*places, by=office, **values)
    assert not Place.objects.exclude(ended_on=None).exists()
    assert not EndedByClosing.objects.exists()
    close(ashby, by=office)
    with pytest.raises(closing.WrongPlaces, match="Ashby"):
        close(ashby, by=office)
    with pytest.raises(closing.WrongSuccessor, match="Ashby"):
        close(tarn, into=ashby, by=office)


@pytest.mark.parametrize("state", [state for state in State if state not in (State.SUBMITTED, State.DECIDED)])
def test_what_is_still_going_on_stands_against_it(ashby, office, state):
    factories.create_assessment(place=ashby, state=state)

    if state == State.WITHDRAWN:
        close(ashby, by=office)
        return
    with pytest.raises(closing.HeldOpen) as refused:
        close(ashby, by=office)
    (hindrance,) = refused.value.hindrances
    assert "Ashby" in hindrance.text


def test_what_stays_behind_is_said(ashby, tarn, office):
    factories.create_action(factories.create_assessment(place=ashby, state=State.SUBMITTED))

    shown = closing.preview(system=ashby.system, places=[ashby], closed_on=today(), at=timezone.now())

    assert "stays without a review" in shown.stays[0]
    assert "1 open action" in shown.stays[1]


# What is left to be done with what has closed


def test_nobody_is_taken_in_where_a_place_has_closed(client, ashby, tarn, office, administrator):
    opened = factories.create_round(places=[tarn])
    council = factories.create_organisation(place=ashby)
    told = {"by": administrator, "at": timezone.now()}
    close(ashby, by=office)
    place = refreshed(ashby)

    with pytest.raises(rounds.WrongPlaces):
        rounds.take_in(round=opened, place=ashby, by=office, at=factories.AT)
    with pytest.raises(rounds.WrongPlaces):
        factories.create_round(places=[ashby, tarn])
    with pytest.raises(people.RoleElsewhere, match="has closed"):
        factories.create_membership(place=ashby, organisation=council)
    with pytest.raises(organisations.PlaceEnded):
        organisations.add_partner(place=place, organisation=council, starts_on=today(), **told)
    with pytest.raises(PermissionDenied, match="has closed"):
        bodies.add_body(place=place, name="A board", **told)
    client.force_login(office)
    for address in ("assessments:round_open", "partnership:invite", "partnership:close_places"):
        page = client.get(reverse(address, args=[ashby.system.public_id])).text
        assert str(tarn.public_id) in page
        assert str(ashby.public_id) not in page


def test_the_icb_reads_what_a_closed_place_submitted_and_goes_on_with_nothing(client, ashby, office):
    assessment = factories.create_assessment(place=ashby, state=State.SUBMITTED)
    client.force_login(office)
    assert "Ashby waits for its review" in client.get("/").text
    close(ashby, by=office)

    assert "waits for its review" not in client.get("/").text
    with pytest.raises(PlaceClosed):
        factories.move(assessment, Move.START_REVIEW, by=office)
    page = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text
    assert "Closed on" in page
    assert reverse("assessments:move", args=[assessment.public_id, Move.START_REVIEW]) not in page


def test_the_successors_people_read_what_was_submitted_and_nothing_else(client, ashby, tarn, office):
    submitted = factories.create_assessment(place=ashby, state=State.SUBMITTED)
    withdrawn = factories.create_assessment(place=ashby, state=State.WITHDRAWN)
    cited = factories.create_artefact(ashby, title="Quoted plan")
    old_chair = factories.holder(Role.CHAIR, ashby)
    new_chair = factories.holder(Role.CHAIR, tarn)
    stranger = factories.holder(Role.CHAIR, factories.create_place(system=ashby.system))
    report = reverse("reports:report", args=[submitted.public_id])
    pages = {
        reverse("reports:place", args=[ashby.public_id]): 200,
        reverse("assessments:assessment", args=[submitted.public_id]): 200,
        report: 200,
        reverse("reports:level", args=[submitted.public_id, "SO1"]): 200,
        reverse("reports:governance", args=[ashby.public_id]): 200,
        reverse("assessments:agreeing", args=[submitted.public_id]): 403,
        reverse("assessments:reopen", args=[submitted.public_id]): 403,
        reverse("reports:level", args=[withdrawn.public_id, "SO1"]): 403,
        reverse("assessments:artefact", args=[cited.public_id]): 404,
    }

    def answers(person):
        client.force_login(person)
        return {address: client.get(address).status_code for address in pages}

    assert set(answers(new_chair).values()) == {404}
    close(ashby, into=tarn, by=office)

    assert answers(new_chair) == pages
    assert set(answers(old_chair).values()) == {404}
    assert set(answers(stranger).values()) == {404}
    client.force_login(new_chair)
    assert "What became part of this place</a>" in client.get(reverse("reports:place", args=[tarn.public_id])).text
    assert "0 of 0 members" not in client.get(reverse("assessments:assessment", args=[submitted.public_id])).text
    here = client.get(reverse("reports:governance", args=[tarn.public_id])).text
    assert reverse("reports:place", args=[ashby.public_id]) in here
    assert "The boroughs merged" in here
    with pytest.raises(PermissionDenied):
        factories.reopened(submitted, by=new_chair)


def test_round_and_system_pages_say_that_a_place_has_closed(client, ashby, tarn, office):
    assessment = factories.create_assessment(place=ashby, state=State.SUBMITTED)
    close(ashby, into=tarn, by=office)
    client.force_login(office)
    said = f"losed on {today():%-d %B %Y}, now part of Tarn"

    for address in (
        reverse("assessments:round", args=[assessment.round.public_id]),
        reverse("partnership:places", args=[ashby.system.public_id]),
        "/",
    ):
        assert f"C{said}" in client.get(address).text
    matrix = client.get(reverse("reports:system", args=[ashby.system.public_id])).text.partition('id="matrix"')[2]
    assert f"c{said}" in matrix


def test_the_list_of_places_leads_those_on_who_may_open_them(client, ashby, office, administrator):
    address = reverse("partnership:places", args=[ashby.system.public_id])
    own = reverse("reports:place", args=[ashby.public_id])

    def led(person):
        client.force_login(person)
        return f'<a href="{own}">Ashby</a>' in client.get(address).text, client.get(own).status_code

    assert led(office) == (True, 200)
    assert led(administrator) == (False, 404)


# Merging on, and opening again


def test_what_became_part_of_a_place_follows_where_that_one_goes_and_comes_back_with_it(
    ashby, tarn, system, office, administrator
):
    whole, first = factories.create_place("Whole", system=system), factories.create_place("First", system=system)
    close(first, into=whole, by=office)
    close(ashby, into=tarn, by=office)
    close(tarn, into=whole, by=office)
    reader = factories.holder(Role.LEAD, whole)

    assert refreshed(ashby).closing_words.endswith("now part of Whole")
    assert set(Place.objects.visible_to(reader)) == {whole, tarn, ashby, first}
    again(tarn, administrator)
    assert refreshed(ashby).part_of == tarn
    assert refreshed(first).part_of == whole
    assert set(Place.objects.visible_to(reader)) == {whole, first}
    assert no_faults()


def test_opening_again_gives_back_what_the_closing_ended(client, ashby, tarn, office, administrator):
    until = today() + timedelta(days=30)
    lead = factories.create_membership(role=Role.LEAD, place=ashby, ends_on=until)
    member = factories.create_membership(place=ashby)
    gone = factories.create_membership(place=ashby)
    ended_before = factories.create_membership(place=ashby, ends_on=today() - timedelta(days=9))
    close(ashby, into=tarn, by=office)
    people.change_person(
        person=gone.user, name="Gone", is_active=False, based_on=1, by=administrator, at=timezone.now()
    )

    again(ashby, administrator)

    assert not refreshed(ashby).ended_on
    assert current(ashby) == {(lead.user, Role.LEAD), (member.user, Role.MEMBER)}
    back = Membership.objects.current().get(place=ashby, user=lead.user)
    assert (back.seat, back.ends_on, back.organisation) == (lead.seat, until, lead.organisation)
    assert not Membership.objects.filter(user=ended_before.user, ends_on=None).exists()
    partners = Partner.objects.filter(place=ashby, ends_on=None).values_list("organisation", flat=True)
    assert lead.organisation_id in partners
    assert [change.kind for change in ashby.changes.order_by("pk")] == ["CLOSED", "OPENED_AGAIN"]
    assert no_faults()
    client.force_login(lead.user)
    assert "open again since" in client.get(reverse("reports:governance", args=[ashby.public_id])).text
    factories.create_round(places=[ashby])


def test_opening_again_is_the_administrators_and_refused_on_a_stale_page(ashby, office, administrator):
    with pytest.raises(NotClosed):
        again(ashby, administrator)
    close(ashby, by=office)
    with pytest.raises(PermissionDenied):
        again(ashby, office)
    with pytest.raises(closing.NoReason):
        open_again(place=ashby, reason=" ", based_on=2, by=administrator, at=timezone.now())
    with pytest.raises(Stale):
        again(ashby, administrator, based_on=1)
    assert refreshed(ashby).ended_on


# What the database holds


def test_the_database_refuses_what_no_closing_is(ashby, tarn, office):
    change = {"place": ashby, "kind": "CLOSED", "day": today(), "at": timezone.now(), "by": office, "reason": "Why"}
    for wrong in (
        lambda: Place.objects.filter(pk=ashby.pk).update(part_of=tarn),
        lambda: Place.objects.filter(pk=ashby.pk).update(ended_on=today(), part_of=ashby),
        lambda: PlaceChange.objects.create(**change | {"reason": ""}),
        lambda: PlaceChange.objects.create(**change | {"successor": ashby}),
        lambda: EndedByClosing.objects.create(change=PlaceChange.objects.create(**change)),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_no_assessment_of_a_closed_place_is_re_opened(ashby, office):
    assessment = factories.create_assessment(place=ashby, state=State.DECIDED)
    chair = factories.holder(Role.CHAIR, ashby)
    close(ashby, by=office)

    with pytest.raises((PermissionDenied, WrongState)):
        factories.reopened(assessment, by=chair)
    assert Assessment.objects.count() == 1
