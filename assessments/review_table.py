"""Reads of a review: the standings beside the place's own, the strengths, and who may see which of it."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch

from assessments import findings, permissions, reading
from assessments.documents import stored
from assessments.models import ArtefactReview, CriterionReview, Question, Reply, Snapshot
from assessments.standing import of_node
from assessments.workflow import SHARED_WITH_ICB, Act, State
from frameworks.definition import load


@dataclass(frozen=True)
class Review:
    """An assessment's review. `document` is what the place sealed; `rows` are its criteria in the framework's order."""

    document: dict
    rows: tuple[findings.Row, ...]

    @cached_property
    def levels(self):
        """The levels' names by rank, lowest first."""
        return {level["rank"]: level["name"] for level in self.document["framework"]["levels"]}

    @cached_property
    def places(self):
        """The levels' places on the scale by rank, from 1: they choose the blue."""
        return {rank: place for place, rank in enumerate(sorted(self.levels), start=1)}

    def row(self, code):
        return next((row for row in self.rows if row.code == code), None)

    @property
    def asked(self):
        """The rows of criteria that are to be reviewed: those with items."""
        return [row for row in self.rows if row.items]

    @property
    def left(self):
        return findings.left(self.rows)

    @property
    def domains(self):
        """The rows by the domain's name, in order."""
        grouped = defaultdict(list)
        for row in self.rows:
            grouped[row.domain].append(row)
        return list(grouped.items())


def load_review(*, assessment):
    """Read a sealed assessment with what its reviewers have found; two queries."""
    snapshot = Snapshot.objects.filter(seal__assessment=assessment).get()
    return _review(assessment, stored(snapshot), standing(assessments=[assessment])[assessment.pk])


def load_across(*, opened, capacity):
    """
    Read the reviews of a round's places, by name, as far as the reader reviews them; two queries.

    Yields pairs of an assessment and its review.
    """
    snapshots = (
        Snapshot.objects.filter(seal__isnull=False, assessment__round=opened, assessment__state__in=SHARED_WITH_ICB)
        .select_related("assessment__round", "assessment__place", "assessment__framework_version")
        .order_by("assessment__place__name", "assessment__number")
    )
    latest = {snapshot.assessment.place_id: snapshot for snapshot in snapshots}
    readable = [
        each for each in latest.values() if permissions.can(Act.READ, capacity=capacity, assessment=each.assessment)
    ]
    found = standing(assessments=[each.assessment for each in readable])
    return [(each.assessment, _review(each.assessment, stored(each), found[each.assessment.pk])) for each in readable]


def standing(*, assessments):
    """Return the findings that stand, by the assessment's key and the criterion's code; one query."""
    rows = CriterionReview.objects.filter(assessment__in=assessments).select_related("criterion", "reviewed_by")
    found = defaultdict(dict)
    for row in rows.order_by("number"):
        found[row.assessment_id][row.criterion.code] = _finding(row)
    return found


def history(*, assessment, code):
    """Return all findings on a criterion, the newest first; one query."""
    rows = CriterionReview.objects.filter(assessment=assessment, criterion__code=code).select_related("reviewed_by")
    return [_finding(row) for row in rows.order_by("-number")]


def strengths(*, assessment):
    """Return the reviewers' findings on artefacts that stand, by the artefact's public identifier; one query."""
    rows = ArtefactReview.objects.filter(assessment=assessment).select_related("artefact", "reviewed_by")
    return {str(row.artefact.public_id): row for row in rows.order_by("number")}


def questions(*, assessment):
    """Return what was asked with the replies, in order; two queries."""
    replies = Reply.objects.select_related("replied_by").order_by("pk")
    asked = Question.objects.filter(assessment=assessment).select_related("criterion", "asked_by")
    return list(asked.prefetch_related(Prefetch("replies", queryset=replies)).order_by("number"))


def open_questions(*, assessment):
    """Return the questions without a reply; a queryset."""
    return Question.objects.filter(assessment=assessment, replies=None)


def is_shared(*, assessment):
    """Tell whether the review was finished once, so that the place reads it."""
    return Question.objects.filter(assessment=assessment, kind=Question.Kind.REVIEW).exists()


def may_see_findings(*, assessment, capacity):
    """Tell whether a person sees what the review has found: reviewers from the start, the place once it is shared."""
    if assessment.state not in SHARED_WITH_ICB or assessment.state == State.SUBMITTED:
        return False
    if permissions.can(Act.READ_DRAFT_REVIEW, capacity=capacity, assessment=assessment):
        return True
    return permissions.can(Act.READ, capacity=capacity, assessment=assessment) and is_shared(assessment=assessment)


def _finding(row):
    return findings.Finding(
        number=row.number,
        judgement=row.judgement,
        level=row.level,
        confidence=row.get_confidence_display(),
        words=row.words,
        recommendation=row.recommendation,
        by=row.reviewed_by.name,
        at=row.reviewed_at,
    )


def _review(assessment, document, found):
    definition = load(assessment.framework_version.definition)
    domains = {domain["code"]: domain["name"] for domain in document["domains"]}
    rows = tuple(
        findings.Row(
            code=criterion["code"],
            name=criterion["name"],
            domain=domains[criterion["domain"]],
            claimed=criterion["claimed"],
            supported=criterion["supported"],
            items=len(criterion["items"]),
            standing=of_node(document, criterion),
            target=findings.target_of(
                definition, criterion["code"], criterion["claimed"]["level"], aims=reading.targets(document)
            ),
            finding=found.get(criterion["code"]),
        )
        for criterion in document["criteria"]
    )
    return Review(document, rows)
