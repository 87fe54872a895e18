"""Find what an Excel workbook holds, sheet by sheet, from untrusted bytes."""

from assessments.importing.parts import UNREADABLE, DocumentRefused, bounded, clean, table
from frameworks.marks import FileRefused
from frameworks.workbook import take_cells
from frameworks.workbook_cells import as_read

ABOVE = "Name of the sheet"


def read_excel(content):
    """
    Return the parts of a workbook.

    :raises DocumentRefused: if it cannot be read, or holds nothing or too much
    """
    try:
        sheets = take_cells(content, spoilt=lambda what, mend, place: UNREADABLE)
    except FileRefused as refusal:
        raise DocumentRefused(f"{refusal.finding.what} {refusal.finding.mend.rstrip('.')}") from refusal
    return bounded(
        table(f"Sheet “{name}”", [[_text(cell) for cell in row] for row in rows], above=ABOVE, context=name)
        for name, rows in sheets.items()
    )


def _text(cell):
    if cell is None:
        return ""
    if cell == UNREADABLE:
        return UNREADABLE
    # A date is a moment to a spreadsheet.
    return clean(as_read(str(cell).removesuffix(" 00:00:00")))
