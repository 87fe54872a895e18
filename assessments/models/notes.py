"""What partners keep to themselves."""

from django.conf import settings
from django.db import models

from partnership.models import Organisation, Versioned

from .evidence import EvidenceItem


class PartnerNote(Versioned):
    """
    A partner's own note on an item, for its people at the place alone.

    No document, report, export or administration page holds it, and the audit record knows its digest only.
    """

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "organisation"], name="partner_note_once_per_item_and_partner")
        ]

    def __str__(self):
        return f"note of organisation {self.organisation_id} on item {self.item_id}"
