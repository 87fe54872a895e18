"""What a place does about its gaps."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Assessment, Condition
from frameworks.models import Node
from partnership.models import Addressable, Organisation, Versioned


class Action(Addressable, Versioned):
    """
    Something an organisation undertakes by a day, for a criterion or for a readiness gate.

    One that the ICB's decision made a condition says which: closing that is the ICB's word, not the action's.
    """

    class Status(models.TextChoices):
        OPEN = "OPEN", "Open"
        DONE = "DONE", "Done"
        DROPPED = "DROPPED", "Dropped"

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="actions")
    title = models.CharField(max_length=300)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField("person or post responsible", max_length=200, blank=True)
    due_on = models.DateField()
    criterion = models.ForeignKey(Node, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pathway = models.CharField(max_length=40, blank=True)
    gate = models.CharField(max_length=40, blank=True)
    expected_level = models.PositiveSmallIntegerField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    condition = models.OneToOneField(Condition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(criterion__isnull=False) | (~Q(pathway="") & ~Q(gate="")), name="action_for_something"
            ),
            models.CheckConstraint(
                condition=Q(pathway="", gate="") | (~Q(pathway="") & ~Q(gate="")), name="action_gate_of_pathway"
            ),
        ]

    def __str__(self):
        return f"action {self.public_id}"


class ActionChange(models.Model):
    """What became of an action, and when."""

    append_only = True

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="changes")
    status = models.CharField(max_length=10, choices=Action.Status.choices)
    due_on = models.DateField()
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.action_id}: {self.status}"
