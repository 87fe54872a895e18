"""What a place aims for: levels of its criteria by a day, and the day on which it means to go down a pathway."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from frameworks.models import Framework, Node
from partnership.models import Addressable, Place

from .assessment import Assessment


class TargetSet(Addressable):
    """
    The levels that a place aims for, by a day. Another set replaces it; what was aimed for before stays on record.

    One without a day has no targets: the place aims for nothing any more.
    """

    append_only = True

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="target_sets")
    number = models.PositiveSmallIntegerField(help_text="Counts over all versions of the assessment, from 1")
    reach_by = models.DateField(null=True, blank=True)
    reason = models.TextField(blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "number"], name="target_set_numbered_once")]

    def __str__(self):
        return f"targets {self.public_id}"


class Target(models.Model):
    """The level of a criterion in a set of targets."""

    append_only = True

    set = models.ForeignKey(TargetSet, on_delete=models.PROTECT, related_name="targets")
    criterion = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["set", "criterion"], name="target_once_per_criterion"),
            models.CheckConstraint(condition=Q(level__range=(1, 6)), name="target_is_a_rank"),
        ]

    def __str__(self):
        return f"target of {self.criterion_id} in set {self.set_id}"


class PathwayDate(Addressable):
    """
    The day on which a place means to go down a readiness pathway, as it was planned or planned anew.

    It is the place's through all its rounds in the framework; `assessment` is the one in which it was said.
    """

    append_only = True

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="pathway_dates")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    pathway = models.CharField(max_length=40)
    number = models.PositiveSmallIntegerField(help_text="Counts for the place and pathway, from 1")
    planned_on = models.DateField()
    reason = models.TextField(blank=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["place", "framework", "pathway", "number"], name="pathway_date_numbered_once"
            ),
            models.CheckConstraint(condition=Q(number=1) | ~Q(reason=""), name="pathway_dated_anew_with_a_reason"),
        ]

    def __str__(self):
        return f"day of {self.pathway} at place {self.place_id}"
