"""
Write an export as a workbook (XLSX): a sheet for each table, after one that says what each column holds.

Texts are written as texts: no cell holds a formula, whatever people typed.
"""

import io
import math
from datetime import datetime

from frameworks import office
from frameworks.wording import counted
from frameworks.workbook import XLSX, write_cell, write_value
from reports import tables
from reports.exports.columns import Kind
from reports.exports.gathering import Export

MEDIA_TYPE = XLSX
READ_ME = "read_me"
CUT = " … (cut: a cell holds no more; the CSV and JSON files have all of it)"
# LibreOffice shows a truth value as a number unless told.
FORMATS = {
    Kind.NUMBER: "0.000",
    Kind.DAY: "yyyy-mm-dd",
    Kind.INSTANT: "yyyy-mm-dd hh:mm:ss",
    Kind.FLAG: '"true";"true";"false"',
}
NARROW, WIDE = 16, 48
# Not every program makes a row as high as its text; characters in a line, points of a line, and the most lines.
LINE, POINTS, MOST_LINES = 44, 13.5, 12
LONG = {"statement", "account", "rationale", "comment", "reason", "words", "text", "note", "meaning", "sentence"}
LONG |= {"summary", "remedy", "recommendation", "purpose", "about", "spread", "title", "claimed_sentence"}
LONG |= {"supported_sentence", "functions", "reasons", "closing_words"}


def workbook(export: Export) -> bytes:
    """Return the workbook as bytes."""
    book = office.Workbook(write_only=True)
    book.properties.creator = book.properties.title = None
    _read_me(book, export)
    for sheet in export.sheets:
        kinds = [each.kind for each in sheet.columns]
        _sheet(book, sheet.name, export.tables[sheet.name], kinds)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet(book, name, table, kinds):
    page = book.create_sheet(name)
    page.freeze_panes = "A2"
    for number, heading in enumerate(table.columns, start=1):
        width = WIDE if heading in LONG else max(NARROW, len(heading) + 2)
        page.column_dimensions[office.get_column_letter(number)].width = width
    page.append(_headings(page, table.columns))
    page.auto_filter.ref = f"A1:{office.get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    looks = _Looks(page)
    long = [heading in LONG for heading in table.columns]
    for number, row in enumerate(table.rows, start=2):
        lines = max((_lines(value) for value, wraps in zip(row, long, strict=True) if wraps), default=1)
        if lines > 1:
            page.row_dimensions[number].height = POINTS * lines
        page.append([looks.cell(*each) for each in zip(row, kinds, long, strict=True)])


def _lines(value):
    """Return on how many lines a text stands in a wide cell."""
    text = value if isinstance(value, str) else ""
    return min(MOST_LINES, sum(max(1, math.ceil(len(line) / LINE)) for line in text.splitlines() or [""]))


def _headings(page, texts):
    """Return cells with the look of the first one: to set one is slow."""
    first = office.WriteOnlyCell(page)
    write_cell(first, "")
    first.font = office.Font(bold=True, color="FFFFFF")
    first.fill = office.PatternFill("solid", fgColor="005EB8")
    cells = [office.WriteOnlyCell(page, text) for text in texts]
    for cell in cells:
        cell.data_type, cell._style = "s", first._style
    return cells


class _Looks:
    """Makes a sheet's cells, each with the look of the first one of its kind: to set one is slow."""

    def __init__(self, page):
        self.page, self.looks = page, {}

    def cell(self, value, kind, wraps=False):
        if value is None:
            return None
        if isinstance(value, datetime):
            # A cell knows no time zone; that it is UTC the first sheet says.
            value = value.replace(tzinfo=None)
        look = (kind, wraps, isinstance(value, str) and value.startswith(tables.FORMULA_STARTS))
        if look not in self.looks:
            self.looks[look] = self._first(value, kind, wraps)
        cell = office.WriteOnlyCell(self.page)
        write_value(cell, value, cut=CUT)
        cell._style = self.looks[look]._style
        return cell

    def _first(self, value, kind, wraps):
        cell = office.WriteOnlyCell(self.page)
        write_cell(cell, value)
        cell.alignment = office.Alignment(vertical="top", wrap_text=wraps or None)
        if kind in FORMATS:
            cell.number_format = FORMATS[kind]
        return cell


def _read_me(book, export):
    """Write the sheet that says what is in the others."""
    page = book.create_sheet(READ_ME)
    page.freeze_panes = "A2"
    for letter, width in (("A", 24), ("B", 24), ("C", 20), ("D", 90)):
        page.column_dimensions[letter].width = width
    page.append(_headings(page, ("sheet", "column", "kind", "meaning")))
    rows = [
        ("", "", "", export.title),
        ("", "", "", f"Taken on {export.made_at:%d %B %Y at %H:%M} UTC. Empty cells: nothing is stated."),
    ]
    for sheet in export.sheets:
        rows.append((sheet.name, "", counted(len(export.tables[sheet.name].rows), "row"), f"{sheet.meaning}."))
        rows += [(sheet.name, each.name, each.kind, each.meaning) for each in sheet.columns]
    rows += [(name, "", "not in this file", why) for name, why in export.withheld.items()]
    looks = _Looks(page)
    for row in rows:
        page.append([looks.cell(str(value) or None, Kind.TEXT) for value in row])
