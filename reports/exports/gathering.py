"""
Gather what somebody may take along of an assessment, or of a round's places: the content and all that stands beside it.

What is sealed comes from the seal alone; what is not, as it stands today. The queries are as many for nine places as
for one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from assessments import documents, permissions
from assessments.models import Assessment, Decision, Round, Seal, Snapshot
from assessments.workflow import REVEALED, SHARED_WITH_ICB, Act, State
from partnership.permissions import Capacity
from reports.exports.assessment_sheet import ASSESSMENTS, assessment_row
from reports.exports.columns import Sheet
from reports.exports.content_rows import OF_DOCUMENT, OF_LEVELS
from reports.exports.content_sheets import COUNTS, DISSENTS, LEVELS_OF_ITEMS, MISSING
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

    `sees_spread` says whether somebody is shown how scores lie, `has_levels` whether there are any to show.
    """

    assessment: Assessment
    document: Mapping
    snapshot: Snapshot | None = None
    seal: Seal | None = None
    decision: Decision | None = None
    sees_spread: bool = True

    @property
    def has_levels(self):
        return self.assessment.state in REVEALED

    def rows(self, sheet):
        """Return the document's rows of a sheet, without what is not there or not for the reader yet."""
        if self.withheld(sheet):
            return ()
        rows = OF_DOCUMENT[sheet](self.document)
        if self.has_levels:
            return rows
        return ({name: value for name, value in row.items() if name not in LEVELS_OF_ITEMS} for row in rows)

    def withheld(self, sheet):
        """Say why the document's rows of a sheet are not given, "" where they are."""
        if sheet in OF_LEVELS and not self.has_levels:
            return NO_LEVELS
        return NO_SPREAD if sheet in {COUNTS, DISSENTS} and not self.sees_spread else ""

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
    found = submitted(capacity=capacity).filter(round=opened)
    contents = read_sealed(found.order_by("place__name", "number"), capacity=capacity)
    return _export(contents, capacity, made_at=at, title=title, file_name=file_name)


def submitted(*, capacity):
    """Return the assessments that were submitted for the ICB to read: each place's last one in each round."""
    later = Assessment.objects.filter(
        round=OuterRef("round"), place=OuterRef("place"), number__gt=OuterRef("number"), state__in=SHARED_WITH_ICB
    )
    found = Assessment.objects.filter(~Exists(later), state__in=SHARED_WITH_ICB, seal__isnull=False)
    return found.exclude(round__visibility=Round.Visibility.PLACE)


def read(*, assessment, capacity: Capacity, on) -> Content:
    """Return what an assessment says to somebody who may read it: sealed, frozen, or as of a day."""
    sees_spread = permissions.can(Act.SEE_SPREAD, capacity=capacity, assessment=assessment)
    if assessment.state == State.AGREEING and sees_spread:
        # As the draft of the report, which the board reads with the people in it.
        return Content(assessment, documents.document(assessment=assessment, on=on))
    if sealed := read_sealed([assessment], capacity=capacity):
        return sealed[0]
    what = shown(assessment=assessment, capacity=capacity, on=on)
    return Content(assessment, what.document, sees_spread=sees_spread or what.is_frozen)


def read_sealed(assessments, *, capacity) -> list[Content]:
    """Return what those assessments say that are sealed and that the person may read; three queries at most."""
    if not isinstance(assessments, list):
        assessments = list(
            assessments.select_related("round", "place__system", "framework_version__framework", "superseded_by")
        )
    seals = Seal.objects.filter(assessment__in=assessments).select_related("snapshot")
    sealed = {seal.assessment_id: seal for seal in seals}
    decisions = {each.assessment_id: each for each in Decision.objects.filter(assessment__in=sealed)} if sealed else {}
    return [
        Content(
            assessment=each,
            document=documents.stored(sealed[each.pk].snapshot),
            snapshot=sealed[each.pk].snapshot,
            seal=sealed[each.pk],
            decision=decisions.get(each.pk),
        )
        for each in assessments
        if each.pk in sealed and permissions.can(Act.READ, capacity=capacity, assessment=each)
    ]


def _export(contents, capacity, **names):
    tables, withheld = {}, {}
    for sheet in SHEETS:
        rows, why = rows_of(sheet, contents, capacity)
        if why:
            withheld[sheet.name] = why
        else:
            tables[sheet.name] = sheet.table(rows)
    return Export(contents=tuple(contents), tables=tables, withheld=withheld, **names)


def rows_of(sheet, contents, capacity):
    """Return the rows of a sheet that somebody sees, each with where it belongs, and why there are none, if so."""
    if beside := BESIDE.get(sheet):
        found = beside.rows([each.assessment for each in contents], capacity)
        if contents and not found:
            return [], WHY_WITHHELD[beside.seen_by]
        return [_where(each) | row for each in contents for row in found.get(each.assessment.pk, ())], ""
    if sheet == ASSESSMENTS:
        return [_where(each) | assessment_row(each) for each in contents], ""
    if sheet == MISSING:
        return [_where(each) | {"organisation": name} for each in contents for name in _missing(each)], ""
    why = [each.withheld(sheet) for each in contents]
    if contents and all(why):
        return [], why[0]
    return [_where(each) | row for each in contents for row in each.rows(sheet)], ""


def _where(content):
    assessment = content.assessment
    return {"round": assessment.round.name, "place": assessment.place.name, "assessment": str(assessment.public_id)}


def _missing(content):
    return json.loads(content.seal.text)["missing"] if content.seal else ()
