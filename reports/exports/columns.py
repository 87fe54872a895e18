"""
What an export's tables are made of: columns of a kind, each with what it means and which stored fields it holds.

Pure. Workbook, CSV, JSON, its schema and the API's description are all written from these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from reports.tables import Table


class Kind(StrEnum):
    """Of what kind a column's cells are; any cell may be empty."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    FLAG = "true or false"
    DAY = "day"
    INSTANT = "instant in UTC"


TEXT, WHOLE, NUMBER, FLAG, DAY, INSTANT = Kind


@dataclass(frozen=True)
class Column:
    """One column; `holds` names the stored fields that it shows, as "Model.field"."""

    name: str
    kind: Kind
    meaning: str
    holds: tuple[str, ...] = ()


def column(name, kind, meaning, *holds):
    return Column(name, kind, meaning, holds)


# Every row says where it belongs, so that the rows of many assessments fit in one table.
WHERE = (
    column("round", TEXT, "The round's name", "Round.name"),
    column("place", TEXT, "The place's name", "Place.name"),
    column("assessment", TEXT, "The assessment's identifier", "Assessment.public_id"),
)


@dataclass(frozen=True, eq=False)
class Sheet:
    """One table: its name, what a row of it is, and its columns after those that say where a row belongs."""

    name: str
    meaning: str
    own: tuple[Column, ...]
    where: tuple[Column, ...] = WHERE

    @property
    def title(self):
        """The name as people read it."""
        return self.name.replace("_", " ").capitalize()

    @property
    def columns(self):
        return (*self.where, *self.own)

    def table(self, rows: Iterable[Mapping]) -> Table:
        """
        Return rows, given by column name, as a table; what a row does not say is empty.

        :raises ValueError: if a row says something that has no column
        """
        names = {each.name for each in self.columns}
        made = []
        for row in rows:
            if stray := row.keys() - names:
                raise ValueError(f"The table {self.name} has no columns {sorted(stray)}")
            made.append(tuple(plain(row.get(each.name), each.kind) for each in self.columns))
        return Table(columns=tuple(each.name for each in self.columns), rows=tuple(made))


def plain(value, kind: Kind):
    """Return a value as its kind has it: numbers, days and instants from text, too, and nothing for an empty text."""
    if value is None or value == "":
        return None
    match kind:
        case Kind.DAY:
            return value if isinstance(value, date) else date.fromisoformat(value)
        case Kind.INSTANT:
            return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)
        case Kind.TEXT:
            return str(value)
        case Kind.NUMBER:
            return float(value)
    return value
