"""Reads of actions that more than one page needs."""

from improvement.models import Action


def actions_of(assessment):
    """Return an assessment's actions that were not dropped, soonest first, with owner and criterion."""
    return (
        Action.objects.filter(assessment=assessment)
        .exclude(status=Action.Status.DROPPED)
        .select_related("owner", "criterion")
        .order_by("due_on", "pk")
    )
