"""
What every test needs, before Django reads its settings.

The settings module is named here and not in `pyproject.toml`: pytest-django would read it before this file could ask
for demo mode, in which every setting has a working value.
"""

import os

import django

os.environ["PORTAL_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "partnership.settings"
# By now pytest-django has found no settings and left Django alone, and test modules need it as they are imported.
django.setup()
