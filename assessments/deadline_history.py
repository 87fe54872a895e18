"""How a place's last days came to be what they are, as it happened."""

from dataclasses import dataclass
from datetime import datetime

from assessments.models import DatesChange, Extension, StateChange, TimeRequest
from assessments.workflow import State


@dataclass(frozen=True)
class Event:
    """Something that happened, in a sentence; `reason` is in the words of `who`."""

    at: datetime
    who: str
    text: str
    reason: str = ""


def history(*, assessment):
    """Return what happened to an assessment's deadlines, newest first; four queries."""
    extensions = Extension.objects.filter(assessment=assessment).select_related("given_by")
    requests = TimeRequest.objects.filter(assessment=assessment).select_related("asked_by", "answered_by")
    withdrawals = StateChange.objects.filter(assessment=assessment, to_state=State.WITHDRAWN)
    events = [*_moved(assessment.round), *_given(extensions), *_asked(requests)]
    events += [
        Event(row.changed_at, row.changed_by.name, "The assessment was withdrawn", row.reason)
        for row in withdrawals.select_related("changed_by")
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def round_history(*, round):
    """Return how a round's dates were moved, newest first; one query."""
    return sorted(_moved(round), key=lambda event: event.at, reverse=True)


def _moved(round):
    for row in DatesChange.objects.filter(round=round).select_related("changed_by"):
        pairs = (
            ("last day of scoring", row.scoring_was, row.scoring_closes_on),
            ("last day of signing", row.signing_was, row.signing_closes_on),
        )
        moved = [f"{name} from {_day(was)} to {_day(now)}" for name, was, now in pairs if was != now]
        yield Event(row.changed_at, row.changed_by.name, f"The round's {' and its '.join(moved)}", row.reason)


def _given(extensions):
    for row in extensions:
        text = f"The place was given until {_day(row.until)} instead of {_day(row.was)} ({row.get_deadline_display()})"
        yield Event(row.given_at, row.given_by.name, text, row.reason)


def _asked(requests):
    for row in requests:
        text = f"The place asked for more time, until {_day(row.wanted_on)}"
        yield Event(row.asked_at, row.asked_by.name, text, row.reason)
        # What was given has a line of its own.
        if row.is_granted is False:
            yield Event(row.answered_at, row.answered_by.name, "The request was declined", row.answer)


def _day(day):
    return f"{day:%-d %B %Y}"
