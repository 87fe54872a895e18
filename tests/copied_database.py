"""
PostgreSQL's tables, which the migrations make once for all processes of a run: each of them begins with a copy.

Walking them takes each process as long as some hundred tests.
"""

import fcntl

from django.conf import settings
from django.core.management import call_command
from django.db import connection

MIGRATED = settings.TESTS_DIR / "migrated"
NAME = f"migrated_{settings.TESTS_DIR.name.rpartition('-')[2]}"


def copy_for_each():
    """Let the test database be a copy of the migrated one; the first of the run's processes to ask makes that."""
    with MIGRATED.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not MIGRATED.exists():
            _without_database(f'CREATE DATABASE "{NAME}"')
            MIGRATED.touch()
            _migrate()
    connection.settings_dict["TEST"]["TEMPLATE"] = NAME


def _migrate():
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = NAME
    try:
        call_command("migrate", verbosity=0)
    finally:
        # Nobody may look at what is copied.
        connection.close()
        connection.settings_dict["NAME"] = own


def forget():
    """Remove the migrated database, where one was made."""
    if MIGRATED.exists():
        _without_database(f'DROP DATABASE "{NAME}"')


def _without_database(sql):
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)
