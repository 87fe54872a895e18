from contextlib import contextmanager

import pytest
from django.test import override_settings

from tests.recalled import memory

SEALED = []


def note_sealed(*, seal, at):
    """Stand for what higher rooms do on sealing; it is made anew each time, so that each time it is noted."""
    memory.lose()
    SEALED.append((seal.digest, at))


@contextmanager
def without_higher_rooms():
    """Let freezing, sealing and deciding do without higher rooms, but for a hook of the tests' own."""
    hook = "tests.integration.assessments.conftest.note_sealed"
    with override_settings(SNAPSHOT_SECTIONS={}, ON_DECIDED=[], ON_SEALED=[hook]):
        yield


@pytest.fixture
def hooks():
    """Do without higher rooms in a test; return what the hook was told."""
    with without_higher_rooms():
        SEALED.clear()
        yield SEALED
