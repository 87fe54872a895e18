"""Who may open which of this room's addresses."""

from assessments.workflow import ACTS, Act
from partnership.permissions import Route, capacity
from partnership.roles import Role

EVERYBODY = frozenset(Role)
PLANNERS = ACTS[Act.PLAN].roles

ROUTES = {
    "improvement:actions": Route(read=EVERYBODY),
    "improvement:action_add": Route(read=PLANNERS, post=PLANNERS),
    "improvement:action_edit": Route(read=PLANNERS, post=PLANNERS),
    # Read by all places of the system, whatever their rounds share: an offer is made to them.
    "improvement:help": Route(read=EVERYBODY),
    "improvement:help_add": Route(read=PLANNERS, post=PLANNERS),
    "improvement:help_edit": Route(read=PLANNERS, post=PLANNERS),
}


def check_can_offer_help(*, user, place, on=None):
    """
    Let those pass who speak for a place when it offers help to others or asks for it.

    :raises PermissionDenied: for anybody else, and for everybody once the place has closed
    """
    sentence = "Only the place lead and the chair say what their place offers others and asks of them."
    if place.ended_on:
        sentence = f"{place.name} has closed, so it offers and asks nothing any more."
    capacity(user=user, place=place, on=on).check(PLANNERS, sentence)
