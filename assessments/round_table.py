"""A round as the programme office watches it: its places by name, how far each has come, and what holds it up."""

from dataclasses import dataclass, replace

from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.http import Http404

from assessments import visibility
from assessments.decided import Decided, decided
from assessments.models import (
    Agreement,
    Assessment,
    EvidenceItem,
    RequiredSignature,
    Round,
    Signature,
    StateChange,
    TimeRequest,
)
from assessments.own_work import spared_by_person
from assessments.quorum import COUNTING
from assessments.workflow import DEADLINES, FROZEN, Deadline, State
from frameworks.definition import load
from frameworks.wording import counted
from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import Role

AFTERWARDS = {
    State.SUBMITTED: "The ICB has to start the review",
    State.IN_REVIEW: "The ICB has to finish the review and decide",
    State.CLARIFY: "The place has to reply",
}


@dataclass(frozen=True)
class Counts:
    """
    What a place's assessment has; `of` pairs say how many of how many. `missing` names who must still sign.

    What needs no answer any more is not among the `items`. `noun` is what the framework calls one of them.
    """

    noun: str = "item"
    items: int = 0
    criteria_with_items: int = 0
    criteria: int = 0
    items_with_evidence: int = 0
    scores: int = 0
    scores_wanted: int = 0
    agreed: int = 0
    signatures: int = 0
    signatures_wanted: int = 0
    missing: tuple = ()


@dataclass(frozen=True)
class RoundRow:
    """
    One place's row. `deadline` is None once nothing is due; `progress` and `blocks` are sentences.

    `asked` is the request for more time that waits for an answer; `withdrawal` is how it was withdrawn, if it was.
    `is_reviewed` is False where the round keeps its results at the places.
    """

    assessment: Assessment
    counts: Counts
    is_late: bool
    asked: TimeRequest | None = None
    withdrawal: StateChange | None = None

    @property
    def deadline(self):
        return self.assessment.deadline

    @property
    def is_extended(self):
        """Tell whether the place has a later day for what it works towards than the round has."""
        last = DEADLINES.get(self.assessment.state)
        days = {Deadline.SCORING: "scoring_closes_on", Deadline.SIGNING: "signing_closes_on"}
        return bool(last) and self.deadline != getattr(self.assessment.round, days[last])

    is_reviewed: bool = True

    @property
    def progress(self):
        return progress(self.assessment.state, self.counts)

    @property
    def blocks(self):
        # Where the result stays at the place, nobody reviews it.
        if self.assessment.state == State.SUBMITTED and not self.is_reviewed:
            return ""
        return blocks(self.assessment.state, self.counts)


def get_round(*, user, public_id):
    """
    Return the round if the user has a part in its system or in one of its places.

    :raises Http404: otherwise; for them it does not exist
    """
    rounds = Round.objects.visible_to(user).select_related("system", "framework_version__framework")
    if found := rounds.filter(public_id=public_id).first():
        return found
    raise Http404("No such round")


def load_rows(*, opened, day):
    """
    Return a round's rows by the place's name, with what was asked and how places were withdrawn.

    Two queries more than `load_progress`.
    """
    rows = load_progress(opened=opened, day=day)
    assessments = [row.assessment for row in rows]
    requests = TimeRequest.objects.filter(assessment__in=assessments, answered_at=None)
    asked = {row.assessment_id: row for row in requests.select_related("asked_by")}
    gone = [each for each in assessments if each.state == State.WITHDRAWN]
    withdrawals = StateChange.objects.filter(assessment__in=gone, to_state=State.WITHDRAWN)
    withdrawn = {row.assessment_id: row for row in withdrawals.select_related("changed_by")}
    return [
        replace(
            row,
            asked=asked.get(row.assessment.pk) if row.deadline else None,
            withdrawal=withdrawn.get(row.assessment.pk),
        )
        for row in rows
    ]


def load_progress(*, opened, day):
    """
    Return a round's rows by the place's name, one per place with the version that counts.

    Seven queries, and three more if the framework asks only until a level is decided.
    """
    assessments = _newest(opened=opened.pk, day=day)
    counts = _counts(opened, assessments, day)
    return [
        RoundRow(
            each,
            counts[each.pk],
            is_late=is_late(each, day),
            is_reviewed=opened.visibility != Round.Visibility.PLACE,
        )
        for each in assessments
    ]


@prepared
def _newest(*, opened, day):
    members = Membership.objects.current(day).filter(role=Role.MEMBER, place=OuterRef("place")).order_by()
    counted = members.values("place").annotate(n=Count("user", distinct=True)).values("n")
    newest = Assessment.objects.newest().filter(round=opened).select_related("place__part_of", "round")
    return newest.annotate(members=Subquery(counted)).order_by("place__name")


def is_late(assessment, day):
    """Tell whether the place's own last day for what it is at has passed."""
    return bool(assessment.deadline and assessment.deadline < day)


