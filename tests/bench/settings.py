"""
The portal's settings as production has them, and the two reference views beside it.

The environment says where everything is (`tests.bench.serving`). Nothing of the test settings is in here: files have
hashed names, and databases write to the disk with care.
"""

import os
from pathlib import Path

from partnership.settings import *  # noqa: F403
from partnership.settings import INSTALLED_APPS, MIDDLEWARE, ROUTE_TABLES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.reference"]
MIDDLEWARE = [*MIDDLEWARE, "tests.bench.anew.middleware"]
ROUTE_TABLES = [*ROUTE_TABLES, "tests.bench.reference.urls.ROUTES"]
ROOT_URLCONF = "tests.bench.reference.urls"
STATIC_ROOT = Path(os.environ["BENCH_STATIC"])
# Nobody signs in by a password here; people are made by the hundred.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
