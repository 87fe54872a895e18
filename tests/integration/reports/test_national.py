"""All systems in numbers: counts alone, none of few places, the same as counting the documents by hand."""

import json
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Seal, Snapshot
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from reports.national import overview
from tests import factories
from tests.integration.reports.test_system import create_system, submit_all
from tests.kept import kept

pytestmark = pytest.mark.django_db
URL = "/systems/"


@pytest.fixture(autouse=True, scope="module")
def _no_report_is_ordered():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.ON_SEALED", ["reports.services.count_seal"])
        yield


@kept
def north():
    """Six places, of which five have submitted."""
    system = create_system(*"ABCDEF")
    submit_all(system, name="Northern round")
    return system


@kept
def south():
    """Five places, of which four have submitted: too few to count."""
    system = create_system(*"KLMNO")
    submit_all(system, name="Southern round")
    return system


@kept
def west():
    """Six places of which five have submitted, in a round that keeps its results there."""
    system = create_system(*"UVWXYZ")
    submit_all(system, name="Western round", visibility="PLACE")
    return system


def line(found, system):
    return next(each for each in found.lines if each.system == system)


def test_systems_stand_by_name_with_their_places_by_state(north, south):
    found = overview()

    names = [each.system.name for each in found.lines]
    assert {north.name, south.name} <= set(names)
    assert names == sorted(names)
    assert line(found, north).states == (("Preparing", 1), ("Submitted", 5))
    assert line(found, north).places == 6


@pytest.mark.parametrize("code", ["", "SO1", "SO", "PE2"])
def test_levels_and_verdicts_are_those_of_the_documents(north, code):
    sealed = Snapshot.objects.filter(seal__isnull=False, assessment__system=north)
    documents = [json.loads(text) for text in sealed.values_list("text", flat=True)]
    nodes = [
        each
        for document in documents
        for each in (
            document["criteria"] if not code else [*document["criteria"], *document["domains"], *document["tiers"]]
        )
        if code in ("", each["code"])
    ]
    by_hand = Counter(each["supported"]["level"] for each in nodes)
    said = Counter(document["improvement"]["pathways"][0]["verdict"] for document in documents)

    found = line(overview(code=code), north)

    assert found.bar.counts == tuple(by_hand[rank] for rank in (1, 2, 3, 4))
    assert found.bar.no_level == by_hand[None]
    assert dict(found.verdicts[0]) == {words.lower().replace("_", " "): number for words, number in said.items()}


def test_of_fewer_than_five_places_nothing_is_told_but_how_far_they_have_come(client, north, south):
    found = line(overview(code="SO1"), south)

    assert (found.submitted, found.is_hidden, found.bar.total, found.verdicts) == (4, True, 0, None)
    client.force_login(factories.create_user(administrator=True))
    csv = client.get(reverse("reports:national_chart", args=["csv"])).text
    assert "Fewer than 5 places, not shown" in next(row for row in csv.splitlines() if south.name in row)
    assert "ewer than five places, not shown" in client.get(URL).text


def test_what_a_round_keeps_at_its_places_is_not_counted(west):
    found = line(overview(), west)

    assert (found.shown, found.submitted, found.bar) == (None, 0, None)
    assert found.states == (("Preparing", 1), ("Submitted", 5))


def test_a_version_that_is_made_anew_does_not_count_before_it_is_submitted(north):
    seal = Seal.objects.select_related("assessment").filter(assessment__system=north).first()
    before = line(overview(code="SO1"), north).bar

    factories.reopened(seal.assessment)

    assert line(overview(code="SO1"), north).bar == before


def test_a_system_that_uses_another_framework_says_so(north):
    other = create_system("P", "Q")
    version = factories.create_framework_version(code="orchard", name="Orchard framework")
    submit_all(other, framework_version=version)

    garden, orchard = overview(), overview(framework="orchard")

    assert line(garden, other).note == "assessed by another framework: Orchard framework"
    assert line(orchard, other).note == ""
    assert str(north.public_id) in [each.code for each in garden.figure.bars]
    assert str(other.public_id) not in [each.code for each in garden.figure.bars]
    assert len(garden.frameworks) == 2


# Who sees it


@pytest.mark.parametrize("role", Role)
def test_it_is_for_those_who_watch_a_system_and_administrators(client, north, role):
    client.force_login(factories.holder(role, north.places.first()))
    kinds = [URL, reverse("reports:national_chart", args=["svg"]), reverse("reports:national_chart", args=["csv"])]

    statuses = {client.get(url).status_code for url in kinds}

    assert statuses == ({200} if role in OF_SYSTEM else {403})
    assert set(Role) == AT_PLACE | OF_SYSTEM


def test_it_names_no_place_and_leads_to_ones_own_system_alone(client, north, south):
    client.force_login(factories.holder(Role.REVIEWER, north.places.first()))

    text = client.get(URL).text

    assert reverse("reports:system", args=[north.public_id]) in text
    assert reverse("reports:system", args=[south.public_id]) not in text
    assert not [place for place in north.places.all() if f">{place.name}<" in text]


def test_without_any_round_it_says_what_will_come(client, monkeypatch):
    monkeypatch.setattr("reports.national._rounds", lambda: ({}, {}))
    client.force_login(factories.create_user(administrator=True))

    assert "No round anywhere yet" in client.get(URL).text
    assert client.get(reverse("reports:national_chart", args=["svg"])).status_code == 404


def test_it_takes_the_same_few_queries_for_one_system_and_for_many(client, north, django_assert_num_queries):
    client.force_login(factories.create_user(administrator=True))
    with CaptureQueriesContext(connection) as few:
        client.get(URL)
    for number in range(8):
        factories.create_round(system=create_system(f"Place {number}"))

    # session, user, whom they watch, all rounds, those shown, their versions, levels, verdicts, states
    with django_assert_num_queries(9):
        client.get(URL)
    assert len(few) == 9
