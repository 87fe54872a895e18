"""The settings of the servers that the soak tests start: those of the tests, but careful with the disk as in use."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=FULL;"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["SOAK_SMTP_PORT"])
# So that each person may come from an address of their own, and no limit on tries stands in the way.
BEHIND_PROXY = True
# The browser asks for stylesheets and scripts, too; there is no collected copy of them.
WHITENOISE_USE_FINDERS = True
