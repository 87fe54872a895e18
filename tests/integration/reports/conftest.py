import pytest

from reports import printing
from tests import factories


@pytest.fixture
def quick(monkeypatch):
    """Make the PDF at once, for tests of what is done with it; return what was to be printed."""
    printed = []

    def print_nothing(document, *, identity, seal):
        printed.append(identity)
        return f"%PDF-1.7 {identity.digest}".encode(), 3

    monkeypatch.setattr(printing, "print_report", print_nothing)
    return printed


@pytest.fixture
def no_report_is_ordered(settings):
    """Seal without what higher rooms do then."""
    settings.ON_SEALED = []


@pytest.fixture
def seals_are_only_counted(settings):
    """Let a seal be counted, but order no report of it."""
    settings.ON_SEALED = ["reports.services.count_seal"]


@pytest.fixture
def place():
    return factories.create_place("Mossley")
