"""Hold a workshop: name who does, open and close it, and lead the board through its items."""

import secrets

from django.utils import timezone

from assessments import permissions, visibility
from assessments.models import Assessment, EvidenceItem, Facilitator, Presence, Step, Workshop
from assessments.services import agreeing
from assessments.services.locking import lock_for
from assessments.workflow import Act
from partnership import audit, idempotency, throttle
from partnership.models import Membership, Stale, revise
from partnership.roles import Role

# Without what one letter looks like another in, at the far end of a room.
LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
CODE_LENGTH = 6
Phase, Kind = Workshop.Phase, Step.Kind


class WorkshopRefused(Exception):
    """The workshop cannot go on like this; the text says why."""


class OpenAlready(WorkshopRefused):
    """Another workshop of the assessment is open."""


class ClosedAlready(WorkshopRefused):
    """The workshop was closed."""


class NotABoardMember(WorkshopRefused):
    """Only a present member of the board can be named."""


class OutOfTurn(WorkshopRefused):
    """The step does not follow from what is on the screen."""


class UnknownCode(WorkshopRefused):
    """No workshop with this code is open to the person."""


def possible_facilitators(*, assessment, on):
    """Return the memberships of the place's board members who may be named, by their names."""
    members = Membership.objects.current(on).filter(place=assessment.place_id, role=Role.MEMBER)
    return members.select_related("user", "organisation").order_by("user__name", "pk")


def name_facilitator(*, assessment, membership, by, at):
    """
    Let a member of the board hold this assessment's workshops, in place of whoever was named; None names nobody.

    :raises PermissionDenied: if `by` is neither chair nor lead
    :raises permissions.WrongState: if the board is not agreeing
    :raises NotABoardMember: if it is nobody of the place's board
    """
    with idempotency.once(by=by, token=None, at=at):
        day = timezone.localdate(at)
        assessment, _ = lock_for(Act.FACILITATE, assessment.pk, by=by, at=at)
        if membership and not possible_facilitators(assessment=assessment, on=day).filter(pk=membership.pk).exists():
            raise NotABoardMember("Choose a member of this place's board.")
        for named in Facilitator.objects.filter(assessment=assessment, ended_at=None):
            if membership and named.membership_id == membership.pk:
                return named
            Facilitator.objects.filter(pk=named.pk).update(ended_at=at, ended_by=by)
            audit.record(audit.Type.FACILITATOR_ENDED, chain=assessment, by=by, at=at, target=named, ended=True)
        if membership is None:
            return None
        named = Facilitator.objects.create(assessment=assessment, membership=membership, named_at=at, named_by=by)
        audit.record(
            audit.Type.FACILITATOR_NAMED,
            chain=assessment,
            by=by,
            at=at,
            target=named,
            person=str(membership.user.public_id),
            ended=False,
        )
    return named


