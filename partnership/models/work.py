"""What the worker does: jobs and outgoing mail, queued in the transaction of the act that causes them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .base import Addressable


class Job(Addressable):
    """A piece of work for the worker, done once per `kind` and `subject`."""

    kind = models.CharField(max_length=40)
    subject = models.UUIDField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="job_once_per_subject")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at=None, failed_at=None), name="job_waiting"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"


class OutgoingMail(Addressable):
    """One e-mail, from the moment the act that causes it is committed until it is sent."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    unsubscribe_url = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    problem = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None, failed_at=None), name="mail_waiting"),
        ]

    def __str__(self):
        return self.message_id


class FormToken(models.Model):
    """A form that was sent: its second arrival finds the first one's result instead of acting again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token = models.UUIDField()
    result = models.CharField(max_length=40, blank=True)
    spent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "token"], name="form_token_spent_once")]

    def __str__(self):
        return str(self.token)


class StoredFile(Addressable):
    """A file kept under the hash of its content, never overwritten."""

    append_only = True

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()

    def __str__(self):
        return self.sha256
