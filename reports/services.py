"""Order and make readiness reports, count what was sealed, remind people of what waits, and keep the API's tokens."""

import hashlib
import io
import logging
import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from assessments.documents import stored
from assessments.models import Assessment, Seal
from frameworks.models import Node
from partnership import audit, jobs, mail, storage
from partnership.idempotency import once
from partnership.models import Membership, User
from partnership.permissions import PROGRAMME_OFFICE, system_capacity
from partnership.services import preferences
from reports import printing, reminders, selectors
from reports.models import ApiToken, Reminder, Report, SealedLevel, SealedVerdict
from reports.sealed import of_seal

logger = logging.getLogger(__name__)

# How a token begins, so that a scanner of leaked secrets can tell one.
TOKEN_MARK = "pmt_"
LONGEST_TOKEN = timedelta(days=366)
# When a token was used last is kept to the minute: one write for many requests.
USE_NOTED_EVERY = timedelta(minutes=1)


class TokenRefused(Exception):
    """The token cannot be made like this; `field` is what has to be mended, and the text says how."""

    def __init__(self, field, sentence):
        super().__init__(sentence)
        self.field = field


class RevokedBefore(Exception):
    """Somebody revoked the token before."""


class RemindersNotSent(Exception):
    """Some people could not be reminded; the others were, and another try reaches only those who are left."""


def order_report(*, seal, at):
    """Let the worker make the report of a seal, in the transaction that seals."""
    jobs.enqueue(kind="make_report", subject=seal.public_id, at=at)


def count_seal(*, seal, at=None):
    """
    Keep what a seal says of each domain, tier and criterion and of each pathway, in the transaction that seals.

    Nothing depends on the day, and what was kept before is made anew: `manage.py count_seals` does it for all.
    """
    with transaction.atomic():
        # The lock comes first: somebody else may be counting the same seal.
        Assessment.objects.lock(seal.assessment_id)
        seal.levels.all().delete()
        seal.verdicts.all().delete()
        document = stored(seal.snapshot)
        nodes = {node.code: node for node in Node.objects.filter(version=seal.assessment.framework_version_id)}
        every = [*document["domains"], *document.get("tiers", ()), *document["criteria"]]
        # A domain may be a criterion itself.
        told = {each["code"]: each for each in every}
        SealedLevel.objects.bulk_create(
            SealedLevel(
                seal=seal,
                node=nodes[code],
                claimed_status=each["claimed"]["status"].upper(),
                claimed=each["claimed"]["level"],
                supported_status=each["supported"]["status"].upper(),
                supported=each["supported"]["level"],
            )
            for code, each in told.items()
        )
        SealedVerdict.objects.bulk_create(
            SealedVerdict(seal=seal, pathway=pathway["code"], verdict=pathway["verdict"])
            for pathway in document.get("improvement", {}).get("pathways", ())
        )


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
        assessment = Assessment.objects.lock(seal.assessment_id)
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


def check_can_keep_tokens(*, user, system, on=None):
    """
    Let the system's programme office pass, and an administrator.

    :raises PermissionDenied: for anybody else
    """
    if not (user.is_active and user.is_superuser):
        system_capacity(user=user, system=system, on=on).check(
            PROGRAMME_OFFICE, "Only the ICB's programme office makes and revokes tokens for the API."
        )


def make_token(*, system, name, expires_on, by, at, token=None):
    """
    Make a token for the API and return its row with the token itself, which is shown once and kept nowhere.

    :raises PermissionDenied: if `by` neither administers the portal nor runs the system
    :raises TokenRefused: if the name is missing or taken, or the last day is over or too far away
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was sent before
    """
    day, name = timezone.localdate(at), name.strip()
    secret = TOKEN_MARK + secrets.token_urlsafe(32)
    with once(by=by, token=token, at=at) as act:
        # Whoever is being pseudonymised at this moment keeps no token that is made after theirs were revoked.
        by = User.objects.select_for_update(no_key=True).get(pk=by.pk)
        check_can_keep_tokens(user=by, system=system, on=day)
        if not name:
            raise TokenRefused("name", "Enter what the token is for")
        if not day <= expires_on <= day + LONGEST_TOKEN:
            raise TokenRefused("expires_on", "The last day must be today or later, and within a year")
        if ApiToken.objects.filter(system=system, name=name, revoked_at=None).exists():
            raise TokenRefused("name", "There is a token of this name: choose another, or revoke that one first")
        made = ApiToken.objects.create(
            system=system,
            name=name,
            beginning=secret[: len(TOKEN_MARK) + 4],
            digest=token_digest(secret),
            expires_on=expires_on,
            created_at=at,
            created_by=by,
        )
        _record_token(audit.Type.API_TOKEN_MADE, made, by=by, at=at)
        act.result = str(made.public_id)
    return made, secret


@transaction.atomic
def revoke_token(*, token, by, at):
    """
    Let a token work no longer, from now on.

    :raises PermissionDenied: if `by` neither administers the portal nor runs the token's system
    :raises RevokedBefore: if it was revoked before
    """
    check_can_keep_tokens(user=by, system=token.system, on=timezone.localdate(at))
    # Of two who revoke at once, one is let through.
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at, revoked_by=by):
        raise RevokedBefore("The token was revoked before")
    token.refresh_from_db()
    _record_token(audit.Type.API_TOKEN_REVOKED, token, by=by, at=at)
    return token


def revoke_tokens_of(*, person, by, at):
    """
    Let the tokens that a person made work no longer.

    :raises PermissionDenied: if `by` neither administers the portal nor runs the tokens' system
    """
    for token in ApiToken.objects.select_related("system").filter(created_by=person, revoked_at=None).order_by("pk"):
        # One that somebody revokes at this moment needs it no more.
        with suppress(RevokedBefore):
            revoke_token(token=token, by=by, at=at)


def note_use(*, token, at):
    """
    Note that a token was used; no write where that was noted within the last minute.

    The first use of a day, in London, is told to the system's record: which of its tokens were used on which days.
    """
    noted = token.last_used_at
    if noted is not None and noted >= at - USE_NOTED_EVERY:
        return
    with transaction.atomic():
        # Of several requests at once, one notes it.
        is_first = ApiToken.objects.filter(pk=token.pk, last_used_at=noted).update(last_used_at=at)
        day = timezone.localdate(at)
        if is_first and (noted is None or timezone.localdate(noted) < day):
            audit.record(audit.Type.API_TOKEN_USED, chain=token.system, by=None, at=at, target=token)


def token_digest(secret):
    """Return what is kept of a token: it is long and random, so that its plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record_token(type, token, *, by, at):
    audit.record(
        type,
        chain=token.system,
        by=by,
        at=at,
        target=token,
        digest=token.digest,
        expires_on=token.expires_on.isoformat(),
        is_revoked=token.revoked_at is not None,
    )
