"""What is found in documents, what is guessed of it, and what would come of it."""

from datetime import date

import pytest

from assessments.importing.excel import read_excel
from assessments.importing.guessing import Holds, guess_columns, guess_criterion
from assessments.importing.parts import DocumentRefused, Part
from assessments.importing.proposal import Criterion, cited_in, propose, read_date, read_month, same
from assessments.importing.word import LISTED, MOST_NESTED, OTHER, read_word
from tests import written_documents as documents

NAMES = ("Shared objectives", "Public engagement", "Estates")
CRITERIA = [("SO1", "Shared objectives"), ("PE1", "Public engagement"), ("ES1", "Estates and digital")]


def found(*blocks, **more):
    return {part.name: part for part in read_word(documents.word(*blocks, **more), names=NAMES)}


def test_a_submission_is_found_as_lists_under_their_headings():
    parts = {part.name: part for part in read_word(documents.submission(), names=NAMES)}
    assert [row for row in parts[LISTED].rows if row[0].startswith("Public")] == [
        ("Public engagement (PE)", "The forum of residents meets every month."),
        ("Public engagement (PE)", "Its chair sits on the board."),
        # A heading that is no criterion's does not end it where it stands beneath it.
        ("Public engagement (PE)", "Minutes are published."),
    ]
    assert parts[LISTED].rows[0][0] == "Shared objectives"
    assert parts[LISTED].rows[-1] == ("Finance", "We share an account.")
    assert ("Shared objectives", "Something in between that is no statement.") in parts[OTHER].rows


@pytest.mark.parametrize("is_simple", [True, False])
def test_words_that_lead_on_by_a_field_code_keep_the_address(is_simple):
    codes = {
        "Plan": ' HYPERLINK "https://example.org/plan" ',
        "The minutes": ' hyperlink "https://example.org/m" \\l "item 5" \\o "Shown beside it" ',
        "No quotes": " HYPERLINK https://example.org/q ",
        "Within": ' HYPERLINK \\l "_Toc1" ',
        "Odd": ' HYPERLINK "javascript:alert(1)" ',
        "12": " PAGE ",
    }
    linked = [documents.by_field(words, code, is_simple=is_simple) for words, code in codes.items()]

    (listed,) = read_word(documents.word(documents.numbered("See: ", *linked)), names=())

    assert listed.rows == (("", f"See: {''.join(codes)}"),)
    assert listed.links == (
        (
            ("Plan", "https://example.org/plan"),
            ("The minutes", "https://example.org/m#item%205"),
            ("No quotes", "https://example.org/q"),
        ),
    )


def test_fields_within_fields_end_where_they_end_and_no_more_than_some_take_up_the_words():
    made = "<w:t>Plan</w:t>"
    for number in range(MOST_NESTED + 2):
        around = documents.by_field("WORDS", f' HYPERLINK "https://example.org/{number}" ')
        made = around.replace('<w:t xml:space="preserve">WORDS</w:t>', made)
    never = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' * 2000

    (listed,) = read_word(documents.word(documents.numbered("See: ", made, never)), names=())

    assert listed.links == (tuple(("Plan", f"https://example.org/{number}") for number in range(MOST_NESTED)),)


def test_words_that_lead_to_an_address_on_the_web_keep_it_and_other_links_stay_words():
    leading = {
        "r1": "https://example.org/plan",
        "r2": "javascript://x.org/%0ax()",
        "r3": "file://x/minutes",
        "r4": "http://[",
    }
    linked = [
        documents.linked(words, key) for words, key in zip(("Plan", "Run", "Minutes", "Odd"), leading, strict=True)
    ]
    sheet = documents.table(["Statement", "Evidence"], ["We meet", documents.linked("Plan", "r1")])
    parts = {
        part.name: part
        for part in read_word(
            documents.word(documents.numbered("See these: ", *linked), sheet, more=[documents.leading_to(leading)]),
            names=NAMES,
        )
    }
    assert parts[LISTED].rows == (("", "See these: Plan Run Minutes Odd"),)
    assert parts[LISTED].links == parts["Table 1"].links == ((("Plan", "https://example.org/plan"),),)
    with pytest.raises(DocumentRefused, match="damaged"):
        found(documents.plain("x"), more=[("word/_rels/document.xml.rels", "<x")])


def test_styles_of_ones_own_tables_and_what_was_deleted():
    deleted = "<w:del><w:r><w:delText> never</w:delText></w:r></w:del>"
    deleted = f"<w:p><w:r><w:t>We meet</w:t></w:r>{deleted}<w:ins><w:r><w:t> weekly.</w:t></w:r></w:ins></w:p>"
    mine = '<w:p><w:pPr><w:pStyle w:val="Mine"/></w:pPr><w:r><w:t>Finance</w:t></w:r></w:p>'
    parts = found(mine, deleted, documents.table(["Statement", "Evidence"], ["We share", "Minutes"], ["", ""]))
    assert parts[OTHER].rows == (("Finance", "We meet weekly."),)
    (table,) = [part for name, part in parts.items() if name.startswith("Table")]
    assert (table.columns, table.rows, table.numbers) == (
        ("Heading above", "Statement", "Evidence"),
        (("Finance", "We share", "Minutes"),),
        (2,),
    )