def open_workshop(*, assessment, by, at):
    """
    Open a workshop with a code of its own, and return it.

    :raises PermissionDenied: if `by` may not hold one
    :raises permissions.WrongState: if the board is not agreeing
    :raises OpenAlready: if one is open
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment = _lock(assessment.pk, by=by, at=at)
        if assessment.workshops.filter(closed_at=None).exists():
            raise OpenAlready("A workshop is open already.")
        workshop = Workshop.objects.create(assessment=assessment, code=_free_code(), opened_at=at, opened_by=by)
        audit.record(
            audit.Type.WORKSHOP_OPENED, chain=assessment, by=by, at=at, target=workshop, number=1, closed=False
        )
    return workshop


def join_workshop(*, code, by, at):
    """
    Let a member of the board into the open workshop with a code, and return it; joining again changes nothing.

    Codes that are wrong count against the person, those of other places like any other.

    :raises UnknownCode: if no workshop with the code is open to `by`
    :raises partnership.throttle.TooMany: after too many wrong codes
    """
    tries = throttle.attempt((throttle.JOIN_WORKSHOP, by.pk), at=at)
    code = "".join(letter for letter in code.upper() if letter.isalnum())
    with idempotency.once(by=by, token=None, at=at):
        visible = Assessment.objects.visible_to(by)
        workshop = Workshop.objects.filter(code=code, closed_at=None, assessment__in=visible).first()
        if workshop is None:
            raise UnknownCode("No workshop with this code is open to you. Check it with the screen in the room.")
        assessment = Assessment.objects.lock(workshop.assessment_id)
        if not assessment.workshops.filter(pk=workshop.pk, closed_at=None).exists():
            raise UnknownCode("The workshop with this code was closed.")
        capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
        permissions.check(Act.VOTE, capacity=capacity, assessment=assessment)
        membership = capacity.as_role(Role.MEMBER)
        if not workshop.presences.filter(membership=membership).exists():
            Presence.objects.create(workshop=workshop, membership=membership, joined_at=at)
            audit.record(audit.Type.WORKSHOP_JOINED, chain=assessment, by=by, at=at, target=workshop)
    throttle.take_back(tries)
    return workshop


def take_item(*, workshop, item, based_on, by, at):
    """
    Put an item on the screen, with its statement and evidence alone.

    `based_on`, here and in every step, is the version of the workshop that `by` was looking at.

    :raises PermissionDenied: if `by` may not hold the workshop; so does every step
    :raises permissions.WrongState: if the board is not agreeing
    :raises partnership.models.Stale: if another facilitator went on meanwhile
    :raises ClosedAlready: if the workshop was closed
    :raises OutOfTurn: if a vote is open
    """
    return _step(workshop, Kind.TAKEN, item=item, after={Phase.PRESENTED, Phase.REVEALED}, **_said(based_on, by, at))


def open_vote(*, workshop, based_on, by, at):
    """Let the members vote on the item on the screen: the ballot after its last one. Raises as `take_item` does."""
    return _step(workshop, Kind.VOTE_OPENED, after={Phase.PRESENTED, Phase.REVEALED}, **_said(based_on, by, at))


def call_off_vote(*, workshop, based_on, by, at):
    """End a vote in which nobody has voted yet, as if it had not been opened. Raises as `take_item` does."""
    return _step(workshop, Kind.CALLED_OFF, after={Phase.VOTING}, **_said(based_on, by, at))


def reveal(*, workshop, based_on, by, at):
    """
    Show how the scores lie: those that members gave alone or, after a vote, the votes.

    A ballot that was voted on becomes the item's last one: what was agreed on the one before holds no more.
    Raises as `take_item` does, OutOfTurn also for a vote in which nobody has voted.
    """
    return _step(workshop, Kind.REVEALED, after={Phase.PRESENTED, Phase.VOTING}, **_said(based_on, by, at))


def settle(*, workshop, judgement, level, reason, dissent, agreement_based_on, based_on, by, at, next_item=None):
    """
    Record what the room agreed on the item on the screen and, where `dissent` is not empty, the dissent voiced there.

    That dissent bears no name; a member who wants theirs attributed records it on the agreeing page. Where `next_item`
    is given, it comes onto the screen in the same act. Raises as `take_item` and `agreeing.agree_level` do.
    """
    with idempotency.once(by=by, token=None, at=at):
        held = _in_turn(workshop, after={Phase.REVEALED}, based_on=based_on, by=by, at=at)
        agreement = agreeing.settle_in_room(
            assessment=held.assessment,
            item=held.item,
            judgement=judgement,
            level=level,
            reason=reason,
            dissent=dissent,
            based_on=agreement_based_on,
            by=by,
            at=at,
        )
        said = {"judgement": agreement.judgement, "level": agreement.level, "reason": agreement.reason}
        moved = _go_on(held, Kind.SETTLED, item=held.item, by=by, at=at, **said)
        if next_item:
            moved = _go_on(moved, Kind.TAKEN, item=next_item, by=by, at=at)
    return moved


def close_workshop(*, workshop, based_on, by, at):
    """
    End a workshop; its record stays readable. Raises as `take_item` does.

    :raises OutOfTurn: if a vote is open
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, workshop = _held(workshop, by=by, at=at)
        if workshop.phase == Phase.VOTING:
            raise OutOfTurn("A vote is open: show the votes, or call it off, before you close the workshop.")
        return _close(workshop, assessment=assessment, based_on=based_on, by=by, at=at)


def close_with(assessment, *, by, at):
    """
    Close the workshop that is open at an assessment which `by` has just withdrawn, if there is one.

    For `services.moves` alone. What was being voted on is never shown.
    """
    for workshop in Workshop.objects.filter(assessment=assessment, closed_at=None):
        _close(workshop, assessment=assessment, based_on=workshop.version, by=by, at=at)


