"""People of other places who review an assessment."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from partnership.models import Membership

from .assessment import Assessment


class PeerReviewer(models.Model):
    """Somebody of another place of the system whom the programme office named as a reviewer of one assessment."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="peer_reviewers")
    membership = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", help_text="Their part at their own place"
    )
    named_at = models.DateTimeField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "membership"], condition=Q(ended_at=None), name="peer_reviewer_once_at_a_time"
            ),
        ]

    def __str__(self):
        return f"membership {self.membership_id} for {self.assessment_id}"