def progress(state, counts):
    """Say how far a place has come."""
    if state == State.PREPARING:
        if not counts.items:
            return f"No {counts.noun}s yet"
        return (
            f"{counted(counts.items, counts.noun)} for {counts.criteria_with_items} of {counts.criteria} criteria, "
            f"{counts.items_with_evidence} with evidence"
        )
    if state == State.SCORING:
        return f"{counts.scores} of {counts.scores_wanted} scores given"
    if state == State.AGREEING:
        return f"{counts.agreed} of {counted(counts.items, counts.noun)} agreed"
    if state in FROZEN:
        return f"{counted(counts.signatures, 'signature')}, at least {counts.signatures_wanted} wanted"
    return ""


def blocks(state, counts):
    """Say what has to happen before a place can go on; nothing once it is done."""
    if state == State.PREPARING:
        bare = counts.criteria - counts.criteria_with_items
        return f"{counted(bare, 'criterion has', 'criteria have')} no items" if bare else "The lead has to open scoring"
    if state == State.SCORING:
        left = counts.scores_wanted - counts.scores
        return f"{counted(left, 'score')} to give" if left > 0 else "The chair has to close scoring"
    if state == State.AGREEING:
        left = counts.items - counts.agreed
        return f"{counted(left, counts.noun)} to agree" if left else "The chair has to put it up for signature"
    if state == State.SIGNING:
        if counts.missing:
            return f"{', '.join(counts.missing)} must sign"
        short = counts.signatures_wanted - counts.signatures
        return f"{counted(short, 'more signature')} wanted" if short > 0 else "The chair has to close the signing"
    if state == State.SIGNED:
        return "The chair has to submit it"
    return AFTERWARDS.get(state, "")


def _counts(opened, assessments, day):
    definition = load(opened.framework_version.definition)
    criteria = len(definition.counted_criteria())
    spared = spared_by_person({each.pk: definition for each in assessments if each.state == State.SCORING})
    needless = decided({each.pk: definition for each in assessments if each.state == State.AGREEING}, day=day)
    keys = {each.pk for each in assessments}
    items = {row["assessment"]: row for row in _items(assessments=keys)}
    scores = visibility.scores_given_by_assessment(assessments=keys)
    agreed = dict(_agreed(assessments=keys))
    signed, missing = _signatures(keys)
    nothing = {"items": 0, "open": 0, "criteria": 0, "cited": 0}
    made = {}
    for each in assessments:
        row = items.get(each.pk, nothing)
        left_out = needless.get(each.pk, Decided())
        made[each.pk] = Counts(
            noun=definition.noun,
            items=row["items"] - len(left_out.items),
            criteria_with_items=row["criteria"],
            criteria=max(criteria, row["criteria"]),
            items_with_evidence=row["cited"],
            scores=scores.get(each.pk, 0),
            scores_wanted=row["open"] * (each.members or 0) - sum(spared.get(each.pk, {}).values()),
            agreed=agreed.get(each.pk) or 0,
            signatures=signed.get(each.pk, 0),
            signatures_wanted=opened.minimum_signatures,
            missing=tuple(missing.get(each.pk, ())),
        )
    return made


@prepared
def _items(*, assessments):
    # Joined, not asked of each item: for that PostgreSQL reads what all places cite.
    items = EvidenceItem.objects.filter(assessment__in=assessments).order_by()
    return items.values("assessment").annotate(
        items=Count("pk", distinct=True),
        open=Count("pk", filter=Q(open_for_scoring=True), distinct=True),
        criteria=Count("criterion", distinct=True),
        cited=Count("artefact_links__item", distinct=True),
    )


@prepared
def _agreed(*, assessments):
    # Asked of each assessment: of all at once, PostgreSQL reads what all places agreed.
    here = Agreement.objects.standing().filter(item__assessment=OuterRef("pk")).order_by()
    counted = here.values("item__assessment").annotate(n=Count("pk")).values("n")
    return Assessment.objects.filter(pk__in=assessments).annotate(agreed=Subquery(counted)).values_list("pk", "agreed")


def _signatures(keys):
    """Return the signatures that count on each assessment's last snapshot, and who must still sign, by name."""
    given = {}
    for row in _on_last(assessments=keys):
        given.setdefault(row["snapshot__assessment"], set()).add(row["organisation"])
    missing = {}
    for each in _required(assessments=keys):
        if each.organisation_id not in given.get(each.assessment_id, ()):
            missing.setdefault(each.assessment_id, []).append(each.organisation.name)
    return {key: len(names) for key, names in given.items()}, missing


@prepared
def _on_last(*, assessments):
    given = Signature.objects.standing().filter(snapshot__assessment__in=assessments, kind__in=COUNTING)
    on_last = given.annotate(last=Max("snapshot__assessment__snapshots__number")).filter(snapshot__number=F("last"))
    return on_last.values("snapshot__assessment", "organisation")


@prepared
def _required(*, assessments):
    required = RequiredSignature.objects.filter(assessment__in=assessments)
    return required.select_related("organisation").order_by("organisation__name")
