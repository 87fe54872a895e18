"""Invitations to a role at a place, each with a link that works once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from partnership.roles import Role

from .base import Addressable
from .places import Organisation, Place


class InvitationQuerySet(models.QuerySet):
    def open(self):
        """Return those that were neither accepted nor withdrawn, whether their link still works or not."""
        return self.filter(accepted_at=None, withdrawn_at=None)


class Invitation(Addressable):
    """
    Somebody is asked by e-mail to take a role at a place, for an organisation.

    The link's token is kept as a digest only. Whether somebody signs in with the address already is not looked at until
    the link is opened, so that nobody learns it here.
    """

    class State(models.TextChoices):
        SENT = "SENT", "Sent"
        ACCEPTED = "ACCEPTED", "Accepted"
        EXPIRED = "EXPIRED", "Expired"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, help_text="Why somebody of the ICB gets a role at a place that it reviews")
    token_digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    invited_at = models.DateTimeField()
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email", "place", "role"],
                condition=Q(accepted_at=None, withdrawn_at=None),
                name="invitation_open_once_per_place_and_role",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="invitation_email_in_lower_case"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_holds_for_a_time"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at=None),
                name="invitation_accepted_by_somebody_or_withdrawn",
            ),
        ]

    def __str__(self):
        return f"invitation {self.public_id}"

    def state_at(self, at):
        """Return what has become of it by an instant."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.withdrawn_at:
            return self.State.WITHDRAWN
        return self.State.SENT if at < self.expires_at else self.State.EXPIRED


class InvitationEvent(models.Model):
    """What happened to an invitation, and who did it."""

    append_only = True

    class Kind(models.TextChoices):
        SENT = "SENT", "Sent"
        SENT_AGAIN = "SENT_AGAIN", "Sent again, with a new link"
        ACCEPTED = "ACCEPTED", "Accepted"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    invitation = models.ForeignKey(Invitation, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.invitation_id} {self.kind}"
