"""Plan actions, say what became of them, and hand them over when somebody leaves."""

from django.db.models import Count, Q
from django.utils import timezone

from assessments.models import Condition
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks import definition
from improvement.models import Action, ActionChange
from partnership import audit, idempotency
from partnership.models import revise
from partnership.selectors import partners_of


class ActionRefused(Exception):
    """The action cannot be planned like this; `field` names what to mend, the text says how."""

    field = None


class NoTitle(ActionRefused):
    """An action without words says nothing that could be done."""

    field = "title"


class NotAPartner(ActionRefused):
    """The owner is no partner of the place."""

    field = "owner"


class NoPurpose(ActionRefused):
    """The action is for nothing, or for what the framework does not have."""

    field = "purpose"


class NoSuchLevel(ActionRefused):
    """The framework has no such level."""

    field = "expected_level"


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
    :raises assessments.permissions.WrongState: if actions are fixed in the present state
    :raises ActionRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.PLAN, assessment.pk, by=by, at=at)
        pathway, gate_code = gate or ("", "")
        _check_purpose(assessment, criterion, pathway, gate_code, expected_level)
        action = Action.objects.create(
            assessment=assessment,
            title=_words(title),
            owner=_partner(assessment, owner, at),
            owner_name=owner_name.strip(),
            due_on=due_on,
            criterion=criterion,
            pathway=pathway,
            gate=gate_code,
            expected_level=expected_level,
        )
        _note(action, note="", by=by, at=at)
        audit.record(
            audit.Type.ACTION_ADDED,
            chain=assessment,
            by=by,
            at=at,
            target=action,
            due_on=due_on.isoformat(),
            title=audit.digest(action.title),
        )
        act.result = str(action.public_id)
    return action


def plan_conditions(*, decision, by, at):
    """
    Plan an action for each condition of a decision, in the transaction that decides.

    The assessment is locked, and whether `by` may decide was checked: conditions are not the place's to plan.
    """
    conditions = Condition.objects.filter(decided__decision=decision).select_related("decided", "owner")
    for condition in conditions.order_by("decided__pk", "number"):
        action = Action.objects.create(
            assessment=decision.assessment,
            title=condition.text,
            owner=condition.owner,
            due_on=condition.due_on,
            pathway=condition.decided.pathway,
            gate=condition.gate,
            condition=condition,
        )
        _note(action, note="", by=by, at=at)
        audit.record(
            audit.Type.ACTION_ADDED,
            chain=decision.assessment,
            by=by,
            at=at,
            target=action,
            due_on=action.due_on.isoformat(),
            title=audit.digest(action.title),
            condition=str(condition.public_id),
        )


def change_action(*, action, status, title, owner, owner_name, due_on, note, based_on, by, at):
    """
    Change an action, or say that it is done or dropped; what it was stays on record.

    `based_on` is the version that `by` was looking at.

    :raises PermissionDenied: if `by` may not plan here
    :raises assessments.permissions.WrongState: if actions are fixed in the present state
    :raises ActionRefused: in one of its kinds, if the values do not fit together
    :raises partnership.models.Stale: if somebody else changed it meanwhile
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = lock_for(Act.PLAN, action.assessment_id, by=by, at=at)
        # Who owned it when it was planned may have left since.
        if owner.pk != action.owner_id:
            owner = _partner(assessment, owner, at)
        action = revise(
            action,
            based_on=based_on,
            status=Action.Status(status),
            title=_words(title),
            owner=owner,
            owner_name=owner_name.strip(),
            due_on=due_on,
        )
        _note(action, note=note.strip(), by=by, at=at)
        audit.record(
            audit.Type.ACTION_CHANGED,
            chain=assessment,
            by=by,
            at=at,
            target=action,
            status=action.status,
            due_on=due_on.isoformat(),
            title=audit.digest(action.title),
            note=audit.digest(note) if note else "",
        )
    return action


def move_actions(*, source, target):
    """
    Let the actions of an assessment hang on another version of it: what is undertaken goes on.

    Part of re-opening, which has checked the person and holds the locks. What was frozen still tells what was planned.
    """
    Action.objects.filter(assessment=source).update(assessment=target)


def _words(title):
    words = title.strip()
    if not words:
        raise NoTitle("Enter what is to be done")
    return words


def _partner(assessment, owner, at):
    if owner not in partners_of(place=assessment.place, on=timezone.localdate(at)):
        raise NotAPartner(f"{owner.name} is not a partner of {assessment.place.name}")
    return owner


def _check_purpose(assessment, criterion, pathway, gate, expected_level):
    framework = definition.load(assessment.framework_version.definition)
    if criterion is None and not gate:
        raise NoPurpose("Choose the criterion or the readiness gate that the action is for")
    if criterion is not None and (
        criterion.version_id != assessment.framework_version_id or not criterion.is_criterion
    ):
        raise NoPurpose("Choose a criterion of the assessment's framework version")
    if gate and (pathway, gate) not in {(each.code, one.code) for each in framework.pathways for one in each.gates}:
        raise NoPurpose("Choose a gate that the framework has")
    if expected_level is not None and expected_level not in framework.scale.ranks:
        raise NoSuchLevel("Choose one of the framework's levels")


def _note(action, *, note, by, at):
    ActionChange.objects.create(
        action=action, status=action.status, due_on=action.due_on, note=note, changed_at=at, changed_by=by
    )


def stays(*, places):
    """Say which open actions stay behind with places that close."""
    open_ones = Action.objects.filter(assessment__place__in=places, status=Action.Status.OPEN)
    by_place = open_ones.order_by("assessment__place__name").values("assessment__place__name")
    for row in by_place.annotate(n=Count("pk")):
        many = "1 open action" if row["n"] == 1 else f"{row['n']} open actions"
        yield f"{row['assessment__place__name']}: {many}; what is still to be done is planned anew elsewhere"


def open_work(*, memberships, on):
    """Say which open actions of their organisation name the person as responsible."""
    for action in _owned(memberships):
        yield f"Action “{action.title}”, due {action.due_on:%-d %B %Y}, {action.assessment.place}"


def hand_over(*, pairs, by, at):
    """Name the successor as responsible; the organisation stays the owner, and the history says what it was."""
    successor = next((new.user for new in pairs.values() if new), None)
    if successor is None:
        return
    for action in _owned(pairs):
        action = revise(action, based_on=action.version, owner_name=successor.name)
        audit.record(
            audit.Type.WORK_HANDED_OVER,
            chain=action.assessment,
            by=by,
            at=at,
            target=action,
            owner=str(successor.public_id),
        )


def _owned(memberships):
    mine = Q(pk__in=())
    for part in memberships:
        if part.place_id:
            mine |= Q(owner=part.organisation_id, owner_name__iexact=part.user.name, assessment__place=part.place_id)
    open_ones = Action.objects.filter(mine, status=Action.Status.OPEN)
    return open_ones.select_related("assessment__place").order_by("due_on", "pk")
