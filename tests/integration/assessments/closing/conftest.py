"""Two places of a system that close and become part of each other."""

import pytest
from django.utils import timezone

from partnership.models import Membership, Place
from partnership.roles import Role
from partnership.services import closing
from partnership.services.opening_again import open_again
from tests import factories


@pytest.fixture(autouse=True)
def _no_report_is_ordered(settings):
    settings.ON_SEALED = []


@pytest.fixture
def system():
    return factories.create_system()


@pytest.fixture
def ashby(system):
    return factories.create_place("Ashby", system=system)


@pytest.fixture
def tarn(system):
    return factories.create_place("Tarn", system=system)


@pytest.fixture
def office(ashby):
    return factories.holder(Role.PROGRAMME_OFFICE, ashby)


@pytest.fixture
def administrator():
    return factories.create_user(administrator=True)


def today():
    return timezone.localdate()


def close(*places, by, into=None, **values):
    defaults = {"closed_on": today(), "reason": "The boroughs merged", "at": timezone.now()}
    return closing.close(system=places[0].system, places=list(places), successor=into, by=by, **defaults | values)


def again(place, by, **values):
    place.refresh_from_db()
    return open_again(
        place=place, reason="It was a mistake", by=by, at=timezone.now(), **{"based_on": place.version} | values
    )


def current(place):
    return {(each.user, each.role) for each in Membership.objects.current().filter(place=place)}


def refreshed(place):
    return Place.objects.select_related("system", "part_of").get(pk=place.pk)
