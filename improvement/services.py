"""Plan actions and say what became of them."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments import permissions
from assessments.models import Assessment
from assessments.workflow import Act
from frameworks import definition
from improvement.models import Action, ActionChange
from partnership import audit, idempotency
from partnership.models import revise


def lock(assessment):
    return (
        Assessment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place", "framework_version")
        .get(pk=assessment.pk)
    )


def add_action(
    *,
    assessment,
    title,
    owner,
    due_on,
    by,
    at,
    criterion=None,
    gate=None,
    owner_name="",
    expected_level=None,
    token=None,
):
    """
    Plan an action of an organisation for a criterion (a node) or for a gate (a pair of pathway and gate code).

    :raises PermissionDenied: if `by` may not plan here
    :raises WrongState: if actions are fixed in the present state
    :raises ValidationError: if it is for nothing, or for a gate or level that the framework does not have
    :raises AlreadyDone: if the form was sent before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment = lock(assessment)
        capacity = permissions.capacity(user=by, assessment=assessment)
        permissions.check(Act.PLAN, capacity=capacity, assessment=assessment)
        pathway, gate_code = gate or ("", "")
        _check_purpose(assessment, criterion, pathway, gate_code, expected_level)
        action = Action.objects.create(
            assessment=assessment,
            title=title,
            owner=owner,
            owner_name=owner_name,
            due_on=due_on,
            criterion=criterion,
            pathway=pathway,
            gate=gate_code,
            expected_level=expected_level,
        )
        _note(action, note="", by=by, at=at)
        audit.record(audit.Type.ACTION_ADDED, chain=assessment, by=by, at=at, target=action, due_on=due_on.isoformat())
        act.result = str(action.public_id)
    return action


def _check_purpose(assessment, criterion, pathway, gate, expected_level):
    framework = definition.load(assessment.framework_version.definition)
    if criterion is None and not gate:
        raise ValidationError("Choose the criterion or the readiness gate that the action is for.")
    if criterion is not None and criterion.version_id != assessment.framework_version_id:
        raise ValidationError("The criterion belongs to another framework version.")
    if gate and (pathway, gate) not in {(p.code, g.code) for p in framework.pathways for g in p.gates}:
        raise ValidationError("The framework has no such gate.")
    if expected_level is not None and expected_level not in framework.scale.ranks:
        raise ValidationError("The framework has no such level.")


@transaction.atomic
def change_action(*, action, status, title, owner, owner_name, due_on, note, based_on, by, at):
    """
    Change an action, or say that it is done or dropped; what it was stays on record.

    `based_on` is the version that `by` was looking at.

    :raises PermissionDenied: if `by` may not plan here
    :raises WrongState: if actions are fixed in the present state
    :raises Stale: if somebody else changed it meanwhile
    """
    assessment = lock(action.assessment)
    capacity = permissions.capacity(user=by, assessment=assessment)
    permissions.check(Act.PLAN, capacity=capacity, assessment=assessment)
    action = revise(
        action, based_on=based_on, status=status, title=title, owner=owner, owner_name=owner_name, due_on=due_on
    )
    _note(action, note=note, by=by, at=at)
    audit.record(
        audit.Type.ACTION_CHANGED,
        chain=assessment,
        by=by,
        at=at,
        target=action,
        status=str(status),
        due_on=due_on.isoformat(),
        note=audit.digest(note) if note else "",
    )
    return action


def _note(action, *, note, by, at):
    ActionChange.objects.create(
        action=action, status=action.status, due_on=action.due_on, note=note, changed_at=at, changed_by=by
    )
