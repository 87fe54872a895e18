"""Vote on the item on a workshop's screen."""

from django.db import transaction

from assessments import visibility
from assessments.models import EvidenceItem, Score, Workshop
from assessments.services.locking import lock_for
from assessments.services.scoring import Entry, details_of, is_same, why_unsound
from assessments.workflow import Act
from frameworks.definition import load
from partnership import audit
from partnership.models import Stale, revise
from partnership.roles import Role


class VoteClosed(Exception):
    """The vote that the person was looking at is over; nothing was stored."""


class NotPresent(Exception):
    """The person has not joined the workshop."""


@transaction.atomic
def vote(*, workshop, item, ballot, judgement, level, reason, based_on, by, at):
    """
    Record a member's vote, a score in the open ballot, in place of their own earlier one, and return it.

    `ballot` and `item` are those of the vote that `by` was looking at, `based_on` the version of their own vote in it,
    0 for none. Voting again as before changes nothing.

    :raises PermissionDenied: if `by` is not a member of the place's board
    :raises permissions.WrongState: if the board is not agreeing
    :raises NotPresent: if `by` has not joined
    :raises VoteClosed: if that vote is not open any more
    :raises scoring.NotRecorded: in one of its kinds, if the values are not sound
    :raises partnership.models.Stale: if the person voted otherwise from another page
    """
    # The lock comes first: the facilitator may be revealing the votes right now.
    assessment, capacity = lock_for(Act.VOTE, workshop.assessment_id, by=by, at=at)
    membership = capacity.as_role(Role.MEMBER)
    workshop = Workshop.objects.get(pk=workshop.pk)
    if not workshop.presences.filter(membership__user=by).exists():
        raise NotPresent
    item = EvidenceItem.objects.select_related("criterion").get(pk=item.pk, assessment=assessment)
    is_open = workshop.closed_at is None and workshop.phase == Workshop.Phase.VOTING
    if not is_open or workshop.item_id != item.pk or ballot != item.ballot + 1:
        raise VoteClosed
    entry = Entry(item, judgement, based_on, level=level, reason=reason)
    if unsound := why_unsound(entry, item, load(assessment.framework_version.definition)):
        raise unsound
    current = visibility.own_vote(user=by, item=item)
    values = entry.values()
    if current and is_same(current, values):
        return current
    if based_on != (current.version if current else 0):
        raise Stale(current)
    if current:
        score = revise(current, based_on=based_on, scored_at=at, **values)
    else:
        score = Score.objects.create(item=item, membership=membership, ballot=ballot, scored_at=at, **values)
    audit.record(audit.Type.SCORE_RECORDED, chain=assessment, by=by, at=at, target=item, **details_of(score))
    return score
