"""The page of a place's governance, and what home tells of it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Artefact
from partnership.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def page(client, place, *, by):
    client.force_login(by)
    return client.get(reverse("reports:governance", args=[place.public_id]))


def test_the_list_and_both_charts_name_every_body(client):
    place = factories.create_place()
    board = factories.create_body(place, "Board", chair_post="Lay chair")
    factories.create_body(place, "Team", parent=board)

    text = page(client, place, by=factories.holder(Role.MEMBER, place)).text

    assert text.count("app-chart--wide") == text.count("app-chart--narrow") == 1
    assert text.count("Lay chair") >= 3
    assert "<strong>Team</strong>" in text
    assert "Add a body" not in text


def test_a_place_without_anything_says_what_comes(client):
    place = factories.create_place()

    assert "The place lead and contributors add" in page(client, place, by=factories.holder(Role.MEMBER, place)).text
    assert "Add the partnership board first" in page(client, place, by=factories.holder(Role.LEAD, place)).text


def test_an_agreement_due_for_review_is_flagged_here_and_on_the_home_page_of_those_who_keep_it(client):
    place = factories.create_assessment().place
    today = timezone.localdate()
    factories.create_partnership_agreement(place, "Old memorandum", review_by=today - timedelta(days=1))
    factories.create_partnership_agreement(place, "Young memorandum", review_by=today + timedelta(days=400))
    lead, member = factories.holder(Role.LEAD, place), factories.holder(Role.MEMBER, place)

    text = page(client, place, by=member).text
    assert "review was due on" in text
    assert "Agreements due for review" in text
    assert "1 agreement due for review" not in client.get(reverse("reports:home")).text
    client.force_login(lead)
    assert "1 agreement due for review" in client.get(reverse("reports:home")).text


def test_an_artefact_leads_to_the_register_only_for_those_who_may_read_it(client):
    place = factories.create_place()
    secret = factories.create_artefact(place, title="Secret minute", sensitivity=Artefact.Sensitivity.BOARD)
    factories.create_partnership_agreement(place, artefact=secret)

    own = page(client, place, by=factories.holder(Role.MEMBER, place)).text
    other = page(client, place, by=factories.holder(Role.OBSERVER, place)).text

    assert reverse("assessments:artefact", args=[secret.public_id]) in own
    assert str(secret.public_id) not in other
    assert "Secret" not in other


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_takes_as_many_queries_whatever_it_shows(client, django_assert_num_queries, number):
    place = factories.create_place()
    lead = factories.holder(Role.LEAD, place)
    board = factories.create_body(place, chair=factories.create_membership(place=place))
    for _ in range(number):
        factories.create_body(place, parent=board)
        factories.create_partnership_agreement(place, artefact=factories.create_artefact(place))
    client.force_login(lead)

    # session, user, place, bodies, ended bodies, agreements with their parties, ended agreements, artefacts, how the
    # place closed, capacity
    with django_assert_num_queries(11):
        client.get(reverse("reports:governance", args=[place.public_id]))
