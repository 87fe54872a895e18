"""What people are told who see a page for the first time."""

import pytest

from assessments import first_steps
from frameworks.scale import Level, Scale

SCALE = Scale((Level(1, "Seedling"), Level(2, "Sapling"), Level(3, "Tree", demand=2)))


def words(steps):
    return " ".join(text for _, text in steps.points)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "About 1 minute for the 1 item that is left to you"),
        (4, "About 2 to 4 minutes for the 4 items that are left to you"),
        (50, "About 25 to 50 minutes for the 50 items that are left to you"),
        (63, "About 35 to 65 minutes for the 63 items that are left to you"),
    ],
)
def test_how_long_it_takes_follows_from_what_is_left(count, said):
    assert first_steps.how_long(count, "item") == said


def test_a_member_is_told_who_sees_their_score_when_and_that_the_time_is_a_guess():
    said = words(first_steps.scoring(left=50, noun="item", scale=SCALE, closes="4 December 2026", practice="/try/"))

    assert "You alone see it until the chair closes scoring" in said
    assert "Seedling is the lowest, Tree the highest" in said
    assert "that is a guess" in said
    assert "until scoring closes on 4 December 2026" in said


def test_a_member_who_has_scored_everything_is_told_no_time():
    said = words(first_steps.scoring(left=0, noun="item", scale=SCALE, closes="4 December 2026", practice="/try/"))

    assert "About" not in said


def test_who_answers_statements_is_not_told_of_levels_to_choose():
    said = words(first_steps.scoring(left=3, noun="statement", scale=SCALE, closes="today", practice="/try/"))

    assert "The level follows from the answers" in said
    assert "3 statements" in said


def test_who_writes_items_is_told_how_far_they_carry_without_evidence():
    assert "supported at Sapling at most" in words(first_steps.writing_items(scale=SCALE, noun="item"))
    demanding = Scale((Level(1, "Seedling", demand=1),))
    assert "no level of an item is supported" in words(first_steps.writing_items(scale=demanding, noun="item"))


def test_a_board_is_told_what_its_open_items_may_take():
    said = words(first_steps.agreeing(split=4, unsettled=20, undisputed=10, noun="item", may_agree=True))

    assert "10 items that nobody disputes can be accepted at once" in said
    # Four split at five minutes, six others at two: 32, said in fives.
    assert "at once. For the rest allow about 35 minutes" in said
    assert "You settle the level" in said


def test_a_board_that_disputes_everything_is_told_of_no_rest():
    said = words(first_steps.agreeing(split=1, unsettled=1, undisputed=0, noun="item", may_agree=True))

    assert "Allow about 5 minutes: that is a guess" in said
    assert "rest" not in said


def test_a_board_with_nothing_left_is_told_no_time():
    said = words(first_steps.agreeing(split=0, unsettled=0, undisputed=0, noun="item", may_agree=False))

    assert "minute" not in said
    assert "put a dissent on record" in said
