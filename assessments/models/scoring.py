"""Scores that members give alone, and the levels that the board agrees."""

from django.db import models
from django.db.models import Q

from partnership.models import Membership, Versioned

from .evidence import EvidenceItem

LEVEL_OR_REASON = (
    Q(judgement="LEVEL", level__isnull=False)
    | (Q(judgement="NOT_APPLICABLE", level=None) & ~Q(reason=""))
    | Q(judgement="CANNOT_JUDGE", level=None)
)


class Judgement(models.TextChoices):
    LEVEL = "LEVEL", "A level"
    NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"
    CANNOT_JUDGE = "CANNOT_JUDGE", "Cannot judge"


class Score(Versioned):
    """One assessor's judgement of one item in one ballot."""

    class Confidence(models.TextChoices):
        SURE = "SURE", "Sure"
        FAIRLY_SURE = "FAIRLY_SURE", "Fairly sure"
        UNSURE = "UNSURE", "Unsure"

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="scores")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="scores")
    ballot = models.PositiveSmallIntegerField(default=1)
    judgement = models.CharField(max_length=20, choices=Judgement.choices)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True, help_text="Why the item is not applicable")
    confidence = models.CharField(max_length=20, choices=Confidence.choices, blank=True)
    comment = models.TextField(blank=True)
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "membership", "ballot"], name="score_once_per_item_and_ballot"),
            models.CheckConstraint(condition=LEVEL_OR_REASON, name="score_has_level_or_reason"),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 6)), name="score_level_is_a_rank"),
        ]

    def __str__(self):
        return f"score of item {self.item_id} by membership {self.membership_id}"


class Agreement(Versioned):
    """The level that the board settles on for an item; `spread` of the scores is computed, never stored."""

    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="agreement")
    judgement = models.CharField(max_length=20, choices=Judgement.choices)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField("rationale", blank=True)
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=LEVEL_OR_REASON & ~Q(judgement="CANNOT_JUDGE"), name="agreement_has_level_or_reason"
            ),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 6)), name="agreement_level_is_a_rank"),
        ]

    def __str__(self):
        return f"agreement on item {self.item_id}"


class Dissent(models.Model):
    """A member's recorded disagreement with an agreed level, attributed or not, as they choose."""

    append_only = True

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="dissents")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    recorded_at = models.DateTimeField()

    def __str__(self):
        return f"dissent on agreement {self.agreement_id}"
