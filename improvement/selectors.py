"""Reads of actions, and of what places offer each other, that more than one page needs."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from assessments.models import Assessment
from frameworks.models import Node
from improvement.models import Action, ActionChange, Help, HelpChange
from partnership.models import Membership, Place


def actions_of(assessment):
    """Return an assessment's actions that were not dropped, soonest first, with owner and criterion."""
    return (
        Action.objects.filter(assessment=assessment)
        .exclude(status=Action.Status.DROPPED)
        .select_related("owner", "criterion")
        .order_by("due_on", "pk")
    )


def actions_at(place):
    """Return a place's actions from all its rounds, with what happened: those still open first, soonest first."""
    return (
        Action.objects.filter(assessment__place=place)
        .exclude(status=Action.Status.DROPPED)
        .select_related("owner", "criterion", "assessment__round", "assessment__place")
        .prefetch_related(Prefetch("changes", ActionChange.objects.select_related("changed_by").order_by("-pk")))
        .order_by("-status", "due_on", "pk")
    )


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


def help_in(system):
    """Return all that places of a system ever offered and asked, by criterion, with how it read; two queries."""
    changes = HelpChange.objects.select_related("changed_by", "contact").order_by("-pk")
    found = Help.objects.filter(place__system=system).select_related("place", "criterion__version", "contact")
    found = found.order_by("criterion__position", "criterion__code", "kind", "place__name", "pk")
    return found.prefetch_related(Prefetch("changes", queryset=changes))


def help_with(*, system, framework, code, on):
    """Return what places of a system offer and ask on a day for a framework's criterion, in any version; one query."""
    found = Help.objects.standing(on).filter(place__system=system, criterion__code=code)
    found = found.filter(criterion__version__framework=framework).select_related("place", "contact")
    return found.order_by("place__name", "pk")


def get_help(*, user, public_id):
    """
    Return the offer or ask if the user has a part at its place or in the place's system.

    :raises Http404: otherwise; for them it does not exist
    """
    visible = Help.objects.filter(place__in=Place.objects.visible_to(user))
    return get_object_or_404(visible.select_related("place__system", "criterion", "contact"), public_id=public_id)


def places_spoken_for(*, user, system, roles):
    """Return the open places of a system where the user has one of these roles now, by name; one query."""
    here = Membership.objects.current().filter(user=user, role__in=roles, place__system=system)
    return Place.objects.filter(pk__in=here.values("place"), ended_on=None).order_by("name")


def criteria_of(place):
    """Return the criteria of the framework version that a place was assessed by last, in order; none before a round."""
    last = Assessment.objects.filter(place=place).order_by("-round__opens_on", "-pk").values("framework_version")[:1]
    return Node.objects.filter(version__in=last, is_criterion=True).select_related("parent").order_by("position")
