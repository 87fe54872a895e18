"""The frameworks that come with the portal, from readable file to published version."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from frameworks import definition, golden
from frameworks.management.commands.write_fixtures import FIXTURES, LIBRARY, fixture
from frameworks.models import Framework, FrameworkVersion, Node, Publication
from partnership.models import User

FILES = sorted(LIBRARY.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_fixture_is_what_the_readable_file_says(path):
    name, text = fixture(path)

    assert (FIXTURES / name).read_text() == text, "run `manage.py write_fixtures` and commit what it writes"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_framework_that_comes_with_the_portal_proves_itself(path):
    rows = json.loads(fixture(path)[1])

    parsed = definition.load(rows[1]["fields"]["definition"])

    assert parsed.golden
    assert golden.run(parsed) == []


@pytest.mark.django_db
def test_loading_and_publishing_twice_changes_nothing():
    def everything():
        return [
            list(model.objects.order_by("pk").values()) for model in (Framework, FrameworkVersion, Publication, Node)
        ]

    call_command("loaddata", "place_development_1_0", verbosity=0)
    call_command("publish_framework", "place-development", "1.0", verbosity=0)
    before = everything()

    call_command("loaddata", "place_development_1_0", verbosity=0)
    call_command("publish_framework", "place-development", "1.0", verbosity=0)

    assert everything() == before
    assert Node.objects.filter(is_criterion=True).count() == 12


@pytest.mark.django_db
def test_loading_other_content_over_a_published_version_is_refused(tmp_path):
    call_command("loaddata", "place_development_1_0", verbosity=0)
    call_command("publish_framework", "place-development", "1.0", verbosity=0)
    altered = tmp_path / "altered.json"
    altered.write_text((FIXTURES / "place_development_1_0.json").read_text().replace("Thriving", "Blooming"))

    with pytest.raises(IntegrityError, match="frameworks_frameworkversion"), transaction.atomic():
        call_command("loaddata", str(altered), verbosity=0)

    assert "Blooming" not in FrameworkVersion.objects.get().definition


@pytest.mark.django_db
def test_publishing_what_was_not_loaded_says_what_was():
    call_command("loaddata", "place_development_1_0", verbosity=0)

    with pytest.raises(CommandError, match="Loaded so far: place-development 1.0"):
        call_command("publish_framework", "place-development", "9.9")


@pytest.mark.django_db
def test_a_published_framework_is_readable_and_not_editable_in_the_admin(client):
    client.force_login(User.objects.create_superuser(email="admin@example.org", name="An administrator"))
    call_command("loaddata", "place_development_1_0", verbosity=0)
    version = FrameworkVersion.objects.get()
    listing = "/administration/frameworks/frameworkversion/"

    client.post(listing, {"action": "publish", "_selected_action": [version.pk]})
    page = client.get(f"{listing}{version.pk}/change/")
    refused = client.post(f"{listing}{version.pk}/change/", {"number": "2.0"})

    assert Publication.objects.get().version == version
    assert "Financial framework" in page.text
    assert 'name="_save"' not in page.text
    assert refused.status_code == 403
    assert FrameworkVersion.objects.get().number == "1.0"
