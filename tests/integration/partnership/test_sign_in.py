"""Signing in and out, as a browser does it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership import audit, throttle
from partnership.models import Attempt, AuditEvent, User
from partnership.services import people
from partnership.services import sign_in as services
from tests import factories

pytestmark = pytest.mark.django_db

URL = reverse("partnership:sign_in")


@pytest.fixture
def chair():
    return factories.create_user("Chair", email="chair@people.example")


def post(client, *, email="chair@people.example", password=factories.PASSWORD, **more):
    return client.post(URL, {"email": email, "password": password, "next": ""} | more)


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("email", ["chair@people.example", "CHAIR@People.Example", " chair@people.example "])
def test_somebody_signs_in_whatever_case_they_type(client, chair, email):
    response = post(client, email=email)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)
    assert AuditEvent.objects.get(type=audit.Type.SIGNED_IN).actor == str(chair.public_id)


@pytest.mark.parametrize(
    "wrong", [{"password": "not the right one"}, {"email": "nobody@people.example"}], ids=["password", "e-mail"]
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, chair, wrong):
    response = post(client, **wrong)

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == ["The e-mail address or the password is not right"]
    assert "<title>Error: Sign in" in response.text
    assert not signed_in(client)


def test_somebody_who_may_no_longer_sign_in_gets_that_answer_too(client, chair):
    people.change_person(person=chair, name=chair.name, is_active=False, based_on=1, by=None, at=factories.AT)

    assert post(client).context["form"].non_field_errors() == ["The e-mail address or the password is not right"]


def test_an_empty_form_says_what_to_enter(client):
    response = post(client, email="", password="")

    assert response.context["form"].errors == {
        "email": ["Enter your e-mail address"],
        "password": ["Enter your password"],
    }
    assert "There is a problem" in response.text
    assert not Attempt.objects.exists()


def test_the_address_is_kept_and_the_password_is_not_after_an_error(client, chair):
    response = post(client, password="not the right one")

    assert "chair@people.example" in response.text
    assert "not the right one" not in response.text


def test_one_goes_on_to_where_one_was_going(client, chair):
    asked = client.get("/password/change/")
    assert asked["Location"] == f"{URL}?next=/password/change/"
    assert 'name="next" value="/password/change/"' in client.get(asked["Location"]).text

    assert post(client, next="/password/change/")["Location"] == "/password/change/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, chair, elsewhere):
    assert post(client, next=elsewhere)["Location"] == "/"


def test_somebody_signed_in_is_not_asked_again(client, chair):
    client.force_login(chair)

    assert client.get(URL)["Location"] == "/"


def test_signing_out_takes_a_post(client, chair):
    client.force_login(chair)

    assert client.get(reverse("partnership:sign_out")).status_code == 405
    assert signed_in(client)
    response = client.post(reverse("partnership:sign_out"))

    assert response["Location"] == URL
    assert not signed_in(client)


def test_signing_out_twice_does_no_harm(client):
    assert client.post(reverse("partnership:sign_out"))["Location"] == URL


def test_a_post_without_its_token_is_refused(chair):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    assert post(client).status_code == 403
    assert not signed_in(client)


# Throttling


def fail(*, email="chair@people.example", address="192.0.2.1", at=factories.AT, times=1):
    for _ in range(times):
        with pytest.raises(services.WrongEmailOrPassword):
            services.sign_in(email=email, password="not the right one", address=address, at=at)


def succeed(*, email="chair@people.example", address="192.0.2.1", at=factories.AT):
    return services.sign_in(email=email, password=factories.PASSWORD, address=address, at=at)


def test_after_ten_failures_even_the_right_password_waits(chair):
    fail(times=10)

    with pytest.raises(throttle.TooMany):
        succeed(address="192.0.2.2", at=factories.AT + timedelta(minutes=14))
    assert succeed(at=factories.AT + timedelta(minutes=15)) == chair


def test_an_unknown_address_is_throttled_like_a_known_one():
    fail(email="nobody@people.example", times=10)

    with pytest.raises(throttle.TooMany):
        fail(email="nobody@people.example")


def test_many_addresses_tried_from_one_computer_are_stopped(chair):
    for number in range(100):
        fail(email=f"guess{number}@people.example")

    with pytest.raises(throttle.TooMany):
        succeed()
    assert succeed(address="192.0.2.2") == chair


def test_a_success_takes_the_failures_of_its_person_back(chair):
    fail(times=9)
    succeed()
    fail(times=9)

    assert succeed() == chair


def test_a_success_counts_against_nobody(chair):
    for _ in range(101):
        succeed()

    assert not Attempt.objects.exists()


def test_a_refused_try_does_not_lengthen_the_wait(chair):
    fail(times=10)
    for minutes in range(1, 15):
        with pytest.raises(throttle.TooMany):
            succeed(at=factories.AT + timedelta(minutes=minutes))

    assert succeed(at=factories.AT + timedelta(minutes=15)) == chair


def test_what_is_counted_cannot_be_read_back(chair):
    fail()

    assert not any("chair" in row.key or "192" in row.key for row in Attempt.objects.all())


def test_old_failures_are_forgotten(chair):
    fail(times=3)
    fail(email="nobody@people.example", at=factories.AT + timedelta(hours=1))

    assert Attempt.objects.count() == 2


def test_the_page_says_how_long_to_wait(client, chair):
    fail(times=10, at=timezone.now())

    [error] = post(client).context["form"].non_field_errors()
    assert error == "That was tried too often. Wait 15 minutes and try again, or choose a new password."


def test_a_visitor_cannot_pretend_to_another_address(client, chair, settings):
    settings.BEHIND_PROXY = False
    post(client, password="not the right one")
    settings.BEHIND_PROXY = True
    for made_up in ("203.0.113.1", "203.0.113.2"):
        client.post(
            URL,
            {"email": "chair@people.example", "password": "not the right one"},
            headers={"X-Forwarded-For": f"{made_up}, 127.0.0.1"},
        )

    assert Attempt.objects.filter(key=throttle.key_of(throttle.SIGN_IN_FROM, "127.0.0.1")).count() == 3


# The demo's people and their password


def test_the_demo_lists_its_people_by_place_with_their_roles(client):
    place = factories.create_place("St Helens")
    factories.create_people("chair", "lead", "programme_office", place=place)
    factories.create_user("Real person", email="real@nhs.example.org")

    page = client.get(URL).text

    assert "St Helens (2)" in page
    assert "Board chair&nbsp;·" in page
    assert "real@nhs.example.org" not in page


def test_choosing_somebody_of_the_demo_fills_in_their_address(client):
    assert 'value="chair@people.example"' in client.get(URL, {"email": "chair@people.example"}).text


def test_outside_demo_mode_nobody_is_listed(client, chair, settings):
    settings.DEMO = False

    assert chair.email not in client.get(URL).text


def test_the_demo_password_opens_the_demo_only(client, settings):
    factories.create_user(email="chair@people.example", password=settings.DEMO_PASSWORD)
    settings.DEMO = False
    post(client, password=settings.DEMO_PASSWORD)
    assert not signed_in(client)

    settings.DEMO = True
    post(client, password=settings.DEMO_PASSWORD)
    assert signed_in(client)


def test_the_page_costs_the_same_with_few_and_many_people(client, django_assert_num_queries):
    place = factories.create_place()
    factories.create_people("chair", place=place)
    # people, their memberships
    with django_assert_num_queries(2):
        client.get(URL)
    factories.create_people(*(f"member_{number}" for number in range(10)), place=place)
    with django_assert_num_queries(2):
        client.get(URL)


def test_a_mixed_case_address_cannot_be_stored(chair):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=chair.pk).update(email="Chair@people.example")


def test_the_readme_says_the_password_of_the_demo(settings):
    # `make run` prints this line, too.
    [line] = [
        line for line in (settings.BASE_DIR / "README.md").read_text().splitlines() if line.startswith("Sign in as ")
    ]

    assert settings.DEMO_PASSWORD in line
