"""
Tables of plain values, and how they are written as CSV.

Pure. What a chart shows as a picture it gives here as numbers, for a download that says the same.
"""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from reports.evidence_age import AGES, EvidenceAge
from reports.evidence_figures import Coverage
from reports.figures import Profile
from reports.stacks import FEWEST, Stacks

# What a spreadsheet would take for the beginning of a formula (OWASP, "CSV injection").
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
# What programs pass over before they look at how a cell begins: spaces, quotes, and what cannot be seen.
PASSED_OVER = re.compile(r"[\s\"'\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x1f\x7f]*")
# Where a program that takes another separator than the comma would begin a new cell.
NEW_CELL = re.compile(r"([;\t|][\s\"']*)(?=[=+\-@])")
# Tells spreadsheets that the text is UTF-8; without it they guess.
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True)
class Table:
    """Rows of text, numbers, days, instants, true, false and None, under named columns."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float | date | None, ...], ...]


def csv_text(table: Table) -> str:
    """Return a table as CSV (RFC 4180) that spreadsheets read as UTF-8 and in which no text becomes a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(table.columns)
    writer.writerows([inert(_as_text(value)) for value in row] for row in table.rows)
    return BYTE_ORDER_MARK + written.getvalue()


def inert(value):
    """Return a value as a spreadsheet takes it for text: an apostrophe goes before what would begin a formula."""
    if not isinstance(value, str):
        return value
    value = NEW_CELL.sub(r"\1'", value)
    return f"'{value}" if begins_a_formula(value) else value


def begins_a_formula(text):
    """Say whether a spreadsheet could take a text for a formula: full-width signs count as those they look like."""
    shown = text[PASSED_OVER.match(text).end() :][:1]
    return text.startswith(FORMULA_STARTS) or unicodedata.normalize("NFKC", shown) in {"=", "+", "-", "@", "\u2212"}


def _as_text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else value


def profile(figure: Profile) -> Table:
    """Return the numbers of the profile; the scores are empty while they are hidden."""
    before = (f"Agreed in {figure.previous_round}",) if figure.previous_round else ()
    names, things = tuple(name for _, name in figure.levels), f"{figure.noun.capitalize()}s"
    return Table(
        columns=(
            *(
                "Domain",
                "Code",
                "Criterion",
                "Agreed",
                "Supported by evidence",
                *before,
                "Target",
                "Supported once the actions are done",
            ),
            *(f"{things} with evidence in date", f"{things} that apply", *(f"Scores at {name}" for name in names)),
            f"Split {figure.noun}s",
        ),
        rows=tuple(
            (
                *(group.name, row.code, row.name, row.claimed.words, row.supported.words),
                *([_before(row)] if before else []),
                row.target.words if row.target else None,
                row.projected.words if row.projected else None,
                *(row.in_date, row.applicable, *(row.counts or [None] * len(names))),
                ", ".join(row.split),
            )
            for group in figure.groups
            for row in group.rows
        ),
    )


def _before(row):
    if row.previous:
        return row.previous.words
    return "Changed since, not comparable" if row.changed else "Not assessed"


def coverage(figure: Coverage) -> Table:
    """Return the numbers of evidence coverage, with the total as the last row."""
    return Table(
        columns=("Code", "Criterion", "In date", "Out of date", "None", f"{figure.noun.capitalize()}s that apply"),
        rows=tuple(
            (row.code, row.name, row.in_date, row.old, row.bare, row.applicable) for row in (*figure.rows, figure.total)
        ),
    )


def stacks(figure: Stacks, *, of="Criterion") -> Table:
    """Return the numbers of places by level; empty where there are too few to show."""
    why = dict.fromkeys(words for bar in figure.bars for words, _ in bar.without)
    return Table(
        columns=("Code", of, *(name for _, name in figure.levels), *why, "Places", "Note"),
        rows=tuple(
            (
                bar.code,
                bar.name,
                *[None] * (len(figure.levels) + len(why) + 1),
                f"Fewer than {FEWEST} places, not shown",
            )
            if bar.is_hidden
            else (
                bar.code,
                bar.name,
                *bar.counts,
                *(dict(bar.without).get(each, 0) for each in why),
                bar.total,
                bar.note,
            )
            for bar in figure.bars
        ),
    )


def evidence_age(figure: EvidenceAge) -> Table:
    """Return the numbers of the cited artefacts by strength and age."""
    return Table(
        columns=("Strength", *(age[0].upper() + age[1:] for age in AGES.values()), "Artefacts"),
        rows=tuple((row.name, *row.counts, row.total) for row in figure.rows),
    )
