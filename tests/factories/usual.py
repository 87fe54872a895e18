"""What the factories write where a test says nothing, and how that is changed for a while."""

from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import count

from tests.recalled import memory

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "seven grey herons"


class Numbers:
    """The numbers in names and words, which tell apart what was written."""

    def __init__(self):
        self.counted = count(1)

    def __next__(self):
        return next(self.counted)


numbers = Numbers()


@contextmanager
def written_otherwise(start, **instead):
    """
    Number from `start` what the factories write, and call others `instead` of those with these names.

    They are called with the factory and what it was given, from within other factories, too.
    """
    before, numbers.counted = numbers.counted, count(start)
    try:
        with memory.otherwise(instead):
            yield
    finally:
        numbers.counted = before
