"""A place's dashboard: what it shows whom, in few queries, with the document's own numbers."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments import documents
from assessments.models import Judgement
from assessments.services.signing import current_snapshot
from assessments.workflow import State
from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM, Role
from tests import factories
from tests.integration.reports.place_pages import FIRST, create_assessment, level_page, page, read, rich

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_report_is_ordered")]
WORKS = AT_PLACE - {Role.OBSERVER}


@pytest.mark.parametrize("role", Role)
def test_everybody_of_the_place_and_its_icb_sees_what_was_submitted(client, place, role):
    assessment = create_assessment(place)

    text = read(client, role, place).text

    assert "Autumn round&nbsp;· signed 1 October 2026" in text
    assert "The evidence supports what the board agreed" in text
    assert read(client, role, place, level_page(assessment)).status_code == 200


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", [State.AGREEING, State.SIGNING, State.SIGNED])
def test_before_it_is_submitted_only_those_who_work_on_it_see_levels(client, place, state, role):
    assessment = create_assessment(place, state)

    response = read(client, role, place)

    assert response.status_code == 200
    assert ("The profile as a table" in response.text) == (role in WORKS)
    assert read(client, role, place, page(place, assessment)).status_code == (200 if role in WORKS else 404)
    assert read(client, role, place, level_page(assessment)).status_code == (200 if role in WORKS else 403)


@pytest.mark.parametrize("role", [Role.LEAD, Role.CHAIR, Role.CONTRIBUTOR, Role.MEMBER])
@pytest.mark.parametrize("state", [State.PREPARING, State.SCORING])
def test_while_nothing_is_agreed_the_page_shows_evidence_and_no_level(client, place, state, role):
    assessment = create_assessment(place, state)
    if state == State.PREPARING:
        factories.create_item(assessment)

    text = read(client, role, place).text

    assert "Levels come once the board has scored and agreed" in text
    assert "0 of 1 item has evidence in date" in text
    assert "The profile as a table" not in text
    assert "Levels come once the board has agreed them" in read(client, role, place, level_page(assessment)).text


@pytest.mark.parametrize("role", sorted(OF_SYSTEM))
def test_the_icb_does_not_see_what_a_round_keeps_to_the_places(client, place, role):
    assessment = create_assessment(place, visibility="PLACE")

    assert "Nothing to show yet" in read(client, role, place).text
    assert read(client, role, place, page(place, assessment)).status_code == 404


def test_other_places_and_systems_find_nothing(client, place):
    assessment = create_assessment(place)

    for role in (Role.LEAD, Role.PROGRAMME_OFFICE):
        stranger = factories.holder(role, factories.create_place())
        assert read(client, stranger, place).status_code == 404
        assert read(client, stranger, place, level_page(assessment)).status_code == 404


def test_nonsense_in_the_address_is_not_found(client, place):
    create_assessment(place)

    assert read(client, Role.LEAD, place, page(place) + "?round=nonsense").status_code == 404
    assert read(client, Role.LEAD, place, page(place) + "?view=nonsense").status_code == 200


def test_a_place_without_a_round_says_what_will_come(client, place):
    assert "Nothing to show yet" in read(client, Role.LEAD, place).text


def two_rounds(place):
    """Return a submitted assessment and a later one with two items in scoring."""
    earlier = create_assessment(place, name="Spring round", **FIRST)
    later = create_assessment(place, State.PREPARING)
    factories.create_item(later)
    factories.create_item(later)
    return earlier, factories.in_scoring(later)


def test_a_member_sees_no_earlier_level_until_every_item_is_scored(client, place):
    earlier, later = two_rounds(place)
    member = factories.board(place, 1)[0]

    for url in (page(place), page(place, earlier), page(place, earlier, view="radar")):
        text = read(client, member, place, url).text
        assert "The levels of Spring round are shown once you have scored" in text
        assert "You have 2 items of Autumn round left to score" in text
        assert "Evolving" not in text
        assert "svg" not in text.partition("<main")[2].partition("</main>")[0]
    text = read(client, member, place, level_page(earlier)).text
    assert "so that it does not lead you" in text
    assert "Evolving" not in text

    for item in later.items.all():
        factories.create_score(item, by=member)
    assert "Evolving" in read(client, member, place).text
    assert "What the board agreed" in read(client, member, place, level_page(earlier)).text


@pytest.mark.parametrize("role", [Role.LEAD, Role.CHAIR, Role.PROGRAMME_OFFICE, Role.CONTRIBUTOR])
def test_those_who_do_not_score_see_the_earlier_levels(client, place, role):
    two_rounds(place)

    text = read(client, role, place).text

    assert "Spring round&nbsp;· signed" in text
    assert "Evolving" in text
    assert ("Autumn round is in progress" in text) == (role != Role.PROGRAMME_OFFICE)


def test_the_round_before_stands_beside_once_the_next_is_agreed(client, place):
    create_assessment(place, name="Spring round", **FIRST)
    later = create_assessment(place, State.AGREEING)
    factories.create_agreement(later.items.get(), level=3, reason="There is a plan now.")

    text = read(client, Role.CHAIR, place).text

    assert "agreed last time (Spring round)" in text
    address = reverse("reports:level", args=[later.public_id, "SO1"])
    assert f'Since Spring round: 1 higher (<a href="{address}">Criterion SO1</a>)' in text


@pytest.mark.parametrize("role", sorted(BOARD | {Role.CONTRIBUTOR}))
def test_only_the_board_sees_how_scores_lie_while_it_agrees(client, place, role):
    assessment = create_assessment(place, State.PREPARING)
    factories.in_agreeing(assessment, 1, 1, 4, 4)

    for url in (page(place), level_page(assessment)):
        text = read(client, role, place, url).text
        assert ("2 at Emerging" in text) == (role in BOARD)
    assert ("1 split" in read(client, role, place).text) == (role in BOARD)


def cells(text, table):
    """Return the words of a table's body, row by row."""
    inner = re.search(rf'id="{table}".*?<tbody>(.*?)</table>', text, re.DOTALL).group(1)
    return [
        [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", inner, re.DOTALL)
    ]


def test_tables_and_charts_show_the_documents_numbers(client, place):
    document = documents.stored(current_snapshot(rich(place)))
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}

    text = read(client, Role.CHAIR, place).text
    profile = {row[0].split()[0]: row for row in cells(text, "profile-table")}
    coverage = {row[0].split()[0]: row for row in cells(text, "coverage-table")}

    for criterion in document["criteria"]:
        shown = profile[criterion["code"]]
        for column, standing in ((1, "claimed"), (2, "supported")):
            level = criterion[standing]["level"]
            words = f"{level} {names[level]}" if level else criterion[standing]["status"].replace("_", " ").capitalize()
            is_split = level and standing == "claimed" and criterion["split"]
            assert shown[column] == (f"{words} , but split" if is_split else words)
        evidence = criterion["coverage"]
        assert shown[3] == f"{evidence['in_date']} of {evidence['applicable']}"
        assert shown[4:8] == [str(count) for count in criterion["counts"]]
        assert int(coverage[criterion["code"]][1]) == evidence["in_date"]
        assert int(coverage[criterion["code"]][4]) == evidence["applicable"]
    assert int(coverage["All"][1]) == document["coverage"]["in_date"]


