"""What a place does about its gaps, and how places of a system help each other."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.models import Assessment, Condition
from frameworks.models import Node
from partnership.models import Addressable, Organisation, Place, Versioned


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


class HelpQuerySet(models.QuerySet):
    def standing(self, on):
        """Return what is offered and asked on a day, at places that are open."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, place__ended_on=None)


class Help(Addressable, Versioned):
    """What a place offers the others of its system for a criterion, or asks of them, from one day to another."""

    class Kind(models.TextChoices):
        OFFER = "OFFER", "We can help"
        ASK = "ASK", "We ask for help"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="help")
    criterion = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    contact = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", help_text="The partner to turn to"
    )
    words = models.TextField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day; empty until further notice")

    objects = HelpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="help_ends_later"),
            models.CheckConstraint(condition=~Q(words=""), name="help_says_something"),
        ]

    def __str__(self):
        return f"help {self.public_id}"


class HelpChange(models.Model):
    """How an offer or an ask read from then on."""

    append_only = True

    help = models.ForeignKey(Help, on_delete=models.PROTECT, related_name="changes")
    contact = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    words = models.TextField()
    ends_on = models.DateField(null=True, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.help_id} from {self.changed_at}"
