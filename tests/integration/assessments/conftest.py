from contextlib import contextmanager

import pytest
from django.test import override_settings


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