def test_every_drawing_is_named_and_every_row_leads_to_its_trace(client, place):
    assessment = rich(place)

    text = read(client, Role.CHAIR, place).text
    drawings = [ET.fromstring(found) for found in re.findall(r"<svg [^>]*app-chart.*?</svg>", text, re.DOTALL)]

    assert len(drawings) == 6
    assert all(drawing.get("aria-label") for drawing in drawings)
    # Artefacts by strength and age are of all criteria together, and lead nowhere.
    for drawing in (each for each in drawings if "Artefacts by strength" not in "".join(each.itertext())):
        hrefs = {anchor.get("href") for anchor in drawing.iter("{http://www.w3.org/2000/svg}a")}
        assert level_page(assessment, "SO1") in hrefs
        assert all(client.get(href).status_code == 200 for href in hrefs)


def test_the_address_narrows_the_page_and_its_charts_and_is_carried_on(client, place):
    assessment = rich(place)

    text = read(client, Role.CHAIR, place, page(place, assessment, domain="PE", only="bare")).text
    rows = {row[0].split()[0] for row in cells(text, "coverage-table")}

    assert "SO1" not in rows
    assert "PE1" in rows
    assert "Only these criteria are shown: " in text
    assert "charts/profile.csv?domain=PE&amp;only=bare" in text
    assert "view=radar&amp;domain=PE&amp;only=bare#profile" in text
    assert '<option value="PE" selected>' in text
    csv = client.get(reverse("reports:chart", args=[assessment.public_id, "profile", "csv"]) + "?domain=PE").text
    assert "SO1" not in csv
    assert "PE1" in csv


def test_a_narrowing_that_nothing_fits_says_so(client, place):
    create_assessment(place)

    text = read(client, Role.CHAIR, place, page(place, domain="PE", only="split")).text

    assert "No criterion answers to that" in text
    assert "Show all" in text
    assert "Seed fund: not ready" in text


def test_the_contents_lead_to_each_part_of_the_page(client, place):
    rich(place)

    text = read(client, Role.CHAIR, place).text
    anchors = re.findall(r'href="#([^"]+)"', text.partition('aria-label="On this page"')[2].partition("</nav>")[0])

    assert anchors[:2] == ["profile", "coverage"]
    assert all(f'id="{anchor}"' in text for anchor in anchors)


