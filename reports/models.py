"""Readiness reports, made once from a seal and kept."""

from django.conf import settings
from django.db import models

from assessments.models import Seal
from partnership.models import Addressable, StoredFile


class Report(Addressable):
    """The PDF of a sealed assessment, as the worker made it."""

    append_only = True

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="report")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    def __str__(self):
        return f"report {self.public_id}"


class Reminder(models.Model):
    """
    That a person was told something by e-mail, or that there was nothing to tell: never twice under one key.

    The keys are those of `reports.reminders`.
    """

    append_only = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="reminder_once_per_person")]

    def __str__(self):
        return f"{self.user_id} {self.key}"
