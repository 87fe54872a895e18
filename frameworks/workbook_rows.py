"""
Go through the sheets of a workbook row by row and cell by cell, and remember where each value stands.

What cannot be read is among the findings, and reading goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from frameworks.kinds import Flag, Kind
from frameworks.marks import MOST_FINDINGS, FileRefused, Finding, Mark, finding_at
from frameworks.workbook_cells import CellRefused, decode, is_blank
from frameworks.workbook_layout import SHEETS

Data = dict[str, object]
# The cells of each sheet, row by row from the first.
Cells = Mapping[str, list[list[object]]]


@dataclass(eq=False)
class Row:
    """One row that is not empty: its cells by heading, and where each of them is."""

    mark: Mark
    cells: Mapping[str, object]
    places: Mapping[str, Mark]


class Sheets:
    """The cells of all sheets, what was found wrong with them, and the rules that cells may name."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.findings: list[Finding] = []
        self.rules: frozenset[str] = frozenset()

    def put(self, data: Data, mark: Mark, name: str, cell: object, kind: Kind, place: Mark) -> None:
        """Keep under a name what a cell says and where it stands; a blank one says nothing."""
        mark.fields[name] = place
        if is_blank(cell):
            return
        try:
            data[name] = decode(cell, kind, self.rules)
        except CellRefused as refusal:
            self.find(place, refusal.what, refusal.mend)
            # Something has to stand here, or it would be called missing as well.
            data[name] = False if isinstance(kind, Flag) else str(cell)

    def rows(
        self, sheet: str, wanted: tuple[str, ...], also: tuple[str, ...] = (), ranked: tuple[str, ...] = ()
    ) -> Iterator[Row]:
        """Yield the rows of a sheet that are not empty, with a cell or a blank for every wanted column."""
        rows = self.cells.get(sheet)
        if not rows:
            return
        headings = self._headings(sheet, rows[0], wanted, also, ranked)
        for number, cells in enumerate(rows[1:], start=2):
            if all(is_blank(cell) for cell in cells):
                continue
            order = (SHEETS.index(sheet), number)
            row_mark = Mark(f"sheet {sheet}, row {number}", order)
            places = {name: Mark(row_mark.place, order) for name in wanted}
            found: dict[str, object] = {}
            for column in range(max(len(cells), len(rows[0]))):
                cell = cells[column] if column < len(cells) else None
                name = headings.get(column)
                place = Mark(f"sheet {sheet}, cell {column_letters(column)}{number}", (*order, column))
                if name is not None:
                    places[name], found[name] = place, cell
                elif not is_blank(cell) and column >= len(rows[0]):
                    self.find(place, "This cell has no heading.", "Empty it, or give its column a known heading.")
            yield Row(row_mark, found, places)

    def _headings(
        self, sheet: str, cells: list[object], known: tuple[str, ...], also: tuple[str, ...], ranked: tuple[str, ...]
    ) -> dict[int, str]:
        headings: dict[int, str] = {}
        for column, cell in enumerate(cells):
            place = Mark(f"sheet {sheet}, cell {column_letters(column)}1", (SHEETS.index(sheet), 1, column))
            heading = "" if is_blank(cell) else " ".join(str(cell).split())
            name, _, rank = heading.partition(" ")
            if heading in headings.values():
                self.find(place, f"The heading {heading[:60]} is here twice.", "Keep one of the two columns.")
            elif heading in (*known, *also) or (name in ranked and (rank.isdigit() or not rank)):
                headings[column] = heading
            elif heading:
                listed = ", ".join((*known, *(f"{name} 1 and so on" for name in ranked)))
                mend = f"Remove the column or correct it; known are: {listed}."
                self.find(place, f"The heading “{heading[:60]}” is not known.", mend)
            elif any(column < len(row) and not is_blank(row[column]) for row in self.cells[sheet][1:]):
                self.find(place, "This column has no heading.", "Empty it, or give it a known heading.")
        return headings

    def find(self, mark: Mark, what: str, mend: str) -> None:
        """
        Note something wrong.

        :raises FileRefused: if there is more than anybody would read
        """
        if len(self.findings) == MOST_FINDINGS:
            raise FileRefused(
                "The workbook has too many problems to name.", "Begin again from the template.", mark.place
            )
        self.findings.append(finding_at(mark, what, mend))

    def name_in(self, row: Row, column: str) -> str:
        """Return the name that a row gives in a column; only a statement may be left out."""
        name = row.cells.get(column)
        if is_blank(name) and column != "statement":
            self.find(row.places[column], f"This names no {column}.", "Fill it in.")
        return "" if is_blank(name) else str(name).strip()


def column_letters(column: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
