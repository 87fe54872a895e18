"""The charts of a place as files: the same as on its page, for the same people."""

from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from assessments.workflow import State
from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM, Role
from reports.views.charts import CHARTS, KINDS
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_report_is_ordered")]
EVERY = [(name, kind) for name in CHARTS for kind in KINDS]


def get(client, person, assessment, name="profile", kind="csv"):
    client.force_login(person)
    return client.get(reverse("reports:chart", args=[assessment.public_id, name, kind]))


@pytest.mark.parametrize("name, kind", EVERY)
def test_every_chart_comes_as_a_file_with_a_name_that_tells_what_it_is(client, place, name, kind):
    assessment = factories.create_assessment(place=place, state=State.SUBMITTED, name="Autumn round")

    response = get(client, factories.holder(Role.CHAIR, place), assessment, name, kind)

    assert response["Content-Disposition"] == f'attachment; filename="mossley-autumn-round-{name}.{kind}"'
    assert response["Content-Type"].startswith(KINDS[kind][0])
    if kind == "svg":
        assert ET.fromstring(response.text).tag == "{http://www.w3.org/2000/svg}svg"
    else:
        assert ("Documented intent" if name == "evidence" else "Criterion SO1") in response.text


def test_the_page_leads_to_each_file(client, place):
    assessment = factories.create_assessment(place=place, state=State.SUBMITTED)
    client.force_login(factories.holder(Role.CHAIR, place))
    texts = [
        client.get(reverse("reports:place", args=[place.public_id], query=q)).text for q in ({}, {"view": "radar"})
    ]

    for name, kind in EVERY:
        address = reverse("reports:chart", args=[assessment.public_id, name, kind])
        assert any(f'href="{address}"' in text for text in texts), address


@pytest.mark.parametrize("role", Role)
def test_before_it_is_submitted_only_those_who_work_on_it_get_one(client, place, role):
    assessment = factories.create_assessment(place=place, state=State.AGREEING)

    allowed = role in AT_PLACE - {Role.OBSERVER}

    assert get(client, factories.holder(role, place), assessment).status_code == (200 if allowed else 403)


@pytest.mark.parametrize("role", sorted(BOARD | {Role.CONTRIBUTOR}))
def test_how_scores_lie_is_for_the_board_while_it_agrees(client, place, role):
    assessment = factories.create_assessment(place=place, state=State.AGREEING)

    text = get(client, factories.holder(role, place), assessment).text

    assert (",0,3,0,0," in text) == (role in BOARD)


@pytest.mark.parametrize("role", sorted(OF_SYSTEM))
def test_the_icb_gets_none_of_what_a_round_keeps_to_the_places(client, place, role):
    assessment = factories.create_assessment(place=place, state=State.SUBMITTED, visibility="PLACE")

    assert get(client, factories.holder(role, place), assessment).status_code == 403


def test_before_levels_are_agreed_there_is_coverage_alone(client, place):
    assessment = factories.create_assessment(place=place, state=State.SCORING)
    lead = factories.holder(Role.LEAD, place)

    assert get(client, lead, assessment, "profile").status_code == 403
    assert get(client, lead, assessment, "coverage").status_code == 200


def test_a_member_gets_no_earlier_levels_before_all_is_scored(client, place):
    earlier = factories.create_assessment(place=place, state=State.SUBMITTED)
    later = factories.create_assessment(place=place, state=State.SCORING)
    member = factories.board(place, 1)[0]

    assert get(client, member, earlier).status_code == 403
    factories.create_score(later.items.get(), by=member)
    assert get(client, member, earlier).status_code == 200


@pytest.mark.parametrize("name, kind", [("nonsense", "svg"), ("profile", "pdf")])
def test_there_is_no_other_chart_or_kind(client, place, name, kind):
    assessment = factories.create_assessment(place=place, state=State.SUBMITTED)

    assert get(client, factories.holder(Role.CHAIR, place), assessment, name, kind).status_code == 404


def test_words_that_people_wrote_become_no_formula_and_no_markup(client):
    place = factories.create_place("=cmd|' /C calc'!A0")
    assessment = factories.create_assessment(place=place, state=State.SUBMITTED, name="<b>=1+1")
    chair = factories.holder(Role.CHAIR, place)

    assert "\n=" not in get(client, chair, assessment).text
    assert "<b>" not in get(client, chair, assessment, kind="svg").text


@pytest.mark.parametrize("name, kind", EVERY)
def test_a_file_takes_few_queries(client, place, name, kind, django_assert_num_queries):
    assessment = factories.create_assessment(place=place, state=State.SUBMITTED)
    client.force_login(factories.holder(Role.CHAIR, place))

    with django_assert_num_queries(7):
        client.get(reverse("reports:chart", args=[assessment.public_id, name, kind]))
