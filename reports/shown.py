"""Which assessment of a place a person may be shown, and what it says: the door to every dashboard."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from django.db.models import F

from assessments import documents, permissions
from assessments.aims import aims
from assessments.kept_back import First, scoring_first
from assessments.models import Assessment, Snapshot
from assessments.workflow import FROZEN, REVEALED, Act, State
from frameworks.definition import load
from improvement.projection import projected
from improvement.sections import told
from improvement.selectors import actions_of
from partnership import stamps
from partnership.prepared import prepared
from reports.lifting import items_of


@dataclass(frozen=True)
class Choice:
    """
    The assessments of a place that a person may read, newest first, and the one to show; None if there is none.

    `stamp` is another after each act on any of the place's assessments, read or not, that can change what is shown.
    `live` is the newest assessment that is still being prepared or scored, None if there is none. `first` is what this
    person has to score before they see the levels of the chosen one, None where they see them.
    """

    stamp: tuple
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
    every = _every(place=place.pk)
    for each in every:
        each.place = place
    stamp = tuple((each.pk, each.shown_hash) for each in every)
    readable = tuple(each for each in every if permissions.can(Act.READ, capacity=capacity, assessment=each))
    live = next((each for each in readable if each.state in (State.PREPARING, State.SCORING)), None)
    if wanted:
        chosen = next((each for each in readable if str(each.public_id) == wanted), None)
    else:
        chosen = next((each for each in readable if each.state in REVEALED), live)
    first = chosen and scoring_first(user=user, capacity=capacity, assessment=chosen)
    return Choice(stamp, readable, chosen, live, first=first)


@prepared
def _every(*, place):
    return (
        Assessment.objects.filter(place=place)
        .exclude(state=State.WITHDRAWN)
        .select_related("round")
        .annotate(sealed_at=F("seal__sealed_at"), shown_hash=stamps.shown("assessment"))
        .order_by("-round__opens_on", "-number")
    )


@dataclass(frozen=True)
class Shown:
    """
    What an assessment says: as it was frozen, or as it stands today.

    `document` is as `docs/content.md` describes it, without people where it is live. `present_actions` are the actions
    as they stand now, as a document tells them; empty unless asked for.
    """

    assessment: Assessment
    document: dict
    is_frozen: bool
    present_actions: list = field(default_factory=list)

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


def with_present_plans(what):
    """
    Return what an assessment says with what the place plans now: a dashboard shows that beside what was signed.

    That is what it aims for, its actions (`present_actions`) and what they would come to; three queries, and none where
    the document is of today anyway. The verdicts stay as they were signed.
    """
    if not what.is_frozen:
        return what
    assessment, improvement = what.assessment, what.document["improvement"]
    actions = [told(action) for action in actions_of(assessment)]
    definition = load(assessment.framework_version.definition)
    then = projected(definition, items_of(what.document), improvement["pathways"], actions)
    present = {"aims": aims(assessment=assessment), "improvement": improvement | {"projected": then}}
    return replace(what, document=what.document | present, present_actions=actions)


def shown(*, assessment, capacity, on) -> Shown:
    """Return what an assessment says to somebody who may read it: frozen where it is frozen."""
    if assessment.state in FROZEN:
        snapshot = Snapshot.objects.filter(assessment=assessment).order_by("-number").first()
        return Shown(assessment, documents.stored(snapshot), is_frozen=True)
    with_spread = permissions.can(Act.SEE_SPREAD, capacity=capacity, assessment=assessment)
    document = documents.results(assessment=assessment, on=on, with_spread=with_spread)
    return Shown(
        assessment, document, is_frozen=False, present_actions=document.get("improvement", {}).get("actions", [])
    )
