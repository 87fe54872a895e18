"""Settings that are numbers: a mistyped one stops the start with a sentence."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from partnership.settings import whole_number


@pytest.mark.parametrize("value, number", [("12", 12), (" 0 ", 0), ("", 7)])
def test_a_number_is_taken_and_nothing_leaves_the_default(monkeypatch, value, number):
    monkeypatch.setenv("INVITATION_DAYS", value)

    assert whole_number("INVITATION_DAYS", 7) == number


@pytest.mark.parametrize("value", ["20 MB", "-1", "1.5", "²", "a week"])
def test_anything_else_is_refused_with_what_to_write(monkeypatch, value):
    monkeypatch.setenv("INVITATION_DAYS", value)

    with pytest.raises(ImproperlyConfigured, match=f"INVITATION_DAYS is “{value}”.*such as 7"):
        whole_number("INVITATION_DAYS", 7)
