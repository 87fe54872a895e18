"""Settle the levels of items after the reveal, and record who disagrees."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from assessments import disagreement, permissions, visibility
from assessments.models import Agreement, Dissent, DissentWithdrawal, EvidenceItem, Judgement
from assessments.selectors import load_case
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


class DissentEmpty(AgreementRefused):
    """A dissent says nothing."""

    field = "text"


class NotOptional(AgreementRefused):
    """The framework lets nobody leave the part out as a whole."""


class NotStanding(AgreementRefused):
    """The dissent is from something that the board has changed since, or was withdrawn before."""


class ScoredAgain(AgreementRefused):
    """The agreement is on an earlier ballot: the item was scored again since."""


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
        _dissent(assessment, agreement, item, membership=None, text=dissent.strip(), by=by, at=at)
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


def record_dissent(*, agreement, text, attributed, based_on, by, at, token=None):
    """
    Record a member's disagreement with what was agreed, under their name only if they wish, and return it.

    `based_on` is the version of the agreement that `by` was looking at. The audit record, which no page
    shows, keeps who wrote it in either case.

    :raises PermissionDenied: if `by` is no member of this place's board
    :raises permissions.WrongState: if the board is not agreeing
    :raises partnership.models.Stale: if something else was agreed meanwhile
    :raises AgreementRefused: if it says nothing, or the item was scored again since
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    text = text.strip()
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, capacity = lock_for(Act.DISSENT, agreement.item.assessment_id, by=by, at=at)
        agreement = Agreement.objects.select_related("item").get(pk=agreement.pk)
        if agreement.ballot != agreement.item.ballot:
            raise ScoredAgain("The item was scored again since, so this agreement holds no more.")
        if agreement.version != based_on:
            raise Stale(agreement)
        if not text:
            raise DissentEmpty("Say what you disagree with, and why.")
        membership = capacity.as_role(Role.MEMBER) if attributed else None
        mark = "" if attributed else _author_mark(agreement.item.lineage, by)
        dissent = _dissent(
            assessment, agreement, agreement.item, membership=membership, author_mark=mark, text=text, by=by, at=at
        )
        act.result = str(agreement.item.public_id)
    return dissent


def withdraw_dissent(*, dissent, is_shown, by, at, token=None):
    """
    Withdraw a dissent, which stays on record, and return the withdrawal.

    With `is_shown` pages and report go on showing the dissent and say that it was withdrawn; else they leave it out.
    Neither says who withdrew one that bears no name.

    :raises PermissionDenied: if `by` did not write it, or is no member of this place's board any more
    :raises permissions.WrongState: if the board is not agreeing
    :raises NotStanding: if the board has settled something else since, or it was withdrawn before
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.DISSENT, dissent.agreement.item.assessment_id, by=by, at=at)
        dissent = Dissent.objects.select_related("agreement__item", "membership__user").get(pk=dissent.pk)
        item = dissent.agreement.item
        author = str(dissent.membership.user.public_id) if dissent.membership else dissent.author_mark
        if not is_author(author=author, lineage=item.lineage, user=by):
            raise PermissionDenied("Only who wrote a dissent withdraws it.")
        if DissentWithdrawal.objects.filter(dissent=dissent).exists():
            raise NotStanding("This dissent was withdrawn before.")
        if not Dissent.objects.standing().filter(pk=dissent.pk).exists():
            raise NotStanding("The board has settled something else since, so this dissent is not printed any more.")
        withdrawal = DissentWithdrawal.objects.create(dissent=dissent, is_shown=is_shown, withdrawn_at=at)
        audit.record(
            audit.Type.DISSENT_WITHDRAWN,
            chain=assessment,
            by=by,
            at=at,
            target=item,
            text=audit.digest(dissent.text),
            is_shown=is_shown,
        )
        act.result = str(item.public_id)
    return withdrawal


def is_author(*, author, lineage, user):
    """
    Say whether a person wrote a dissent on the item of a lineage.

    `author` is the identifier of the person who was willing to be named, else the mark of whoever was not.
    """
    known = {str(user.public_id), _author_mark(lineage, user)}
    return any(constant_time_compare(author, each) for each in known)


def _author_mark(lineage, user):
    """Return what only the portal can tell to be a person's: keyed, and the same for an item in every version."""
    said = f"{lineage} {user.public_id}"
    return salted_hmac("assessments.dissent", said, algorithm="sha256").hexdigest()


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


def _dissent(assessment, agreement, item, *, membership, text, by, at, author_mark=""):
    dissent = Dissent.objects.create(
        agreement=agreement,
        membership=membership,
        judgement=agreement.judgement,
        level=agreement.level,
        text=text,
        author_mark=author_mark,
        recorded_at=at,
    )
    audit.record(
        audit.Type.DISSENT_RECORDED,
        chain=assessment,
        by=by,
        at=at,
        target=item,
        judgement=agreement.judgement,
        level=agreement.level,
        attributed=membership is not None,
        text=audit.digest(text),
    )
    return dissent


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
