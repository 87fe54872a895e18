"""The audit record: chains of events, each event bound to the one before by its hash."""

from django.db import models


class AuditChain(models.Model):
    """
    One chain, with its length and the hash of its last event.

    The row is also the lock that keeps sequence numbers whole. `shown_hash` is the hash of its last event after which
    pages may show something else.
    """

    key = models.CharField(max_length=80, unique=True)
    length = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)
    shown_hash = models.CharField(max_length=64, blank=True)

    def __str__(self):
        return self.key


class AuditEvent(models.Model):
    """
    Who did what, when, to what. Refers to rows by public identifier, never by foreign key, so that
    the record outlives them; personal text stands in `details` as a digest only.
    """

    append_only = True

    chain = models.CharField(max_length=80)
    sequence = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    actor = models.CharField(max_length=40)
    at = models.DateTimeField()
    target_type = models.CharField(max_length=40)
    target = models.CharField(max_length=40)
    details = models.TextField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_event_numbered_once")]
        indexes = [models.Index(fields=["target"], name="audit_event_by_target")]

    def __str__(self):
        return f"{self.chain} {self.sequence} {self.type}"
