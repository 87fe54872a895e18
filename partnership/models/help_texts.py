"""What the programme office of a system wrote in place of a help text."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .base import Addressable
from .places import System


class HelpText(Addressable):
    """One version of a page's text; the newest is shown. An empty one brings back what comes with the portal."""

    append_only = True

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="help_texts")
    page = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "page", "number"], name="help_text_numbered_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="help_text_numbered_from_one"),
        ]

    def __str__(self):
        return f"{self.page} {self.number}"
