"""Settle the levels of items after the reveal."""

from collections import Counter
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from assessments import disagreement, permissions, visibility
from assessments.models import Agreement, EvidenceItem, Judgement
from assessments.selectors import load_case
from assessments.services.dissenting import keep_dissent
from assessments.services.locking import lock_for
from assessments.standing_in import acting_part, stand_in_for
from assessments.workflow import ACTS, Act
from frameworks import definition
from frameworks.spread import spread
from partnership import audit, idempotency
from partnership.models import Stale, revise
from partnership.roles import Role


class AgreementRefused(Exception):
    """The level cannot be settled like this; `field` names what to mend, the text says how."""

    field = None


class NoSuchLevel(AgreementRefused):
    """The framework has no such level, or none was chosen."""

    field = "choice"


class RationaleMissing(AgreementRefused):
    """The level needs a rationale, and has none."""

    field = "reason"


class NothingUndisputed(AgreementRefused):
    """No item is left whose middle level nobody disputes."""


class NotOptional(AgreementRefused):
    """The framework lets nobody leave the part out as a whole."""


@dataclass(frozen=True)
class Entry:
    """What the board settles on for an item; `based_on` is the version that whoever settles it was looking at."""

    item: EvidenceItem
    judgement: str
    level: int | None
    reason: str
    based_on: int


@dataclass(frozen=True)
class Outcome:
    """What became of an entry: the agreement, or why there is none: an `AgreementRefused` or a `Stale`."""

    entry: Entry
    agreement: Agreement | None = None
    refusal: Exception | None = None


def spread_of(*, item, scale):
    """Return how the scores of an item's last ballot lie."""
    scores = visibility.revealed_scores(assessment=item.assessment).filter(item=item)
    given = Counter(scores.values_list("judgement", "level"))
    return spread(
        {level: count for (judgement, level), count in given.items() if judgement == Judgement.LEVEL},
        scale.ranks,
        cannot_judge=given[Judgement.CANNOT_JUDGE, None],
        not_applicable=given[Judgement.NOT_APPLICABLE, None],
    )


def agree_level(*, item, judgement, level, reason, based_on, by, at):
    """
    Settle on a level for an item, or on its not being applicable, and return the agreement.

    `based_on` is the version of the agreement that `by` was looking at, 0 for none.

    :raises PermissionDenied: if `by` may not settle levels at this place
    :raises permissions.WrongState: if the board is not agreeing
    :raises partnership.models.Stale: if something else was agreed meanwhile
    :raises AgreementRefused: in one of its kinds, if the level or its rationale does not do
    """
    entry = Entry(item, judgement, level, reason, based_on)
    (outcome,) = agree_levels(assessment=item.assessment, entries=[entry], by=by, at=at)
    if outcome.refusal:
        raise outcome.refusal
    return outcome.agreement


@transaction.atomic
def agree_levels(*, assessment, entries, by, at):
    """
    Settle several items: those that can be are, each of the others says why not. One outcome per entry, in their order.

    :raises PermissionDenied: if `by` may not settle levels at this place; nothing is settled
    :raises permissions.WrongState: if the board is not agreeing; nothing is settled
    """
    assessment, capacity = lock_for(Act.AGREE, assessment.pk, by=by, at=at)
    settler = {"agreed_by": acting_part(capacity), "stood_in": _stood_in(capacity, at)}
    items = assessment.items.select_related("assessment", "criterion").in_bulk([entry.item.pk for entry in entries])
    outcomes = []
    for entry in entries:
        item = items[entry.item.pk]
        try:
            values = _sound(assessment, item, judgement=entry.judgement, level=entry.level, reason=entry.reason)
            agreement = _settle(assessment, item, by=by, at=at, based_on=entry.based_on, **settler, **values)
        except (AgreementRefused, Stale) as refusal:
            outcomes.append(Outcome(entry, refusal=refusal))
        else:
            outcomes.append(Outcome(entry, agreement))
    return outcomes


@transaction.atomic
def leave_out_part(*, assessment, code, reason, shown, by, at):
    """
    Settle all that lies beneath an optional part as not applicable, each for the same reason; one outcome for each.

    `shown` gives, by the item's key, the version of the agreement that `by` was looking at; what is not in it had none.
    What is not applicable already is passed over. Each item can be settled otherwise afterwards, or scored again.

    :raises PermissionDenied: if `by` may not settle levels at this place
    :raises permissions.WrongState: if the board is not agreeing
    :raises NotOptional: if the framework does not call the part optional
    """
    node = definition.load(assessment.framework_version.definition).nodes.get(code)
    if node is None or not node.optional:
        raise NotOptional("The framework does not call this part optional: settle each of its items.")
    codes = [each.code for each in node.walk() if each.is_criterion]
    settled = Agreement.objects.standing().filter(judgement=Judgement.NOT_APPLICABLE)
    items = assessment.items.filter(criterion__code__in=codes).exclude(agreements__in=settled)
    entries = [
        Entry(item, Judgement.NOT_APPLICABLE, None, reason, shown.get(item.pk, 0))
        for item in items.order_by("criterion__position", "number")
    ]
    return agree_levels(assessment=assessment, entries=entries, by=by, at=at)


