"""A form from a page older than the latest sign-in is refused, and what was typed there is given back."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.page_forms import forms_of

pytestmark = pytest.mark.django_db
PAGE = reverse("partnership:preferences")
OWN = {"HTTP_ORIGIN": "http://testserver", "HTTP_REFERER": f"http://testserver{PAGE}"}
TYPED = {"note": "Two\nlines & <b>bold</b>", "kinds": "digest", "password": "not to be shown"}


@pytest.fixture
def browser():
    made = Client(enforce_csrf_checks=True)
    made.force_login(factories.create_user("Chair"))
    return made


def test_what_was_typed_is_given_back_escaped_and_the_page_is_led_back_to(browser):
    answer = browser.post(PAGE, TYPED | {"csrfmiddlewaretoken": "old"}, **OWN)

    assert answer.status_code == 403
    assert "Two<br>lines &amp; &lt;b&gt;bold&lt;/b&gt;" in answer.text
    assert f'<a href="http://testserver{PAGE}"' in answer.text
    assert "not to be shown" not in answer.text
    assert "<dt>Send me</dt><dd>A weekly summary of what waits for me</dd>" in answer.text
    assert "no-store" in answer["Cache-Control"]


def test_all_that_was_given_is_sent_by_its_senders_own_hand_under_the_name_they_see(browser):
    given = {"note": "Two\nlines", "kinds": ["digest", "reminders"], "item1-based_on": "4", "flag": ""}
    answer = browser.post(PAGE, given | {"csrfmiddlewaretoken": "old"}, **OWN)

    assert "Send it now as Chair" in answer.text
    assert "based_on" not in answer.text.replace('name="item1-based_on"', "")
    (form,) = [each for each in forms_of(answer.text, "") if each.action == PAGE]
    token = form.controls.pop("csrfmiddlewaretoken").value
    assert list(form.controls) == list(given)
    assert [value for name, value in answer.context["sent"].fields if name == "kinds"] == given["kinds"]
    assert browser.post(form.action, given | {"csrfmiddlewaretoken": token}, **OWN).status_code == 302


@pytest.mark.parametrize("given", [TYPED, {"note": "Too much " * 70_000}])
def test_a_password_or_more_than_anybody_types_does_not_wait_on_a_page(browser, given):
    answer = browser.post(PAGE, given, **OWN)

    assert "Send it now" not in answer.text
    assert given["note"][:3] in answer.text


def test_whoever_is_not_signed_in_copies_what_they_had_given():
    answer = Client(enforce_csrf_checks=True).post(PAGE, {"note": "Some words"}, **OWN)

    assert "Some words" in answer.text
    assert "Send it now" not in answer.text


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_another_website_cannot_put_words_on_our_page(browser, origin):
    answer = browser.post(PAGE, TYPED, HTTP_ORIGIN=origin, HTTP_REFERER="https://elsewhere.example/")

    assert answer.status_code == 403
    assert "lines" not in answer.text
    assert "elsewhere.example" not in answer.text
    assert "Go back in your browser" in answer.text


def test_a_form_in_which_nothing_was_given_is_refused_as_before(browser):
    assert "Go back in your browser" in browser.post(PAGE, {"note": "", "token": "a-mark"}, HTTP_ORIGIN="").text
