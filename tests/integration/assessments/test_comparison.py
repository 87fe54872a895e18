"""Two rounds in two versions of the framework: what can be compared is, and nothing else."""

from datetime import date

import pytest
from django.urls import reverse

from assessments import documents
from assessments.services.freezing import freeze
from assessments.workflow import Move, State
from frameworks.models import FrameworkVersion
from partnership.roles import Role
from tests import factories
from tests.integration.assessments.conftest import without_higher_rooms
from tests.kept import kept
from tests.unit.frameworks.garden_versions import node, second_garden

pytestmark = pytest.mark.django_db
SPRING = date(2026, 4, 1)
SUMMER = date(2026, 7, 1)
DAY = factories.AT.date()


def change(data):
    """Reword SO2, give PE1 another weight, and SO1 another code."""
    node(data, "SO2")["summary"] = "Something else."
    node(data, "PE1")["weight"] = 3
    node(data, "SO1")["code"] = "SO9"


def publish_second(first):
    account = {"criteria": {"SO9": {"what": "moved", "from": ["SO1"]}}, "dropped": []}
    data = second_garden(change, **account)
    return factories.create_framework_version(**data)


@kept
def place():
    return factories.create_place()


@kept
def spring(place):
    """Return a sealed assessment of spring in the first version, with an item agreed at level 2 in three criteria."""
    assessment = factories.create_assessment(place=place, name="Spring", opens_on=SPRING)
    for code in ("SO1", "SO2", "PE1"):
        factories.create_item(assessment, code=code, statement=f"We do {code}.")
    with without_higher_rooms():
        return factories.submitted(assessment)


@pytest.fixture
def autumn(place, spring):
    second = publish_second(spring.framework_version)
    return factories.create_assessment(place=place, name="Autumn", framework_version=second)


def test_only_criteria_that_mean_the_same_have_a_previous_level(spring, autumn):
    before = documents.previous(assessment=autumn)

    assert before["comparable"]
    assert before["version"] == "1.0"
    assert before["criteria"]["SO9"]["claimed"] == {"status": "level", "level": 2}
    assert set(before["criteria"]) == {"SO9", "SO3", "PE2a", "PE2b", "PE3"}
    assert before["changed"] == {
        "SO2": "SO2 Criterion SO2: since version 1.0 its wording changed.",
        "PE1": "PE1 Criterion PE1: since version 1.0 its weight changed.",
    }
    same = spring.items.get(criterion__code="SO1")
    assert set(before["items"]) == {str(same.lineage)}


def test_what_reviewers_found_goes_along_for_the_criteria_that_mean_the_same(place, spring, autumn):
    assert documents.previous(assessment=autumn)["reviewed"] is None
    with without_higher_rooms():
        factories.move(spring, Move.START_REVIEW)
        for code in ("SO1", "SO2", "PE1"):
            factories.create_finding(spring, code=code)
        factories.decided_after_review(spring)

    found = documents.previous(assessment=autumn)["reviewed"]

    assert found == {
        "decided_on": spring.decision.decided_on.isoformat(),
        "digest": spring.decision.digest,
        "levels": {"SO9": 2},
    }


def test_in_the_same_version_every_criterion_has_its_previous_level(place, spring):
    again = factories.create_assessment(place=place, name="Autumn", framework_version=spring.framework_version)

    before = documents.previous(assessment=again)

    assert len(before["criteria"]) == 7
    assert before["changed"] == {}
    assert len(before["items"]) == 3


def test_a_scale_that_changed_leaves_nothing_to_compare(place, spring):
    def rescaled(data):
        data["scale"]["levels"][0]["name"] = "Bare"

    data = second_garden(rescaled)
    version = factories.create_framework_version(**data)
    before = documents.previous(
        assessment=factories.create_assessment(place=place, name="Autumn", framework_version=version)
    )

    assert not before["comparable"]
    assert before["criteria"] == before["items"] == {}
    assert len(before["changed"]) == 7


def test_comparing_costs_one_query_between_versions_and_none_within_one(
    place, spring, autumn, django_assert_num_queries
):
    again = factories.create_assessment(place=place, name="Winter", framework_version=spring.framework_version)
    autumn, again = (
        type(each).objects.select_related("place", "round", "framework_version").get(pk=each.pk)
        for each in (autumn, again)
    )

    with django_assert_num_queries(1):
        documents.previous(assessment=again)
    with django_assert_num_queries(2):
        documents.previous(assessment=autumn)


def test_what_is_frozen_says_what_changed(spring, autumn):
    factories.create_item(autumn, code="SO9", statement="We do SO1.")
    factories.in_agreeing(autumn)

    snapshot = freeze(assessment=autumn, by=factories.holder(Role.CHAIR, autumn.place), at=factories.AT)

    assert set(documents.stored(snapshot)["previous"]["changed"]) == {"SO2", "PE1"}


def scored_page(client, assessment, code, statement):
    item = factories.create_item(assessment, code=code, statement=statement)
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    factories.create_score(item, by=member)
    client.force_login(member)
    return reverse("assessments:score", args=[assessment.public_id, code])


def test_the_scoring_page_gives_last_rounds_level_of_a_criterion_with_another_code(client, autumn):
    page = client.get(scored_page(client, autumn, "SO9", "We do SO1."))

    assert "The board agreed last time: Evolving (Spring)" in page.text


@pytest.mark.parametrize("code, facet", [("SO2", "wording"), ("PE1", "weight")])
def test_the_scoring_page_says_where_last_rounds_level_cannot_be_compared(client, autumn, code, facet):
    page = client.get(scored_page(client, autumn, code, f"We do {code}."))

    assert "The board agreed last time" not in page.text
    assert "What the board agreed last time (Spring) cannot be compared." in page.text
    assert f"since version 1.0 its {facet} changed" in page.text


def test_the_scoring_page_takes_one_query_more_between_versions(client, autumn, django_assert_num_queries):
    address = scored_page(client, autumn, "SO9", "We do SO1.")

    # session, user, assessment, capacity, own scores, items, artefacts, last round, both versions, notes
    with django_assert_num_queries(10):
        client.get(address)


def test_a_round_is_compared_with_the_last_one_on_its_own_framework(place, spring):
    orchard = factories.create_framework_version(code="orchard")
    other = factories.create_assessment(place=place, name="Summer", opens_on=SUMMER, framework_version=orchard)
    assert documents.previous(assessment=other) is None

    factories.create_item(other, code="SO1", statement="Apples are picked.")
    with without_higher_rooms():
        factories.submitted(other)
    again = factories.create_assessment(place=place, name="Autumn", framework_version=spring.framework_version)

    assert FrameworkVersion.objects.count() == 2
    assert documents.previous(assessment=again)["round"] == "Spring"


def test_the_scoring_page_gives_the_level_of_the_last_round_on_its_own_framework(client, place, spring):
    orchard = factories.create_framework_version(code="orchard")
    other = factories.create_assessment(place=place, name="Summer", opens_on=SUMMER, framework_version=orchard)
    factories.create_item(other, code="SO1", statement="We do SO1.")
    with without_higher_rooms():
        factories.submitted(other)
    again = factories.create_assessment(place=place, name="Autumn", framework_version=spring.framework_version)

    page = client.get(scored_page(client, again, "SO1", "We do SO1."))

    assert "The board agreed last time: Evolving (Spring)" in page.text


def test_the_fixtures_reach_the_states_that_they_name(spring, autumn):
    assert (spring.state, autumn.state) == (State.SUBMITTED, State.PREPARING)
