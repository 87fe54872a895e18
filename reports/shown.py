"""Which assessment of a place a person may be shown, and what it says: the door to every dashboard."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db.models import F

from assessments import documents, permissions
from assessments.aims import aims
from assessments.kept_back import First, scoring_first
from assessments.models import Assessment, Snapshot
from assessments.workflow import FROZEN, REVEALED, Act, State


@dataclass(frozen=True)
class Choice:
    """
    The assessments of a place that a person may read, newest first, and the one to show; None if there is none.

    `live` is the newest assessment that is still being prepared or scored, None if there is none. `first` is what this
    person has to score before they see the levels of the chosen one, None where they see them.
    """

    assessments: tuple[Assessment, ...]
    chosen: Assessment | None
    live: Assessment | None
    first: First | None

    @property
    def has_levels(self):
        return self.chosen is not None and self.chosen.state in REVEALED


def choose(*, user, capacity, place, wanted=None) -> Choice:
    """
    Return what of a place to show: what is asked for, else the newest with levels; at most two queries.

    What the person may not read is as if it were not there.
    """
    every = (
        Assessment.objects.filter(place=place)
        .exclude(state=State.WITHDRAWN)
        .select_related("round", "place__system")
        .annotate(sealed_at=F("seal__sealed_at"))
        .order_by("-round__opens_on", "-number")
    )
    readable = tuple(each for each in every if permissions.can(Act.READ, capacity=capacity, assessment=each))
    live = next((each for each in readable if each.state in (State.PREPARING, State.SCORING)), None)
    if wanted:
        chosen = next((each for each in readable if str(each.public_id) == wanted), None)
    else:
        chosen = next((each for each in readable if each.state in REVEALED), live)
    first = chosen and scoring_first(user=user, capacity=capacity, assessment=chosen)
    return Choice(readable, chosen, live, first=first)


@dataclass(frozen=True)
class Shown:
    """
    What an assessment says: as it was frozen, or as it stands today.

    `document` is as `docs/content.md` describes it, without people where it is live.
    """

    assessment: Assessment
    document: dict
    is_frozen: bool

    @property
    def is_sealed(self):
        return self.is_frozen and self.assessment.state != State.SIGNING

    @property
    def as_at(self):
        """The day on which evidence counted as in date."""
        return date.fromisoformat(self.document["as_at"])

    @cached_property
    def names(self):
        """The levels' names by rank."""
        return {level["rank"]: level["name"] for level in self.document["framework"]["levels"]}

    @cached_property
    def places(self):
        """The levels' places on the scale by rank, from 1: they choose the blue."""
        return {level["rank"]: place for place, level in enumerate(self.document["framework"]["levels"], start=1)}


def with_present_aims(what):
    """
    Return what an assessment says, with what the place aims for now: a dashboard shows that beside what was signed.

    No query where the document is of today anyway.
    """
    if not what.is_frozen:
        return what
    return replace(what, document=what.document | {"aims": aims(assessment=what.assessment)})


def shown(*, assessment, capacity, on) -> Shown:
    """Return what an assessment says to somebody who may read it: frozen where it is frozen."""
    if assessment.state in FROZEN:
        snapshot = Snapshot.objects.filter(assessment=assessment).order_by("-number").first()
        return Shown(assessment, documents.stored(snapshot), is_frozen=True)
    with_spread = permissions.can(Act.SEE_SPREAD, capacity=capacity, assessment=assessment)
    document = documents.results(assessment=assessment, on=on, with_spread=with_spread)
    return Shown(assessment, document, is_frozen=False)
