"""
Send the mail and do the jobs that are due.

A piece of work is claimed in a short transaction under a row lock: its attempt is counted and it becomes due again
only after a while. It is then done outside that transaction, since a report takes longer than other writers on SQLite
should wait. If the worker dies on the way, the work falls due again by itself; any number of workers may run.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import F
from django.utils.module_loading import import_string

from partnership import mail
from partnership.models import FormToken, Job, OutgoingMail

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 6
# Longer than any handler takes; what is claimed and neither done nor failed by then was lost in a crash.
CLAIM_HOLDS = timedelta(minutes=15)
FIRST_PAUSE = timedelta(minutes=1)
# Longer than anybody leaves a page open and then sends its form a second time.
TOKENS_KEPT = timedelta(days=30)
BETWEEN_CLEARINGS = timedelta(hours=1)


@dataclass(frozen=True)
class Trade:
    """One kind of work: its table, the column that says when it was done, how it is done, and the words for that."""

    model: type[models.Model]
    done_field: str
    act: Callable
    done: str
    # Written with the date of completion, such as a body that nobody needs any more.
    afterwards: dict

    def waiting(self):
        return self.model.objects.filter(**{self.done_field: None}, failed_at=None)


def do_job(job, *, at):
    """Call the handler of a job's kind; whatever it raises is the attempt's failure."""
    handler = import_string(settings.JOB_HANDLERS[job.kind])
    handler(subject=job.subject, at=at)


def do_mail(outgoing, *, at):
    mail.send(outgoing)


TRADES = (
    # A mail may hold a link that lets its reader in, so its text goes once it is sent.
    Trade(OutgoingMail, "sent_at", do_mail, "was sent", {"body": "", "unsubscribe_url": ""}),
    Trade(Job, "done_at", do_job, "was done", {}),
)


def do_next(*, clock):
    """
    Do one piece of work that is due; return a sentence about it, or None if there is none.

    `clock` returns the present time.
    """
    for trade in TRADES:
        if row := claim(trade, at=clock()):
            return carry_out(trade, row, clock=clock)
    return None


def clear(*, at):
    """
    Delete what nobody needs any more: sessions that ran out and the marks of forms sent long ago.

    A form that is sent again after that acts again, if the version that it carries still holds.
    """
    for old in (Session.objects.filter(expire_date__lt=at), FormToken.objects.filter(spent_at__lt=at - TOKENS_KEPT)):
        # Looked at first, as work is: on SQLite deleting nothing takes the write lock all the same.
        if old.exists():
            old.delete()


def claim(trade, *, at):
    """Return the work that has been due longest, claimed for this worker, or None."""
    due = trade.waiting().filter(due_at__lte=at)
    # Looked at first without a transaction: on SQLite one would take the write lock at every glance.
    while due.exists():
        with transaction.atomic():
            row = due.select_for_update(skip_locked=True, no_key=True).order_by("due_at", "pk").first()
            if row is None:
                return None
            mine = trade.model.objects.filter(pk=row.pk)
            if row.attempts >= MOST_ATTEMPTS:
                problem = row.problem or "The worker ended each time before it was done."
                mine.update(failed_at=at, problem=problem)
                continue
            mine.update(attempts=F("attempts") + 1, due_at=at + CLAIM_HOLDS)
        row.attempts += 1
        return row
    return None


def carry_out(trade, row, *, clock):
    """Do what was claimed, keep how it went, and return a sentence about it."""
    mine = trade.model.objects.filter(pk=row.pk)
    started = clock()
    try:
        trade.act(row, at=started)
    except Exception as error:  # Whatever a handler raises must neither end the worker nor be lost.
        at = clock()
        problem = f"{type(error).__name__}: {error}"
        last = row.attempts >= MOST_ATTEMPTS
        pause = FIRST_PAUSE * 4 ** (row.attempts - 1)
        again = {"failed_at": at} if last else {"due_at": at + pause}
        # If the claim ran out, another worker is at it and says how that goes.
        mine.filter(attempts=row.attempts).update(problem=problem, **again)
        logger.exception("%s", name_of(row))
        next_step = "it was given up" if last else f"it is tried again in {pause.total_seconds() / 60:.0f} minutes"
        return f"{name_of(row)} failed at attempt {row.attempts} ({problem}); {next_step}."
    at = clock()
    mine.update(**{trade.done_field: at}, failed_at=None, problem="", **trade.afterwards)
    return f"{name_of(row)} {trade.done} in {(at - started).total_seconds():.1f} seconds."


def name_of(row):
    """Name a piece of work without naming a person."""
    if isinstance(row, OutgoingMail):
        return f"The e-mail {row.message_id}"
    return f"The job {row.kind} for {row.subject}"
