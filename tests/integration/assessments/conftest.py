from contextlib import contextmanager

import pytest
from django.test import override_settings

from partnership.roles import Role
from tests import factories


@contextmanager
def without_higher_rooms():
    """Let freezing, sealing and deciding do without higher rooms."""
    with override_settings(SNAPSHOT_SECTIONS={}, ON_DECIDED=[], ON_SEALED=[]):
        yield


@pytest.fixture
def hooks():
    """Do without higher rooms in a test."""
    with without_higher_rooms():
        yield


@pytest.fixture
def member(assessment):
    return factories.holder(Role.MEMBER, assessment.place)


@pytest.fixture
def lead(assessment):
    return factories.holder(Role.LEAD, assessment.place)


@pytest.fixture
def browser(client, member):
    client.force_login(member)
    return client
