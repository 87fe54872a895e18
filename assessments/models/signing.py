"""Frozen content, the signatures on it, and the seal."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

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


class DelegationQuerySet(models.QuerySet):
    def in_force(self, on):
        """Return those that hold on a day: not withdrawn, and both people still have their part."""
        signatory = Q(signatory__ends_on=None) | Q(signatory__ends_on__gte=on)
        deputy = Q(deputy__ends_on=None) | Q(deputy__ends_on__gte=on)
        days = Q(starts_on=None) | Q(starts_on__lte=on, ends_on__gte=on)
        return self.filter(signatory, deputy, days, withdrawn_at=None)

    def covering(self, assessment):
        """Return those under which this assessment may be signed."""
        return self.filter(Q(assessment=None) | Q(assessment=assessment), signatory__place=assessment.place_id)


class Delegation(Addressable):
    """
    A signatory's word that somebody else of the same organisation may sign in their place.

    It holds for one assessment, or for all of the place from one day to another. It is never changed, only withdrawn.
    """

    frozen_once = ("TRUE", ["signatory_id", "deputy_id", "assessment_id", "starts_on", "ends_on", "named_at"])

    signatory = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    deputy = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    named_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(assessment__isnull=False, starts_on=None, ends_on=None)
                | Q(assessment=None, starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="delegation_for_an_assessment_or_for_days",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="delegation_withdrawn_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(signatory=F("deputy")), name="delegation_to_somebody_else"),
        ]

    def __str__(self):
        return f"delegation {self.public_id}"


class SignatureQuerySet(models.QuerySet):
    def standing(self):
        """Return each organisation's last answer on each snapshot; those that it replaced stay on record."""
        later = Signature.objects.filter(
            snapshot=OuterRef("snapshot"), organisation=OuterRef("organisation"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class Signature(Addressable):
    """
    One organisation's word on one snapshot, bound to it by its digest.

    While signing is open it may be replaced by another, with the next number. One that a deputy gave names the
    delegation under which they did.
    """

    append_only = True

    class Kind(models.TextChoices):
        SIGNED = "SIGNED", "Signed"
        RESERVED = "RESERVED", "Signed with a reservation"
        DECLINED = "DECLINED", "Declined"
        INTEREST = "INTEREST", "Declared an interest"

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="signatures")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveSmallIntegerField(default=1, help_text="Counts the organisation's answers, from 1")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = models.TextField(blank=True, help_text="The reservation, reason or interest")
    digest = models.CharField(max_length=64, help_text="The digest of the snapshot, as the signatory saw it")
    signed_at = models.DateTimeField()

    objects = SignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "organisation", "number"], name="signature_numbered_once_per_organisation"
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="signature_number_from_one"),
            models.CheckConstraint(condition=Q(kind="SIGNED") | ~Q(words=""), name="signature_says_why"),
        ]

    def __str__(self):
        return f"signature {self.public_id}"

    @property
    def deputy_of(self):
        """Whose deputy signed, by name, "" where the signatory did; needs the delegation with its signatory's user."""
        return self.delegation.signatory.user.name if self.delegation else ""


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
