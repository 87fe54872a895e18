"""Who may open which of this room's addresses."""

from assessments.workflow import ACTS, Act
from partnership.permissions import Route
from partnership.roles import Role

EVERYBODY = frozenset(Role)
PLANNERS = ACTS[Act.PLAN].roles

ROUTES = {
    "improvement:actions": Route(read=EVERYBODY),
    "improvement:action_add": Route(read=PLANNERS, post=PLANNERS),
    "improvement:action_edit": Route(read=PLANNERS, post=PLANNERS),
}
