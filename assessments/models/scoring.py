"""Scores that members give alone, and the levels that the board agrees."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

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

    REASON_MAX = 2000
    COMMENT_MAX = 4000

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
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 11)), name="score_level_is_a_rank"),
        ]

    def __str__(self):
        return f"score of item {self.item_id} by membership {self.membership_id}"


class Flag(models.Model):
    """An item that somebody means to come back to: their own reminder, which nobody else sees and nothing counts."""

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="flags")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    flagged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="flag_once_per_item_and_person")]

    def __str__(self):
        return f"flag of item {self.item_id}"


class AgreementQuerySet(models.QuerySet):
    def standing(self):
        """Return the agreements that hold: those on an item's last ballot, not on one that was held again."""
        return self.filter(ballot=F("item__ballot"))


class Agreement(Versioned):
    """
    The level that the board settles on for an item after a ballot; `spread` of the scores is computed, never stored.

    Scoring an item again opens a new ballot: the agreement on the old one stays on record and holds no more.
    """

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="agreements")
    ballot = models.PositiveSmallIntegerField(default=1)
    judgement = models.CharField(max_length=20, choices=Judgement.choices)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField("rationale", blank=True)
    undisputed = models.BooleanField(default=False, help_text="Accepted with all others that nobody disputed")
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "ballot"], name="agreement_once_per_item_and_ballot"),
            models.CheckConstraint(
                condition=LEVEL_OR_REASON & ~Q(judgement="CANNOT_JUDGE"), name="agreement_has_level_or_reason"
            ),
            models.CheckConstraint(condition=Q(level=None) | Q(level__range=(0, 11)), name="agreement_level_is_a_rank"),
        ]

    def __str__(self):
        return f"agreement on item {self.item_id}"


class DissentQuerySet(models.QuerySet):
    def standing(self):
        """Return the dissents from what is agreed now; those from a level that was changed since stay on record."""
        return self.filter(
            Q(level=F("agreement__level")) | Q(level=None, agreement__level=None),
            judgement=F("agreement__judgement"),
            agreement__ballot=F("agreement__item__ballot"),
        )

    def shown(self):
        """Return the dissents without those that were withdrawn and are to be left out."""
        return self.exclude(withdrawal__is_shown=False)


class Dissent(models.Model):
    """
    A member's recorded disagreement with an agreed level, attributed or not, as they choose.

    Where it is not, `author_mark` lets its author alone withdraw it, without telling anybody who that is
    (`services.dissenting`). One that was voiced in a workshop has none, and stays.
    """

    append_only = True

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="dissents")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judgement = models.CharField(max_length=20, choices=Judgement.choices, help_text="What was agreed at the time")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField()
    author_mark = models.CharField(max_length=64, blank=True)
    recorded_at = models.DateTimeField()

    objects = DissentQuerySet.as_manager()

    def __str__(self):
        return f"dissent on agreement {self.agreement_id}"


class DissentWithdrawal(models.Model):
    """The author's word that a dissent stands no more. It bears no name: whose it is, the dissent says or does not."""

    append_only = True

    dissent = models.OneToOneField(Dissent, on_delete=models.PROTECT, related_name="withdrawal")
    is_shown = models.BooleanField(help_text="The dissent stays, and is said to be withdrawn; else it is left out")
    withdrawn_at = models.DateTimeField()

    def __str__(self):
        return f"withdrawal of dissent {self.dissent_id}"
