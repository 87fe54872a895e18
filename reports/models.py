"""Reports and the papers beside them, made once and kept; what seals say, counted; reminders; the API's tokens."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Decision, Round, Seal
from frameworks.models import Node
from partnership.models import Addressable, StoredFile, System


class Report(Addressable):
    """The PDF of a sealed assessment, as the worker made it."""

    append_only = True

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, related_name="report")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()

    def __str__(self):
        return f"report {self.public_id}"


class SealedLevel(models.Model):
    """
    What a seal says of one domain, tier or criterion, so that many seals can be counted without reading them all.

    Made from the sealed content alone, within the act of sealing: it holds for as long as the seal, and can be made
    again at any time.
    """

    class Status(models.TextChoices):
        LEVEL = "LEVEL", "A level"
        INCOMPLETE = "INCOMPLETE", "Incomplete"
        NOT_APPLICABLE = "NOT_APPLICABLE", "Not applicable"
        NONE_SUPPORTED = "NONE_SUPPORTED", "No level supported"
        NO_LEVEL = "NO_LEVEL", "No level by design"

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="levels")
    node = models.ForeignKey(Node, on_delete=models.PROTECT, related_name="+")
    claimed_status = models.CharField(max_length=20, choices=Status.choices)
    claimed = models.PositiveSmallIntegerField(null=True, blank=True)
    supported_status = models.CharField(max_length=20, choices=Status.choices)
    supported = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seal", "node"], name="sealed_level_once_per_node"),
            models.CheckConstraint(
                condition=(Q(claimed_status="LEVEL") ^ Q(claimed=None))
                & (Q(supported_status="LEVEL") ^ Q(supported=None)),
                name="sealed_level_or_why_none",
            ),
        ]

    def __str__(self):
        return f"{self.node_id} in seal {self.seal_id}"


class SealedVerdict(models.Model):
    """What a seal says of one readiness pathway; made as `SealedLevel` is."""

    class Verdict(models.TextChoices):
        READY = "READY", "Ready"
        READY_WITH_CONDITIONS = "READY_WITH_CONDITIONS", "Ready with conditions"
        NOT_READY = "NOT_READY", "Not ready"

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="verdicts")
    pathway = models.CharField(max_length=40)
    verdict = models.CharField(max_length=30, choices=Verdict.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "pathway"], name="sealed_verdict_once_per_pathway")]

    def __str__(self):
        return f"{self.pathway} in seal {self.seal_id}"


class Reminder(models.Model):
    """
    That a person was told something by e-mail, or that there was nothing to tell: never twice under one key.

    The keys are those of `reports.reminders`.
    """

    append_only = True

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="reminder_once_per_person")]

    def __str__(self):
        return f"{self.user_id} {self.key}"


class ApiToken(Addressable):
    """
    Lets a program read over the API what the programme office of a system reads, until a day.

    Whoever makes it sees the token once: only its digest is kept, and how it begins, to tell it from others.
    """

    frozen_once = (
        "TRUE",
        ["system_id", "name", "beginning", "digest", "expires_on", "created_at", "created_by_id"],
    )

    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100)
    beginning = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField(help_text="The last day on which it works")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "name"], condition=Q(revoked_at=None), name="api_token_named_once_per_system"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None) | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_by_somebody",
            ),
        ]

    def works_on(self, day):
        return self.revoked_at is None and day <= self.expires_on

    def __str__(self):
        return f"token {self.public_id}"


class RoundOrder(Addressable):
    """
    What a round's places had submitted when the ICB asked for its papers, as canonical text.

    The papers are made of what it names, so that they stay true when another place submits.
    """

    append_only = True

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="orders")
    text = models.TextField()
    digest = models.CharField(max_length=64)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "digest"], name="round_order_once_per_content")]

    def __str__(self):
        return f"order {self.public_id}"


class Paper(Addressable):
    """A file beside the reports, as the worker made it of what was sealed: once for each thing that it is of."""

    append_only = True

    class Kind(models.TextChoices):
        SUMMARY = "SUMMARY", "Board summary"
        DECISION = "DECISION", "Decision"
        SYSTEM = "SYSTEM", "System report"
        BATCH = "BATCH", "All reports of a round"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    order = models.ForeignKey(RoundOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="papers")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    pages = models.PositiveSmallIntegerField(help_text="0 for a zip")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="SUMMARY", seal__isnull=False, decision=None, order=None)
                | Q(kind="DECISION", seal=None, decision__isnull=False, order=None)
                | Q(kind__in=("SYSTEM", "BATCH"), seal=None, decision=None, order__isnull=False),
                name="paper_of_what_its_kind_says",
            ),
            models.UniqueConstraint(fields=["seal"], condition=~Q(seal=None), name="paper_once_per_seal"),
            models.UniqueConstraint(fields=["decision"], condition=~Q(decision=None), name="paper_once_per_decision"),
            models.UniqueConstraint(fields=["order", "kind"], condition=~Q(order=None), name="paper_once_per_order"),
        ]

    def __str__(self):
        return f"{self.kind} {self.public_id}"
