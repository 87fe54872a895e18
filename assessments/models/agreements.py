"""What partners have agreed in writing: the collaboration agreement, the Section 75, terms of reference."""

from django.db import models
from django.db.models import F, Q

from partnership.models import Addressable, Organisation, Place, Versioned

from .evidence import Artefact


class PartnershipAgreement(Addressable, Versioned):
    """
    An agreement between organisations of a place, and where it is held: in the evidence register, or elsewhere.

    Not to be taken for `Agreement`, the level that a board settles on. A date that nobody stated is empty.
    """

    class Kind(models.TextChoices):
        COLLABORATION = "COLLABORATION", "Collaboration agreement"
        SECTION_75 = "SECTION_75", "Section 75 agreement"
        MEMORANDUM = "MEMORANDUM", "Memorandum of understanding"
        TERMS = "TERMS", "Terms of reference"
        DATA_SHARING = "DATA_SHARING", "Data sharing agreement"
        OTHER = "OTHER", "Other agreement"

    class Status(models.TextChoices):
        NOT_STATED = "NOT_STATED", "Not stated"
        DRAFT = "DRAFT", "Draft"
        AGREED = "AGREED", "Agreed, not yet in force"
        IN_FORCE = "IN_FORCE", "In force"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NOT_STATED)
    parties = models.ManyToManyField(Organisation, related_name="+", blank=True)
    starts_on = models.DateField(null=True, blank=True, help_text="Empty where no date is stated")
    ends_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    artefact = models.ForeignKey(Artefact, on_delete=models.PROTECT, null=True, blank=True, related_name="agreements")
    held_at = models.CharField("where it is held", max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "title"], name="partnership_agreement_titled_once_per_place"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="partnership_agreement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(artefact=None) | Q(held_at=""), name="partnership_agreement_held_in_one_place"
            ),
        ]

    def __str__(self):
        return f"agreement {self.public_id}"
