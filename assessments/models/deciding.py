"""What the ICB decides on an assessment, on which conditions, and what became of these."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from partnership.models import Addressable, Organisation

from .assessment import Assessment
from .signing import Seal


class Decision(Addressable):
    """The ICB's decision as canonical text: the second sealed document, which cites the place's own seal."""

    append_only = True

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="decision")
    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="decision")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    decided_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"decision {self.public_id}"


class PathwayDecision(models.Model):
    """What was decided for one readiness pathway."""

    append_only = True

    class Outcome(models.TextChoices):
        ACCEPT = "ACCEPT", "Accepted"
        CONDITIONS = "CONDITIONS", "Accepted with conditions"
        NOT_YET = "NOT_YET", "Not yet"

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="pathways")
    pathway = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    functions = models.TextField(blank=True, help_text="The functions delegated")
    reasons = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "pathway"], name="pathway_decided_once"),
            models.CheckConstraint(condition=~Q(reasons=""), name="pathway_decision_gives_reasons"),
            models.CheckConstraint(
                condition=Q(outcome="NOT_YET", functions="") | (~Q(outcome="NOT_YET") & ~Q(functions="")),
                name="pathway_decision_names_functions_where_accepted",
            ),
        ]

    def __str__(self):
        return f"{self.pathway}: {self.outcome}"


class ConditionQuerySet(models.QuerySet):
    def still_open(self):
        return self.filter(closure=None)


class Condition(Addressable):
    """What an organisation must do by a day for an acceptance to hold, and the gate that it is for."""

    append_only = True

    decided = models.ForeignKey(PathwayDecision, on_delete=models.PROTECT, related_name="conditions")
    number = models.PositiveSmallIntegerField(help_text="Counts within the pathway's decision, from 1")
    gate = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()

    objects = ConditionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decided", "number"], name="condition_numbered_once")]

    def __str__(self):
        return f"condition {self.public_id}"


class ConditionClosure(models.Model):
    """The ICB's word that a condition is met."""

    append_only = True

    condition = models.OneToOneField(Condition, on_delete=models.PROTECT, related_name="closure")
    words = models.TextField()
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="closure_says_why")]

    def __str__(self):
        return f"closure of condition {self.condition_id}"
