"""People are led in once, on the page itself, and can practise on an item that counts for nothing."""

import re

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from assessments.models import Score, Signature
from assessments.workflow import State
from partnership.models import AuditEvent
from partnership.roles import Role
from partnership.services import guides
from tests import factories
from tests.kept import kept
from tests.page_forms import forms_of

pytestmark = pytest.mark.django_db
PANEL = 'aria-labelledby="first-steps-heading"'


@kept
def assessment():
    made = factories.create_assessment(place=factories.create_place("Mossley"))
    factories.create_item(made)
    return factories.in_scoring(made)


@pytest.fixture
def page(assessment):
    return reverse("assessments:score", args=[assessment.public_id, "SO1"])


@pytest.fixture
def practice(assessment):
    return reverse("assessments:practice", args=[assessment.public_id])


def test_first_steps_are_shown_until_they_are_put_away_and_come_back_by_a_link(client, member, page):
    client.force_login(member)
    assert PANEL in client.get(page).text

    answer = client.post(reverse("partnership:put_away", args=["scoring"]), {"next": page})

    assert (answer.status_code, answer["Location"]) == (302, page)
    text = client.get(page).text
    assert PANEL not in text
    assert '<a href="?first-steps#first-steps">' in text
    assert PANEL in client.get(page + "?first-steps").text
    assert not AuditEvent.objects.filter(target=str(member.public_id), type="PREFERENCES_CHANGED").exists()


@pytest.mark.parametrize("route", ["score", "score_all"])
def test_putting_them_away_without_scripts_loses_nothing_that_was_chosen_below(client, assessment, member, route):
    page = reverse(f"assessments:{route}", args=[assessment.public_id, *(["SO1"] if route == "score" else [])])
    client.force_login(member)
    text = client.get(page).text
    assert re.search(r'<button[^>]* form="scores" name="put_away" value="scoring"', text)
    # The key that sends a form presses its first button, which is another one.
    assert text.index('form="scores" tabindex="-1"') < text.index('form="scores" name="put_away"')
    form = next(each for each in forms_of(text, page) if any(name.endswith("-choice") for name in each.controls))
    choice = next(name for name in form.controls if name.endswith("-choice"))

    answer = client.post(page, form.values(**{choice: "3"}, put_away="scoring"))

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert Score.objects.get(membership__user=member).level == 3
    assert PANEL not in client.get(page).text


def test_putting_them_away_while_signing_signs_nothing_and_keeps_what_was_typed(client):
    assessment = factories.create_assessment(state=State.SIGNING)
    client.force_login(factories.holder(Role.SIGNATORY, assessment.place))
    page = reverse("assessments:sign", args=[assessment.public_id])
    assert 'form="signing" name="put_away" value="signing"' in client.get(page).text

    answer = client.post(page, {"kind": "RESERVED", "reservation": "Not <yet> sure", "put_away": "signing"})

    assert "Not &lt;yet&gt; sure" in answer.text
    assert not answer.context["form"].errors
    assert answer.context["form"]["kind"].value() == "RESERVED"
    assert PANEL not in answer.text
    assert not Signature.objects.exists()


def test_what_one_person_puts_away_another_is_still_shown(client, assessment, member, page):
    guides.put_away(guide="scoring", by=member)
    guides.put_away(guide="signing", by=member)
    guides.put_away(guide="scoring", by=member)
    member.refresh_from_db()
    assert member.guides_put_away == "scoring signing"
    client.force_login(factories.create_membership(place=assessment.place, role=Role.MEMBER).user)

    assert PANEL in client.get(page).text


def test_putting_away_leads_to_no_other_website_and_knows_its_first_steps(client, member):
    client.force_login(member)

    answer = client.post(reverse("partnership:put_away", args=["scoring"]), {"next": "https://elsewhere.example/"})

    assert answer["Location"] == "/"
    assert client.post(reverse("partnership:put_away", args=["nonsense"])).status_code == 404


def test_a_page_costs_no_query_more_for_its_first_steps(client, member, page, django_assert_num_queries):
    client.force_login(member)

    with CaptureQueriesContext(connection) as shown:
        assert PANEL in client.get(page).text
    guides.put_away(guide="scoring", by=member)
    with django_assert_num_queries(len(shown)):
        client.get(page)


@pytest.mark.parametrize(
    ("state", "role", "route", "said"),
    [
        (State.PREPARING, Role.LEAD, "items", "New to preparing"),
        (State.SCORING, Role.MEMBER, "score_all", "New to scoring?"),
        (State.AGREEING, Role.CHAIR, "agreeing", "New to agreeing?"),
        (State.SIGNING, Role.SIGNATORY, "sign", "New to signing?"),
        (State.IN_REVIEW, Role.REVIEWER, "review", "New to reviewing?"),
    ],
)
def test_each_is_led_in_where_they_begin(client, state, role, route, said):
    assessment = factories.create_assessment(state=state)
    client.force_login(factories.holder(role, assessment.place))
    values = [assessment.public_id, *(["SO1"] if route == "items" else [])]

    assert said in client.get(reverse(f"assessments:{route}", args=values)).text


def test_a_reviewer_who_has_reviewed_everything_is_led_in_no_more(client):
    assessment = factories.create_assessment(state=State.IN_REVIEW)
    reviewer = factories.holder(Role.REVIEWER, assessment.place)
    factories.create_finding(assessment, by=reviewer)
    client.force_login(reviewer)

    text = client.get(reverse("assessments:review", args=[assessment.public_id])).text

    assert "1 of 1" in strip_tags(text)
    assert "New to reviewing?" not in text


def test_a_practice_item_shows_what_the_board_would_see_and_writes_nothing(
    client, member, practice, monkeypatch, django_assert_num_queries
):
    client.force_login(member)
    client.get(practice)
    monkeypatch.setattr(Model, "save", None)

    with django_assert_num_queries(4):
        answer = client.post(practice, {"item1-choice": "2", "item1-comment": "<b>Mine</b>"})

    assert answer.status_code == 200
    assert "It counts for nothing" in answer.text
    assert "What the board would see" in answer.text
    assert "&lt;b&gt;Mine&lt;/b&gt;" in answer.text
    assert member.name in answer.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose a level, or “cannot judge”"),
        ({"item1-choice": "NOT_APPLICABLE", "item1-comment": "Kept"}, "Say why it is not applicable"),
        ({"item1-choice": "nonsense"}, "Choose one of the levels"),
    ],
)
def test_a_practice_item_without_an_answer_says_what_to_choose(client, member, practice, sent, said):
    client.force_login(member)

    answer = client.post(practice, sent)

    assert said in answer.text
    assert "so that the rest can be saved" not in answer.text
    assert "What the board would see" not in answer.text
    assert sent.get("item1-comment", "") in answer.text


def test_cannot_judge_is_shown_as_no_level(client, member, practice):
    client.force_login(member)

    assert "1 cannot judge" in client.post(practice, {"item1-choice": "CANNOT_JUDGE"}).text
