"""Which tasks somebody is reminded of on which day."""

from datetime import date, timedelta

import pytest

from reports.reminders import digest_key, due
from reports.standings import Address, Task

LAST = date(2026, 12, 4)


def task(due_on=LAST, **values):
    return Task(**{"text": "Score", "button": "Score", "address": Address("x", ("a",)), "due_on": due_on} | values)


@pytest.mark.parametrize(
    "days_before, told",
    [(30, None), (8, None), (7, 7), (6, 7), (2, 7), (1, 1), (0, 1), (-1, None), (-30, None)],
)
def test_a_task_is_told_a_week_before_and_the_day_before_and_not_once_it_is_late(days_before, told):
    found = due([task()], today=LAST - timedelta(days=days_before))

    assert [key.rpartition(" ")[2] for key in found] == ([str(told)] if told else [])


def test_a_walk_through_the_days_gives_each_reminder_once():
    days = [LAST - timedelta(days=days) for days in range(20, -5, -1)]

    keys = [key for day in days for key in due([task()], today=day)]

    assert len(set(keys)) == 2


def test_a_later_day_is_another_reminder_and_a_task_without_a_day_is_none():
    day = LAST - timedelta(days=1)

    assert (
        due([task(LAST)], today=day).keys().isdisjoint(due([task(LAST + timedelta(days=7))], today=day + timedelta(7)))
    )
    assert due([task(None)], today=day) == {}


def test_a_week_has_one_summary_across_the_turn_of_the_year():
    assert digest_key(date(2026, 12, 28)) == digest_key(date(2027, 1, 3)) == "digest 2026-W53"
    assert digest_key(date(2027, 1, 4)) == "digest 2027-W01"
