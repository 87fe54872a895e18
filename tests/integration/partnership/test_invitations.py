"""Inviting people by a link that works once, for a time, and gives the role that was offered."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnership import audit
from partnership.models import AuditEvent, Invitation, InvitationEvent, OutgoingMail, User
from partnership.roles import Role
from partnership.services import invitations, people
from tests import factories
from tests.integration.partnership.invitation_forms import PASSWORD, WEEK, invite, last_link, typed, url

pytestmark = pytest.mark.django_db
AT = factories.AT
ROLES = ["programme_office", "reviewer", "lead", "chair", "member", "signatory", "contributor", "observer", "outsider"]


@pytest.mark.parametrize("role", ROLES)
def test_only_the_programme_office_and_administrators_invite(client, place, council, role):
    person = factories.create_people(role, place=place)[role]
    client.force_login(person)

    expected = {"programme_office": (200, 302), "outsider": (404, 404)}.get(role, (403, 403))
    for name in ("invitations", "invite", "invite_several"):
        assert client.get(url(name, place.system)).status_code == expected[0]
    assert client.post(url("invite", place.system), typed(place, council)).status_code == expected[1]
    assert Invitation.objects.exists() == (role == "programme_office")
    if role != "programme_office":
        with pytest.raises(PermissionDenied):
            factories.create_invitation(place=place, by=person)


def test_the_programme_office_of_another_system_finds_and_does_nothing(client, place, council):
    invitation = invite(place, council)
    stranger = factories.create_membership(role=Role.PROGRAMME_OFFICE).user
    client.force_login(stranger)

    assert client.get(url("invitations", place.system)).status_code == 404
    assert client.get(url("invitation", invitation)).status_code == 404
    assert client.post(url("invitation_withdraw", invitation)).status_code == 404
    assert client.post(url("invitation_send_again", invitation)).status_code == 404
    elsewhere = stranger.memberships.get().system
    response = client.post(url("invite", elsewhere), typed(place, council))
    assert "Choose a place of this system" in response.text
    for act in (invitations.withdraw, invitations.send_again):
        with pytest.raises(PermissionDenied):
            act(invitation=invitation, by=stranger, at=AT)


def test_an_administrator_invites_for_every_system(client, place, council):
    other = factories.create_system("Other")
    client.force_login(factories.create_user(administrator=True))

    page = client.get(reverse("partnership:inviting")).text
    assert url("invitations", place.system) in page
    assert url("invitations", other) in page
    assert client.post(url("invite", place.system), typed(place, council)).status_code == 302


def test_a_new_person_sets_name_and_password_and_lands_at_their_task(client, place, council, office):
    assessment = factories.in_scoring(factories.create_assessment(place=place))
    client.force_login(office)
    client.post(url("invite", place.system), typed(place, council))
    client.logout()
    link = last_link()

    page = client.get(link)
    assert "Ashby Council" in page.text
    assert 'value="Ann Lee"' in page.text
    assert "Enter a password" in client.post(link, {"name": "Ann", "password": ""}).text
    assert "too short" in client.post(link, {"name": "Ann", "password": "short"}).text
    response = client.post(link, {"name": "Ann Lee-Jones", "password": PASSWORD}, follow=True)

    assert f"Score Ashby, {assessment.round.name}: 1 of 1 left" in response.text
    person = User.objects.get(email="ann@ashby.example")
    membership = person.memberships.get()
    assert (person.name, person.check_password(PASSWORD)) == ("Ann Lee-Jones", True)
    assert (membership.role, membership.place, membership.organisation) == (Role.MEMBER, place, council)
    assert membership.starts_on == timezone.localdate()
    # The link works once.
    again = client.get(link)
    assert again.status_code == 410
    assert "This invitation was accepted" in again.text
    assert client.post(link, {"name": "Eve", "password": PASSWORD}).status_code == 410
    assert not list(audit.faults(audit.chain_key(place.system)))


def test_a_known_person_accepts_and_keeps_the_password(client, place, council):
    known = factories.create_user("Known")
    invite(place, council, email=known.email.upper())
    link = last_link()

    page = client.get(link)
    assert "your password stays as it is" in page.text
    assert 'type="password"' not in page.text
    response = client.post(link, {"name": "Eve", "password": PASSWORD})

    # Reading somebody's e-mail lets nobody sign in as them.
    assert response["Location"].startswith(reverse("partnership:sign_in"))
    known.refresh_from_db()
    assert known.check_password(factories.PASSWORD)
    assert (known.name, known.memberships.get().place) == ("Known", place)


def test_a_known_person_who_is_signed_in_goes_on_home(client, place, council):
    known = factories.create_user()
    invite(place, council, email=known.email)
    client.force_login(known)

    assert client.post(last_link())["Location"] == "/"


def test_somebody_else_who_is_signed_in_accepts_for_nobody(client, place, council):
    for email in ("new@people.example", factories.create_user().email):
        invite(place, council, email=email)
        client.force_login(factories.create_user("Other"))
        link = last_link()

        assert "Somebody else is signed in here" in client.get(link).text
        client.post(link, {"name": "Eve", "password": PASSWORD})

    assert not Invitation.objects.exclude(accepted_at=None).exists()


def test_whether_an_address_is_known_shows_only_to_the_reader_of_its_link(client, place, council, office):
    known = factories.create_user("Known Person", email="known@people.example")
    factories.create_membership(user=known, place=place, role=Role.MEMBER)
    client.force_login(office)
    pages = []
    for email in (known.email, "unheard@people.example"):
        client.post(url("invite", place.system), typed(place, council, email=email))
        invitation = Invitation.objects.get(email=email)
        texts = [
            client.get(url(name, row)).text for name, row in (("invitations", place.system), ("invitation", invitation))
        ]
        assert all("Known Person" not in text for text in texts)
        pages.append((invitation.state_at(timezone.now()), OutgoingMail.objects.get(to=email).subject))
    assert pages[0] == pages[1]


def test_a_role_held_before_is_not_given_twice(client, place, council):
    held = factories.create_membership(place=place, role=Role.MEMBER)
    invite(place, council, email=held.user.email)
    client.force_login(held.user)

    response = client.post(last_link(), follow=True)

    assert "You held this role at Ashby already" in response.text
    assert held.user.memberships.get() == held


def test_before_accepting_nobody_sees_anything_of_the_place(client, place, council):
    assessment = factories.create_assessment(place=place)
    known = factories.create_user()
    invite(place, council, email=known.email)
    client.force_login(known)

    assert client.get(reverse("assessments:assessment", args=[assessment.public_id])).status_code == 404
    assert client.get(reverse("reports:place", args=[place.public_id])).status_code == 404
    assert assessment.round.name not in client.get(last_link()).text


def test_the_token_is_kept_as_a_digest_only(place, council):
    invitation = invite(place, council)
    token = factories.link_token(OutgoingMail.objects.get())

    assert invitation.token_digest == audit.digest(token)
    kept = [
        *Invitation.objects.values_list(),
        *AuditEvent.objects.values_list(),
        *InvitationEvent.objects.values_list(),
    ]
    assert not any(token in str(value) for row in kept for value in row)
    assert not any(invitation.email in str(row) for row in AuditEvent.objects.values_list())


def test_who_comes_too_late_is_told_since_when_and_whom_to_ask(client, place, council, office):
    invitation = factories.create_invitation(place=place, organisation=council, by=office, at=AT - timedelta(days=30))

    answer = client.get(last_link())

    assert answer.status_code == 410
    assert "This invitation has expired" in answer.text
    assert f"{timezone.localtime(invitation.expires_at):%-d %B %Y, %H:%M}" in answer.text
    assert f"ask {office.name}" in answer.text
    assert invitation.email not in answer.text


def test_a_link_expires(place, council, settings):
    settings.INVITATION_DAYS = 3
    invitation = factories.create_invitation(place=place, organisation=council)
    token = factories.link_token(OutgoingMail.objects.get())
    ends = AT + timedelta(days=3)

    invitations.of_link(token=token, at=ends - timedelta(seconds=1))
    assert invitation.state_at(ends) == Invitation.State.EXPIRED
    for act in (invitations.of_link, invitations.accept):
        with pytest.raises(invitations.LinkSpent):
            act(token=token, at=ends)


def test_a_new_link_replaces_the_one_before_and_a_withdrawn_one_works_no_longer(client, place, council, office):
    invitation = invite(place, council)
    first = last_link()
    client.force_login(office)
    client.post(url("invitation_send_again", invitation))
    second = last_link()
    client.logout()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200

    client.force_login(office)
    client.post(url("invitation_withdraw", invitation))
    text = client.get(url("invitation", invitation)).text
    assert text.index("Withdrawn") < text.index("Sent again, with a new link") < text.rindex("Sent</strong>")
    assert "Send a new link" not in text
    client.post(url("invitation_send_again", invitation))
    assert "withdrawn meanwhile" in client.get(url("invitation", invitation)).text
    client.logout()
    assert client.get(second).status_code == 410
    kinds = InvitationEvent.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["SENT", "SENT_AGAIN", "WITHDRAWN"]


def test_an_address_is_invited_to_a_role_once_until_that_is_settled(place, council, office):
    invitation = invite(place, council, email="ann@ashby.example")
    with pytest.raises(invitations.InvitedAlready):
        invite(place, council, email="ANN@ashby.example")
    invite(place, council, email="ann@ashby.example", role=Role.SIGNATORY)
    invitations.withdraw(invitation=invitation, by=office, at=AT)
    invite(place, council, email="ann@ashby.example")


def test_somebody_of_the_icb_gets_a_role_at_a_place_only_with_a_reason_that_the_place_is_told(
    client, place, council, office
):
    chair = factories.holder(Role.CHAIR, place)
    client.force_login(office)
    form = typed(place, council, email=office.email)

    response = client.post(url("invite", place.system), form)
    assert "This is somebody of the ICB" in response.text
    assert not Invitation.objects.exists()
    client.post(url("invite", place.system), form | {"reason": "Stands in for a vacancy"})
    assert "Of the ICB" in client.get(url("invitations", place.system)).text
    client.post(last_link())

    told = OutgoingMail.objects.get(to=chair.email)
    assert "Stands in for a vacancy" in told.body
    event = AuditEvent.objects.get(type="INVITATION_ACCEPTED")
    assert '"of_icb":true' in event.details
    assert "vacancy" not in event.details


def test_the_reason_of_one_who_is_not_of_the_icb_is_not_kept(place, council):
    assert invite(place, council, reason="Tells that somebody typed").reason == ""


@pytest.mark.parametrize(
    "error, changes",
    [
        (invitations.WrongRole, {"role": Role.PROGRAMME_OFFICE}),
        (invitations.WrongRole, {"role": Role.REVIEWER}),
        (invitations.NoPartner, {"organisation": None}),
    ],
)
def test_what_does_not_fit_is_refused(place, council, error, changes):
    if "organisation" in changes:
        changes = {"organisation": factories.create_organisation()}
    with pytest.raises(error):
        factories.create_invitation(place=place, **{"organisation": council} | changes)
    assert not OutgoingMail.objects.exists()


def test_the_database_holds_one_open_invitation_and_none_half_accepted(place, council):
    invitation = invite(place, council)
    values = {
        field.name: getattr(invitation, field.name)
        for field in Invitation._meta.fields
        if field.name not in ("id", "public_id", "token_digest")
    }
    for wrong in (
        {},
        {"email": "Ann@ashby.example"},
        {"email": "a@b.example", "accepted_at": AT},
        {"email": "c@b.example", "expires_at": AT - WEEK},
        {"email": "d@b.example", "accepted_at": AT, "accepted_by": invitation.invited_by, "withdrawn_at": AT},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(token_digest=str(wrong)[:64], **values | wrong)


def test_a_person_who_may_not_sign_in_any_more_does_not_come_back_by_a_link(client, place, council):
    gone = factories.create_user()
    invite(place, council, email=gone.email)
    people.change_person(person=gone, name=gone.name, is_active=False, based_on=1, by=None, at=AT)

    assert client.post(last_link()).status_code == 410
    assert not gone.memberships.exists()
