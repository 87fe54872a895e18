"""Trying a version: an assessor's page over made-up items, of which nothing is stored."""

from pathlib import Path

import lxml.html
import pytest
from django.urls import reverse
from django.utils.html import escape

from assessments.models import EvidenceItem, Score
from assessments.trial_sheet import MOST_ITEMS
from frameworks import definition, services
from frameworks.loading import examine
from frameworks.models import FrameworkVersion
from partnership.models import AuditEvent
from tests import factories, published_shapes
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.garden_versions import node
from tests.unit.templates.markup import outline

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
LIBRARY = sorted((ROOT / "frameworks" / "library").glob("*.yaml"))


@pytest.fixture
def administrator(client):
    user = factories.create_user(administrator=True)
    client.force_login(user)
    return user


def draft(data=None, path=None):
    """Return a version loaded as a draft from data, the garden unless told, or from a file."""
    text = path.read_bytes() if path else definition.canonical_text(data or garden()).encode()
    return services.load_version(examined=examine(text), by=None, at=factories.AT)[0]


def page(version, code=""):
    if code:
        return reverse("assessments:trial_node", args=[version.public_id, code])
    return reverse("assessments:trial", args=[version.public_id])


def choose(client, address, **values):
    """Choose something on a criterion's page as a browser without scripts does, and return the page after it."""
    before = client.get(address)
    kept = {"tried": before.context["address"].items or "", "case": before.context["address"].case}
    return client.post(address, kept | values, follow=True)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_every_part_of_a_shipped_framework_can_be_tried_and_its_cases_opened(client, administrator, path):
    version = draft(path=path)
    parsed = definition.load(version.definition)

    for code in parsed.nodes:
        assert client.get(page(version, code)).status_code == 200
    for number, case in enumerate(parsed.golden, start=1):
        opened = client.get(page(version), {"case": number})
        assert f"Golden case: {case.name}" in opened.content.decode().replace("&#x27;", "'")
        assert "results are as expected" in opened.text


def test_an_author_sees_what_an_assessor_sees(client, administrator, parts_noted):
    version = factories.create_framework_version()
    assessment = factories.in_scoring(factories.create_assessment(framework_version=version))
    tried = client.get(page(version, "SO1"))
    member = factories.board(assessment.place, 1)[0]
    client.force_login(member)
    scored = client.get(reverse("assessments:score", args=[assessment.public_id, "SO1"]))

    seen = ("portal-descriptors", "portal-within-reach", "portal-levels", "score-reason", "score-extra", "portal-chips")
    both = [lxml.html.document_fromstring(answer.text) for answer in (tried, scored)]
    for css in seen:
        parts = [lxml.html.tostring(html.find_class(css)[0], with_tail=False, encoding="unicode") for html in both]
        assert outline(parts[0]) == outline(parts[1])
    for text in ("SO1 at 1", "SO1 at 4", "What SO1 asks.", "Emerging", "Cannot judge", "Not applicable"):
        assert text in tried.text
        assert text in scored.text


def test_levels_and_evidence_that_are_tried_show_what_follows_and_nothing_is_stored(client, administrator):
    version = draft()
    before = AuditEvent.objects.count()

    after = choose(client, page(version, "SO1"), **{"item1-choice": "3", "item1-strength": "0"})
    assert "As agreed" in after.text
    assert "Established: the only item, SO1.1, is at Established." in after.text
    assert "supports Evolving: Established needs documented process in use." in after.text
    assert "Give item SO1.1 evidence in date of documented process in use or stronger." in after.text
    assert "Passes: SO1 Criterion SO1 is at Evolving" in after.text

    again = choose(client, after.context["here"], **{"item1-choice": "3", "item1-strength": "2"})
    assert "No evidence attached" not in again.text.partition("Item 2")[0]
    assert "Passes: SO1 Criterion SO1 is at Established" in again.text

    assert "tried=" in again.redirect_chain[-1][0]
    assert AuditEvent.objects.count() == before
    assert not EvidenceItem.objects.exists()
    assert not Score.objects.exists()


def test_an_item_can_be_not_applicable_and_one_more_is_offered(client, administrator):
    version = draft()

    after = choose(client, page(version, "SO3"), **{"item1-choice": "NOT_APPLICABLE", "item1-strength": "0"})

    assert "Not applicable: its only item does not apply" in after.text
    assert sum(len(group["rows"]) for group in after.context["groups"]) == 2


def test_no_more_items_are_offered_than_anybody_needs(client, administrator):
    version = draft()
    many = {f"item{number}-choice": "2" for number in range(1, MOST_ITEMS + 5)}

    after = choose(client, page(version, "SO1"), **many)

    assert sum(len(group["rows"]) for group in after.context["groups"]) == MOST_ITEMS


def test_a_choice_that_is_none_is_left_out(client, administrator):
    after = choose(client, page(draft(), "SO1"), **{"item1-choice": "9", "item1-strength": "77"})

    assert after.context["address"].items == ""


def test_going_on_leads_through_every_criterion_with_the_trial_kept(client, administrator):
    version = draft()
    address, seen = page(version, "SO1"), []
    while True:
        answer = choose(client, address, **{"item1-choice": "2", "item1-strength": "2", "then": "next"})
        seen.append(answer.context["node"].code)
        if not seen[-1]:
            break
        address = answer.context["here"]

    assert seen == ["SO2", "SO3", "PE1", "PE2a", "PE2b", "PE3", ""]
    assert "Incomplete" not in answer.text


