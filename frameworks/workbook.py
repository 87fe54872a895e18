"""
A framework's workbook as a file (XLSX): written with guidance in it, and read from untrusted bytes in bounded time.

Of what its parts hold (`frameworks.packages` checks them) only texts, whole numbers and decimals are taken. Formulas
are refused: what they come to is not what the author wrote.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace

from frameworks import office, packages
from frameworks.kinds import Choice, Field, Flag
from frameworks.marks import MOST_FINDINGS, FileRefused, Finding, Source
from frameworks.workbook_cells import LONGEST_CELL, as_read, as_written, is_blank
from frameworks.workbook_layout import (
    BY_SHEET,
    FRAMEWORK,
    OTHER_COLUMNS,
    OTHER_MEANINGS,
    READ_ME,
    SHEETS,
    columns,
)
from frameworks.workbook_reading import read_cells
from frameworks.workbook_rows import Cells, column_letters
from frameworks.workbook_writing import lay_out

MOST_ROWS = 12_000
MOST_COLUMNS = 80
MOST_CELLS = 150_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

WIDTHS = {"summary": 50, "text": 60, "meaning": 60, "value": 60, "name": 40, "expected_evidence": 50, "rule": 30}


def read_workbook(content: bytes) -> Source:
    """
    Read a framework's workbook.

    :raises FileRefused: if it is too large, no workbook, or holds what is dangerous
    """
    spoilt: list[Finding] = []

    def leave_out(what: str, mend: str, place: str) -> None:
        if len(spoilt) == MOST_FINDINGS:
            raise FileRefused("Too many cells hold formulas or errors.", "Paste their values over them.", place)
        spoilt.append(Finding(place, "", what, mend))

    source = read_cells(take_cells(content, spoilt=leave_out))
    return replace(source, findings=(*spoilt, *source.findings))


def write_workbook(data: Mapping[str, object]) -> bytes:
    """
    Write a sound definition, as read from its canonical text, as a workbook that reads back as the same.

    :raises frameworks.workbook_cells.CellTooSmall: if something is too long for a cell
    """
    book = office.Workbook()
    _write_read_me(book.active)
    for sheet, rows in lay_out(data).items():
        _write_sheet(book.create_sheet(sheet), rows)
    book.active = book[FRAMEWORK]
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


# Reading


def refuse(what: str, mend: str, place: str) -> object:
    """
    Refuse a whole file for a cell that cannot be read.

    :raises FileRefused: always
    """
    raise FileRefused(what, mend, place)


def take_cells(content: bytes, *, only: str = "", spoilt: Callable[[str, str, str], object] = refuse) -> Cells:
    """
    Take the cells of an untrusted workbook, of the sheet `only` or of all but the guidance, in bounded time.

    `spoilt` is asked what to take for a cell that holds a formula or an error, given what is wrong, how to mend it and
    where it stands.

    :raises FileRefused: if the file is too large, no workbook, or holds what is dangerous
    """
    packages.check(content, packages.WORKBOOK)
    try:
        # Not data_only: that would give what formulas came to, and hide that they are formulas.
        book = office.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        return _Taking(spoilt).take(book, only)
    except FileRefused:
        raise
    except Exception as error:
        # The library raises whatever the damage makes it stumble over.
        raise FileRefused(f"This workbook cannot be read ({type(error).__name__}).", packages.WORKBOOK.again) from error


class _Taking:
    """Takes the cells of a workbook, as many as a framework may have."""

    def __init__(self, spoilt: Callable[[str, str, str], object]) -> None:
        self.taken = 0
        self.spoilt = spoilt

    def take(self, book: "office.Workbook", only: str) -> Cells:
        asked = [name for name in book.sheetnames if (name == only if only else name != READ_ME)]
        return {name: self._rows(book[name], name) for name in asked}

    def _rows(self, sheet: object, name: str) -> list[list[object]]:
        if not hasattr(sheet, "iter_rows"):
            raise FileRefused(f"The sheet {name[:60]} is a chart.", "Remove it.", f"sheet {name[:60]}")
        rows = []
        # One more than there may be, to see whether there are more; the size that a sheet claims may be anything.
        for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1), start=1):
            cells = [self._cell(cell, name, number, column) for column, cell in enumerate(row)]
            while cells and is_blank(cells[-1]):
                cells.pop()
            rows.append(cells)
            self.taken += len(cells)
            if cells and (number > MOST_ROWS or len(cells) > MOST_COLUMNS or self.taken > MOST_CELLS):
                raise FileRefused(
                    f"The sheet {name[:60]} has more rows or columns than a framework needs.",
                    f"Use {MOST_ROWS} rows and {MOST_COLUMNS} columns at most.",
                    f"sheet {name[:60]}, row {number}",
                )
        return rows

    def _cell(self, cell: "office.Cell", sheet: str, row: int, column: int) -> object:
        value = cell.value
        if value is None:
            return None
        place = f"sheet {sheet[:60]}, cell {column_letters(column)}{row}"
        if cell.data_type == "f":
            return self.spoilt(
                "This cell holds a formula.", "Write what it comes to, or begin with an apostrophe (').", place
            )
        if cell.data_type == "e":
            return self.spoilt("This cell holds an error.", "Write what belongs there.", place)
        return as_read(value) if isinstance(value, str) else value


# Writing


def _write_sheet(sheet: "office.Worksheet", rows: list[list[object]]) -> None:
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                write_cell(sheet.cell(number, column), value)
    headings = [str(heading) for heading in rows[0]]
    fields = _fields(sheet.title)
    for number, heading in enumerate(headings, start=1):
        cell = sheet.cell(1, number)
        cell.font = office.Font(bold=True, color="FFFFFF")
        cell.fill = office.PatternFill("solid", fgColor="005EB8")
        name = heading.partition(" ")[0]
        sheet.column_dimensions[office.get_column_letter(number)].width = (
            40 if " " in heading else WIDTHS.get(name, max(12, len(heading) + 2))
        )
        if name in fields:
            _offer_choices(sheet, number, fields[name])
    sheet.freeze_panes = "A2"


def write_value(cell: "office.Cell", value: object, *, cut: str = " …") -> None:
    """
    Put a value into a cell, a text as one that says in every program what it says here, whatever it looks like.

    One that is longer than a cell can be ends with `cut`.
    """
    if not isinstance(value, str):
        cell.value = value
        return
    text = as_written(value)
    cell.value = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - len(cut)] + cut
    # A text that begins with "=" is a text.
    cell.data_type = "s"


def write_cell(cell: "office.Cell", value: object) -> None:
    """Put a value into a cell as `write_value` does, and let a text stay one when somebody edits it."""
    write_value(cell, value)
    if isinstance(value, str):
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
        # As text, so that 1.0 is not turned into 1 when somebody types it.
        cell.number_format = "@"
    cell.alignment = office.Alignment(wrap_text=True, vertical="top")


def _offer_choices(sheet: "office.Worksheet", column: int, field: Field) -> None:
    """Let a column with few possible words offer them as a list."""
    words = (
        field.kind.words if isinstance(field.kind, Choice) else ("yes", "no") if isinstance(field.kind, Flag) else ()
    )
    if words:
        choices = office.DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
        choices.add(f"{office.get_column_letter(column)}2:{office.get_column_letter(column)}{MOST_ROWS}")
        sheet.add_data_validation(choices)


def _fields(sheet: str) -> dict[str, Field]:
    """Return the fields that have columns on a sheet."""
    if sheet in BY_SHEET:
        return {field.name: field for field in columns(BY_SHEET[sheet])}
    return {field.name: field for field in OTHER_COLUMNS.get(sheet, ())}


def _write_read_me(sheet: "office.Worksheet") -> None:
    """Write a sheet that says what each sheet and column is for; reading leaves it out."""
    sheet.title = READ_ME
    rows: list[tuple[str, str, str]] = [
        ("Sheet", "Column", "What it holds"),
        (READ_ME, "", "One row per thing, one column per field. Leave a cell empty where a field is not needed."),
        (READ_ME, "", "Lists are written line by line within a cell; yes and no stand for true and false."),
        (READ_ME, "", "Formulas are refused. Column by column, the guide to the format says more."),
        (FRAMEWORK, "", "The framework itself: the name of a field, and its value."),
    ]
    for name in SHEETS[1:]:
        table = BY_SHEET.get(name)
        rows.append((name, "", table.meaning if table else OTHER_MEANINGS[name]))
        if table and table.parent:
            rows.append((name, table.parent, f"The {table.key} of the row on the sheet {table.within} it belongs to."))
        rows += [(name, field.name, field.meaning) for field in _fields(name).values()]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            write_cell(sheet.cell(number, column), value)
            sheet.cell(number, column).font = office.Font(bold=number == 1 or not row[1])
    for letter, width in (("A", 18), ("B", 20), ("C", 100)):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
