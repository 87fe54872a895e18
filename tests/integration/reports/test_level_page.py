"""How a level came about: each node's page shows both standings and what would lift them."""

import pytest

from assessments import documents
from assessments.services.signing import current_snapshot
from assessments.workflow import State
from partnership.roles import Role
from tests import factories
from tests.integration.reports.place_pages import create_assessment, level_page, read, rich

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_report_is_ordered")]


def test_a_trace_shows_both_standings_with_what_holds_them_and_what_would_lift_them(client, place):
    assessment = rich(place)
    document = documents.stored(current_snapshot(assessment))
    criterion = next(each for each in document["criteria"] if each["code"] == "SO1")

    text = read(client, Role.CHAIR, place, level_page(assessment)).text

    assert criterion["claimed"]["sentence"] in text
    assert criterion["supported"]["sentence"] in text
    assert "holds the level down" in text
    assert "Raise item SO1." in text
    assert "give item SO1.2 evidence in date" in text
    for item in document["items"]:
        assert (item["statement"] in text) == (item["criterion"] == "SO1")


@pytest.mark.parametrize("code", ["SO", "PE", "PE2", "PE3", "SO3"])
def test_every_node_has_a_trace(client, place, code):
    assert read(client, Role.CHAIR, place, level_page(rich(place), code)).status_code == 200


def test_no_node_no_trace(client, place):
    assert read(client, Role.CHAIR, place, level_page(create_assessment(place), "XX")).status_code == 404


@pytest.mark.parametrize("state, queries", [(State.SUBMITTED, 5), (State.AGREEING, 12)])
def test_a_trace_takes_few_queries(client, place, state, queries, django_assert_num_queries):
    assessment = create_assessment(place, state)
    client.force_login(factories.holder(Role.CHAIR, place))

    # session, user, assessment, capacity, the snapshot or what a live document takes
    with django_assert_num_queries(queries):
        client.get(level_page(assessment))
