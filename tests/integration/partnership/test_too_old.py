"""A form from a page older than the latest sign-in is refused, and what was typed there is given back."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories

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
    assert "digest" not in answer.text
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_another_website_cannot_put_words_on_our_page(browser, origin):
    answer = browser.post(PAGE, TYPED, HTTP_ORIGIN=origin, HTTP_REFERER="https://elsewhere.example/")

    assert answer.status_code == 403
    assert "lines" not in answer.text
    assert "elsewhere.example" not in answer.text
    assert "Go back in your browser" in answer.text


def test_a_form_without_words_is_refused_as_before(browser):
    assert "Go back in your browser" in browser.post(PAGE, {"kinds": "digest"}, **OWN).text
