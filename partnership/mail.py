"""
Write e-mails to the outbox, inside the transaction of the act that causes them; the worker sends them.

So an act that fails sends nothing, and a crash loses no mail. It may send one twice: both carry the same
Message-ID, by which the reader's mail program knows them for one.
"""

from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context
from django.template.loader import get_template

from partnership.models import OutgoingMail

SUBJECT_LENGTH = OutgoingMail._meta.get_field("subject").max_length


def send_later(*, to, subject, body, at, unsubscribe=""):
    """
    Put a plain-text e-mail to one address in the outbox; `unsubscribe` is the address that switches its kind off.

    :raises TransactionManagementError: outside a transaction: the mail must stand or fall with its act
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A mail belongs in the transaction of the act that causes it")
    # A line break in a subject could forge further headers; a name that somebody typed may hold one.
    subject = " ".join(subject.split())
    if len(subject) > SUBJECT_LENGTH:
        subject = subject[: SUBJECT_LENGTH - 1] + "…"
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return OutgoingMail.objects.create(
        to=to,
        subject=subject,
        body=body,
        message_id=f"<{uuid4()}@{host}>",
        unsubscribe_url=unsubscribe,
        due_at=at,
    )


def count_demo_as_sent(*, at):
    """
    Count what the demo's made-up past has queued as sent, so that no worker sends it months later.

    :raises PermissionDenied: outside demo mode
    """
    if not settings.DEMO:
        raise PermissionDenied("There is no demo mail outside demo mode.")
    OutgoingMail.objects.filter(sent_at=None, to__endswith=".example").update(sent_at=at)


def written(template, **context):
    """Return a plain-text e-mail from its template: its first line is the subject, the rest the body."""
    context = {"service_name": settings.SERVICE_NAME, "service_contact": settings.SERVICE_CONTACT} | context
    # Plain text: an apostrophe in a name must not come out as its HTML code.
    text = get_template(template).template.render(Context(context, autoescape=False))
    subject, _, body = text.strip().partition("\n")
    return {"subject": subject, "body": body.strip() + "\n"}


def send(mail):
    """
    Hand one mail of the outbox to the mail server.

    :raises OSError: if the server cannot be reached or refuses; `smtplib`'s errors are OSErrors
    """
    headers = {"Message-ID": mail.message_id}
    if mail.unsubscribe_url:
        # RFC 8058: the reader's mail program may post there by itself.
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        headers=headers,
    ).send()
