"""The page that re-opens what was signed, and what pages say of a version that was superseded."""

import pytest
from django.urls import reverse

from assessments.documents import document
from assessments.models import Assessment
from assessments.workflow import Move, State
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration.assessments.test_reopening import TOKEN, chair_of, in_full

pytestmark = pytest.mark.django_db


def page_of(assessment):
    return reverse("assessments:reopen", args=[assessment.public_id])


def post(client, assessment, **values):
    assessment.refresh_from_db()
    values = {"reason": "A figure was wrong", "based_on": assessment.version, "token": TOKEN} | values
    return client.post(page_of(assessment), values)


def test_the_chair_is_told_what_happens_and_led_to_the_new_version(client):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    client.force_login(chair_of(assessment))
    assert page_of(assessment) in client.get(reverse("assessments:assessment", args=[assessment.public_id])).text
    assert page_of(assessment) in client.get(reverse("assessments:signoff", args=[assessment.public_id])).text
    assert "Version 1 stays as it was signed" in client.get(page_of(assessment)).text

    response = post(client, assessment)

    made = Assessment.objects.get(number=2)
    there = reverse("assessments:assessment", args=[made.public_id])
    assert response.url == there
    text = client.get(there).text
    assert "This version took the place of" in text
    assert "A figure was wrong" in text
    # Sent once more, it leads to the same version.
    assert post(client, assessment).url == there


def test_a_missing_reason_is_an_error_at_its_field(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    client.force_login(chair_of(assessment))

    text = post(client, assessment, reason=" ").text

    assert "Error: " in text
    assert "Say why" in text
    assert not Assessment.objects.filter(number=2).exists()


def test_somebody_who_comes_second_is_told_by_whom_and_keeps_what_they_typed(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    client.force_login(chair_of(assessment))
    factories.reopened(assessment, reason="The first reason")

    response = post(client, assessment, reason="The second reason")

    assert response.status_code == 409
    assert "Superseded by version 2" in response.text
    assert "The first reason" in response.text
    assert "The second reason" in response.text
    assert page_of(assessment) not in client.get(reverse("assessments:assessment", args=[assessment.public_id])).text


def test_a_page_from_before_a_submission_asks_anew_with_the_text_kept(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    client.force_login(chair_of(assessment))
    based_on = assessment.version
    factories.move(assessment, Move.SUBMIT)

    response = post(client, assessment, based_on=based_on, reason="Kept words")

    assert response.status_code == 409
    assert "Kept words" in response.text
    assert "“Submitted”" in response.text
    assert not Assessment.objects.filter(number=2).exists()


@pytest.mark.parametrize(
    "route", ["assessments:assessment", "assessments:signoff", "reports:report", "reports:place", "reports:level"]
)
def test_every_page_of_a_superseded_version_says_so(client, route):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    made = factories.reopened(assessment)
    args = {
        "reports:place": [assessment.place.public_id],
        "reports:level": [assessment.public_id, "SO1"],
    }.get(route, [assessment.public_id])
    query = {"round": str(assessment.public_id)} if route == "reports:place" else {}
    for role in (Role.MEMBER, Role.PROGRAMME_OFFICE):
        client.force_login(factories.holder(role, assessment.place))
        text = client.get(reverse(route, args=args, query=query)).text
        assert "Superseded by version 2" in text
        assert "A figure was wrong" in text
        assert reverse("assessments:assessment", args=[made.public_id]) in text
        assert "version 1" in text


def test_the_reason_is_kept_from_those_who_may_not_read_the_version(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    factories.reopened(assessment)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))

    text = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text

    assert "Superseded by version 2" in text
    assert "A figure was wrong" not in text


def test_lists_show_the_newest_version_and_say_which_it_is(client):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    place = assessment.place
    made = factories.reopened(assessment)
    here, there = (reverse("assessments:assessment", args=[each.public_id]) for each in (made, assessment))

    client.force_login(chair_of(assessment))
    home = client.get("/").text
    assert here in home
    assert there not in home
    assert f"{assessment.round.name}, version 2" in home
    dashboard = client.get(reverse("reports:place", args=[place.public_id])).text
    assert f"{assessment.round.name}, version 1 (submitted)" in dashboard
    assert "took the place of" in dashboard

    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, place))
    opened = client.get(reverse("assessments:round", args=[assessment.round.public_id])).text
    assert here in opened
    assert there not in opened
    assert "(version 2)" in opened
    system = client.get(reverse("reports:system", args=[place.system.public_id])).text
    assert "version 1, re-opened since" in system
    assert "(1 submitted)" in system or "submitted" in system
    assert "Superseded by version 2" in client.get(reverse("reports:place", args=[place.public_id])).text


def test_the_register_and_carrying_forward_look_at_the_newest_version(client):
    assessment = in_full()
    made = factories.reopened(assessment)
    artefact = assessment.place.artefacts.get()
    client.force_login(factories.holder(Role.LEAD, assessment.place))

    text = client.get(reverse("assessments:artefact", args=[artefact.public_id])).text

    assert reverse("assessments:item", args=[made.public_id, made.items.order_by("pk").first().public_id]) in text
    assert f"{assessment.round.name}, version 2" in text
    assert f"{assessment.round.name}, version 1" not in text
    later = factories.create_assessment(place=assessment.place, opens_on=AT.date().replace(month=11))
    bring = client.get(reverse("assessments:bring", args=[later.public_id])).text
    assert f"{assessment.round.name}, version 2" in bring
    assert "version 1" not in bring


def test_a_later_round_is_compared_with_the_version_that_was_sealed_last():
    first = factories.create_assessment(state=State.SIGNED)
    factories.sign_again(factories.reopened(first), level=3)
    later = factories.create_assessment(place=first.place, opens_on=AT.date().replace(month=11))

    previous = document(assessment=later, on=AT.date())["previous"]

    assert previous["number"] == 2
    assert [item["level"] for item in previous["items"].values()] == [3]


@pytest.mark.parametrize("count", [1, 6])
def test_re_opening_num_queries(client, count, django_assert_num_queries):
    assessment = factories.create_assessment()
    for _ in range(count):
        factories.create_item(assessment)
    factories.signed(assessment)
    client.force_login(chair_of(assessment))

    # session, user, assessment, capacity
    with django_assert_num_queries(4):
        client.get(page_of(assessment))
    assert post(client, assessment).status_code == 302

    made = Assessment.objects.get(number=2)
    # as for a single version, and how the versions came about
    with django_assert_num_queries(9):
        client.get(reverse("assessments:assessment", args=[made.public_id]))
