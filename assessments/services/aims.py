"""Set a place's targets, and plan the days of its readiness pathways; what was aimed for before stays on record."""

from django.utils import timezone

from assessments.aims import pathway_dates, target_sets
from assessments.models import PathwayDate, Target, TargetSet
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks import definition
from frameworks.models import Node
from partnership import audit, idempotency
from partnership.models import Place, Stale


class AimRefused(Exception):
    """A place cannot aim for this; `field` names what to mend, the text says how."""

    field = None


class NoSuchTarget(AimRefused):
    """The framework has no such criterion, or no such level."""


class NoDay(AimRefused):
    """Targets without a day, or with one that has passed, say nothing of when they are to be reached."""

    field = "reach_by"


class NothingToSet(AimRefused):
    """There were no targets, and there are to be none."""


class NoReason(AimRefused):
    """A day is not moved without saying why."""

    field = "reason"


class SameDay(AimRefused):
    """The pathway is planned for this day already."""

    field = "planned_on"


class NoSuchPathway(AimRefused):
    """The framework has no such pathway."""


def set_targets(*, assessment, levels, reach_by, reason, based_on, by, at, token=None):
    """
    Set the levels that the place aims for: `levels` by criterion, to be reached by a day; none and None end it.

    `based_on` is the number of the set that `by` was looking at, 0 for none.

    :raises PermissionDenied: if `by` may not plan here
    :raises assessments.permissions.WrongState: if plans are fixed in the present state
    :raises partnership.models.Stale: if somebody else set targets meanwhile
    :raises AimRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.PLAN, assessment.pk, by=by, at=at)
        last = target_sets(assessment=assessment).order_by("-number").first()
        _check_number(last, based_on)
        criteria = _checked(assessment, levels)
        if not levels:
            if last is None or last.reach_by is None:
                raise NothingToSet("Choose a target for at least one criterion")
            reach_by = None
        elif reach_by is None or reach_by <= timezone.localdate(at):
            raise NoDay("The day by which the targets are to be reached must lie ahead")
        made = TargetSet.objects.create(
            assessment=assessment,
            number=based_on + 1,
            reach_by=reach_by,
            reason=reason.strip(),
            set_at=at,
            set_by=by,
        )
        Target.objects.bulk_create(
            Target(set=made, criterion=criteria[code], level=level) for code, level in levels.items()
        )
        audit.record(
            audit.Type.TARGETS_SET,
            chain=assessment,
            by=by,
            at=at,
            target=made,
            number=made.number,
            reach_by=reach_by and reach_by.isoformat(),
            reason=audit.digest(made.reason) if made.reason else "",
            levels=levels,
        )
        act.result = str(made.public_id)
    return made


def date_pathway(*, assessment, pathway, planned_on, reason, based_on, by, at, token=None):
    """
    Plan the day on which the place means to go down a pathway, or plan it anew, which needs a reason.

    `based_on` is the number of the day that `by` was looking at, 0 for none. A day may lie in the past: it is what was
    planned.

    :raises PermissionDenied: if `by` may not plan here
    :raises assessments.permissions.WrongState: if plans are fixed in the present state
    :raises partnership.models.Stale: if somebody else dated it meanwhile
    :raises AimRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    reason = reason.strip()
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.PLAN, assessment.pk, by=by, at=at)
        # The day is the place's, and another of its assessments may be dating it.
        place = Place.objects.select_for_update(no_key=True).get(pk=assessment.place_id)
        framework = definition.load(assessment.framework_version.definition)
        if pathway not in {each.code for each in framework.pathways}:
            raise NoSuchPathway("Choose a readiness pathway of the framework")
        last = pathway_dates(assessment=assessment).filter(pathway=pathway).order_by("-number").first()
        _check_number(last, based_on)
        if last and last.planned_on == planned_on:
            raise SameDay("This is the day that is planned already: enter another one")
        if last and not reason:
            raise NoReason("Say why the day is planned anew")
        made = PathwayDate.objects.create(
            place=place,
            framework_id=assessment.framework_version.framework_id,
            pathway=pathway,
            number=based_on + 1,
            planned_on=planned_on,
            reason=reason,
            assessment=assessment,
            set_at=at,
            set_by=by,
        )
        audit.record(
            audit.Type.PATHWAY_DATED,
            chain=assessment,
            by=by,
            at=at,
            target=made,
            pathway=pathway,
            number=made.number,
            planned_on=planned_on.isoformat(),
            reason=audit.digest(reason) if reason else "",
        )
        act.result = str(made.public_id)
    return made


def _check_number(last, based_on):
    if based_on != (last.number if last else 0):
        raise Stale(last)


def _checked(assessment, levels):
    """Return the criteria that `levels` name, by code."""
    ranks = definition.load(assessment.framework_version.definition).scale.ranks
    nodes = Node.objects.filter(version=assessment.framework_version_id, is_criterion=True, code__in=levels)
    criteria = {node.code: node for node in nodes}
    if strange := sorted(set(levels) - set(criteria)):
        raise NoSuchTarget(f"The framework has no criterion {', '.join(strange)}")
    if any(level not in ranks for level in levels.values()):
        raise NoSuchTarget("Choose one of the framework's levels")
    return criteria
