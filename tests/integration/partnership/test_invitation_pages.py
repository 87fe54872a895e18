"""The pages from which people are invited: the list, one form, several at once, and their mistakes."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.models import Invitation, OutgoingMail
from partnership.services import invitations
from tests import factories
from tests.integration.partnership.invitation_forms import PASSWORD, WEEK, invite, last_link, typed, url

pytestmark = pytest.mark.django_db
AT = factories.AT


def test_the_programme_office_is_led_to_its_system_and_others_are_told_who_invites(client, place, office):
    client.force_login(office)
    assert client.get(reverse("partnership:inviting"))["Location"] == url("invitations", place.system)
    client.force_login(factories.create_user())
    assert "Nobody to invite" in client.get(reverse("partnership:inviting")).text


def test_the_list_names_each_state(client, place, council, office):
    now = timezone.now()
    factories.create_invitation(place=place, name="Late", at=now - 2 * WEEK)
    invite(place, council, name="Open")
    gone = invite(place, council, name="Gone")
    invitations.withdraw(invitation=gone, by=office, at=now)
    invite(place, council, name="In")
    invitations.accept(
        token=factories.link_token(OutgoingMail.objects.order_by("-pk")[0]), name="In", password=PASSWORD, at=now
    )
    client.force_login(office)

    rows = client.get(url("invitations", place.system)).context["rows"]

    assert {row.name: state.value for row, state in rows} == {
        "Late": "EXPIRED",
        "Open": "SENT",
        "Gone": "WITHDRAWN",
        "In": "ACCEPTED",
    }


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"name": ""}, "Enter the person’s name"),
        ({"email": ""}, "Enter the person’s e-mail address"),
        ({"email": "ann"}, "Enter an e-mail address in the correct form"),
        ({"place": ""}, "Choose a place"),
        ({"role": ""}, "Choose a role"),
        ({"role": "REVIEWER"}, "Select a valid choice"),
        ({"organisation": ""}, "Choose an organisation"),
    ],
)
def test_each_mistake_is_named_and_nothing_is_sent(client, place, council, office, changes, message):
    client.force_login(office)

    response = client.post(url("invite", place.system), typed(place, council, **changes))

    assert message in response.text
    assert "<title>Error: " in response.text
    assert not OutgoingMail.objects.exists()


def test_several_are_looked_at_first_and_then_sent_once(client, place, council, office):
    client.force_login(office)
    page = url("invite_several", place.system)
    lines = "Ann, ann@ashby.example, member, Ashby Council\nBen, ben@ashby, chair, Ashby Council"
    form = {"place": str(place.public_id), "lines": lines, "checked": "", "token": str(uuid4())}

    wrong = client.post(page, form)
    assert "Line 2 cannot be sent like this" in wrong.text
    assert "“ben@ashby” is not an e-mail address" in wrong.text
    assert "Ben, ben@ashby, chair" in wrong.text
    form["lines"] = lines.replace("ben@ashby", "ben@ashby.example")
    right = client.post(page, form)
    assert "This is what will be sent" in right.text
    assert not Invitation.objects.exists()

    form["checked"] = right.context["form"].data["checked"]
    changed = client.post(page, form | {"lines": form["lines"].replace("Ann", "Anna")})
    assert "This is what will be sent" in changed.text
    assert not Invitation.objects.exists()
    assert client.post(page, form).status_code == 302
    assert client.post(page, form).status_code == 302

    sent = Invitation.objects.order_by("pk").values_list("email", "role", "organisation")
    assert list(sent) == [
        ("ann@ashby.example", "MEMBER", council.pk),
        ("ben@ashby.example", "CHAIR", council.pk),
    ]
    assert OutgoingMail.objects.count() == 2


def test_several_are_sent_all_or_none(client, place, council, office):
    invite(place, council, email="ben@ashby.example")
    client.force_login(office)
    page = url("invite_several", place.system)
    for second in (f"Ben, ben@ashby.example, member, {council}", f"Me, {office.email}, member, {council}"):
        lines = f"Ann, ann@ashby.example, member, {council}\n\n{second}"
        form = {"place": str(place.public_id), "lines": lines, "token": str(uuid4())}
        form["checked"] = client.post(page, form).context["form"].data["checked"]

        response = client.post(page, form)

        assert "Line 3: " in response.text
        assert "Nobody was invited" in response.text
        assert Invitation.objects.count() == 1


@pytest.mark.parametrize("count", [3, 60])
def test_the_list_asks_as_much_for_few_as_for_many(client, place, council, office, count, django_assert_num_queries):
    for _ in range(count):
        invite(place, council)
    client.force_login(office)

    # session, user, system, capacity, how many, the page
    with django_assert_num_queries(6):
        client.get(url("invitations", place.system))


def test_the_page_of_one_and_the_link_num_queries(client, place, council, office, django_assert_num_queries):
    invitation = invite(place, council)
    link = last_link()
    # invitation, person
    with django_assert_num_queries(2):
        client.get(link)
    client.force_login(office)
    # session, user, invitation, events
    with django_assert_num_queries(4):
        client.get(url("invitation", invitation))
