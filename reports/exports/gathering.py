"""
Gather what somebody may take along of an assessment, or of a round's places: the content and all that stands beside it.

What is sealed comes from the seal alone; what is not, as it stands today. As many queries are made for nine places as
for one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments import documents, permissions, review_table
from assessments.models import Assessment, Decision, Round, Seal, Snapshot
from assessments.workflow import FROZEN, REVEALED, SHARED_WITH_ICB, Act, State
from partnership.permissions import Capacity
from reports.exports.assessment_sheet import ASSESSMENTS, assessment_row
from reports.exports.columns import Sheet
from reports.exports.content_rows import OF_DOCUMENT, OF_LEVELS, reviewed
from reports.exports.content_sheets import COUNTS, DISSENTS, LEVELS_OF_ITEMS, MISSING, NODES
from reports.exports.decision_sheets import DECISION_SHEETS
from reports.exports.row_sheet import WHY_WITHHELD
from reports.exports.row_sheets import ROW_SHEETS
from reports.shown import shown
from reports.tables import Table

BESIDE = {each.sheet: each for each in (*ROW_SHEETS, *DECISION_SHEETS)}
SHEETS: tuple[Sheet, ...] = (ASSESSMENTS, *OF_DOCUMENT, MISSING, *BESIDE)

NO_LEVELS = "Levels come once the chair has closed scoring."
NO_SPREAD = "For the board alone, until the result is put up for signature."


@dataclass(frozen=True)
class Content:
    """
    What one assessment says: its document and, once it has them, the snapshot, the seal and the decision.

    `findings` are the reviewers' by criterion, empty where the reader does not see them.
    """

    assessment: Assessment
    document: Mapping
    snapshot: Snapshot | None = None
    seal: Seal | None = None
    decision: Decision | None = None
    findings: Mapping = field(default_factory=dict)

    def rows(self, sheet):
        """Return the document's rows of a sheet, without levels that are not there yet."""
        rows = OF_DOCUMENT[sheet](self.document)
        if sheet is NODES:
            rows = reviewed(rows, self.document, self.findings)
        if self.assessment.state in REVEALED:
            return rows
        return ({name: value for name, value in row.items() if name not in LEVELS_OF_ITEMS} for row in rows)

    @property
    def sealed(self):
        """The sealed texts, word for word, so that anybody can check their hashes; None before there is a seal."""
        if self.seal is None:
            return None
        texts = {"content": self.snapshot, "sign_off": self.seal, "decision": self.decision}
        return {"assessment": str(self.assessment.public_id)} | {
            name: kept and {"text": kept.text, "sha256": kept.digest} for name, kept in texts.items()
        }


@dataclass(frozen=True)
class Export:
    """
    What somebody takes along. `title` names it in words, `file_name` without an ending.

    `tables` are by the sheet's name, in order; `withheld` says of each that is not there why not.
    """

    title: str
    file_name: str
    made_at: datetime
    contents: tuple[Content, ...]
    tables: Mapping[str, Table]
    withheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def sheets(self):
        return [sheet for sheet in SHEETS if sheet.name in self.tables]


def of_assessment(*, assessment, capacity, at, title, file_name) -> Export:
    """
    Return what somebody may take along of one assessment.

    :raises PermissionDenied: if they may not read it
    """
    permissions.check(Act.READ, capacity=capacity, assessment=assessment)
    content = read(assessment=assessment, capacity=capacity, on=timezone.localdate(at))
    return _export([content], capacity, made_at=at, title=title, file_name=file_name)


def of_round(*, opened, capacity, at, title, file_name) -> Export:
    """Return what somebody may take along of what a round's places have submitted, by the place's name."""
    found = submitted().filter(round=opened)
    contents = read_sealed(found.order_by("place__name", "number"), capacity=capacity)
    return _export(contents, capacity, made_at=at, title=title, file_name=file_name)


def submitted():
    """Return the assessments that were submitted for the ICB to read: each place's last one in each round."""
    later = Assessment.objects.filter(
        round=OuterRef("round"), place=OuterRef("place"), number__gt=OuterRef("number"), state__in=SHARED_WITH_ICB
    )
    found = Assessment.objects.filter(~Exists(later), state__in=SHARED_WITH_ICB, seal__isnull=False)
    return found.exclude(round__visibility=Round.Visibility.PLACE)


