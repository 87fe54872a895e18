"""
Queue work for the worker, inside the transaction of the act that asks for it.

A job is done at least once: after a crash the worker does it again, so a handler must bear that.
"""

from django.conf import settings
from django.db import transaction

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
