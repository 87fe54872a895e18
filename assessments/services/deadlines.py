"""Move a round's last days, and give one place more time."""

from django.db import transaction
from django.utils import timezone

from assessments.models import DatesChange, Extension, Round, TimeRequest
from assessments.services.locking import lock_for
from assessments.services.rounds import DatesOutOfOrder, RoundRefused, check_can_open
from assessments.workflow import DEADLINES, Act, Deadline
from partnership import audit, idempotency
from partnership.models import revise

EXTENDED = {Deadline.SCORING: "extended_scoring_on", Deadline.SIGNING: "extended_signing_on"}


class NothingChanged(RoundRefused):
    """The dates are those that the round has."""


class TimeRefused(Exception):
    """More time cannot be asked for or given like this; `field` names what to mend, the text says how."""

    field = None


class NotLater(TimeRefused):
    """The day is not later than the one that holds, or has passed."""

    field = "until"


class AskedAlready(TimeRefused):
    """An earlier request of the place waits for its answer."""


class NotAsked(TimeRefused):
    """There is no request to answer: it was answered meanwhile."""


@transaction.atomic
def change_dates(*, round, scoring_closes_on, signing_closes_on, reason, based_on, by, at):
    """
    Move a round's last days for all its places; a place that was given a later day keeps it.

    :raises PermissionDenied: if `by` is not of the system's programme office
    :raises RoundRefused: if the days are out of order or are those that the round has
    :raises partnership.models.Stale: if the round was changed since the page was opened
    """
    round = Round.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=round.pk)
    check_can_open(user=by, system=round.system, on=timezone.localdate(at))
    if not round.opens_on <= scoring_closes_on <= signing_closes_on:
        raise DatesOutOfOrder("The round must open before scoring closes, and scoring close before signing does")
    was = {"scoring_was": round.scoring_closes_on, "signing_was": round.signing_closes_on}
    days = {"scoring_closes_on": scoring_closes_on, "signing_closes_on": signing_closes_on}
    # Somebody else's change is told before "nothing changed" is.
    if round.version == based_on and list(was.values()) == list(days.values()):
        raise NothingChanged("These are the days that the round has already: change one of them")
    round = revise(round, based_on=based_on, **days)
    DatesChange.objects.create(round=round, reason=reason, changed_at=at, changed_by=by, **was, **days)
    audit.record(
        audit.Type.DATES_CHANGED,
        chain=round.system,
        by=by,
        at=at,
        target=round,
        reason=audit.digest(reason),
        **{name: day.isoformat() for name, day in (was | days).items()},
    )
    return round


def ask_for_time(*, assessment, until, reason, by, at, token=None):
    """
    Ask the programme office for a later day for what the assessment works towards now.

    :raises PermissionDenied: if `by` is neither lead nor chair of the place
    :raises permissions.WrongState: if nothing is due any more
    :raises TimeRefused: in one of its kinds
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.ASK_FOR_TIME, assessment.pk, by=by, at=at)
        if TimeRequest.objects.filter(assessment=assessment, answered_at=None).exists():
            raise AskedAlready("The place has asked for more time already: the ICB's programme office has to answer")
        _check_later(assessment, until, at)
        asked = TimeRequest.objects.create(
            assessment=assessment,
            deadline=DEADLINES[assessment.state],
            wanted_on=until,
            reason=reason,
            asked_at=at,
            asked_by=by,
        )
        _record(audit.Type.TIME_ASKED, assessment, reason, by=by, at=at, until=until.isoformat())
        act.result = str(asked.public_id)
    return asked


@transaction.atomic
def give_time(*, assessment, until, reason, based_on, by, at):
    """
    Give one place a later day for what it works towards now; a request that waits is answered by it.

    :raises PermissionDenied: if `by` is not of the system's programme office
    :raises permissions.WrongState: if nothing is due any more
    :raises NotLater: if the day is not later than the one that holds
    :raises partnership.models.Stale: if the assessment moved on, or was given time, since the page was opened
    """
    assessment, _ = lock_for(Act.GIVE_TIME, assessment.pk, by=by, at=at)
    kind, was = DEADLINES[assessment.state], assessment.deadline
    if assessment.version == based_on:
        _check_later(assessment, until, at)
    revise(assessment, based_on=based_on, **{EXTENDED[kind]: until})
    given = Extension.objects.create(
        assessment=assessment, deadline=kind, was=was, until=until, reason=reason, given_at=at, given_by=by
    )
    _waiting(assessment).update(is_granted=True, answer=reason, answered_at=at, answered_by=by)
    _record(
        audit.Type.TIME_GIVEN,
        assessment,
        reason,
        by=by,
        at=at,
        deadline=kind.value,
        was=was.isoformat(),
        until=until.isoformat(),
    )
    return given


@transaction.atomic
def decline_time(*, assessment, reason, by, at):
    """
    Answer a place that it gets no more time.

    :raises PermissionDenied: if `by` is not of the system's programme office
    :raises permissions.WrongState: if nothing is due any more
    :raises NotAsked: if no request waits for an answer
    """
    assessment, _ = lock_for(Act.GIVE_TIME, assessment.pk, by=by, at=at)
    if not _waiting(assessment).update(is_granted=False, answer=reason, answered_at=at, answered_by=by):
        raise NotAsked("No request waits for an answer: it was answered meanwhile")
    _record(audit.Type.TIME_DECLINED, assessment, reason, by=by, at=at)


def _check_later(assessment, until, at):
    if until <= assessment.deadline:
        raise NotLater(f"Choose a day after {assessment.deadline:%-d %B %Y}, which is the last day now")
    if until < timezone.localdate(at):
        raise NotLater("Choose a day that has not passed")


def _waiting(assessment):
    return TimeRequest.objects.filter(assessment=assessment, answered_at=None)


def _record(type, assessment, reason, *, by, at, **details):
    audit.record(type, chain=assessment, by=by, at=at, target=assessment, reason=audit.digest(reason), **details)
