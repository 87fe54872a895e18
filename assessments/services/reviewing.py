"""Review a submitted assessment: findings beside the place's own levels and strengths, and who reviews as a peer."""

from django.utils import timezone

from assessments import review_table
from assessments.findings import below_target
from assessments.models import (
    Artefact,
    ArtefactLink,
    ArtefactReview,
    CriterionReview,
    Judgement,
    PeerReviewer,
    Score,
)
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks.models import Node
from partnership import audit, idempotency
from partnership.models import Membership, Stale


class ReviewRefused(Exception):
    """The finding cannot be recorded like this; `field` names what to mend, the text says how."""

    field = None


class NoSuchLevel(ReviewRefused):
    """The framework has no such level, or none was chosen."""

    field = "choice"


class NoConfidence(ReviewRefused):
    """The finding does not say how sure the reviewer is."""

    field = "confidence"


class WordsMissing(ReviewRefused):
    """The finding needs words, and has none."""

    field = "words"


class NotCited(ReviewRefused):
    """The assessment cites no such artefact that a reviewer may read."""

    field = "strength"


class NotAPeer(ReviewRefused):
    """The person has no part at another place of the system, or reviews this assessment already."""

    field = "membership"


def review_criterion(*, assessment, code, judgement, level, confidence, words, recommendation, based_on, by, at):
    """
    Record what the reviewers find for a criterion, and return it; what was found before stays on record.

    `based_on` is the number of the finding that `by` was looking at, 0 for none.

    :raises PermissionDenied: if `by` may not review this assessment
    :raises permissions.WrongState: if it is not in review
    :raises partnership.models.Stale: if another reviewer recorded a finding meanwhile
    :raises ReviewRefused: in one of its kinds
    """
    words, recommendation = words.strip(), recommendation.strip()
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = lock_for(Act.REVIEW, assessment.pk, by=by, at=at)
        criterion = Node.objects.get(version=assessment.framework_version_id, code=code, is_criterion=True)
        standing = CriterionReview.objects.filter(assessment=assessment, criterion=criterion)
        standing = standing.select_related("reviewed_by").order_by("-number").first()
        if based_on != (standing.number if standing else 0):
            raise Stale(standing)
        review = review_table.load_review(assessment=assessment)
        if judgement != Judgement.LEVEL:
            judgement, level = Judgement(judgement), None
        elif level not in review.levels:
            raise NoSuchLevel("Choose one of the framework's levels, or that you cannot judge.")
        if confidence not in Score.Confidence.values:
            raise NoConfidence("Choose how sure you are.")
        row = review.row(code)
        if not words and (level is None or level != row.claimed["level"]):
            raise WordsMissing("Say why: the finding differs from the level that the place agreed.")
        made = CriterionReview.objects.create(
            assessment=assessment,
            criterion=criterion,
            number=based_on + 1,
            judgement=judgement,
            level=level,
            confidence=confidence,
            words=words,
            recommendation=recommendation,
            reviewed_at=at,
            reviewed_by=by,
        )
        audit.record(
            audit.Type.CRITERION_REVIEWED,
            chain=assessment,
            by=by,
            at=at,
            target=assessment,
            criterion=code,
            number=made.number,
            judgement=str(judgement),
            level=level,
            confidence=confidence,
            below_target=below_target(level, row.target),
            words=audit.digest(words) if words else "",
            recommendation=audit.digest(recommendation) if recommendation else "",
        )
    return made


def review_artefact(*, assessment, artefact, strength, words, based_on, by, at):
    """
    Record how strong the reviewers find an artefact, beside the strength that the lead proposed, and return it.

    `based_on` is the number of the finding that `by` was looking at, 0 for none.

    :raises PermissionDenied: if `by` may not review this assessment
    :raises permissions.WrongState: if it is not in review
    :raises NotCited: if the assessment cites no such artefact that they may read
    :raises partnership.models.Stale: if another reviewer recorded a finding meanwhile
    """
    words = words.strip()
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = lock_for(Act.REVIEW, assessment.pk, by=by, at=at)
        readable = Artefact.objects.visible_to(by).filter(pk=artefact.pk)
        if (
            not readable.exists()
            or not ArtefactLink.objects.filter(artefact=artefact, item__assessment=assessment).exists()
        ):
            raise NotCited("This assessment cites no such artefact.")
        standing = ArtefactReview.objects.filter(assessment=assessment, artefact=artefact)
        standing = standing.select_related("reviewed_by").order_by("-number").first()
        if based_on != (standing.number if standing else 0):
            raise Stale(standing)
        made = ArtefactReview.objects.create(
            assessment=assessment,
            artefact=artefact,
            number=based_on + 1,
            strength=Artefact.Strength(strength),
            words=words,
            reviewed_at=at,
            reviewed_by=by,
        )
        audit.record(
            audit.Type.ARTEFACT_REVIEWED,
            chain=assessment,
            by=by,
            at=at,
            target=artefact,
            number=made.number,
            proposed=artefact.strength,
            strength=made.strength,
            words=audit.digest(words) if words else "",
        )
    return made


def name_peer(*, assessment, membership, by, at):
    """
    Let somebody of another place of the system review this assessment, and return the row.

    `membership` is their part at their own place. It gives no part in anything else of the place.

    :raises PermissionDenied: if `by` may not name peer reviewers
    :raises permissions.WrongState: before submission, and after the decision
    :raises NotAPeer: if they have a part at this place, none at another of the system, or review it already
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = lock_for(Act.NAME_PEERS, assessment.pk, by=by, at=at)
        if membership not in possible_peers(assessment=assessment, on=timezone.localdate(at)):
            raise NotAPeer("Choose somebody of another place of this system who does not review it yet.")
        named = PeerReviewer.objects.create(assessment=assessment, membership=membership, named_at=at, named_by=by)
        audit.record(
            audit.Type.PEER_NAMED,
            chain=assessment,
            by=by,
            at=at,
            target=membership,
            person=str(membership.user.public_id),
        )
    return named


def end_peer(*, assessment, peer, by, at):
    """
    End somebody's part as a peer reviewer; what they found stays.

    :raises PermissionDenied: if `by` may not name peer reviewers
    :raises permissions.WrongState: before submission, and after the decision
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = lock_for(Act.NAME_PEERS, assessment.pk, by=by, at=at)
        ended = PeerReviewer.objects.filter(pk=peer.pk, assessment=assessment, ended_at=None).update(ended_at=at)
        if ended:
            audit.record(audit.Type.PEER_ENDED, chain=assessment, by=by, at=at, target=peer.membership)


def possible_peers(*, assessment, on):
    """Return the parts at other places of the system of people who could be named, by place and name; a queryset."""
    here = Membership.objects.current(on).filter(place=assessment.place_id)
    named = PeerReviewer.objects.filter(assessment=assessment, ended_at=None)
    return (
        Membership.objects.current(on)
        .filter(place__system=assessment.system_id)
        .exclude(user__in=here.values("user"))
        .exclude(user__in=named.values("membership__user"))
        .select_related("user", "place", "organisation")
        .order_by("place__name", "user__name", "role")
    )
