"""Leads who stand in for the chair."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.workflow import Power
from partnership.models import Addressable, Membership


class StandInQuerySet(models.QuerySet):
    def in_force(self, on):
        """Return those that hold on a day: not withdrawn, and both people still have their part."""
        both = Q()
        for part in ("chair", "lead"):
            both &= Q(**{f"{part}__ends_on": None}) | Q(**{f"{part}__ends_on__gte": on})
        return self.filter(both, withdrawn_at=None, starts_on__lte=on, ends_on__gte=on)


class StandIn(Addressable):
    """
    A chair's word that the place lead may do one kind of their acts, from one day to another.

    It holds for all assessments of the place. It is never changed, only withdrawn.
    """

    frozen_once = ("TRUE", ["chair_id", "lead_id", "power", "starts_on", "ends_on", "named_at"])

    chair = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="stand_ins")
    power = models.CharField(max_length=20, choices=Power.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    named_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = StandInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="stand_in_ends_after_start"),
            models.CheckConstraint(condition=~Q(chair=F("lead")), name="stand_in_is_somebody_else"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="stand_in_withdrawn_by_somebody",
            ),
        ]

    @property
    def words(self):
        """What the lead may do, within a sentence."""
        label = self.get_power_display()
        return label[0].lower() + label[1:]

    def __str__(self):
        return f"stand-in {self.public_id}"
