import pytest

SEALED = []


def note_sealed(*, seal, at):
    """Stand for what higher rooms do on sealing."""
    SEALED.append((seal.digest, at))


@pytest.fixture
def hooks(settings):
    """Let freezing and sealing do without higher rooms, but for a hook of the test's own; return what it was told."""
    settings.SNAPSHOT_SECTIONS = {}
    settings.ON_DECIDED = []
    settings.ON_SEALED = ["tests.integration.assessments.conftest.note_sealed"]
    SEALED.clear()
    return SEALED
