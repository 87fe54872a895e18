"""Order readiness reports and make them, and remind people of what waits for them."""

import io
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Seal
from partnership import audit, jobs, mail, storage
from partnership.models import Membership, User
from partnership.services import preferences
from reports import printing, reminders, selectors
from reports.models import Reminder, Report
from reports.sealed import of_seal

logger = logging.getLogger(__name__)


class RemindersNotSent(Exception):
    """Some people could not be reminded; the others were, and another try reaches only those who are left."""


def order_report(*, seal, at):
    """Let the worker make the report of a seal, in the transaction that seals."""
    jobs.enqueue(kind="make_report", subject=seal.public_id, at=at)


def make_report(*, subject, at):
    """
    Make and keep the PDF of a seal's report, unless there is one, and return the report.

    `subject` is the seal's public identifier. Done a second time, also by two workers at once, it changes nothing.

    :raises reports.pdf.rendering.PdfNotMade: if the PDF could not be made
    """
    seal = Seal.objects.select_related("snapshot").get(public_id=subject)
    if report := Report.objects.filter(seal=seal).first():
        return report
    content = of_seal(seal)
    # Made before the transaction: it takes seconds, and others wait to write.
    pdf, pages = printing.print_report(content.document, identity=content.identity, seal=content.seal)
    file = storage.keep(io.BytesIO(pdf), media_type="application/pdf", at=at)
    with transaction.atomic():
        assessment = Assessment.objects.locked().get(pk=seal.assessment_id)
        if report := Report.objects.filter(seal=seal).first():
            return report
        report = Report.objects.create(seal=seal, file=file, pages=pages, made_at=at)
        audit.record(
            audit.Type.REPORT_MADE,
            chain=assessment,
            by=None,
            at=at,
            target=report,
            seal=seal.digest,
            file=file.sha256,
            pages=pages,
        )
    return report


def send_reminders(*, subject, at):
    """
    Put in the outbox what people are to be reminded of on the day of `at`, and each week's summary.

    Done again, also by two workers at once, it sends only what was not sent yet. `subject` is the day's own.

    :raises RemindersNotSent: after everybody else's turn, if somebody's failed
    """
    day, failed = timezone.localdate(at), 0
    takes_part = Exists(Membership.objects.current(day).filter(user=OuterRef("pk")))
    wanting = User.objects.filter(Q(wants_reminders=True) | Q(wants_digest=True), is_active=True)
    for person in wanting.filter(takes_part | Q(is_superuser=True)).order_by("pk"):
        try:
            _remind(person, day=day, at=at)
        except Exception:  # One person's trouble must keep no reminder from another.
            logger.exception("The reminders of %s", person.public_id)
            failed += 1
    if failed:
        raise RemindersNotSent(f"{failed} {'person was' if failed == 1 else 'people were'} not reminded")


@transaction.atomic
def _remind(person, *, day, at):
    # The lock comes first: another worker may be at it, and the person may be switching e-mails off.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    tasks = selectors.home(user=person, day=day).tasks(today=day)
    if person.wants_reminders:
        found = reminders.due(tasks, today=day)
        told = set(Reminder.objects.filter(user=person, key__in=found).values_list("key", flat=True))
        if new := {key: task for key, task in found.items() if key not in told}:
            Reminder.objects.bulk_create(Reminder(user=person, key=key, sent_at=at) for key in new)
            _send("reminder", preferences.Kind.REMINDERS, person, new.values(), day=day, at=at)
    summary = reminders.digest_key(day)
    if person.wants_digest and not Reminder.objects.filter(user=person, key=summary).exists():
        # Kept where nothing waits, too, so that the week's summary does not come on some later day.
        Reminder.objects.create(user=person, key=summary, sent_at=at)
        if tasks:
            _send("digest", preferences.Kind.DIGEST, person, tasks, day=day, at=at)


def _send(template, kind, person, tasks, *, day, at):
    link = preferences.link(person, kind)
    shown = [
        {
            "text": task.text,
            "context": task.context,
            "due_on": task.due_on,
            "due_verb": task.due_verb,
            "is_late": bool(task.due_on and task.due_on < day),
            "link": settings.BASE_URL.rstrip("/") + reverse(task.address.route, args=task.address.values),
        }
        for task in tasks
    ]
    text = mail.written(f"reports/mail/{template}.txt", person=person, tasks=shown, unsubscribe=link)
    mail.send_later(to=person.email, at=at, unsubscribe=link, **text)
