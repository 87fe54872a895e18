"""
Queue work for the worker, inside the transaction of the act that asks for it, and say how far the worker is with it.

A job is done at least once: after a crash the worker does it again, so a handler must bear that.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from partnership.models import Job


def enqueue(*, kind, subject, at):
    """
    Ask the worker for a job, once per kind and subject; asking again for one that was given up starts it anew.

    `kind` is a key of the setting JOB_HANDLERS, `subject` the public identifier that its handler is given.

    :raises ValueError: if there is no handler for this kind
    :raises TransactionManagementError: outside a transaction: the job must stand or fall with its act
    """
    if kind not in settings.JOB_HANDLERS:
        raise ValueError(f"The setting JOB_HANDLERS names no handler for {kind!r}")
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A job belongs in the transaction of the act that asks for it")
    job, _ = Job.objects.get_or_create(kind=kind, subject=subject, defaults={"due_at": at})
    if job.failed_at:
        Job.objects.filter(pk=job.pk, done_at=None).update(failed_at=None, attempts=0, problem="", due_at=at)
        job.refresh_from_db()
    return job


def queued(*, kind, of):
    """Return the job of a kind that was queued for one of the rows `of` a query; None if none was."""
    return Job.objects.filter(kind=kind, subject__in=of.values("public_id")).first()


def given_up(*, kind, subjects):
    """Return for which of the subjects the worker gave up a job of a kind, as a set."""
    jobs = Job.objects.filter(kind=kind, subject__in=subjects, failed_at__isnull=False)
    return set(jobs.values_list("subject", flat=True))


@dataclass(frozen=True)
class Awaited:
    """A job that is not done: whether the worker has begun, and how many others it takes up before."""

    job: Job
    is_begun: bool
    ahead: int


def awaited(job, *, at):
    """Return where the worker stands with a job that is not done; one query. `partnership.worker.claim` is the rule."""
    earlier = Q(due_at__lt=job.due_at) | Q(due_at=job.due_at, pk__lt=job.pk)
    ahead = Job.objects.filter(earlier, done_at=None, failed_at=None, due_at__lte=at).count()
    # A claim puts off when the job is due; a failed attempt does so too, but leaves its problem.
    return Awaited(job, bool(job.attempts) and not job.problem and job.due_at > at, ahead)
