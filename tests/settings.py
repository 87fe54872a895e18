"""
The portal's settings as the tests want them: in demo mode, quick, and leaving nothing behind.

`DATABASE_URL` chooses the database, SQLite unless told. Processes that a test starts inherit `PORTAL_TESTS_DIR`, and so
share the test run's files.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

os.environ["PORTAL_DEMO"] = "1"
if "PORTAL_TESTS_DIR" not in os.environ:
    os.environ["PORTAL_TESTS_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["PORTAL_TESTS_DIR"], ignore_errors=True)
TESTS_DIR = Path(os.environ["PORTAL_TESTS_DIR"])

from partnership.settings import *  # noqa: E402, F403
from partnership.settings import DATABASES  # noqa: E402

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, since threads cannot share the in-memory database: it gives "table is locked".
    DATABASES["default"]["TEST"] = {"NAME": str(TESTS_DIR / "tests.sqlite3")}
    # Nobody will miss these data after a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"

# The real ones are slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# WhiteNoise warns when this folder is missing, and a warning fails a test.
STATIC_ROOT = TESTS_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {
        "BACKEND": "partnership.storage.ContentStorage",
        "OPTIONS": {"location": str(TESTS_DIR / "files")},
    },
    # Hashed names need `collectstatic` first, which a test of a page has no use for.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
