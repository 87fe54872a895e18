import pytest

from assessments.models import Assessment
from partnership import audit
from partnership.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


def test_an_assessment_comes_with_its_place_and_its_history():
    place = factories.create_place("Ashby")

    assessment = factories.create_assessment(place=place)

    assert assessment.state == Assessment.State.PREPARING
    assert [change.to_state for change in assessment.state_changes.all()] == [Assessment.State.PREPARING]
    chain = AuditEvent.objects.filter(chain=audit.chain_key(assessment))
    assert [event.type for event in chain] == [audit.Type.ASSESSMENT_OPENED]
    assert not list(audit.faults(audit.chain_key(assessment)))


def test_a_round_covers_the_places_of_its_system():
    system = factories.create_system()
    places = [factories.create_place(system=system) for _ in range(3)]

    opened = factories.create_round(system=system)

    assert {assessment.place for assessment in opened.assessments.all()} == set(places)


def test_two_rounds_share_the_garden_framework():
    assert factories.create_round().framework_version == factories.create_round().framework_version


def test_an_item_and_its_artefact_belong_to_the_same_place():
    item = factories.create_item(factories.create_assessment(), code="PE1")

    artefact = factories.create_artefact(item.assessment.place, item=item, locator="page 3")

    assert item.artefact_links.get().artefact == artefact
    assert item.artefact_links.get().locator == "page 3"
