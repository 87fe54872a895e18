"""Choosing a password: by the link in an e-mail, or signed in."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership import audit, throttle, worker
from partnership.models import AuditEvent, OutgoingMail, User
from partnership.services import passwords, people
from tests import factories

pytestmark = pytest.mark.django_db

RESET = reverse("partnership:password_reset")
CHANGE = reverse("partnership:password_change")
NEW = "four patient otters"


@pytest.fixture
def chair():
    return factories.create_user("Chair", email="chair@people.example")


def ask(client, email="chair@people.example"):
    return client.post(RESET, {"email": email})


def link():
    """Return the path of the link in the last mail of the outbox."""
    body = OutgoingMail.objects.latest("pk").body
    [path] = re.findall(r"http://127\.0\.0\.1:8000(/password/reset/\S+/\S+/)\n", body)
    return path


def choose(client, path, password=NEW):
    return client.post(path, {"password": password})


def has(user, password):
    user.refresh_from_db()
    return user.check_password(password)


def test_a_link_in_a_mail_lets_one_choose_a_new_password(client, chair, mailoutbox):
    ask(client, "CHAIR@people.example")
    path = link()
    worker.do_next(clock=timezone.now)

    [sent] = mailoutbox
    assert sent.to == ["chair@people.example"]
    assert sent.subject == "Choose a new password for Place maturity"
    assert client.get(path).status_code == 200
    assert choose(client, path)["Location"] == reverse("partnership:password_reset_done")
    assert has(chair, NEW)
    assert list(AuditEvent.objects.order_by("sequence").values_list("type", flat=True)) == [
        audit.Type.PERSON_ADDED,
        audit.Type.PASSWORD_RESET_ASKED,
        audit.Type.PASSWORD_CHANGED,
    ]


def test_nobody_learns_whether_an_address_is_known(client, chair):
    known, unknown = ask(client), ask(client, "nobody@people.example")

    assert known["Location"] == unknown["Location"] == reverse("partnership:password_reset_sent")
    assert OutgoingMail.objects.count() == 1
    page = client.get(known["Location"]).text
    assert "chair@" not in page


def test_somebody_who_may_no_longer_sign_in_gets_no_link(client, chair):
    people.change_person(person=chair, name=chair.name, is_active=False, based_on=1, by=None, at=factories.AT)

    ask(client)

    assert not OutgoingMail.objects.exists()


def test_nobodys_mailbox_is_flooded(client, chair):
    for _ in range(5):
        assert ask(client).status_code == 302

    assert OutgoingMail.objects.count() == 3


def test_a_computer_that_asks_without_end_is_stopped(client):
    for number in range(50):
        passwords.ask_for_reset(email=f"guess{number}@people.example", address="127.0.0.1", at=timezone.now())

    [error] = ask(client).context["form"].non_field_errors()
    assert error.startswith("That was tried too often. Wait 60 minutes")


def test_a_link_works_once(client, chair):
    ask(client)
    path = link()
    choose(client, path)

    for response in (client.get(path), choose(client, path, "a third password of mine")):
        assert response.status_code == 410
        assert "This link no longer works" in response.text
    assert has(chair, NEW)


def test_a_link_works_for_a_day(client, chair):
    ask(client)
    *_, token, _ = link().split("/")
    later = timezone.now().replace(tzinfo=None) + timedelta(days=1, minutes=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords.default_token_generator, "_now", lambda: later)
        with pytest.raises(passwords.LinkSpent):
            passwords.person_of_link(public_id=chair.public_id, token=token)


def test_a_link_is_somebodys_own(client, chair):
    other = factories.create_user()
    ask(client)
    path = link().replace(str(chair.public_id), str(other.public_id))

    assert client.get(path).status_code == 410


def test_a_link_for_nobody_no_longer_works(client):
    path = reverse(
        "partnership:password_reset_confirm",
        kwargs={"public_id": "00000000-0000-4000-8000-000000000000", "token": "made-up"},
    )

    assert client.get(path).status_code == 410


@pytest.mark.parametrize(
    "weak, reason",
    [
        ("", "Enter a new password"),
        ("short", "at least 12 characters"),
        ("chair@people", "too similar"),
        ("q1w2e3r4t5y6", "too common"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, chair, weak, reason):
    ask(client)

    response = choose(client, link(), weak)

    assert reason in str(response.context["form"].errors["password"])
    assert "There is a problem" in response.text
    assert has(chair, factories.PASSWORD)


def test_the_demo_password_cannot_be_chosen_outside_the_demo(client, chair, settings):
    settings.DEMO = False
    ask(client)

    response = choose(client, link(), settings.DEMO_PASSWORD)

    assert "README" in str(response.context["form"].errors["password"])


def test_a_new_password_lets_somebody_in_who_had_failed_too_often(client, chair):
    for _ in range(throttle.SIGN_IN_AS.most):
        throttle.attempt((throttle.SIGN_IN_AS, chair.email), at=timezone.now())
    ask(client)
    choose(client, link())

    client.post(reverse("partnership:sign_in"), {"email": chair.email, "password": NEW})

    assert "_auth_user_id" in client.session


def test_the_owner_is_told_of_a_change(client, chair):
    client.force_login(chair)

    client.post(CHANGE, {"present": factories.PASSWORD, "password": NEW})

    told = OutgoingMail.objects.get()
    assert told.to == chair.email
    assert told.subject == "Your password for Place maturity was changed"


def test_a_name_comes_out_in_a_mail_as_it_is(client):
    factories.create_user("Siân O’Neill & <sons>", email="sian@people.example")

    ask(client, "sian@people.example")

    assert "Hello Siân O’Neill & <sons>," in OutgoingMail.objects.get().body


def test_changing_the_password_needs_the_present_one(client, chair):
    client.force_login(chair)

    response = client.post(CHANGE, {"present": "not the right one", "password": NEW})

    assert response.context["form"].errors == {"present": ["This is not your present password"]}
    assert has(chair, factories.PASSWORD)


def test_guessing_the_present_password_is_stopped(client, chair):
    client.force_login(chair)
    for _ in range(throttle.SIGN_IN_AS.most):
        client.post(CHANGE, {"present": "not the right one", "password": NEW})

    response = client.post(CHANGE, {"present": factories.PASSWORD, "password": NEW})

    assert response.context["form"].non_field_errors()[0].startswith("That was tried too often.")
    assert has(chair, factories.PASSWORD)


def test_changing_the_password_ends_every_other_sign_in(client, chair):
    from django.test import Client

    elsewhere = Client()
    elsewhere.force_login(chair)
    client.force_login(chair)

    response = client.post(CHANGE, {"present": factories.PASSWORD, "password": NEW})

    assert response["Location"] == CHANGE
    assert "Your password was changed." in client.get(CHANGE).text
    assert elsewhere.get(CHANGE).status_code == 302


def test_an_invitation_lets_somebody_choose_their_first_password(client):
    person = people.add_person(email="new@people.example", name="New member", by=None, at=factories.AT)
    passwords.invite(person=person, by=None, at=factories.AT)
    assert not User.objects.get().has_usable_password()

    choose(client, link())

    assert has(person, NEW)


def test_the_pages_cost_few_queries(client, chair, django_assert_num_queries):
    ask(client)
    path = link()
    with django_assert_num_queries(0):
        client.get(RESET)
    with django_assert_num_queries(0):
        client.get(reverse("partnership:password_reset_sent"))
    with django_assert_num_queries(1):
        client.get(path)
    client.force_login(chair)
    # session, person
    with django_assert_num_queries(2):
        client.get(CHANGE)
