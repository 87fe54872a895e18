"""
Re-open what was signed, as a new version beside it, and let the earlier one stand again where that is withdrawn.

The new version begins in agreeing with a copy of everything that the board had before it when it agreed: items with
their lineage, citations, scores of every ballot under their authors, agreements and dissents. It begins without what
was made of them: snapshots, signatures, a seal. The earlier version keeps its state, its seal and its report.
"""

from functools import partial

from django.conf import settings
from django.db.models import Max
from django.utils.module_loading import import_string

from assessments import visibility
from assessments.models import Agreement, ArtefactLink, Assessment, Dissent, DissentWithdrawal, PartnerNote, StateChange
from assessments.recorded import RECORDED
from assessments.services.locking import lock_for
from assessments.workflow import Act, State
from partnership import audit, idempotency
from partnership.models import revise

# What the audit record vouches for of a row, by its model.
SAYS = {recorded.model: recorded.says for recorded in RECORDED}


class ReasonMissing(Exception):
    """What was signed is not re-opened without saying why."""


def reopen(*, assessment, reason, based_on, by, at, token=None):
    """
    Make the next version of a signed assessment, in agreeing, and return it.

    `based_on` is the version of the assessment's row that `by` was looking at. What hangs on assessments in higher
    rooms (`settings.ON_REOPENED`) follows in the same transaction.

    :raises PermissionDenied: if `by` may not re-open at this place
    :raises permissions.WrongState: if it is not signed
    :raises permissions.Superseded: if it was re-opened before
    :raises ReasonMissing: if no reason is given
    :raises partnership.models.Stale: if the assessment moved since the page was opened
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    reason = reason.strip()
    with idempotency.once(by=by, token=token, at=at) as act:
        # Who submits it or re-opens it in another tab holds the same lock: one comes first, the other is told.
        assessment, _ = lock_for(Act.REOPEN, assessment.pk, by=by, at=at)
        if not reason:
            raise ReasonMissing("Say why it is re-opened.")
        versions = Assessment.objects.filter(round=assessment.round_id, place=assessment.place_id)
        number = versions.aggregate(last=Max("number"))["last"] + 1
        made = _copy(assessment, number=number, version=1, state=State.AGREEING, state_since=at)
        Assessment.objects.bulk_create([made])
        revise(assessment, based_on=based_on, superseded_by=made)
        _follow(source=assessment, target=made)
        StateChange.objects.create(
            assessment=made, to_state=State.AGREEING, reason=reason, changed_at=at, changed_by=by
        )
        told = {"by": by, "at": at, "reason": audit.digest(reason)}
        audit.record(
            audit.Type.ASSESSMENT_REOPENED,
            chain=assessment,
            target=assessment,
            entered=str(assessment.state),
            superseded_by=str(made.public_id),
            number=number,
            seal=assessment.seal.digest,
            **told,
        )
        length, head = audit.head(assessment)
        audit.record(
            audit.Type.ASSESSMENT_OPENED,
            chain=made,
            target=made,
            entered=str(made.state),
            number=number,
            source={"assessment": str(assessment.public_id), "length": length, "hash": head},
            **told,
        )
        _copy_content(assessment, made, by=by, at=at)
        act.result = str(made.public_id)
    return made


def stand_again(*, withdrawn, by, at):
    """
    Let the version that a withdrawn one had taken the place of stand again, and return it; None if there was none.

    Part of the move WITHDRAW, which has locked the assessment and checked the person.
    """
    earlier = Assessment.objects.locked().filter(superseded_by=withdrawn).first()
    if earlier is None:
        return None
    revise(earlier, based_on=earlier.version, superseded_by=None)
    _follow(source=withdrawn, target=earlier)
    audit.record(
        audit.Type.ASSESSMENT_STANDS_AGAIN,
        chain=earlier,
        by=by,
        at=at,
        target=earlier,
        entered=str(earlier.state),
        superseded_by="",
        withdrawn=str(withdrawn.public_id),
    )
    return earlier


def _follow(*, source, target):
    for path in settings.ON_REOPENED:
        import_string(path)(source=source, target=target)


def _copy_content(assessment, made, *, by, at):
    """Copy what the board had before it, and record of each row what it says, as when it was made."""
    record = partial(_record, chain=made, by=by, at=at)
    of_item = {"item__assessment": assessment}
    _copy_all(assessment.required_signatures, lambda row: {"assessment": made})
    items = _copy_all(assessment.items.select_related("criterion"), lambda row: {"assessment": made})
    copied = {row.pk: copy for row, copy in items}

    def to_copy(row):
        return {"item": copied[row.item_id]}

    _copy_all(ArtefactLink.objects.filter(**of_item), to_copy)
    scores = _copy_all(visibility.every_ballot(assessment=assessment), to_copy)
    agreements = _copy_all(Agreement.objects.filter(**of_item), to_copy)
    settled = {row.pk: copy for row, copy in agreements}
    dissents = _copy_all(
        Dissent.objects.filter(agreement__item__assessment=assessment),
        lambda row: {"agreement": settled[row.agreement_id]},
    )
    voiced = {row.pk: copy for row, copy in dissents}
    withdrawals = _copy_all(
        DissentWithdrawal.objects.filter(dissent__agreement__item__assessment=assessment).select_related("dissent"),
        lambda row: {"dissent": voiced[row.dissent_id]},
    )
    notes = _copy_all(PartnerNote.objects.filter(**of_item).select_related("organisation"), to_copy)
    record(
        audit.Type.ITEM_COPIED,
        items,
        target=lambda copy: copy,
        more=lambda row: {
            "source": str(row.public_id),
            "criterion": row.criterion.code,
            "number": row.number,
            "lineage": str(row.lineage),
        },
    )
    record(
        audit.Type.SCORE_COPIED,
        scores,
        target=lambda copy: copy.item,
        more=lambda row: {"author": str(row.membership.user.public_id), "ballot": row.ballot},
    )
    record(audit.Type.LEVEL_COPIED, agreements, target=lambda copy: copy.item, more=lambda row: {"ballot": row.ballot})
    record(
        audit.Type.DISSENT_COPIED,
        dissents,
        target=lambda copy: copy.agreement.item,
        more=lambda row: {"text": audit.digest(row.text)},
    )
    record(
        audit.Type.NOTE_COPIED,
        notes,
        target=lambda copy: copy.item,
        more=lambda row: {"organisation": str(row.organisation.public_id)},
    )
    record(
        audit.Type.DISSENT_WITHDRAWAL_COPIED,
        withdrawals,
        target=lambda copy: copy.dissent.agreement.item,
        more=lambda row: {"text": audit.digest(row.dissent.text)},
    )


def _record(type, pairs, *, target, more, chain, by, at):
    """Record copies: what the record vouches for of such a row, and what `more` says of the row that was copied."""
    if pairs:
        entries = [(target(copy), SAYS[copy.__class__](copy) | more(row)) for row, copy in pairs]
        audit.record_all(type, chain=chain, by=by, at=at, entries=entries)


def _copy_all(rows, changes):
    """Store a copy of each row, with what `changes` returns for it, and return pairs of the row and its copy."""
    found = list(rows.order_by("pk"))
    copies = rows.model.objects.bulk_create(_copy(row, **changes(row)) for row in found)
    return list(zip(found, copies, strict=True))


def _copy(row, **changes):
    """Return a row, not stored yet, that says what another says but for `changes`; its identifiers are its own."""
    other = {row._meta.pk.name, "public_id", "superseded_by", *changes}
    kept = [field.attname for field in row._meta.concrete_fields if field.name not in other]
    return type(row)(**{name: getattr(row, name) for name in kept}, **changes)
