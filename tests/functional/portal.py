"""A portal with its demo, served to a browser by this process, on a database file that nobody else uses."""

import fcntl
import io
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from partnership.models import Job, User


def demo_database():
    """Return a database file with the demo; the first of the run's processes to ask makes it for all of them."""
    made = settings.TESTS_DIR / "demo.sqlite3"
    with (settings.TESTS_DIR / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            part = made.with_suffix(".part")
            with using(part):
                # However the tests' own tables were made, these come from the migrations.
                with override_settings(MIGRATION_MODULES={}):
                    call_command("migrate", verbosity=0)
                with transaction.atomic():
                    call_command("load_demo", stdout=io.StringIO())
                    # The reports of the places' earlier rounds are not worth a test's time.
                    Job.objects.update(due_at=timezone.now() + timedelta(days=1))
            part.rename(made)
    return made


@contextmanager
def using(database):
    """Let every thread of this process work on a database file instead of the tests' own."""
    own = connection.settings_dict["NAME"]
    _go_over_to(str(database))
    try:
        yield
    finally:
        # The last one to close a file also empties its write-ahead log into it, so that it can be copied.
        _go_over_to(own)


def _go_over_to(name):
    connection.close()
    connection.settings_dict["NAME"] = name
    # Django remembers the numbers of kinds of content, which are others there.
    ContentType.objects.clear_cache()


@contextmanager
def served(database, folder: Path):
    """Serve a copy of a database, so that what is done there is undone for whoever comes next; yields the address."""
    copy = folder / "portal.sqlite3"
    shutil.copyfile(database, copy)
    with using(copy):
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()


def let_in(visitor, email):
    """Sign a person in without the page for it, which has its own test."""
    user = User.objects.get(email=email)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": visitor.address}
    visitor.context.add_cookies([cookie])
