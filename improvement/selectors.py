"""Reads of actions that more than one page needs."""

from django.shortcuts import get_object_or_404

from assessments.models import Assessment
from improvement.models import Action
from partnership.models import Place


def actions_of(assessment):
    """Return an assessment's actions that were not dropped, soonest first, with owner and criterion."""
    return (
        Action.objects.filter(assessment=assessment)
        .exclude(status=Action.Status.DROPPED)
        .select_related("owner", "criterion")
        .order_by("due_on", "pk")
    )


def actions_at(place):
    """Return a place's actions from all its rounds: those still open first, soonest first."""
    return (
        Action.objects.filter(assessment__place=place)
        .exclude(status=Action.Status.DROPPED)
        .select_related("owner", "criterion", "assessment__round", "assessment__place")
        .order_by("-status", "due_on", "pk")
    )


def get_place(*, user, public_id):
    """
    Return the place if the user has a part there or in its system.

    :raises Http404: otherwise; for them it does not exist
    """
    return get_object_or_404(Place.objects.visible_to(user).select_related("system", "part_of"), public_id=public_id)


def get_action(*, user, public_id):
    """
    Return the action, with its assessment, if the user has a part at its place or in the place's system.

    :raises Http404: otherwise; for them it does not exist
    """
    visible = Action.objects.filter(assessment__in=Assessment.objects.visible_to(user))
    wanted = visible.select_related(
        "owner", "criterion", "assessment__place__system", "assessment__round", "assessment__framework_version"
    )
    return get_object_or_404(wanted, public_id=public_id)
