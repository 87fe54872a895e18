"""
What every test needs, before Django reads its settings.

The settings module is named here and not in `pyproject.toml`: pytest-django would read it before this file could ask
for demo mode, in which every setting has a working value.
"""

import os

import django

os.environ["PORTAL_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "partnership.settings"

# By now pytest-django has looked for settings in vain; from here on it finds them configured.
django.setup()