@pytest.mark.parametrize(
    "content, why",
    [
        (b"no", "This is not a Word document"),
        (documents.excel(A=[["x"]]), "This is not a Word document"),
        (documents.word(), "no table, list or paragraph"),
        (documents.word(raw="<w:document"), "damaged"),
        (documents.word(raw='<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'), "document type"),
        (documents.word(documents.plain("x"), more=[("word/vbaProject.bin", b"x")]), "macros"),
        (documents.word(documents.plain("x" * 26_000_000)), "unpacks to more than"),
        (documents.word(*[documents.plain("Words")] * 1_001), "1,000 rows"),
        (documents.word(documents.plain("Words " * 70_000)), "400,000 characters"),
    ],
)
def test_what_is_no_document_or_hostile_is_refused_with_a_word_on_what_to_do(content, why):
    with pytest.raises(DocumentRefused, match=why):
        read_word(content, names=NAMES)


def test_a_workbook_is_found_sheet_by_sheet_and_its_formulas_are_not_taken():
    rows = [["Our evidence"], ["Area", "Statement", "Date"], ["SO", "=1+1", "2026-03-27"], [None, "We meet", 5]]
    (part,) = read_excel(documents.excel(Aims=rows))
    assert part.columns == ("Name of the sheet", "Area", "Statement", "Date")
    assert part.rows == (("Aims", "SO", "\ufffd", "2026-03-27"), ("Aims", "", "We meet", "5"))
    assert part.numbers == (3, 4)
    with pytest.raises(DocumentRefused, match="not an Excel workbook"):
        read_excel(b"PK no")


@pytest.mark.parametrize(
    "columns, guess",
    [
        (
            ["", "Sub-domain", "Statement", "Evidence", "Link", "Date of document", "Page"],
            ["", "criterion", "statement", "title", "link", "dated_on", "locator"],
        ),
        (["", "Statement", "Evidence"], ["criterion", "statement", "title"]),
        (["", "Ref", "How we do it"], ["criterion", "", "statement"]),
    ],
)
def test_columns_are_guessed_by_their_headings_and_texts(columns, guess):
    rows = [["x", *("y" * (5 * place) for place in range(1, len(columns)))]]
    assert guess_columns(columns, rows) == [Holds(each) for each in guess]


def test_a_column_of_addresses_holds_links_and_details_of_evidence_without_a_title_are_left_out():
    columns = ["", "What we say", "Dated", "Where"]
    assert guess_columns(columns, [["x", "We meet", "2026", "https://example.org/minutes"]])[2:] == ["dated_on", "link"]
    assert guess_columns(columns, [["x", "We meet", "2026", "in a drawer"]])[2:] == ["", ""]


@pytest.mark.parametrize(
    "name, code",
    [
        ("Shared Objectives", "SO1"),
        ("1.2 Public engagement (PE)", "PE1"),
        ("Shared objective", "SO1"),
        ("es1", "ES1"),
        ("Estates & Digital", "ES1"),
        ("Finance", ""),
        ("", ""),
    ],
)
def test_a_name_means_the_criterion_that_it_resembles(name, code):
    assert guess_criterion(name, CRITERIA) == code


@pytest.mark.parametrize(
    "text, day",
    [
        ("2026-03-27", date(2026, 3, 27)),
        ("27/3/2026", date(2026, 3, 27)),
        ("27th March 2026", date(2026, 3, 27)),
        ("27 Mar 2026", date(2026, 3, 27)),
        ("March 2026", None),
        ("31/02/2026", None),
    ],
)
def test_dates_are_read_as_people_here_write_them(text, day):
    assert read_date(text) == day


@pytest.mark.parametrize(
    "text, day",
    [
        ("March 2026", date(2026, 3, 1)),
        ("Mar, 2026", date(2026, 3, 1)),
        ("03/2026", date(2026, 3, 1)),
        ("2026-03", date(2026, 3, 1)),
        ("13/2026", None),
        ("Spring 2026", None),
        ("2026", None),
    ],
)
def test_a_month_is_read_as_its_first_day(text, day):
    assert read_month(text) == day


def test_a_month_is_no_date_and_its_first_day_is_offered_in_its_place():
    row = ["We meet", "Minutes", "https://example.org/m"]
    (refused,) = proposed([*row, "March 2026"]).refused
    (problem,) = refused.problems

    assert problem.text.startswith("“March 2026” names no day. 1 March 2026 is offered")
    assert problem.written == "1 March 2026"
    (brought,) = proposed([*row, problem.written]).brought
    assert brought.evidence[0].dated_on == date(2026, 3, 1)


def test_citations_in_brackets_are_titles():
    assert cited_in("We have one (see our Plan on a page). And (see the Plan on a page) (2024)") == ["Plan on a page"]


