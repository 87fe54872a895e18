"""
Settings of the portal, all of them from the environment.

In demo mode (`PORTAL_DEMO=1`, what `make run` sets) every setting has a working
value. Otherwise a missing one stops the start with a sentence on how to mend it.
"""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = os.environ.get("PORTAL_DEMO") == "1"
DEBUG = False


def required(name, meaning, *, demo):
    """
    Return a setting from the environment; in demo mode it may fall back to `demo`.

    :raises ImproperlyConfigured: if it is missing outside demo mode
    """
    value = os.environ.get(name)
    if value:
        return value
    if DEMO:
        return demo
    raise ImproperlyConfigured(
        f"{name} is not set. It is {meaning}. Set it in the environment of the web and worker "
        f"processes, or set PORTAL_DEMO=1 to try the portal with made-up data."
    )


SECRET_KEY = required(
    "SECRET_KEY",
    "the secret that signs sessions and links: fifty or more random characters, the same for every process",
    demo="demo-only-secret-that-protects-nothing-because-the-demo-holds-only-made-up-people",
)
ALLOWED_HOSTS = required(
    "ALLOWED_HOSTS", "the host names that the portal answers to, separated by commas", demo="127.0.0.1,localhost"
).split(",")
BASE_URL = required("BASE_URL", "the address people reach the portal by, used in e-mails", demo="http://127.0.0.1:8000")
VAR_DIR = Path(os.environ.get("PORTAL_VAR", BASE_DIR / "var"))
FILES_DIR = Path(
    required("FILES_DIR", "the folder, outside the web root, that keeps uploaded evidence", demo=VAR_DIR / "files")
)

INSTALLED_APPS = [
    "partnership",
    "frameworks",
    "assessments",
    "improvement",
    "reports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
]
