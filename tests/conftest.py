"""What every test needs of the database. Options in `pyproject.toml` block the network but for this machine."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def _guards_lifted_around_flushes():
    """
    Let the flush after a `transaction=True` test empty the append-only tables.

    Their triggers refuse that to everybody else. They are back before the next test.
    """
    from django.db import connection
    from django.test import TransactionTestCase

    from partnership import append_only

    flush = TransactionTestCase._fixture_teardown

    def lift_and_flush(self):
        append_only.lift(connection)
        try:
            flush(self)
        finally:
            append_only.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_flush)
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """
    Let each test begin without parts of pages that were made before.

    A test's rows are undone with their audit record, so that the next one's, changed by no service, may look the same.
    """
    from partnership.remembered import PARTS

    PARTS.forget()


@pytest.fixture(scope="module")
def kept_rows(django_db_setup, django_db_blocker):
    """Let the module's `kept` fixtures write rows that last until its end."""
    from tests.kept import undone

    with django_db_blocker.unblock(), undone():
        yield


@pytest.fixture(scope="session")
def started():
    """The machine's browser, one for all tests of a process: Playwright starts no second beside it."""
    from django.db import connection

    from tests.functional.gallery_in_browser import browser

    with browser() as chromium, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, which makes Django suspect that its rows are asked for in
        # asynchronous code. They are not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield chromium
        # While its loop runs, Django keeps a connection for it, apart from that of the thread.
        connection.close()
