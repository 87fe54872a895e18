"""What was sent is said in the words of the page that it was sent from."""

import uuid

import pytest
from django.urls import reverse

from partnership.sent_names import in_words

KEY = uuid.UUID(int=1)
SCORE = reverse("assessments:score", args=[KEY, "SO1"])
ROUND = reverse("assessments:round_open", args=[KEY])


@pytest.mark.parametrize(
    "path, sent, said",
    [
        (reverse("partnership:preferences"), ("kinds", "digest"), ("Send me", "A weekly summary of what waits for me")),
        (SCORE, ("item3-confidence", "SURE"), ("Item 3, How sure are you?", "Sure")),
        (SCORE, ("item3-choice", "CANNOT_JUDGE"), ("Item 3, What you chose", "Cannot judge")),
        (SCORE + "?show=flagged", ("item3-choice", "4"), ("Item 3, What you chose", "4")),
        (ROUND, ("opens_on_day", "3"), ("First day, day", "3")),
        (ROUND, ("places", "a-key"), ("Places", "chosen from the list")),
        ("/nowhere/", ("expected_level", "3"), ("Expected level", "3")),
        ("/nowhere/", ("accepted", "on"), ("Accepted", "Yes")),
    ],
)
def test_fields_and_choices_are_said_as_the_page_says_them(path, sent, said):
    assert in_words(path, [sent]) == [said]


def test_what_was_chosen_among_rows_is_counted_and_its_keys_are_told_nobody():
    sent = [("opens_on_day", "3"), ("places", "a-key"), ("places", "b-key")]

    assert in_words(ROUND, sent) == [("First day, day", "3"), ("Places", "2 chosen from the list")]
