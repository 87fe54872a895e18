"""Frozen content, the signatures on it, and the seal."""

from django.db import models
from django.db.models import Q

from partnership.models import Addressable, Membership, Organisation

from .assessment import Assessment


class Snapshot(Addressable):
    """The content of an assessment, frozen as canonical text when it was put up for signature."""

    append_only = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveSmallIntegerField(help_text="Counts the times that the assessment was put up, from 1")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="snapshot_numbered_once")]

    def __str__(self):
        return f"snapshot {self.public_id}"


class Signature(Addressable):
    """One organisation's word on one snapshot, bound to it by its digest."""

    append_only = True

    class Kind(models.TextChoices):
        SIGNED = "SIGNED", "Signed"
        RESERVED = "RESERVED", "Signed with a reservation"
        DECLINED = "DECLINED", "Declined"
        INTEREST = "INTEREST", "Declared an interest"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField(blank=True, help_text="The reservation, reason or interest")
    digest = models.CharField(max_length=64, help_text="The digest of the snapshot, as the signatory saw it")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "organisation"], name="signature_once_per_organisation"),
            models.CheckConstraint(condition=Q(kind="SIGNED") | ~Q(words=""), name="signature_says_why"),
        ]

    def __str__(self):
        return f"signature {self.public_id}"


class Seal(Addressable):
    """The end of signing: cites the snapshot, every signature and every missing one, as canonical text."""

    append_only = True

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="seal")
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="seal")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    def __str__(self):
        return f"seal {self.public_id}"
