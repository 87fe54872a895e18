"""Readiness reports, made once from a seal and kept."""

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
