"""Citing artefacts of the register for an item: who may, when, and where in the artefact."""

import pytest

from assessments.workflow import BEFORE_FREEZE, State
from tests import factories
from tests.integration.assessments.test_items import WRITERS, move_to, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(people, place):
    return factories.create_assessment(place=place)


@pytest.mark.parametrize("role", ["lead", "contributor", "member", "outsider"])
@pytest.mark.parametrize("state", State.values)
def test_who_cites_artefacts_in_which_state(client, people, place, assessment, role, state):
    item = factories.create_item(assessment)
    cited, other = factories.create_artefact(place, item=item), factories.create_artefact(place)
    move_to(assessment, state)
    client.force_login(people[role])

    cite = client.post(url("item_cite", assessment, item.public_id), {"artefact": str(other.public_id)})
    uncite = client.post(url("item_uncite", assessment, item.public_id, cited.public_id))

    may = role in WRITERS and state in BEFORE_FREEZE
    now = set(item.artefact_links.values_list("artefact", flat=True))
    assert now == ({other.pk} if may else {cited.pk})
    expected = {"outsider": 404, "member": 403}.get(role, 302 if may else 409)
    assert cite.status_code == expected
    assert uncite.status_code == (302 if role in WRITERS else expected)


def test_citing_says_where_in_the_artefact(client, people, place, assessment):
    item = factories.create_item(assessment)
    artefact = factories.create_artefact(place, title="Joint plan")
    client.force_login(people["contributor"])

    response = client.post(
        url("item_cite", assessment, item.public_id),
        {"artefact": str(artefact.public_id), "locator": "section 4.2"},
        follow=True,
    )

    assert "section 4.2" in response.text
    assert item.artefact_links.get().locator == "section 4.2"


def test_an_artefact_of_another_place_cannot_be_cited(client, people, assessment):
    item = factories.create_item(assessment)
    elsewhere = factories.create_artefact(factories.create_place())
    client.force_login(people["lead"])

    response = client.post(url("item_cite", assessment, item.public_id), {"artefact": str(elsewhere.public_id)})

    assert "Choose an artefact that is in the register now" in response.text
    assert not item.artefact_links.exists()


def test_citing_nothing_says_what_to_choose(client, people, assessment):
    item = factories.create_item(assessment)
    client.force_login(people["lead"])

    response = client.post(url("item_cite", assessment, item.public_id), {})

    assert "Choose an artefact" in response.text
    assert response.text.count("There is a problem") == 1
