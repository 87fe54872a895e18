"""What every test needs of the database. Options in `pyproject.toml` block the network but for this machine."""

import gc
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.template import Template
from django.test.signals import template_rendered
from django.test.utils import instrumented_test_render
from django.utils import timezone

# The day of the tests, so that what they say of dates stays true. Their clock goes on from here, at its usual pace.
TODAY = datetime(2026, 11, 27, 10, tzinfo=UTC)
BEGAN = time.monotonic()
# These run programs of their own, which go by the machine's clock.
BY_THE_CLOCK = {"functional", "soak"}
# None of them takes longer.
NEAR_MIDNIGHT = timedelta(minutes=1)
DATABASE = {"db", "transactional_db"}
# Folders and files.
SLOW = {"functional", "soak", "test_roles_by_route.py", "test_forms_sent_twice.py", "test_whole_rounds.py"}


def pytest_addoption(parser):
    parser.addoption("--with-database-only", action="store_true", help="leave out what needs no second one")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """
    Begin with what takes longest: browsers, servers of their own, long walks. At the end nobody waits for a last one.

    Leave out, where a second database is tried, what would say the same once more: what uses no database, and what a
    marker says of itself. Whatever says nothing is tried on both.
    """
    items.sort(key=lambda each: SLOW.isdisjoint(each.path.parts))
    if config.getoption("--with-database-only"):
        chosen = [each for each in items if uses_database(each) and not each.get_closest_marker("one_database")]
        config.hook.pytest_deselected(items=[*set(items) - set(chosen)])
        items[:] = chosen


def uses_database(item):
    return item.get_closest_marker("django_db") or DATABASE & {*item.fixturenames}


def pytest_collection_finish():
    """Let the collector of rubbish look seldom, and never at what was imported and collected, which stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let all tests live on the same day; those that go by the machine's clock each on one day."""
    if BY_THE_CLOCK.isdisjoint(item.path.parts):
        with time_machine.travel(TODAY + timedelta(seconds=time.monotonic() - BEGAN)):
            return (yield)
    while timezone.localdate() != timezone.localdate(timezone.now() + NEAR_MIDNIGHT):
        time.sleep(1)
    return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    """Let the factories put back what they made before."""
    from tests.recalled import memory

    memory.start()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config):
    """Remove, when all processes are done and tests no longer kept from the database, what they had copies of."""
    if not hasattr(config, "workerinput"):
        from tests.copied_database import forget

        forget()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings, django_db_use_migrations, django_db_blocker):
    """Copy the tables for each of several processes, instead of walking the migrations in all of them."""
    if django_db_use_migrations and hasattr(request.config, "workerinput") and connection.vendor == "postgresql":
        from tests.copied_database import copy_for_each

        with django_db_blocker.unblock():
            copy_for_each()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Make the database; what was written for that is no doing of the test that needed it first."""
    from tests.recalled import memory

    memory.start()


@pytest.fixture(scope="session", autouse=True)
def _only_whole_pages_noted(django_test_environment):
    """Tell, as an answer's `context`, what its page was made of, without a copy of that for each part of the page."""

    def render(self, context):
        if context.template is self:
            template_rendered.send(sender=self, template=self, context=context)
        return self.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture
def parts_noted(monkeypatch):
    """Tell, as an answer's `templates`, of which parts its page was made, too."""
    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(scope="session", autouse=True)
def _only_filled_tables_emptied():
    """
    Delete what a `transaction=True` test has written, and no more than that.

    Django would empty each of the hundred tables, which costs PostgreSQL a second, and make the kinds of content and
    the permissions anew. The triggers that keep append-only rows are back before the next test.
    """
    from django.test import TransactionTestCase

    from tests.emptying import empty_tables

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: empty_tables())
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
    from tests.functional.gallery_in_browser import browser

    with browser() as chromium, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread, which makes Django suspect that its rows are asked for in
        # asynchronous code. They are not.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield chromium
        # While its loop runs, Django keeps a connection for it, apart from that of the thread.
        connection.close()
