import pytest

from partnership.roles import Role
from tests import factories


@pytest.fixture
def place():
    return factories.create_place("Ashby")


@pytest.fixture
def office(place):
    return factories.holder(Role.PROGRAMME_OFFICE, place)


@pytest.fixture
def council(place):
    return factories.create_organisation("Ashby Council", place=place)
