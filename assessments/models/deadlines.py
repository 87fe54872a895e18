"""How a round's deadlines were moved: for all of its places, or for one of them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.workflow import Deadline
from partnership.models import Addressable

from .assessment import Assessment, Round


class DatesChange(models.Model):
    """The programme office moved a round's last days, for a reason; what they were before stays on record."""

    append_only = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="dates_changes")
    scoring_was = models.DateField()
    scoring_closes_on = models.DateField()
    signing_was = models.DateField()
    signing_closes_on = models.DateField()
    reason = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="dates_changed_for_a_reason")]

    def __str__(self):
        return f"{self.round_id}: {self.scoring_closes_on}, {self.signing_closes_on}"


class TimeRequest(Addressable):
    """A place asks the programme office for a later day, and what the office answered."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="time_requests")
    deadline = models.CharField(max_length=10, choices=Deadline.choices)
    wanted_on = models.DateField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    is_granted = models.BooleanField(null=True, blank=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(answered_at=None), name="time_request_open_once_per_assessment"
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, is_granted=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False, is_granted__isnull=False),
                name="time_request_answered_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.assessment_id} until {self.wanted_on}"


class Extension(models.Model):
    """One place was given a later day than the round's, asked or not."""

    append_only = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="extensions")
    deadline = models.CharField(max_length=10, choices=Deadline.choices)
    was = models.DateField()
    until = models.DateField()
    reason = models.TextField()
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("was")), name="extension_gives_more_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self):
        return f"{self.assessment_id} until {self.until}"