def proposed(*rows, **more):
    """What comes of rows of a sheet, all about one criterion: what is brought in, and what is wrong with the rest."""
    columns = ("Statement", "Title", "Link", "Date", "Page", "Note")
    padded = [[*row, *[None] * len(columns)][: len(columns)] for row in rows]
    parts = read_excel(documents.excel(Aims=[columns, *padded]))
    holds = [[Holds.CRITERION, Holds.STATEMENT, Holds.TITLE, Holds.LINK, Holds.DATED_ON, Holds.LOCATOR, Holds.NOTE]]
    values = {"is_checklist": False, "is_single": False, "taken": frozenset()} | more
    return propose(parts, holds, {"Aims": Criterion("SO1", "Shared", **values)}, with_brackets=True)


def test_evidence_beneath_a_statement_belongs_to_it():
    proposal = proposed(
        ["We meet (see our Plan)", "Minutes", "https://example.org/m", "27 March 2026", "p. 3"],
        [None, "Terms"],
        [None, "Plan"],
    )
    (row,) = proposal.rows
    assert [each.title for each in row.evidence] == ["Minutes", "Plan", "Terms", "Plan"]
    assert (row.evidence[0].dated_on, row.evidence[0].locator) == (date(2026, 3, 27), "p. 3")
    assert row.is_brought


@pytest.mark.parametrize(
    "rows, why",
    [
        ([["=A1"]], "The statement holds a formula"),
        ([["x" * 2001]], "The statement has 2,001 characters"),
        ([["We meet", "x" * 201]], "The title of the evidence has 201 characters"),
        ([["We meet", "Minutes", "javascript:alert(1)"]], "is no link"),
        ([["We meet", "Minutes", "http://[x"]], "is no link"),
        ([["We meet", "Minutes", None, "soon"]], "“soon” is no date"),
        ([[None, "Minutes"]], "no statement that it belongs to"),
        ([["We meet"], ["we  MEET"]], "stands already in Sheet “Aims”, row 2"),
    ],
)
def test_what_is_wrong_is_named_where_it_stands(rows, why):
    assert any(why in problem.text for row in proposed(*rows).refused for problem in row.problems)


def test_what_the_place_has_already_and_what_the_framework_asks_is_not_brought_in():
    assert proposed(["We Meet"], taken=frozenset({same("we meet")})).there
    assert "checklist" in proposed(["We meet"], is_checklist=True).refused[0].problems[0].text
    first, second = proposed(["We meet"], ["We share"], is_single=True).rows
    assert first.is_brought
    assert "exactly one" in second.problems[0].text


def test_cells_of_a_workbook_that_lead_to_an_address_on_the_web_keep_it():
    rows = [["Area", "Statement", "Evidence"], ["SO", "We meet", "Minutes"], ["SO", "We share", "Terms"]]
    leading = {
        ("Aims", "C2"): "https://example.org/m",
        ("Aims", "C3"): "file://x/terms",
        ("More", "B2"): "http://x.org",
    }
    aims, more = read_excel(documents.excel(leading, Aims=rows, More=rows))
    assert aims.links == ((("Minutes", "https://example.org/m"),), ())
    assert more.links == ((("We meet", "http://x.org"),), ())


def test_words_that_lead_somewhere_make_evidence_with_its_address():
    part = Part(
        "Table",
        ("Above", "Statement", "Title", "Link"),
        (
            ("SO", "We meet (see our Plan) and the forum meets", "Minutes of May", ""),
            ("SO", "We share", "Terms", "here"),
            ("SO", "We build", "Survey", "https://example.org/s"),
        ),
        (2, 3, 4),
        (
            (
                ("the Plan", "https://example.org/never-shown"),
                ("Plan", "https://example.org/p"),
                ("Minutes", "https://example.org/m"),
                ("the forum", "https://example.org/f"),
            ),
            (("here", "https://example.org/t"),),
            (("Survey", "https://example.org/other"),),
        ),
    )
    holds = [[Holds.CRITERION, Holds.STATEMENT, Holds.TITLE, Holds.LINK]]
    meant = {"SO": Criterion("SO1", "Shared", False, False, frozenset())}
    told = [
        [(each.title, each.url[20:]) for each in row.evidence]
        for row in propose([part], holds, meant, with_brackets=True).rows
    ]
    assert told == [[("Minutes of May", "m"), ("Plan", "p"), ("the forum", "f")], [("Terms", "t")], [("Survey", "s")]]


def test_a_cell_is_mended_where_it_stands_and_what_is_none_stays_out():
    part = Part("Sheet", ("Above", "Text"), (("SO", "We meat"), ("", "We share")), (2, 3), ((), ()))
    assert part.mended(None) is part
    assert part.mended({(0, 1): " We\x00 meet ", (7, 1): "no row", (0, 9): "no column"}).rows == (
        ("SO", "We meet"),
        ("", "We share"),
    )
