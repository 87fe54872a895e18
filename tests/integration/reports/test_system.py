"""A system's page: the round's progress and its submitted places, for those who watch it."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.workflow import State
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from tests import factories

pytestmark = pytest.mark.django_db
FIRST = {"opens_on": date(2026, 4, 1), "scoring_closes_on": date(2026, 5, 1), "signing_closes_on": date(2026, 6, 1)}


@pytest.fixture(autouse=True)
def _no_report_is_ordered(settings):
    settings.ON_SEALED = []


def page(system, **query):
    return reverse("reports:system", args=[system.public_id], query=query)


def create_system(*names):
    system = factories.create_system()
    for name in names:
        factories.create_place(name, system=system)
    return system


def submit_all(system, **values):
    """Open a round and bring every place but the last by name to its submission."""
    opened = factories.create_round(system=system, **values)
    assessments = list(opened.assessments.select_related("place", "round").order_by("place__name"))
    for assessment in assessments[:-1]:
        factories.WAYS[State.SUBMITTED](assessment)
    return opened, assessments


def read(client, system, role=Role.PROGRAMME_OFFICE, url=None):
    client.force_login(factories.holder(role, system.places.first()))
    return client.get(url or page(system))


def test_submitted_places_stand_by_name_and_the_others_do_not_stand_in_the_matrix(client):
    system = create_system("Tarn", "Ash", "Yew")
    submit_all(system, name="Spring round")

    text = read(client, system).text
    table = text.partition('class="nhsuk-table matrix"')[2].partition("</table>")[0]

    assert table.index("Ash") < table.index("Tarn")
    assert "Yew" not in table
    assert "Evolving" in table
    assert "Yew" in text


def test_results_are_those_of_the_newest_round_that_has_any_and_progress_that_of_the_newest(client):
    system = create_system("Ash", "Tarn")
    submit_all(system, name="Spring round", **FIRST)
    later = factories.create_round(system=system, name="Autumn round")

    text = read(client, system).text
    assert "What the places have submitted: Spring round" in text
    assert text.index("Autumn round") < text.index("What the places have submitted")

    text = read(client, system, url=page(system, round=later.public_id)).text
    assert "What the places have submitted: Autumn round" in text
    assert "Nothing submitted yet" in text


def test_a_round_that_keeps_to_the_places_shows_nothing(client):
    system = create_system("Ash", "Tarn")
    submit_all(system, visibility="PLACE")

    assert "Nothing submitted yet" in read(client, system).text


def test_a_system_without_a_round_says_what_will_come(client):
    assert "No round yet" in read(client, create_system("Ash")).text


def test_a_round_of_another_system_is_not_found(client):
    system = create_system("Ash")
    elsewhere = factories.create_round()

    assert read(client, system, url=page(system, round=elsewhere.public_id)).status_code == 404


@pytest.mark.parametrize("role", Role)
def test_only_those_who_watch_the_system_see_it(client, role):
    system = create_system("Ash")
    factories.create_round(system=system)

    assert read(client, system, role).status_code == (200 if role in OF_SYSTEM else 403)
    assert {*AT_PLACE, *OF_SYSTEM} == set(Role)


def test_people_of_other_systems_find_nothing(client):
    stranger = factories.holder(Role.PROGRAMME_OFFICE, factories.create_place())
    client.force_login(stranger)

    assert client.get(page(create_system("Ash"))).status_code == 404


def test_only_the_programme_office_opens_a_round(client):
    system = create_system("Ash")

    assert "Open a round" in read(client, system).text
    assert "Open a round" not in read(client, system, Role.REVIEWER).text


@pytest.mark.parametrize("size", [2, 5])
def test_the_page_takes_the_same_few_queries_for_few_places_and_many(client, size, django_assert_num_queries):
    system = create_system(*(f"Place {number}" for number in range(size)))
    submit_all(system, name="Spring round", **FIRST)
    factories.create_round(system=system, name="Autumn round")
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, system.places.first()))

    # session, user, system, capacity, rounds, nine for the round's table and its definition, snapshots
    with django_assert_num_queries(15):
        client.get(page(system))
