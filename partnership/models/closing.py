"""How places closed and were opened again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .people import Membership
from .places import Partner, Place


class PlaceChange(models.Model):
    """A place closed, by itself or to become part of a successor, or was opened again since that was a mistake."""

    append_only = True

    class Kind(models.TextChoices):
        CLOSED = "CLOSED", "Closed"
        OPENED_AGAIN = "OPENED_AGAIN", "Opened again"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    day = models.DateField(help_text="From when on it is closed, or open again")
    successor = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="took_in")
    reason = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="place_change_says_why"),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("place")), name="place_change_into_another"
            ),
        ]

    def __str__(self):
        return f"{self.place_id} {self.kind}"


class EndedByClosing(models.Model):
    """
    A part or a partnership that a closing ended, so that opening the place again can give it anew.

    `until` is the last day that it would have had without.
    """

    append_only = True

    change = models.ForeignKey(PlaceChange, on_delete=models.PROTECT, related_name="ended")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(membership=None) ^ Q(partner=None), name="ended_by_closing_a_part_or_a_partner"
            ),
        ]

    def __str__(self):
        return f"ended by {self.change_id}"
