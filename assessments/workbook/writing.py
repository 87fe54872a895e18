"""Write a member's scoring workbook: instructions, a row to fill for each item, and what the levels mean."""

import io
import math

from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Score
from assessments.score_list import load_list
from assessments.score_sheet import cited_for
from assessments.workbook.rows import (
    ANSWER,
    COMMENT,
    CONFIDENCE,
    CONFIDENCES,
    GIVEN,
    HEADINGS,
    LISTS,
    MARK,
    REASON,
    SHEET,
    answers,
    given_cells,
    mark_of,
    shown_cells,
)
from frameworks import office
from frameworks.workbook import write_cell

WIDTHS = (24, 13, 60, 34, 20, 30, 14, 44, 400)
# Points of a line, and the most lines that a row is made high for.
POINTS, MOST_LINES = 13.5, 28
STEPS = (
    "Fill the yellow cells of the sheet “Scores”: choose a level or answer from the list in each cell.",
    "“Cannot judge” is an answer too. Where something is not applicable, say why. How sure you are and a comment are "
    "optional. What you leave empty stays as it is in the portal.",
    "Save the file as an Excel workbook (.xlsx), and bring it back to the page that you downloaded it from. The portal "
    "shows what would change before anything is stored.",
    "Rows may be sorted or left out. The other cells and the hidden column at the end are the portal's: a row in which "
    "they were changed is refused, and so is one that you scored in the portal meanwhile.",
    "The file holds your own scores. Nobody else sees them before the chair closes scoring, so keep it to yourself.",
)


def scoring_workbook(*, assessment, user, at):
    """Return the workbook as bytes; five queries at most, whatever the number of items."""
    listed = load_list(assessment=assessment, user=user)
    cited = cited_for([each.item for each in listed.all_items])
    book = office.Workbook()
    book.properties.creator = None
    _write_how_to(book.active, listed.definition, assessment=assessment, user=user, at=at)
    _write_scores(book, listed.all_items, cited, assessment=assessment, user=user)
    _write_levels(book.create_sheet("Levels"), listed)
    book.active = book[SHEET]
    # All sheets but the one that opens are left unmarked, lest what is typed goes into each.
    for sheet in book:
        sheet.sheet_view.tabSelected = sheet.title == SHEET
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_how_to(sheet, definition, *, assessment, user, at):
    sheet.title = "How to"
    made = timezone.localtime(at)
    rows = [
        ("Scores of", user.name),
        ("Place", assessment.place.name),
        ("Round", assessment.title),
        ("Framework", f"{definition.name}, version {definition.number}"),
        ("Downloaded", f"{date_format(made, 'j F Y')} at {date_format(made, 'H:i')}"),
        *((f"{number}.", step) for number, step in enumerate(STEPS, start=1)),
    ]
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            write_cell(sheet.cell(number, column), text)
        sheet.cell(number, 1).font = office.Font(bold=True)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 100
    _make_room(sheet)
    _protect(sheet)


def _write_scores(book, items, cited, *, assessment, user):
    sheet = book.create_sheet(SHEET)
    _write_headings(sheet, HEADINGS, WIDTHS)
    thin = office.Side("thin", color="AEB7BD")
    fill, border = office.PatternFill("solid", fgColor="FFF9DB"), office.Border(thin, thin, thin, thin)
    protection = office.Protection(locked=False)
    scales = {}
    for number, each in enumerate(items, start=2):
        evidence = "\n".join(link.artefact.title for link in cited.get(each.item.pk, ()))
        mark = mark_of(each, assessment=assessment, person=user).sealed()
        row = [*shown_cells(each), evidence, *given_cells(each), mark]
        for column, text in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            write_cell(cell, text)
            if HEADINGS[column - 1] in GIVEN:
                cell.fill, cell.border, cell.protection = fill, border, protection
        scales.setdefault(each.scale, []).append(number)
    _offer_answers(book, sheet, scales)
    _offer(sheet, CONFIDENCE, '"' + ",".join(CONFIDENCES) + '"', range(2, len(items) + 2))
    for heading, most in ((REASON, Score.REASON_MAX), (COMMENT, Score.COMMENT_MAX)):
        _limit(sheet, heading, most, len(items) + 1)
    sheet.column_dimensions[_letter(MARK)].hidden = True
    _make_room(sheet)
    sheet.freeze_panes = "C2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    _protect(sheet)


def _offer_answers(book, sheet, scales):
    """Let each row choose from the answers of its own scale, which stand on a sheet that is out of sight."""
    lists = book.create_sheet(LISTS)
    for column, (scale, numbers) in enumerate(scales.items(), start=1):
        offered = list(answers(scale))
        for row, label in enumerate(offered, start=1):
            write_cell(lists.cell(row, column), label)
        letter = office.get_column_letter(column)
        _offer(sheet, ANSWER, f"{LISTS}!${letter}$1:${letter}${len(offered)}", numbers)
    lists.sheet_state = "hidden"
    _protect(lists)


def _offer(sheet, heading, formula, numbers):
    offer = office.DataValidation("list", formula1=formula, allow_blank=True)
    offer.errorTitle, offer.error = "Not in the list", "Choose one of the list, or leave the cell empty."
    for number in numbers:
        offer.add(f"{_letter(heading)}{number}")
    sheet.add_data_validation(offer)


def _limit(sheet, heading, most, last):
    limit = office.DataValidation("textLength", operator="lessThanOrEqual", formula1=str(most), allow_blank=True)
    limit.errorTitle, limit.error = "Too long", f"Use {most:,} characters at most."
    limit.add(f"{_letter(heading)}2:{_letter(heading)}{max(last, 2)}")
    sheet.add_data_validation(limit)


def _write_levels(sheet, listed):
    _write_headings(sheet, ("Criterion", "What it is about", "Level or answer", "What that means"), (26, 50, 20, 80))
    number = 2
    for node in listed.criteria:
        scale = listed.definition.described(node)
        for level in scale.levels if scale else ():
            meaning = node.descriptors.get(level.rank) or level.meaning
            for column, text in enumerate((node.name, node.summary, level.name, meaning), start=1):
                write_cell(sheet.cell(number, column), text)
            number += 1
    _make_room(sheet)
    _protect(sheet)


def _write_headings(sheet, headings, widths):
    font, fill = office.Font(bold=True, color="FFFFFF"), office.PatternFill("solid", fgColor="005EB8")
    for number, (heading, width) in enumerate(zip(headings, widths, strict=True), start=1):
        cell = sheet.cell(1, number)
        write_cell(cell, heading)
        cell.font, cell.fill = font, fill
        sheet.column_dimensions[office.get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"


def _letter(heading):
    return office.get_column_letter(HEADINGS.index(heading) + 1)


def _make_room(sheet):
    """Make each row as high as what it says, since not every program does when it opens a file."""
    for row in sheet.iter_rows(2 if sheet.freeze_panes else 1):
        lines = max(_lines(cell.value, sheet.column_dimensions[cell.column_letter].width) for cell in row)
        sheet.row_dimensions[row[0].row].height = POINTS * lines + 2


def _lines(text, width):
    """Return on how many lines a text stands in a cell so many characters wide."""
    return min(MOST_LINES, sum(max(1, math.ceil(len(line) / (width * 0.95))) for line in (text or "").split("\n")))


def _protect(sheet):
    """Keep what is not to be filled from being changed by accident; what guards against intent is the mark."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.formatCells = False
