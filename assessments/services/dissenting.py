"""Record who disagrees with what the board settles on, by name or without, and let them withdraw it."""

from django.core.exceptions import PermissionDenied
from django.utils.crypto import constant_time_compare, salted_hmac

from assessments.models import Agreement, Dissent, DissentWithdrawal
from assessments.services.locking import lock_for
from assessments.workflow import Act
from partnership import audit, idempotency
from partnership.models import Stale
from partnership.roles import Role


class DissentRefused(Exception):
    """The dissent cannot be recorded or withdrawn like this; `field` names what to mend, the text says how."""

    field = None


class DissentEmpty(DissentRefused):
    """A dissent says nothing."""

    field = "text"


class NotStanding(DissentRefused):
    """The dissent is from something that the board has changed since, or was withdrawn before."""


class ScoredAgain(DissentRefused):
    """The agreement is on an earlier ballot: the item was scored again since."""


def record_dissent(*, agreement, text, attributed, based_on, by, at, token=None):
    """
    Record a member's disagreement with what was agreed, under their name only if they wish, and return it.

    `based_on` is the version of the agreement that `by` was looking at. The audit record, which no page
    shows, keeps who wrote it in either case.

    :raises PermissionDenied: if `by` is no member of this place's board
    :raises permissions.WrongState: if the board is not agreeing
    :raises partnership.models.Stale: if something else was agreed meanwhile
    :raises DissentRefused: if it says nothing, or the item was scored again since
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
        dissent = keep_dissent(
            assessment, agreement, agreement.item, membership=membership, author_mark=mark, text=text, by=by, at=at
        )
        act.result = str(agreement.item.public_id)
    return dissent


def keep_dissent(assessment, agreement, item, *, membership, text, by, at, author_mark=""):
    """Keep a dissent under the lock of the assessment, in the act of a service; without a membership it has no name."""
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
