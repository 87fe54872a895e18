"""A place with a signed round in spring and a next one in autumn, on the same version or on one that changed."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.services import carrying
from tests import factories
from tests.integration.assessments.conftest import without_higher_rooms
from tests.kept import kept
from tests.unit.frameworks.definitions import criterion
from tests.unit.frameworks.garden_versions import node, second_garden

AT = factories.AT
SPRING = date(2026, 4, 1)
ROLES = ["lead", "contributor", "chair", "member", "observer", "programme_office", "outsider"]


@kept
def place():
    return factories.create_place("Ashby")


@kept
def people(place):
    return factories.create_people(*ROLES, place=place)


@kept
def spring(place, people):
    """Return a signed assessment of spring, with two items for SO1 and one each for SO2, SO3 and PE1."""
    assessment = factories.create_assessment(place=place, name="Spring", opens_on=SPRING)
    for code in ("SO1", "SO1", "SO2", "SO3", "PE1"):
        item = factories.create_item(assessment, code=code, statement=f"We do {code}, {next(factories.numbers)}.")
        factories.create_artefact(place, item=item, locator="page 3", title=f"Proof of {code}")
    with without_higher_rooms():
        return factories.submitted(assessment)


@pytest.fixture
def autumn(place, spring):
    return factories.create_assessment(place=place, name="Autumn", framework_version=spring.framework_version)


def change(data):
    """Split SO1 in two, merge SO2 into a new one with SO3, reword PE1, and leave the rest."""
    node(data, "SO")["nodes"] = [criterion("SO1a"), criterion("SO1b"), criterion("SO9")]
    node(data, "PE1")["summary"] = "Something else."


ACCOUNT = {
    "SO1a": {"what": "split", "from": ["SO1"]},
    "SO1b": {"what": "split", "from": ["SO1"]},
    "SO9": {"what": "merged", "from": ["SO2", "SO3"], "note": "Soil is soil."},
}


@pytest.fixture
def changed(place, spring):
    """Return an assessment in a second version, which split, merged and reworded criteria."""
    data = second_garden(change, criteria=ACCOUNT, dropped=[])
    version = factories.create_framework_version(**data)
    return factories.create_assessment(place=place, name="Autumn", framework_version=version)


def carry(assessment, source, people, **values):
    return carrying.carry_forward(
        **{"assessment": assessment, "source": source, "by": people["lead"], "at": AT} | values
    )


def shown(assessment):
    return {str(item.public_id): item.version for item in assessment.items.unconfirmed()}


def address(name, assessment):
    return reverse(f"assessments:{name}", args=[assessment.public_id])
