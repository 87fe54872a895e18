"""A sign-in that runs out: nobody loses it while they work, and what they send afterwards is kept for them alone."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partnership import sign_in_time
from partnership.models import KeptForm
from partnership.services import kept_forms
from partnership.services.kept_forms import LASTS, MOST, forget_old
from tests import factories
from tests.page_forms import forms_of

pytestmark = pytest.mark.django_db
PREFERENCES = reverse("partnership:preferences")
SIGN_IN = reverse("partnership:sign_in")
TIME = reverse("partnership:sign_in_time")


@pytest.fixture
def chair():
    return factories.create_user("Chair")


@pytest.fixture
def browser(chair):
    """A browser that asks for the token against forgery, as a real one is asked, with the chair signed in."""
    made = Client(enforce_csrf_checks=True)
    made.get(SIGN_IN)
    sign_in(made, chair)
    return made


def sign_in(browser, person, next=""):
    sent = {"email": person.email, "password": factories.PASSWORD, "next": next}
    return browser.post(SIGN_IN, sent | token(browser))


def token(browser):
    return {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value}


def send_too_late(browser, path=PREFERENCES, **values):
    """Let the sign-in run out as the browser sends a form; return the address to go to after signing in."""
    Session.objects.all().delete()
    response = browser.post(path, values | token(browser))
    assert response.status_code == 302
    there = urlsplit(response["Location"])
    assert there.path == SIGN_IN
    return parse_qs(there.query)["next"][0]


def test_a_form_sent_too_late_waits_behind_the_sign_in_and_goes_where_it_was_sent(browser, chair):
    kept = send_too_late(browser, kinds=["digest", "reminders"], note=" two\nlines & <b> ")
    assert "What you sent is kept" in browser.get(SIGN_IN, {"next": kept}).text

    assert sign_in(browser, chair, next=kept)["Location"] == kept
    page = browser.get(kept)
    form = next(form for form in forms_of(page.text, kept) if form.action == PREFERENCES)
    sent = {name: control.value for name, control in form.controls.items()}
    assert "two<br>lines &amp; &lt;b&gt;" in page.text
    assert [value for name, value in page.context["kept"].fields if name == "kinds"] == ["digest", "reminders"]
    assert sent["note"].replace("\r\n", "\n") == " two\nlines & <b> "

    # The reader of forms above runs texts of one name together; a browser sends each.
    assert browser.post(PREFERENCES, sent | {"kinds": ["digest", "reminders"]}).status_code == 302
    assert not KeptForm.objects.exists()
    assert browser.get(kept).status_code == 404


def test_it_is_kept_for_nobody_else_and_its_words_stand_in_no_address(browser, chair):
    other = factories.create_user("Somebody else")
    kept = send_too_late(browser, note="Private words")
    assert "Private" not in kept
    sign_in(browser, other)

    assert browser.get(kept).status_code == 404
    assert browser.post(kept, token(browser)).status_code == 404
    assert KeptForm.objects.get().user == chair


@pytest.mark.parametrize("known", ["nobody", "forged", "after signing out"])
def test_where_nobody_knows_who_sent_it_nothing_is_kept(browser, known):
    if known == "after signing out":
        browser.post(reverse("partnership:sign_out"), token(browser))
    elif known == "forged":
        browser.cookies["person"] = f"{factories.create_user().public_id}:{signing.b62_encode(1)}:made-up"
    else:
        del browser.cookies["person"]

    assert send_too_late(browser, note="Some words") == PREFERENCES
    assert not KeptForm.objects.exists()


def test_a_form_that_another_site_sends_is_not_kept(browser):
    Session.objects.all().delete()

    assert browser.post(PREFERENCES, {"note": "Made up elsewhere"}).status_code == 403
    assert not KeptForm.objects.exists()


def test_passwords_and_more_than_anybody_types_are_not_kept(browser):
    change = reverse("partnership:password_change")

    assert send_too_late(browser, change, present="old", password="new words here") == change
    assert send_too_late(browser, note="x" * 600_000) == PREFERENCES
    assert not KeptForm.objects.exists()


def test_a_file_is_asked_for_again_by_its_name(browser, chair, tmp_path):
    file = tmp_path / "minutes.txt"
    file.write_text("Minutes")
    with file.open("rb") as upload:
        kept = send_too_late(browser, upload=upload, title="The minutes")
    sign_in(browser, chair)

    assert "choose again: minutes.txt" in browser.get(kept).text


def test_what_was_kept_can_be_thrown_away_and_goes_by_itself_after_a_day_and_at_sign_out(browser, chair):
    thrown = send_too_late(browser, note="Some words")
    sign_in(browser, chair)
    assert browser.post(thrown, token(browser)).status_code == 302
    assert not KeptForm.objects.exists()

    send_too_late(browser, note="Some words")
    sign_in(browser, chair)
    browser.post(reverse("partnership:sign_out"), token(browser))
    assert not KeptForm.objects.exists()

    at = timezone.now()
    row = keep(chair, at=at)
    assert kept_forms.find(person=chair, public_id=row.public_id, at=at + LASTS)
    assert kept_forms.find(person=chair, public_id=row.public_id, at=at + LASTS + timedelta(seconds=1)) is None
    forget_old(subject=None, at=at + LASTS + timedelta(seconds=1))
    assert not KeptForm.objects.exists()


def keep(person, *, at, note="Some words"):
    return kept_forms.keep(person=person, path=PREFERENCES, fields=[("note", note)], files=[], at=at)


def test_of_one_person_the_newest_few_are_kept(chair):
    for number in range(MOST + 2):
        newest = keep(chair, at=timezone.now(), note=f"number {number}")

    assert KeptForm.objects.count() == MOST
    found = kept_forms.find(person=chair, public_id=newest.public_id, at=timezone.now())
    assert found.words == [("Note", f"number {MOST + 1}")]


def test_what_is_kept_is_signed(chair):
    row = keep(chair, at=timezone.now())
    KeptForm.objects.update(sealed="x" + KeptForm.objects.get().sealed)

    with pytest.raises(signing.BadSignature):
        kept_forms.find(person=chair, public_id=row.public_id, at=timezone.now())


def set_time(browser, seconds):
    session = browser.session
    session[sign_in_time.ENDS] = int(timezone.now().timestamp()) + seconds
    session.save()


def seconds_left(browser):
    return browser.get(TIME, headers={"Accept": "application/json"}).json()["seconds_left"]


def test_asking_how_long_the_sign_in_lasts_does_not_prolong_it_and_one_press_does(browser, settings):
    set_time(browser, 200)

    assert 190 <= seconds_left(browser) <= 200
    headers = {"Accept": "application/json", "X-CSRFToken": browser.cookies["csrftoken"].value}
    assert browser.post(TIME, headers=headers).json()["seconds_left"] > settings.SESSION_COOKIE_AGE - 10
    assert seconds_left(browser) > settings.SESSION_COOKIE_AGE - 10


def test_whoever_does_something_is_not_signed_out_and_the_session_is_seldom_written(browser, settings):
    set_time(browser, settings.SESSION_COOKIE_AGE * 11 // 12 + 60)
    assert "sessionid" not in browser.get(PREFERENCES).cookies

    set_time(browser, settings.SESSION_COOKIE_AGE * 11 // 12 - 60)
    assert "sessionid" in browser.get(PREFERENCES).cookies
    assert seconds_left(browser) > settings.SESSION_COOKIE_AGE - 10
    assert "sessionid" not in browser.get(PREFERENCES).cookies


def test_a_page_tells_its_script_how_long_its_reader_stays_signed_in(browser, client):
    left = browser.get("/privacy/").context["sign_in_seconds"]

    assert f'data-seconds="{left}"' in browser.get("/privacy/").text
    assert "data-seconds" not in client.get("/privacy/").text
