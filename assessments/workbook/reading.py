"""
Read a scoring workbook that came back, from untrusted bytes, and say row by row what it would change.

Nothing is written here. What can be taken is sealed for the page that asks for confirmation, so that only what was
shown can be confirmed.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from django.core import signing

from assessments.models import Judgement, Score
from assessments.score_list import load_list
from assessments.score_sheet import SheetItem
from assessments.services.scoring import COMPARED, Entry, is_same
from assessments.workbook.rows import (
    ANSWER,
    COMMENT,
    CONFIDENCE,
    CONFIDENCES,
    CRITERION,
    GIVEN,
    HEADINGS,
    ITEM,
    MARK,
    NOTHING,
    REASON,
    SHEET,
    STATEMENT,
    Mark,
    NotThePortals,
    answers,
    cells_of,
    digest_of,
)
from frameworks.marks import FileRefused
from frameworks.workbook import take_cells

SALT = "assessments.workbook.accepted"
LASTS = 24 * 60 * 60
ANEW = "Download the workbook anew and fill that in there."


class Effect(StrEnum):
    """What a row comes to."""

    NEW = "New"
    CHANGED = "Changed"
    SAME = "Unchanged"
    OPEN = "Left open"
    REFUSED = "Refused"


class RowRefused(ValueError):
    """A row that is not taken; the text says why, and what to do."""


@dataclass(frozen=True)
class Spoilt:
    """Stands for a cell that cannot be read; `what` says why."""

    what: str


@dataclass(frozen=True)
class Difference:
    """
    What a row of the file would do.

    `before` and `after` are its cells in words; `before` is None where it is not known which item the row is about.
    `why` says why it is refused.
    `entry` is what to record, where there is anything.
    """

    number: int
    name: str
    effect: Effect
    statement: str = ""
    before: tuple[tuple[str, str], ...] | None = None
    after: tuple[tuple[str, str], ...] = ()
    why: str = ""
    entry: Entry | None = None


@dataclass(frozen=True)
class Comparison:
    """A whole file beside what is stored; `missing` is how many items have no row in it."""

    rows: tuple[Difference, ...]
    missing: int

    def of(self, *effects):
        return [row for row in self.rows if row.effect in effects]

    @property
    def refused(self):
        return self.of(Effect.REFUSED)

    @property
    def taken(self):
        return self.of(Effect.NEW, Effect.CHANGED)

    @property
    def counts(self):
        return [(str(effect), len(self.of(effect))) for effect in Effect]


def compare(content, *, assessment, user):
    """
    Compare a file with what a member has stored; the queries do not depend on its size.

    :raises frameworks.marks.FileRefused: if it is no scoring workbook at all
    """
    rows = _rows(content)
    items = {str(each.item.public_id): each for each in load_list(assessment=assessment, user=user).all_items}
    marks = {number: _mark(row) for number, row in rows}
    times = Counter(mark.item for mark in marks.values() if mark)
    reading = _Reading(assessment, user, items, times)
    found = [reading.difference(number, row, marks[number]) for number, row in rows]
    return Comparison(tuple(found), missing=len(items.keys() - times.keys()))


def accepted(comparison, *, assessment, user):
    """Return what of a comparison can be taken, sealed for this person and assessment."""
    entries = [
        [str(row.entry.item.public_id), row.entry.item.ballot, row.entry.based_on, *row.entry.values().values()]
        for row in comparison.taken
    ]
    held = [str(user.public_id), str(assessment.public_id), entries]
    return signing.dumps(held, salt=SALT, compress=True)


def entries_of(sealed, *, assessment, user):
    """
    Return what was accepted as entries to record, of items that are still in the same ballot.

    :raises RowRefused: if it was not sealed for this person and assessment within a day
    """
    try:
        person, key, entries = signing.loads(sealed, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise RowRefused("What was to be recorded did not arrive as it was shown. Choose the file again") from error
    if (person, key) != (str(user.public_id), str(assessment.public_id)):
        raise RowRefused("What was to be recorded is not of this assessment. Choose the file again")
    asked = assessment.items.select_related("criterion").filter(public_id__in=[entry[0] for entry in entries])
    items = {str(item.public_id): item for item in asked}
    return [
        Entry(items[item], based_on=version, **dict(zip(COMPARED, values, strict=True)))
        for item, ballot, version, *values in entries
        if item in items and items[item].ballot == ballot
    ]


def in_words(values, scale):
    """Return a judgement as pairs of a heading and what stands under it, without what is empty."""
    return tuple((heading, text) for heading, text in zip(GIVEN, cells_of(scale, values), strict=True) if text)


def _rows(content):
    """Return the rows that say anything, as pairs of number and cells by heading."""
    cells = take_cells(content, only=SHEET, spoilt=_spoilt)
    if SHEET not in cells:
        raise FileRefused(f"The workbook has no sheet “{SHEET}”.", "Choose the workbook that you downloaded here.")
    headings, *rows = cells[SHEET] or [[]]
    places = {_text(heading): place for place, heading in enumerate(headings)}
    if missing := [heading for heading in HEADINGS if heading not in places]:
        raise FileRefused(
            f"The first row of the sheet “{SHEET}” has no heading “{missing[0]}”.", f"Put it back. Or: {ANEW}"
        )
    padded = ([*row, *[None] * len(headings)] for row in rows)
    read = ({heading: row[places[heading]] for heading in HEADINGS} for row in padded)
    return [(number, row) for number, row in enumerate(read, start=2) if any(_text(row[name]) for name in HEADINGS)]


def _spoilt(what, mend, place):
    return Spoilt(f"{what.replace('This cell', 'Cell ' + place.rpartition(' ')[2])} {mend}")


def _text(cell):
    return "" if cell is None else cell.what if isinstance(cell, Spoilt) else str(cell).strip()


def _mark(row):
    try:
        return Mark.opened(_text(row[MARK]))
    except NotThePortals:
        return None


class _Reading:
    """Judges rows beside what the member has stored."""

    def __init__(self, assessment, user, items, times):
        self.assessment, self.user, self.items, self.times = assessment, user, items, times

    def difference(self, number, row, mark):
        name = " · ".join(filter(None, (_text(row[CRITERION]), _text(row[ITEM]))))[:200] or f"Row {number}"
        try:
            each = self._find(row, mark)
        except RowRefused as refusal:
            return Difference(number, name, Effect.REFUSED, after=_typed(row), why=str(refusal))
        name = f"{each.item.criterion.name} · {each.item.noun.capitalize()} {each.item.name}"
        shown = {"number": number, "name": name, "statement": each.item.statement}
        before = in_words(_stored(each), each.scale)
        try:
            effect, entry = self._judge(row, mark, each)
        except RowRefused as refusal:
            return Difference(**shown, effect=Effect.REFUSED, before=before, after=_typed(row), why=str(refusal))
        after = in_words(entry.values(), each.scale) if entry else before
        return Difference(**shown, effect=effect, before=before, after=after, entry=entry)

    def _find(self, row, mark) -> SheetItem:
        """Return the item that a row is about, and hold the row to be one that the portal wrote for this person."""
        for name in HEADINGS:
            if isinstance(row[name], Spoilt):
                raise RowRefused(row[name].what)
        if not _text(row[MARK]):
            raise RowRefused(f"The portal did not write this row: its mark, in the last column, is missing. {ANEW}")
        if mark is None:
            raise RowRefused(f"The portal's mark, in the last column, was changed. {ANEW}")
        if mark.assessment != str(self.assessment.public_id):
            raise RowRefused("This row is of another assessment: another place's, or another round's.")
        if mark.person != str(self.user.public_id):
            raise RowRefused("This row is of somebody else's workbook. Each member brings back their own.")
        if mark.shown != digest_of(_text(row[name]) for name in (CRITERION, ITEM, STATEMENT)):
            raise RowRefused(f"The criterion, number or statement was changed. {ANEW}")
        if self.times[mark.item] > 1:
            raise RowRefused("The item stands in several rows. Leave one of them, and choose the file again.")
        if mark.item not in self.items:
            raise RowRefused("This item is not being scored now, so your earlier score stands.")
        each = self.items[mark.item]
        if mark.ballot != each.item.ballot:
            raise RowRefused(f"The board scores this item again, since you downloaded the workbook. {ANEW}")
        return each

    def _judge(self, row, mark, each):
        """Return what a row comes to, and what to record for it."""
        typed = [_text(row[name]) for name in GIVEN]
        if mark.given == digest_of(typed):
            # Untouched, whatever has become of the score since.
            return (Effect.SAME if each.score else Effect.OPEN), None
        if not any(typed):
            if each.score:
                raise RowRefused("A score is not taken back by emptying its row. Choose another level or answer.")
            return Effect.OPEN, None
        values = _values(dict(zip(GIVEN, typed, strict=True)), each)
        entry = Entry(each.item, based_on=mark.version, **values)
        if each.score and is_same(each.score, entry.values()):
            return Effect.SAME, None
        if mark.version != (each.score.version if each.score else 0):
            raise RowRefused(f"You scored this in the portal after you downloaded the workbook; that stands. {ANEW}")
        return (Effect.CHANGED if each.score else Effect.NEW), entry


def _values(typed, each):
    """
    Return what the member's own cells say.

    :raises RowRefused: if they cannot be recorded
    """
    offered = answers(each.scale)
    chosen = _among(offered, typed[ANSWER])
    if not typed[ANSWER]:
        raise RowRefused(f"Nothing is chosen under “{ANSWER}”, so that the rest has no score to go with.")
    if chosen is None:
        raise RowRefused(f"“{typed[ANSWER][:100]}” is not in the list: {', '.join(offered)}.")
    judgement, level = chosen
    confidence = _among(CONFIDENCES, typed[CONFIDENCE]) if typed[CONFIDENCE] else ""
    if confidence is None:
        raise RowRefused(f"“{typed[CONFIDENCE][:100]}” is not in the list: {', '.join(CONFIDENCES)}.")
    if typed[REASON] and judgement != Judgement.NOT_APPLICABLE:
        raise RowRefused(f"“{REASON}” is filled, but the answer is another. Empty it, or move it to the comment.")
    for heading, most in ((REASON, Score.REASON_MAX), (COMMENT, Score.COMMENT_MAX)):
        if len(typed[heading]) > most:
            raise RowRefused(f"“{heading}” is longer than {most:,} characters. Shorten it.")
    if judgement == Judgement.NOT_APPLICABLE and not typed[REASON]:
        raise RowRefused(f"Say under “{REASON}” why it is not applicable.")
    return {
        "judgement": judgement,
        "level": level,
        "reason": typed[REASON],
        "confidence": confidence,
        "comment": typed[COMMENT],
    }


def _among(words, typed):
    """Return what a word stands for, however it is written in capitals; None if it is not among `words`."""
    folded = {label.casefold(): value for label, value in words.items()}
    return folded.get(" ".join(typed.split()).casefold())


def _stored(each):
    return {name: getattr(each.score, name) if each.score else NOTHING[name] for name in COMPARED}


def _typed(row):
    """Return what stands in a row's own cells, as it was typed."""
    return tuple((name, _text(row[name])[:4000]) for name in GIVEN if row[name] and not isinstance(row[name], Spoilt))