def test_the_radar_is_the_second_view(client, place):
    assessment = create_assessment(place)

    text = read(client, Role.CHAIR, place, page(place, view="radar")).text

    assert "the centre: no level" in text
    assert "profile-figure" not in text
    assert "The profile as a table" in text
    # Each name leads on; on a phone it is the code, which the label begins with.
    for label in ("Criterion SO1: ", "SO1 Criterion SO1: "):
        assert f'<a href="{level_page(assessment)}" aria-label="{label}' in text


def test_every_gate_stands_with_its_value_its_threshold_and_its_remedy(client, place):
    document = documents.stored(current_snapshot(rich(place)))

    text = read(client, Role.PROGRAMME_OFFICE, place).text.replace("&#x27;", "'")

    for pathway in document["improvement"]["pathways"]:
        assert f'id="pathway-{pathway["code"]}"' in text
        assert f'href="#pathway-{pathway["code"]}"' in text
        for gate in pathway["gates"]:
            assert gate["value"] in text
            assert gate["threshold"] in text
            assert gate["remedy"] in text


@pytest.mark.parametrize("role", Role)
def test_only_those_who_plan_are_offered_an_action_for_a_gate(client, place, role):
    create_assessment(place)

    text = read(client, role, place).text

    assert ("?gate=seed-fund:" in text) == (role in {Role.LEAD, Role.CHAIR})


def test_an_action_planned_after_signing_stands_at_its_gate_and_leaves_the_signed_verdict(client, place):
    assessment = create_assessment(place)
    before = documents.stored(current_snapshot(assessment))["improvement"]["pathways"][0]
    failing = next(gate["code"] for gate in before["gates"] if gate["status"] != "pass")
    yesterday = timezone.localdate() - timedelta(days=1)
    factories.create_action(assessment, title="Write the missing items", due_on=yesterday, gate=("seed-fund", failing))

    text = read(client, Role.CHAIR, place).text

    assert text.count("Write the missing items") == 2
    # In the verdict at the top, above its gates, at the gate and in the list of actions.
    assert text.count("1 action overdue.") == 2
    assert text.count(">overdue<") == 2
    assert "Seed fund: not ready" in text


def test_evidence_due_for_review_is_listed_for_those_who_may_see_it(client, place):
    create_assessment(place)
    today = timezone.localdate()
    factories.create_artefact(place, title="Old plan", review_by=today - timedelta(days=1))
    factories.create_artefact(place, title="Board minutes", review_by=today + timedelta(days=1), sensitivity="BOARD")
    factories.create_artefact(place, title="New plan", review_by=today + timedelta(days=400))

    chair, contributor = (read(client, role, place).text for role in (Role.CHAIR, Role.CONTRIBUTOR))

    assert "Old plan" in chair
    assert "it no longer counts" in chair
    assert "Board minutes" in chair
    assert "New plan" not in chair
    assert "Board minutes" not in contributor


def test_an_item_that_does_not_apply_lacks_no_evidence(client, place):
    assessment = create_assessment(place, State.PREPARING)
    first, second = factories.create_item(assessment), factories.create_item(assessment)
    factories.in_agreeing(assessment)
    factories.create_agreement(first)
    factories.create_agreement(second, judgement=Judgement.NOT_APPLICABLE, level=None, reason="There is no river.")

    text = read(client, Role.CHAIR, place).text

    assert "The 1 item without evidence in date" in text
    assert "1 of 2 split" not in text


@pytest.mark.parametrize("size", [1, 5])
@pytest.mark.parametrize("state, queries", [(State.SUBMITTED, 10), (State.AGREEING, 15), (State.SCORING, 14)])
def test_the_page_takes_the_same_few_queries_for_little_data_and_much(
    client, place, state, queries, size, django_assert_num_queries
):
    for number in range(size):
        create_assessment(place, name=f"Round {number}", **FIRST | {"opens_on": date(2026, 1, 1 + number)})
    assessment = create_assessment(place, State.PREPARING)
    for code in ("SO1", "SO2", "PE1"):
        for _ in range(size):
            factories.create_artefact(place, item=factories.create_item(assessment, code=code))
    for _ in range(size):
        factories.create_action(assessment)
    factories.WAYS[state](assessment)
    client.force_login(factories.holder(Role.CHAIR, place))

    # session, user, place, capacity, assessments; snapshot, or what a live document takes; actions, artefacts due
    with django_assert_num_queries(queries):
        assert client.get(page(place, assessment)).status_code == 200


def test_a_members_page_stays_within_the_budget(client, place, django_assert_max_num_queries):
    two_rounds(place)
    client.force_login(factories.board(place, 1)[0])

    with django_assert_max_num_queries(15):
        client.get(page(place))