def test_a_trial_goes_on_after_the_file_was_mended_and_loaded_again(client, administrator):
    version = draft()
    tried = choose(client, page(version, "SO1"), **{"item1-choice": "3", "item1-strength": "2"}).context["here"]
    data = garden()
    node(data, "SO1")["name"] = "Earth"
    draft(data)

    after = client.get(tried)

    assert "Earth" in after.text
    assert "SO1.1, is at Established" in after.text


def test_what_the_mended_file_has_no_more_is_named(client, administrator):
    version = draft()
    tried = choose(client, page(version, "SO1"), **{"item1-choice": "3"}).context["address"].items
    data = garden(golden=[], pathways=[])
    data["nodes"][0]["nodes"] = data["nodes"][0]["nodes"][1:]
    draft(data)

    after = client.get(page(version), {"tried": tried})

    assert "There is no criterion SO1." in after.text
    assert client.get(page(version, "SO1")).status_code == 404


def test_a_change_of_an_opened_case_shows_what_is_not_as_expected_any_more(client, administrator):
    version = draft()

    opened = client.get(page(version, "SO1"), {"case": "1"})
    assert "results are as expected" in opened.text

    changed = choose(client, f"{page(version, 'SO1')}?case=1", **{"item1-choice": "", "item1-strength": "0"})
    assert "not as expected" in changed.text
    assert "Claimed SO1" in changed.text


def test_the_trial_is_given_as_a_golden_case(client, administrator):
    version = draft()
    tried = choose(client, page(version, "SO1"), **{"item1-choice": "3", "item1-strength": "2"}).context["address"]

    text = client.get(tried.of()).context["yaml"]

    assert "- name: What this case shows" in text
    assert "SO1:\n        - {level: 3, strength: 2}" in text
    assert "SO1: 3" in text


def test_what_gates_ask_for_besides_is_tried_and_wrong_numbers_are_told(client, administrator):
    version = draft()

    after = client.post(page(version), {"unsettled_splits": "2", "open_conditions": "0"}, follow=True)
    assert "2 unsettled splits" in after.text

    wrong = client.post(page(version), {"unsettled_splits": "-1", "open_conditions": "0"})
    assert wrong.status_code == 200
    assert "<title>Error: " in wrong.text


@pytest.mark.parametrize("address", ["x", "é", "A" * 3000])
def test_an_address_that_was_cut_begins_anew_and_says_so(client, administrator, address):
    answer = client.get(page(draft(), "SO1"), {"tried": address})

    assert answer.status_code == 200
    assert "was cut, so that it begins anew" in answer.text


@pytest.mark.parametrize("case", ["0", "99", "x", "²", "9" * 50])
def test_a_golden_case_that_is_not_there_is_none(client, administrator, case):
    assert client.get(page(draft()), {"case": case}).context["case"] is None


@pytest.mark.parametrize("code", ["SO9", "SO1 "])
def test_a_part_that_is_not_there_is_not_found(client, administrator, code):
    assert client.get(page(draft(), code)).status_code == 404


def test_nobody_but_an_administrator_tries_a_version(client):
    place = factories.create_place()
    version = factories.create_framework_version()
    people = factories.create_people("programme_office", "chair", "outsider", place=place)
    factories.create_assessment(place=place, framework_version=version)
    for person in people.values():
        client.force_login(person)
        assert client.get(page(version)).status_code == 403
        assert client.post(page(version, "SO1"), {"item1-choice": "3"}).status_code == 403


def test_the_way_to_a_trial_leads_from_the_version(client, administrator):
    version = draft()

    text = client.get(reverse("frameworks:version", args=[version.public_id])).text

    assert f'href="{page(version)}"' in text
    assert f'href="{page(version)}?case=1"' in text


@pytest.mark.parametrize("criteria", [10, 500])
def test_the_pages_take_as_many_queries_however_large_the_framework(
    client, administrator, django_assert_num_queries, criteria
):
    data = garden(golden=[], pathways=[])
    soil = data["nodes"][0]
    soil["nodes"] = [dict(soil["nodes"][0], code=f"SO{number}") for number in range(1, criteria + 1)]
    version = draft(data)

    for code in ("", "SO", "SO1"):
        # session, user, version, whether it is retired
        with django_assert_num_queries(4):
            client.get(page(version, code))


def test_a_version_that_is_not_sound_cannot_be_tried(client, administrator):
    version = draft()
    FrameworkVersion.objects.filter(pk=version.pk).update(definition="{}")

    assert client.get(page(version)).status_code == 404


def test_very_many_parts_are_folded_by_branch_with_what_each_comes_to(client, administrator):
    version = draft(published_shapes.territoire())
    parsed = definition.load(version.definition)

    whole = client.get(page(version)).text

    for domain in parsed.domains:
        assert f"{domain.code} {escape(domain.name)}</span> as agreed: Incomplete; as evidence supports:" in whole
    assert whole.count("trial-depth--") == len(parsed.nodes) - 1
    assert "Parts of " not in client.get(page(version, parsed.domains[0].children[0].code)).text


def test_checklists_with_a_great_many_statements_are_folded_too(client, administrator):
    whole = client.get(page(draft(published_shapes.outcomes()))).text

    assert whole.count("</span> as agreed: Incomplete; as evidence supports:") == 4
    # It has no pathways, so that nothing is asked of gates.
    assert "What gates ask for besides" not in whole
