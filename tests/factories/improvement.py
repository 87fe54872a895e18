"""What a place does next: actions, targets, days, and help from others."""

from datetime import date

from assessments.services import aims
from frameworks.models import Node
from improvement.services import actions, helping
from partnership.roles import Role
from tests.recalled import recalled

from .people import create_organisation, holder
from .usual import AT, numbers


@recalled
def create_action(assessment, *, by=None, **values):
    """Return an action of a partner for SO1, planned by the place's lead; `values` go to `add_action`."""
    defaults = {"title": f"Action {next(numbers)}", "due_on": date(2027, 1, 15)}
    if not values.keys() & {"criterion", "gate"}:
        defaults["criterion"] = Node.objects.get(version=assessment.framework_version, code="SO1")
    if "owner" not in values:
        defaults["owner"] = create_organisation(place=assessment.place)
    by = by or holder(Role.LEAD, assessment.place)
    return actions.add_action(assessment=assessment, by=by, at=AT, **defaults | values)


@recalled
def create_help(place, *, kind="OFFER", code="SO1", by=None, **values):
    """Return an offer of help for a criterion, made by the place's lead; the place has an assessment in some round."""
    if "criterion" not in values:
        version = place.assessments.order_by("-pk").values("framework_version")[:1]
        values["criterion"] = Node.objects.get(version__in=version, code=code)
    if "contact" not in values:
        values["contact"] = create_organisation(place=place)
    by = by or holder(Role.LEAD, place)
    defaults = {"words": f"What helped us {next(numbers)}", "at": AT}
    return helping.say(place=place, kind=kind, by=by, **defaults | values)


@recalled
def create_targets(assessment, *, by=None, reach_by=date(2027, 3, 31), reason="", based_on=0, **levels):
    """Return the targets of a place, such as `SO1=3`, set by its lead."""
    by = by or holder(Role.LEAD, assessment.place)
    return aims.set_targets(
        assessment=assessment, levels=levels, reach_by=reach_by, reason=reason, based_on=based_on, by=by, at=AT
    )


@recalled
def create_pathway_date(assessment, *, by=None, pathway="seed-fund", reason="", based_on=0, planned_on=None):
    """Return the day that a place plans for a pathway, 1 April 2027 unless told, planned by its lead."""
    return aims.date_pathway(
        assessment=assessment,
        pathway=pathway,
        planned_on=planned_on or date(2027, 4, 1),
        reason=reason,
        based_on=based_on,
        by=by or holder(Role.LEAD, assessment.place),
        at=AT,
    )
