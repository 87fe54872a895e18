"""Workshops: the board together in a room, and what happened there, step by step."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from partnership.models import Addressable, Membership, Versioned

from .assessment import Assessment
from .evidence import EvidenceItem
from .scoring import Judgement


class Facilitator(Addressable):
    """A member of the board whom the chair or the lead named to hold an assessment's workshops; one at a time."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="facilitators")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(ended_at=None), name="facilitator_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="facilitator_ended_by_somebody",
            ),
        ]

    def __str__(self):
        return f"facilitator {self.public_id}"


class Workshop(Addressable, Versioned):
    """
    One meeting at which the board settles levels; `item` is on the screen.

    While `phase` is VOTING, members' scores go to the ballot after the item's last one; the reveal makes it the last.
    """

    class Phase(models.TextChoices):
        PRESENTED = "PRESENTED", "Statement and evidence"
        VOTING = "VOTING", "Voting"
        REVEALED = "REVEALED", "Scores are shown"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="workshops")
    code = models.CharField(max_length=6, help_text="What members type to join; nobody else's while it is open")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.PRESENTED)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(closed_at=None), name="workshop_open_once_per_assessment"
            ),
            models.UniqueConstraint(fields=["code"], condition=Q(closed_at=None), name="workshop_code_open_once"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="workshop_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(phase="PRESENTED"), name="workshop_votes_on_an_item"
            ),
        ]

    def __str__(self):
        return f"workshop {self.public_id}"

    @property
    def shown_code(self):
        return f"{self.code[:3]}-{self.code[3:]}"


class Presence(models.Model):
    """A member who joined a workshop; coming back adds nothing."""

    append_only = True

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="presences")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "membership"], name="presence_once_per_workshop")]

    def __str__(self):
        return f"{self.membership_id} at workshop {self.workshop_id}"


class Step(models.Model):
    """
    What a facilitator did with an item in a workshop: its record is read from these.

    SETTLED says what was agreed then, since the agreement itself may be changed later; `number` is the version that
    the step brought the workshop to.
    """

    append_only = True

    class Kind(models.TextChoices):
        TAKEN = "TAKEN", "Put on the screen"
        VOTE_OPENED = "VOTE_OPENED", "Vote opened"
        CALLED_OFF = "CALLED_OFF", "Vote called off"
        REVEALED = "REVEALED", "Scores shown"
        SETTLED = "SETTLED", "Level settled"

    workshop = models.ForeignKey(Workshop, on_delete=models.PROTECT, related_name="steps")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    ballot = models.PositiveSmallIntegerField(help_text="The ballot that it is about")
    judgement = models.CharField(max_length=20, choices=Judgement.choices, blank=True)
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    reason = models.TextField("rationale", blank=True)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workshop", "number"], name="step_numbered_once_per_workshop"),
            models.CheckConstraint(
                condition=(Q(kind="SETTLED") & ~Q(judgement=""))
                | (~Q(kind="SETTLED") & Q(judgement="", level=None, reason="")),
                name="step_settles_something_or_nothing",
            ),
        ]

    def __str__(self):
        return f"{self.kind} of item {self.item_id} in workshop {self.workshop_id}"