def _close(workshop, *, assessment, based_on, by, at):
    closed = revise(workshop, based_on=based_on, closed_at=at, closed_by=by)
    audit.record(
        audit.Type.WORKSHOP_CLOSED, chain=assessment, by=by, at=at, target=closed, number=closed.version, closed=True
    )
    return closed


def _said(based_on, by, at):
    return {"based_on": based_on, "by": by, "at": at}


NEXT = {
    Kind.TAKEN: Phase.PRESENTED,
    Kind.VOTE_OPENED: Phase.VOTING,
    Kind.CALLED_OFF: Phase.PRESENTED,
    Kind.REVEALED: Phase.REVEALED,
    Kind.SETTLED: Phase.REVEALED,
}


def _step(workshop, kind, *, after, based_on, by, at, item=None):
    with idempotency.once(by=by, token=None, at=at):
        held = _in_turn(workshop, item, after=after, based_on=based_on, by=by, at=at)
        return _go_on(held, kind, item=item or held.item, by=by, at=at)


def _in_turn(workshop, item=None, *, after, based_on, by, at):
    """Return the workshop, with its assessment locked, if `by` may go on with it from what they were looking at."""
    assessment, held = _held(workshop, by=by, at=at)
    # Of two facilitators exactly one goes on; the other is told so before anything else.
    if held.version != based_on:
        raise Stale(held)
    if held.phase not in after or (item or held.item) is None:
        raise OutOfTurn("This does not follow from what is on the screen.")
    held.assessment = assessment
    if held.item_id:
        held.item = _item(assessment, held.item_id)
    return held


def _item(assessment, pk):
    return EvidenceItem.objects.select_related("criterion", "assessment").get(pk=pk, assessment=assessment)


def _go_on(held, kind, *, item, by, at, **said):
    """Make a step that is in turn, and return the workshop as it is after it; `said` is what a settled level holds."""
    assessment = held.assessment
    shown = _item(assessment, item.pk)
    moved = revise(held, based_on=held.version, phase=NEXT[kind], item=shown)
    ballot = shown.ballot + (kind == Kind.VOTE_OPENED or held.phase == Phase.VOTING)
    if held.phase == Phase.VOTING:
        voted = visibility.votes_given(item=shown)
        if kind == Kind.CALLED_OFF and voted:
            raise OutOfTurn("Somebody has voted already, so the vote stands: show the votes.")
        if kind == Kind.REVEALED and not voted:
            raise OutOfTurn("Nobody has voted yet: wait for a vote, or call it off.")
        if kind == Kind.REVEALED:
            shown = revise(shown, based_on=shown.version, ballot=ballot)
    step = Step.objects.create(
        workshop=moved, number=moved.version, item=shown, kind=kind, ballot=ballot, taken_at=at, taken_by=by, **said
    )
    audit.record(audit.Type.WORKSHOP_WENT_ON, chain=assessment, by=by, at=at, target=moved, **step_details(step))
    moved.item, moved.assessment = shown, assessment
    return moved


def step_details(step):
    """Return what the audit record says of a step: also what its row is held to."""
    details = {
        "number": step.number,
        "step": str(step.kind),
        "item": str(step.item.public_id),
        "ballot": step.ballot,
        "closed": False,
    }
    if step.kind == Kind.SETTLED:
        reason = audit.digest(step.reason) if step.reason else ""
        details |= {"judgement": str(step.judgement), "level": step.level, "reason": reason}
    return details


def _held(workshop, *, by, at):
    """Lock the assessment, then read the workshop as it really is, if `by` may go on with it."""
    assessment = _lock(workshop.assessment_id, by=by, at=at)
    workshop = Workshop.objects.get(pk=workshop.pk)
    if workshop.closed_at:
        raise ClosedAlready("The workshop was closed, so nothing was changed.")
    return assessment, workshop


def _lock(pk, *, by, at):
    assessment = Assessment.objects.lock(pk)
    capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
    permissions.check_facilitator(capacity=capacity, assessment=assessment)
    return assessment


def _free_code():
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
        if not Workshop.objects.filter(code=code, closed_at=None).exists():
            return code
