"""
What a version says of the one before it, in a workbook.

Its number stands in the framework's sheet, the criteria and what was dropped on two sheets of their own.
"""

from frameworks.kinds import Code, Field
from frameworks.vocabulary import RECORDS
from frameworks.workbook_cells import Cell, CellRefused, decode, encode

CHANGES, DROPPED = "Changes", "Dropped"
COLUMNS: dict[str, tuple[Field, ...]] = {
    CHANGES: (
        Field("criterion", Code(), "The criterion of this version.", required=True),
        *RECORDS["origin"].fields,
    ),
    DROPPED: RECORDS["dropped"].fields,
}
MEANINGS = {
    CHANGES: "What each criterion is to the version before, whose number is changes_from on the sheet Framework.",
    DROPPED: "Criteria of the version before that are no more.",
}
WHOLE = RECORDS["framework"].field("changes_from").kind


def rows_of(changes: object) -> dict[str, list[dict[str, Cell]]] | None:
    """Return the rows of both sheets; None if rows cannot show it, so that it has to stand in a cell."""
    if not isinstance(changes, dict) or not _is_plain_number(changes.get("number")):
        return None
    criteria, dropped = changes.get("criteria"), changes.get("dropped")
    if set(changes) - {"number", "criteria", "dropped"} or not isinstance(criteria, dict) or not criteria:
        return None
    if "dropped" in changes and not (isinstance(dropped, list) and dropped):
        return None
    entries = [(CHANGES, {"criterion": code}, each) for code, each in criteria.items()]
    entries += [(DROPPED, {}, each) for each in dropped or []]
    rows: dict[str, list[dict[str, Cell]]] = {CHANGES: [], DROPPED: []}
    for sheet, row, each in entries:
        fields = {field.name: field for field in COLUMNS[sheet] if field.name != "criterion"}
        if not isinstance(each, dict) or not each or set(each) - set(fields):
            return None
        rows[sheet].append(row | {name: encode(value, fields[name].kind) for name, value in each.items()})
    return rows


def _is_plain_number(number: object) -> bool:
    """Say whether a version's number, in the cell of the whole, would be taken for nothing else."""
    if not isinstance(number, str) or not number or number != number.strip():
        return False
    try:
        taken_for = decode(number, WHOLE)
    except CellRefused:
        return False
    return type(taken_for) in (str, int) and str(taken_for) == number
