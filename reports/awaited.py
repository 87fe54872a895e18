"""Where the worker stands with what somebody waits for."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from partnership.models import Job


@dataclass(frozen=True)
class Awaited:
    """A job that is not done: whether the worker has begun, and how many others it takes up before."""

    job: Job
    is_begun: bool
    ahead: int


def awaited(job):
    """Return where the worker stands with a job; one query."""
    at = timezone.now()
    earlier = Q(due_at__lt=job.due_at) | Q(due_at=job.due_at, pk__lt=job.pk)
    ahead = Job.objects.filter(earlier, done_at=None, failed_at=None, due_at__lte=at).count()
    # The worker puts off by its claim when what it has taken up is due again.
    return Awaited(job, bool(job.attempts) and not job.problem and job.due_at > at, ahead)
