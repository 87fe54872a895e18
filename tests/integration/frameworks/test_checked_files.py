"""Loading a framework file that was checked before, with one press."""

import pytest
from django.urls import reverse

from frameworks.forms import checked
from frameworks.loading import examine
from frameworks.models import Framework, FrameworkVersion
from tests import factories
from tests.integration.frameworks.test_load_framework import LOAD, post, published, small

pytestmark = pytest.mark.django_db


def test_a_file_that_was_checked_is_loaded_with_one_press(client, administrator):
    sealed = post(client, small(), "check").context["sealed"]

    loaded = client.post(LOAD, {"read": sealed, "act": "load"})

    version = FrameworkVersion.objects.get()
    assert loaded["Location"] == reverse("frameworks:version", args=[version.public_id])
    assert version.digest == examine(small()).digest
    # A second press finds it loaded.
    assert "Nothing changed" in client.post(LOAD, {"read": sealed, "act": "load"}, follow=True).text


def test_what_was_checked_is_examined_again_beside_what_is_stored_by_now(client, administrator):
    sealed = post(client, small(("First contact", "First call")), "check").context["sealed"]
    published()

    refused = client.post(LOAD, {"read": sealed, "act": "load"})

    (finding,) = refused.context["findings"]
    assert (finding.place, finding.where) == ("line 4", "number")
    assert "1 problem in mine.yaml" in refused.text


@pytest.mark.parametrize("content", [small(("rank: 2", "rank: 5")), b"a: &a [1, 2]\nb: [*a, *a]", b"PK\x03\x04"])
def test_no_file_with_a_problem_is_kept(client, administrator, content):
    response = post(client, content, "check")

    assert response.context["findings"]
    assert response.context["sealed"] == ""
    assert 'name="read"' not in response.text


def test_a_checked_file_comes_back_whole_from_who_checked_it_within_a_day(client, administrator, monkeypatch):
    sealed = post(client, small(), "check").context["sealed"]
    other = factories.create_user("other administrator", administrator=True)

    def refused(sealed=sealed, by=administrator):
        client.force_login(by)
        return "or is too old by now. Choose it again" in client.post(LOAD, {"read": sealed, "act": "load"}).text

    assert refused(sealed + "x")
    assert refused(by=other)
    monkeypatch.setattr(checked, "LASTS", -1)
    assert refused()
    assert not Framework.objects.exists()


def test_a_file_too_large_for_a_page_is_chosen_again(client, administrator, monkeypatch):
    monkeypatch.setattr(checked, "LARGEST_SEAL", 100)

    response = post(client, small(), "check")

    assert "Choose it once more to load it." in response.text
    assert 'name="read"' not in response.text
