"""Each person chooses which e-mails to get, signed in or by the link in an e-mail."""

import threading

import pytest
from django.core import mail as sent
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from partnership import mail
from partnership.models import AuditEvent, OutgoingMail
from partnership.services import preferences
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = reverse("partnership:preferences")
KINDS = sorted(kind.value for kind in preferences.Kind)


@pytest.fixture
def person():
    return factories.create_user()


def wanted(person):
    person.refresh_from_db()
    return {kind for kind in KINDS if getattr(person, f"wants_{kind}")}


def path(person, kind):
    return "/" + preferences.link(person, kind).partition("//")[2].partition("/")[2]


@pytest.mark.parametrize("kinds", [[], ["digest"], ["reminders"], KINDS])
def test_a_person_chooses_on_a_page(client, person, kinds):
    client.force_login(person)

    assert client.post(PAGE, {"kinds": kinds}).status_code == 302

    assert wanted(person) == set(kinds)
    assert client.get(PAGE).text.count(" checked") == len(kinds)


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_switches_one_kind_off_without_a_sign_in_and_only_when_it_is_posted(client, person, kind):
    page = client.get(path(person, kind))
    assert "Send me no more" in page.text
    assert wanted(person) == set(KINDS)

    # The mail program posts by itself and has no cookie (RFC 8058).
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(path(person, kind), {"List-Unsubscribe": "One-Click"})

    assert "Switched off" in response.text
    assert wanted(person) == set(KINDS) - {kind}
    assert strict.post(path(person, kind)).status_code == 200
    assert "Switched off" in client.get(path(person, kind)).text
    assert AuditEvent.objects.filter(type="PREFERENCES_CHANGED").count() == 1


def test_a_link_that_was_tampered_with_does_nothing(client, person):
    other = factories.create_user()
    link, others = path(person, "digest"), path(other, "digest")
    body, _, signature = link.rstrip("/").rpartition(":")
    for wrong in (link[:-2] + "/", f"{others.rstrip('/').rpartition(':')[0]}:{signature}/", "/e-mails/stop/x/"):
        response = client.post(wrong)
        assert response.status_code == 410
        assert "This link does not work" in response.text
    assert wanted(person) == wanted(other) == set(KINDS)


@pytest.mark.django_db(transaction=True)
def test_of_two_links_that_are_followed_at_once_neither_undoes_the_other():
    person = factories.create_user()
    reviews, digest = (preferences.link(person, kind).rstrip("/").split("/")[-1] for kind in ("reviews", "digest"))
    troubles, done = [], threading.Event()

    def follow_the_other():
        try:
            preferences.switch_off(token=digest, at=factories.AT)
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()
            done.set()

    with transaction.atomic():
        preferences.switch_off(token=reviews, at=factories.AT)
        thread = threading.Thread(target=follow_the_other)
        thread.start()
        # It waits for this one; whatever it reads before that, it has read by then.
        assert not done.wait(timeout=0.5)
    thread.join(timeout=60)

    person.refresh_from_db()
    assert troubles == []
    assert (person.wants_reminders, person.wants_digest, person.wants_reviews) == (True, False, False)


def test_an_e_mail_carries_its_link_in_the_headers_and_the_outbox_forgets_it():
    link = "http://127.0.0.1:8000/e-mails/stop/x/"
    with transaction.atomic():
        plain = mail.send_later(to="a@b.example", subject="A", body="B\n", at=factories.AT)
        row = mail.send_later(to="a@b.example", subject="A", body="B\n", at=factories.AT, unsubscribe=link)

    mail.send(plain)
    mail.send(row)

    first, second = sent.outbox
    assert "List-Unsubscribe" not in first.extra_headers
    assert second.extra_headers["List-Unsubscribe"] == f"<{link}>"
    assert second.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert OutgoingMail.objects.get(pk=row.pk).message_id == second.extra_headers["Message-ID"]


def test_the_pages_num_queries(client, person, django_assert_num_queries):
    # person
    with django_assert_num_queries(1):
        client.get(path(person, "digest"))
    client.force_login(person)
    # session, user
    with django_assert_num_queries(2):
        client.get(PAGE)
