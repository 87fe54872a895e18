"""Find what an Excel workbook holds, sheet by sheet, from untrusted bytes."""

import io
import posixpath
from xml.etree import ElementTree

from assessments.importing.parts import UNREADABLE, DocumentRefused, bounded, clean, table
from assessments.importing.relations import KEY, addresses, targets
from frameworks import office
from frameworks.marks import FileRefused
from frameworks.packages import WORKBOOK, read_parts
from frameworks.workbook import take_cells

ABOVE = "Name of the sheet"
IN_WORKBOOK = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read_excel(content):
    """
    Return the parts of a workbook.

    :raises DocumentRefused: if it cannot be read, or holds nothing or too much
    """
    try:
        sheets = take_cells(content, spoilt=lambda what, mend, place: UNREADABLE)
        links = _links(content)
    except FileRefused as refusal:
        raise DocumentRefused(f"{refusal.finding.what} {refusal.finding.mend.rstrip('.')}") from refusal
    return bounded(_sheet(name, rows, links.get(name, {})) for name, rows in sheets.items())


def _sheet(name, rows, links):
    texts = [[_text(cell) for cell in row] for row in rows]
    linked = [
        tuple((text, links[at, column]) for column, text in enumerate(row, 1) if text and (at, column) in links)
        for at, row in enumerate(texts, 1)
    ]
    return table(f"Sheet “{name}”", texts, above=ABOVE, context=name, links=linked)


def _text(cell):
    if cell is None:
        return ""
    if cell == UNREADABLE:
        return UNREADABLE
    # A date is a moment to a spreadsheet.
    return clean(str(cell).removesuffix(" 00:00:00"))


def _links(content):
    """Return where cells lead to on the web, by their sheet, row and column from 1; nothing where that is in doubt."""
    try:
        relations = _relations_of(WORKBOOK.main)
        book = read_parts(content, WORKBOOK, (WORKBOOK.main, relations))
        places = targets(book.get(relations))
        sheets = {
            each.get("name"): posixpath.normpath(posixpath.join("/xl", places.get(each.get(KEY), ""))).lstrip("/")
            for each in ElementTree.fromstring(book[WORKBOOK.main]).iter(f"{IN_WORKBOOK}sheet")
        }
        held = read_parts(content, WORKBOOK, {*sheets.values(), *map(_relations_of, sheets.values())})
        return {
            name: _links_of(held[part], addresses(held[_relations_of(part)]))
            for name, part in sheets.items()
            if part in held and _relations_of(part) in held
        }
    except (ElementTree.ParseError, ValueError):
        return {}


def _links_of(sheet, leading):
    found = {}
    for _, each in ElementTree.iterparse(io.BytesIO(sheet)):
        if each.tag == f"{IN_WORKBOOK}hyperlink" and each.get(KEY) in leading:
            column, row, _, _ = office.range_boundaries(each.get("ref", ""))
            found[row, column] = leading[each.get(KEY)]
        each.clear()
    return found


def _relations_of(part):
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"
