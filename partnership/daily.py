"""
Queue what is done every day, from the worker's own loop: no other clock is needed.

A day's job is one row, whichever worker comes first; a worker that was away in the morning does it when it is back.
"""

from datetime import datetime, time
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from partnership import jobs

STARTS = time(8, 0)


def enqueue_all(*, at):
    """Queue the jobs of the setting DAILY_JOBS for the day that `at` lies in, in London; each falls due at eight."""
    day = timezone.localdate(at)
    due_at = datetime.combine(day, STARTS, timezone.get_default_timezone())
    with transaction.atomic():
        for kind in settings.DAILY_JOBS:
            jobs.enqueue(kind=kind, subject=uuid5(NAMESPACE_URL, f"{kind} {day.isoformat()}"), at=due_at)
