"""Move an assessment from state to state, as the table in `assessments.workflow` allows."""

from django.db.models import F
from django.utils import timezone

from assessments import disagreement, permissions
from assessments.models import Agreement, Assessment, StateChange
from assessments.selectors import load_case
from assessments.services import asking, deciding, notices
from assessments.services.freezing import freeze
from assessments.services.reopening import stand_again
from assessments.services.signing import current_snapshot, seal
from assessments.services.workshops import close_with
from assessments.standing_in import stand_in_for
from assessments.workflow import MOVES, Move
from partnership import audit, idempotency
from partnership.models import revise


class MoveRefused(Exception):
    """The move cannot be made yet; `problems` says what is missing, a sentence each."""

    def __init__(self, *problems):
        super().__init__(" ".join(problems))
        self.problems = problems


class ReasonMissing(MoveRefused):
    """The move must say why, and does not."""


class NothingToScore(MoveRefused):
    """Scoring cannot open without a single item."""


class NoItemsChosen(MoveRefused):
    """Scoring again is for chosen items."""


class WorkshopOpen(MoveRefused):
    """A workshop is being held, whose votes the move would cut across."""


class GapsNotAccepted(MoveRefused):
    """The content has gaps that the person did not see or did not accept."""


def make_move(*, assessment, move, based_on, by, at, reason="", token=None, **extras):
    """
    Make a move and all that belongs to it, in one transaction, and return the assessment.

    `based_on` is the version of the assessment that `by` was looking at. `extras` are what the move
    asks for beside: `items` for SCORE_AGAIN, `accepted_gaps` for PUT_UP, `meeting_on` and
    `minute_reference` for SEAL, `text` and `reply_by` for ASK (with a criterion's `code`) and
    FINISH_REVIEW, `decided_on` and `pathways` for DECIDE.

    :raises PermissionDenied: if `by` may not make the move at this place
    :raises permissions.WrongState: if the move does not lead on from the present state
    :raises partnership.models.Stale: if the assessment moved since the page was opened
    :raises MoveRefused: in one of its kinds, if something is missing
    :raises signing.SealRefused: if the signing cannot be closed
    :raises asking.AskingRefused: in one of its kinds, if something is missing or still open in the review
    :raises deciding.DecisionRefused: in one of its kinds, if the decision lacks something
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    move, reason = Move(move), reason.strip()
    rule = MOVES[move]
    with idempotency.once(by=by, token=token, at=at) as act:
        # Whoever saves an item, a score or an agreement holds the same lock: it is in before the move, or refused.
        assessment = Assessment.objects.lock(assessment.pk)
        capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
        permissions.check_move(move, capacity=capacity, assessment=assessment)
        if rule.needs_reason and not reason:
            raise ReasonMissing("Say why.")
        stand_in = stand_in_for(rule, capacity=capacity, on=timezone.localdate(at))
        left = assessment.state
        revise(assessment, based_on=based_on, state=rule.target, state_since=at)
        assessment = Assessment.objects.lock(assessment.pk)
        details = EFFECTS[move](assessment, capacity=capacity, by=by, at=at, **extras)
        StateChange.objects.create(
            assessment=assessment,
            from_state=left,
            to_state=rule.target,
            reason=reason,
            changed_at=at,
            changed_by=by,
            stood_in_for=stand_in and stand_in.chair,
        )
        if stand_in:
            details |= {"stood_in_for": str(stand_in.chair.user.public_id)}
            notices.stood_in(stand_in=stand_in, assessment=assessment, move=move, at=at)
        audit.record(
            audit.Type.STATE_CHANGED,
            chain=assessment,
            by=by,
            at=at,
            target=assessment,
            move=move.value,
            left=left,
            entered=rule.target.value,
            reason=audit.digest(reason) if reason else "",
            **details,
        )
        act.result = str(assessment.public_id)
    return assessment


def _nothing_more(assessment, *, capacity, by, at):
    return {}


def _open_scoring(assessment, *, capacity, by, at):
    items = assessment.items.count()
    if not items:
        raise NothingToScore("There is nothing to score: write at least one evidence item first.")
    return {"items": items}


def _score_again(assessment, *, capacity, by, at, items=()):
    """Open a new ballot for the chosen items; the earlier ballots and what was agreed on them stay on record."""
    _check_no_workshop(assessment)
    chosen = assessment.items.filter(pk__in=[item.pk for item in items])
    if not chosen.exists():
        raise NoItemsChosen("Choose at least one item to score again.")
    superseded = [
        {"item": str(row["item__public_id"]), "judgement": row["judgement"], "level": row["level"]}
        for row in Agreement.objects.standing()
        .filter(item__in=chosen)
        .order_by("item")
        .values("item__public_id", "judgement", "level")
    ]
    assessment.items.update(open_for_scoring=False)
    chosen.update(open_for_scoring=True, ballot=F("ballot") + 1, version=F("version") + 1)
    return {
        "items": [str(public_id) for public_id in chosen.order_by("pk").values_list("public_id", flat=True)],
        "superseded": superseded,
    }


def _put_up(assessment, *, capacity, by, at, accepted_gaps=()):
    """Freeze the content; gaps that the person saw and accepted are frozen as gaps."""
    _check_no_workshop(assessment)
    gaps = disagreement.gaps(load_case(assessment=assessment, on=timezone.localdate(at)))
    if unseen := [gap.sentence for gap in gaps if gap.key not in accepted_gaps]:
        raise GapsNotAccepted(*unseen)
    snapshot = freeze(assessment=assessment, by=by, at=at)
    return {"snapshot": snapshot.digest, "gaps": [gap.key for gap in gaps]}


def _check_no_workshop(assessment):
    if assessment.workshops.filter(closed_at=None).exists():
        raise WorkshopOpen("A workshop is open: close it first.")


def _take_back(assessment, *, capacity, by, at):
    """Leave the signatures with the snapshot that they were given for: they hold for nothing later."""
    snapshot = current_snapshot(assessment)
    return {"snapshot": snapshot.digest, "voided": snapshot.signatures.standing().count()}


def _submit(assessment, *, capacity, by, at):
    notices.submitted(assessment=assessment, at=at)
    return {}


def _seal(assessment, *, capacity, by, at, meeting_on, minute_reference):
    sealed = seal(
        assessment=assessment,
        meeting_on=meeting_on,
        minute_reference=minute_reference,
        capacity=capacity,
        by=by,
        at=at,
    )
    return {"seal": sealed.digest}


def _withdraw(assessment, *, capacity, by, at):
    """Close a workshop that is being held, and let the version before a re-opened one stand again."""
    close_with(assessment, by=by, at=at)
    earlier = stand_again(withdrawn=assessment, by=by, at=at)
    return {"stands_again": str(earlier.public_id)} if earlier else {}


EFFECTS = {
    Move.OPEN_SCORING: _open_scoring,
    Move.CLOSE_SCORING: _nothing_more,
    Move.SCORE_AGAIN: _score_again,
    Move.PUT_UP: _put_up,
    Move.TAKE_BACK: _take_back,
    Move.SEAL: _seal,
    Move.SUBMIT: _submit,
    Move.START_REVIEW: _nothing_more,
    Move.ASK: asking.ask,
    Move.FINISH_REVIEW: asking.finish_review,
    Move.REPLIED: asking.hand_back,
    Move.GO_ON: asking.go_on,
    Move.DECIDE: deciding.decide,
    Move.WITHDRAW: _withdraw,
}