def settle_in_room(*, assessment, item, judgement, level, reason, dissent, based_on, by, at):
    """
    Settle on a level in a workshop, with the dissent that was voiced, if any, without a name; return the agreement.

    For `services.workshops` alone, which has locked the assessment and seen that `by` holds the workshop.

    :raises partnership.models.Stale: if something else was agreed meanwhile
    :raises AgreementRefused: in one of its kinds, if the level or its rationale does not do
    """
    capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
    values = _sound(assessment, item, judgement=judgement, level=level, reason=reason)
    agreement = _settle(
        assessment, item, by=by, at=at, based_on=based_on, agreed_by=_as_facilitator(capacity), **values
    )
    if dissent.strip():
        keep_dissent(assessment, agreement, item, membership=None, text=dissent.strip(), by=by, at=at)
    return agreement


def agree_undisputed(*, assessment, by, at, token=None):
    """
    Settle on the lower median of every item that nobody disputes, and return the agreements, one for each.

    :raises PermissionDenied: if `by` may not settle levels at this place
    :raises permissions.WrongState: if the board is not agreeing
    :raises NothingUndisputed: if no such item is left
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, capacity = lock_for(Act.AGREE, assessment.pk, by=by, at=at)
        case = load_case(assessment=assessment, on=timezone.localdate(at))
        medians = {item.key: case.spread(item).lower_median for item in disagreement.undisputed(case)}
        if not medians:
            raise NothingUndisputed("All that nobody disputes has been settled already.")
        stood_in = _stood_in(capacity, at)
        made = [
            _settle(
                assessment,
                item,
                by=by,
                at=at,
                based_on=0,
                undisputed=True,
                judgement=Judgement.LEVEL,
                level=medians[str(item.public_id)],
                reason="",
                agreed_by=acting_part(capacity),
                stood_in=stood_in,
            )
            for item in assessment.items.filter(public_id__in=medians).order_by("pk")
        ]
        act.result = str(assessment.public_id)
    return made


def _sound(assessment, item, *, judgement, level, reason):
    """Return what an agreement is to hold, if the level and its rationale do."""
    reason = reason.strip()
    scale = definition.load(assessment.framework_version.definition).node(item.criterion.code)
    scale = scale.scale_of(item.statement_code)
    if judgement == Judgement.NOT_APPLICABLE:
        level = None
    elif judgement != Judgement.LEVEL or level not in scale.ranks:
        noun = "answers" if item.is_checklist else "levels"
        raise NoSuchLevel(f"Choose one of the framework's {noun}, or that it does not apply.")
    why = disagreement.why_rationale(spread_of(item=item, scale=scale), judgement=judgement, level=level)
    if why and not reason:
        raise RationaleMissing(why)
    return {"judgement": judgement, "level": level, "reason": reason}


def _as_facilitator(capacity):
    """Return the part in which somebody holds a workshop: chair or lead before the member whom they named."""
    parts = [capacity.as_role(role) for role in (Role.CHAIR, Role.LEAD, Role.MEMBER)]
    return next(part for part in parts if part)


def _stood_in(capacity, at):
    """Return, for the record, in whose place a level is settled, if not in one's own."""
    stand_in = stand_in_for(ACTS[Act.AGREE], capacity=capacity, on=timezone.localdate(at))
    return {"stood_in_for": str(stand_in.chair.user.public_id)} if stand_in else {}


def _settle(assessment, item, *, by, at, based_on, undisputed=False, stood_in=None, **values):
    current = Agreement.objects.filter(item=item, ballot=item.ballot).first()
    if based_on != (current.version if current else 0):
        raise Stale(current)
    if current:
        agreement = revise(current, based_on=based_on, agreed_at=at, undisputed=undisputed, **values)
    else:
        agreement = Agreement.objects.create(
            item=item, ballot=item.ballot, agreed_at=at, undisputed=undisputed, **values
        )
    audit.record(
        audit.Type.LEVEL_AGREED,
        chain=assessment,
        by=by,
        at=at,
        target=item,
        ballot=item.ballot,
        version=agreement.version,
        judgement=agreement.judgement,
        level=agreement.level,
        reason=audit.digest(agreement.reason) if agreement.reason else "",
        undisputed=undisputed,
        **stood_in or {},
    )
    return agreement
