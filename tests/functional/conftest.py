"""A browser, and a portal with its demo for it to visit."""

import pytest

from . import portal


@pytest.fixture
def chromium(started):
    yield started
    for each in started.contexts:
        each.close()


@pytest.fixture(scope="session")
def demo_database(started, django_db_blocker):
    with django_db_blocker.unblock():
        return portal.demo_database()


@pytest.fixture
def address(demo_database, chromium, django_db_blocker, tmp_path):
    """Where a portal answers that is this test's own."""
    with django_db_blocker.unblock(), portal.served(demo_database, tmp_path) as url:
        yield url
        # They keep connections to the server open, and with them the database.
        for each in chromium.contexts:
            each.close()
