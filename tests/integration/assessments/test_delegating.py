"""Deputies who sign in a signatory's place, with a trace; and answers that an organisation changes."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from assessments.models import Delegation, Signature
from assessments.permissions import WrongState
from assessments.services import delegating, signing
from assessments.workflow import Move, State
from partnership import audit
from partnership.models import AuditEvent, OutgoingMail
from partnership.roles import Role
from partnership.services import people
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
Kind = Signature.Kind
TODAY = AT.date()


def up():
    """Return an assessment up for signature and the signatory of the one organisation that must sign."""
    place = factories.create_place()
    organisation = factories.create_organisation("The council", place=place)
    assessment = factories.create_assessment(place=place, state=State.SIGNING, signatories={place: [organisation]})
    return assessment, factories.create_signatory(place, organisation)


def seal(assessment):
    return factories.move(assessment, Move.SEAL, meeting_on=TODAY, minute_reference="PB/26/7")


def deputies_page(assessment):
    return reverse("assessments:deputies", args=[assessment.public_id])


def test_a_deputy_signs_for_the_organisation_and_the_record_says_whose_deputy_they_are():
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)

    signature = factories.create_signature(assessment, by=delegation.deputy.user)

    assert signature.organisation.name == "The council"
    assert (signature.membership, signature.delegation) == (delegation.deputy, delegation)
    sealed = json.loads(seal(assessment).seal.text)
    [said] = sealed["signatures"]
    assert (said["name"], said["deputy_of"]) == (delegation.deputy.user.name, signatory.name)
    assert sealed["missing"] == []
    events = AuditEvent.objects.filter(chain=audit.chain_key(assessment))
    named = json.loads(events.get(type=audit.Type.DEPUTY_NAMED).details)
    assert named["deputy"] == str(delegation.deputy.user.public_id)
    given = json.loads(events.get(type=audit.Type.SIGNATURE_GIVEN).details)
    assert given["delegation"] == str(delegation.public_id)


def test_a_deputy_is_told_by_e_mail_for_what_they_may_sign():
    assessment, signatory = up()

    deputy = factories.create_delegation(assessment, by=signatory).deputy.user

    told = OutgoingMail.objects.get(to=deputy.email)
    assert told.subject == "You may sign for The council"
    assert f"{signatory.name} named you" in told.body
    assert reverse("assessments:sign", args=[assessment.public_id]) in told.body


def test_pages_and_the_sign_off_say_as_deputy_of_whom(client):
    assessment, signatory = up()
    deputy = factories.create_delegation(assessment, by=signatory).deputy.user
    client.force_login(deputy)
    page = reverse("assessments:sign", args=[assessment.public_id])
    assert f"You sign as deputy of {signatory.name}." in client.get(page).text
    form = client.get(page).context["form"]
    data = {name: str(form[name].value()) for name in ("digest", "token", "based_on")}

    assert client.post(page, data | {"kind": "SIGNED"}).status_code == 302

    words = f"{deputy.name}, as deputy of {signatory.name}"
    assert words in client.get(page).text
    seal(assessment)
    assert words in client.get(reverse("assessments:signoff", args=[assessment.public_id])).text


def test_a_withdrawn_deputy_signs_no_more_and_what_they_signed_stands():
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)
    signature = factories.create_signature(assessment, by=delegation.deputy.user)

    delegating.withdraw_delegation(assessment=assessment, delegation=delegation, by=signatory, at=AT)

    with pytest.raises(PermissionDenied):
        factories.create_signature(assessment, by=delegation.deputy.user, kind=Kind.DECLINED, words="No", based_on=1)
    assert signing.standing_answer(assessment.snapshots.get(), signature.organisation) == signature
    with pytest.raises(delegating.WithdrawnAlready):
        delegating.withdraw_delegation(assessment=assessment, delegation=delegation, by=signatory, at=AT)


@pytest.mark.parametrize("days, may", [((0, 0), True), ((-3, 2), True), ((1, 5), False)])
def test_a_delegation_from_to_holds_on_its_days_only(days, may):
    assessment, signatory = up()
    first, last = (TODAY + timedelta(days=each) for each in days)
    delegation = factories.create_delegation(assessment, by=signatory, starts_on=first, ends_on=last)

    if may:
        assert factories.create_signature(assessment, by=delegation.deputy.user).delegation == delegation
    else:
        with pytest.raises(PermissionDenied):
            factories.create_signature(assessment, by=delegation.deputy.user)


def test_a_delegation_for_one_assessment_opens_no_other():
    assessment, signatory = up()
    deputy = factories.create_delegation(assessment, by=signatory).deputy.user
    other = factories.create_assessment(place=assessment.place, state=State.SIGNING)

    with pytest.raises(PermissionDenied):
        factories.create_signature(other, by=deputy)


@pytest.mark.parametrize("who", ["signatory", "deputy"])
def test_a_delegation_lapses_when_either_has_no_part_any_more(who):
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)
    people.end_membership(membership=getattr(delegation, who), ends_on=TODAY - timedelta(days=1), by=None, at=AT)

    with pytest.raises(PermissionDenied):
        factories.create_signature(assessment, by=delegation.deputy.user)


def test_nobody_signs_twice_for_one_organisation():
    assessment, signatory = up()
    deputy = factories.create_delegation(assessment, by=signatory).deputy.user
    factories.create_signature(assessment, by=signatory)

    with pytest.raises(signing.AlreadySigned) as refused:
        factories.create_signature(assessment, by=deputy)

    assert signatory.name in str(refused.value)
    assert Signature.objects.count() == 1
    assert signing.quorum(assessment=assessment, on=TODAY).counted == ("The council",)


def test_only_somebody_of_the_same_organisation_who_does_not_sign_already_is_named():
    assessment, signatory = up()
    other = factories.create_membership(role=Role.MEMBER, place=assessment.place)
    watcher = factories.create_membership(
        role=Role.OBSERVER, place=assessment.place, organisation=signatory.memberships.get().organisation
    )
    colleague = factories.create_signatory(assessment.place, signatory.memberships.get().organisation)

    for membership in (other, watcher, colleague.memberships.get(), signatory.memberships.get()):
        with pytest.raises(delegating.NotTheirOrganisation):
            delegating.name_deputy(
                assessment=assessment, deputy=membership, starts_on=None, ends_on=None, by=signatory, at=AT
            )
    assert not Delegation.objects.exists()


def test_a_deputy_is_named_once_at_a_time():
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)

    with pytest.raises(delegating.SignsAnyway):
        delegating.name_deputy(
            assessment=assessment, deputy=delegation.deputy, starts_on=TODAY, ends_on=TODAY, by=signatory, at=AT
        )


@pytest.mark.parametrize("days", [(0, -1), (-5, -1), (0, None), (None, 0)])
def test_days_must_make_sense(days):
    assessment, signatory = up()
    first, last = (each if each is None else TODAY + timedelta(days=each) for each in days)

    with pytest.raises(delegating.DatesWrong):
        factories.create_delegation(assessment, by=signatory, starts_on=first, ends_on=last)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SIGNATORY])
def test_only_a_signatory_names_a_deputy(role):
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)
    person = factories.holder(role, assessment.place)

    with pytest.raises(PermissionDenied):
        delegating.name_deputy(
            assessment=assessment, deputy=delegation.deputy, starts_on=None, ends_on=None, by=person, at=AT
        )
    with pytest.raises(PermissionDenied):
        delegating.withdraw_delegation(assessment=assessment, delegation=delegation, by=person, at=AT)


def test_a_signatory_of_another_organisation_withdraws_nothing():
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)

    with pytest.raises(Delegation.DoesNotExist):
        delegating.withdraw_delegation(
            assessment=assessment, delegation=delegation, by=factories.create_signatory(assessment.place), at=AT
        )


def test_once_it_is_sealed_nobody_is_named():
    assessment, signatory = up()
    factories.create_signature(assessment, by=signatory)
    seal(assessment)

    with pytest.raises(WrongState):
        factories.create_delegation(assessment, by=signatory)


def test_the_database_keeps_a_delegation_as_it_was_named():
    assessment, signatory = up()
    delegation = factories.create_delegation(assessment, by=signatory)

    for act in (
        lambda: Delegation.objects.update(named_at=AT + timedelta(days=1)),
        lambda: Delegation.objects.filter(pk=delegation.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": TODAY},
        {"assessment": None},
        {"assessment": None, "starts_on": TODAY, "ends_on": TODAY - timedelta(days=1)},
        {"withdrawn_at": AT},
        {"deputy": "signatory"},
    ],
)
def test_the_database_refuses_a_delegation_that_makes_no_sense(values):
    assessment, signatory = up()
    made = factories.create_delegation(assessment, by=signatory)
    row = {"signatory": made.signatory, "deputy": made.deputy, "assessment": assessment, "named_at": AT} | values
    if row["deputy"] == "signatory":
        row["deputy"] = made.signatory

    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.create(**row)


def test_an_organisation_changes_its_answer_and_the_earlier_one_stays_on_record():
    assessment, signatory = up()
    factories.create_signature(assessment, by=signatory, kind=Kind.DECLINED, words="We were not heard")

    factories.create_signature(assessment, by=signatory, based_on=1)

    assert list(Signature.objects.order_by("number").values_list("kind", flat=True)) == [Kind.DECLINED, Kind.SIGNED]
    assert signing.quorum(assessment=assessment, on=TODAY).met
    [said] = json.loads(seal(assessment).seal.text)["signatures"]
    assert (said["kind"], [each["kind"] for each in said["replaced"]]) == (Kind.SIGNED, [Kind.DECLINED])
    assert "We were not heard" not in assessment.snapshots.get().seal.text


def test_a_change_to_a_refusal_takes_the_quorum_away():
    assessment, signatory = up()
    factories.create_signature(assessment, by=signatory)
    factories.create_signature(assessment, by=signatory, kind=Kind.DECLINED, words="A figure is wrong", based_on=1)

    with pytest.raises(signing.NoQuorum):
        seal(assessment)


def test_the_same_answer_again_is_refused_and_adds_nothing():
    assessment, signatory = up()
    factories.create_signature(assessment, by=signatory)

    with pytest.raises(signing.SaidAlready):
        factories.create_signature(assessment, by=signatory, based_on=1)
    assert Signature.objects.count() == 1


def test_an_answer_after_sealing_changes_nothing():
    assessment, signatory = up()
    factories.create_signature(assessment, by=signatory)
    text = seal(assessment).seal.text

    with pytest.raises(WrongState):
        factories.create_signature(assessment, by=signatory, kind=Kind.DECLINED, words="Too late", based_on=1)
    assert assessment.snapshots.get().seal.text == text


def test_the_page_replaces_an_answer_and_shows_the_one_before(client):
    assessment, signatory = up()
    factories.create_signature(assessment, by=signatory, kind=Kind.DECLINED, words="We were not heard")
    client.force_login(signatory)
    page = reverse("assessments:sign", args=[assessment.public_id])
    form = client.get(page).context["form"]
    data = {name: str(form[name].value()) for name in ("digest", "token", "based_on")}

    response = client.post(page, data | {"kind": "SIGNED"}, follow=True)

    assert "This replaces what it said before, which stays on record." in response.text
    assert "Answers that were replaced: 1" in response.text
    assert "We were not heard" in response.text


def test_a_signatory_names_and_withdraws_a_deputy_on_the_page(client):
    assessment, signatory = up()
    organisation = signatory.memberships.get().organisation
    deputy = factories.create_membership(role=Role.MEMBER, place=assessment.place, organisation=organisation)
    client.force_login(signatory)
    form = client.get(deputies_page(assessment)).context["form"]
    data = {"deputy": str(deputy.public_id), "scope": "THIS", "token": str(form["token"].value())}

    named = client.post(deputies_page(assessment), data, follow=True)
    again = client.post(deputies_page(assessment), data)

    assert f"{deputy.user.name} may sign in your place." in named.text
    assert again.status_code == 302
    delegation = Delegation.objects.get()
    address = reverse("assessments:deputy_withdraw", args=[assessment.public_id, delegation.public_id])
    assert f"{deputy.user.name} may no longer sign in your place." in client.post(address, follow=True).text
    assert "That" in client.post(address, follow=True).text
    delegation.refresh_from_db()
    assert delegation.withdrawn_by == signatory


def test_the_form_asks_for_what_is_missing_and_keeps_what_was_chosen(client):
    assessment, signatory = up()
    organisation = signatory.memberships.get().organisation
    deputy = factories.create_membership(role=Role.MEMBER, place=assessment.place, organisation=organisation)
    client.force_login(signatory)
    form = client.get(deputies_page(assessment)).context["form"]
    data = {"deputy": str(deputy.public_id), "scope": "DAYS", "token": str(form["token"].value())}

    response = client.post(deputies_page(assessment), data)

    assert "Enter the first day" in response.text
    assert "Enter the last day" in response.text
    assert f'value="{deputy.public_id}" selected' in response.text
    assert not Delegation.objects.exists()


def test_the_deputies_page_tells_who_has_nobody_to_name(client):
    assessment, signatory = up()
    client.force_login(signatory)

    assert "Nobody to name yet" in client.get(deputies_page(assessment)).text


def test_deputies_page_num_queries(client, django_assert_num_queries):
    assessment, signatory = up()
    client.force_login(signatory)
    counts = []
    for number in (1, 9):
        for _ in range(number):
            factories.create_delegation(assessment, by=signatory)
        # session, user, assessment, capacity; people who may be named; what was delegated
        with django_assert_num_queries(6) as counted:
            client.get(deputies_page(assessment))
        counts.append(len(counted))
    assert counts[0] == counts[1]