def read(*, assessment, capacity: Capacity, on) -> Content:
    """Return what an assessment says to somebody who may read it: sealed, frozen, or as of a day."""
    if assessment.state == State.AGREEING and sees_spread(assessment=assessment, capacity=capacity):
        # As the draft of the report, which the board reads with the people in it.
        return Content(assessment, documents.document(assessment=assessment, on=on))
    if sealed := read_sealed([assessment], capacity=capacity):
        return sealed[0]
    return Content(assessment, shown(assessment=assessment, capacity=capacity, on=on).document)


def read_sealed(assessments, *, capacity) -> list[Content]:
    """Return what those assessments say that are sealed and that the person may read; four queries at most."""
    if not isinstance(assessments, list):
        assessments = list(
            assessments.select_related("round", "place__system", "framework_version__framework", "superseded_by")
        )
    seals = Seal.objects.filter(assessment__in=assessments).select_related("snapshot")
    sealed = {seal.assessment_id: seal for seal in seals}
    decisions = {each.assessment_id: each for each in Decision.objects.filter(assessment__in=sealed)} if sealed else {}
    judged = [each for each in assessments if review_table.may_see_findings(assessment=each, capacity=capacity)]
    findings = review_table.standing(assessments=judged) if judged else {}
    return [
        Content(
            assessment=each,
            document=documents.stored(sealed[each.pk].snapshot),
            snapshot=sealed[each.pk].snapshot,
            seal=sealed[each.pk],
            decision=decisions.get(each.pk),
            findings=findings.get(each.pk, {}),
        )
        for each in assessments
        if each.pk in sealed and permissions.can(Act.READ, capacity=capacity, assessment=each)
    ]


def sees_spread(*, assessment, capacity):
    """Tell whether somebody is shown how the scores lie: the board, and every reader of what was put up."""
    if assessment.state in FROZEN:
        return True
    return permissions.can(Act.SEE_SPREAD, capacity=capacity, assessment=assessment)


def why_withheld(sheet, *, assessment, capacity):
    """Say why somebody who reads an assessment does not see its rows of a sheet, "" where they do."""
    if beside := BESIDE.get(sheet):
        return "" if beside.seen_by(assessment=assessment, capacity=capacity) else WHY_WITHHELD[beside.seen_by]
    if sheet in OF_LEVELS and assessment.state not in REVEALED:
        return NO_LEVELS
    if sheet in {COUNTS, DISSENTS} and not sees_spread(assessment=assessment, capacity=capacity):
        return NO_SPREAD
    return ""


def rows_of(sheet, contents, capacity):
    """Return the rows of a sheet that somebody sees, each with where it belongs, and why there are none, if so."""
    why = [why_withheld(sheet, assessment=each.assessment, capacity=capacity) for each in contents]
    if contents and all(why):
        return [], why[0]
    seen = [each for each, reason in zip(contents, why, strict=True) if not reason]
    if beside := BESIDE.get(sheet):
        found = beside.rows([each.assessment for each in seen], capacity)
        return [_where(each) | row for each in seen for row in found[each.assessment.pk]], ""
    if sheet == ASSESSMENTS:
        told = ((each, sees_spread(assessment=each.assessment, capacity=capacity)) for each in seen)
        return [_where(each) | assessment_row(each, with_spread=spread) for each, spread in told], ""
    if sheet == MISSING:
        return [_where(each) | {"organisation": name} for each in seen for name in _missing(each)], ""
    return [_where(each) | row for each in seen for row in each.rows(sheet)], ""


def _export(contents, capacity, **names):
    tables, withheld = {}, {}
    for sheet in SHEETS:
        rows, why = rows_of(sheet, contents, capacity)
        if why:
            withheld[sheet.name] = why
        else:
            tables[sheet.name] = sheet.table(rows)
    return Export(contents=tuple(contents), tables=tables, withheld=withheld, **names)


def _where(content):
    assessment = content.assessment
    return {"round": assessment.round.name, "place": assessment.place.name, "assessment": str(assessment.public_id)}


def _missing(content):
    return json.loads(content.seal.text)["missing"] if content.seal else ()
