"""Fill a scoring workbook as somebody at a spreadsheet would."""

import io

from openpyxl import load_workbook

from assessments.workbook.rows import HEADINGS, SHEET
from frameworks.workbook import write_cell


def opened(content):
    return load_workbook(io.BytesIO(content))


def rows_of(content):
    """Return the rows of scores as dicts by heading."""
    return [dict(zip(HEADINGS, row, strict=True)) for row in opened(content)[SHEET].iter_rows(2, values_only=True)]


def filled(content, changes, then=None, *, as_text=False):
    """
    Return the workbook with cells filled: `changes` are dicts by heading, by the row's place from 0.

    What begins like a formula becomes one, unless everything is written `as_text`.
    """
    book = opened(content)
    sheet = book[SHEET]
    for place, cells in changes.items():
        for heading, value in cells.items():
            cell = sheet.cell(place + 2, HEADINGS.index(heading) + 1)
            cell.value = value
            if as_text and value is not None:
                write_cell(cell, value)
    if then:
        then(sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
