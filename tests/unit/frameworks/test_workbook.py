"""The workbook says what the file says, cell by cell, and what is wrong is named by its cell."""

import io
import json
import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook, load_workbook

from frameworks.definition import canonical_text
from frameworks.loading import examine
from frameworks.reading_yaml import read_yaml
from frameworks.vocabulary import RECORDS
from frameworks.workbook import read_workbook, take_cells, write_cell, write_value, write_workbook
from frameworks.workbook_cells import LONGEST_CELL, CellTooSmall, as_kept, as_read, as_written, decode, encode
from frameworks.workbook_reading import read_cells
from frameworks.workbook_rows import column_letters
from frameworks.workbook_writing import lay_out
from tests.unit.frameworks.definitions import GARDEN

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    *sorted((ROOT / "frameworks" / "library").glob("*.yaml")),
    Path(__file__).with_name("everything.yaml"),
    ROOT / "docs" / "small-framework.yaml",
]


def plain(data):
    return json.loads(canonical_text(data))


def load(path):
    return plain(read_yaml(path.read_bytes()).data)


def small(**changes):
    return load(FILES[-1]) | changes


@cache
def small_workbook():
    return write_workbook(small())


def workbook(change, data=None):
    """Return the small framework's workbook after `change` was done to it."""
    book = load_workbook(io.BytesIO(write_workbook(data) if data else small_workbook()))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def put(sheet, cell, value):
    def change(book):
        book[sheet][cell] = value

    return change


def findings(content):
    return [str(finding) for finding in examine(content).findings]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_framework_comes_back_from_a_workbook_as_it_was(path):
    data = load(path)

    source = read_workbook(write_workbook(data))

    assert source.findings == ()
    assert canonical_text(source.data) == canonical_text(data)


def test_a_ragged_tree_with_fractions_comes_back_as_it_was():
    assert canonical_text(read_workbook(write_workbook(plain(GARDEN))).data) == canonical_text(GARDEN)


def test_the_workbook_is_examined_like_the_file():
    path = FILES[-1]

    assert examine(write_workbook(load(path))).text == examine(path.read_bytes()).text


TEXTS = some.text(some.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters="\ufffe\uffff"), max_size=30)
ODD = some.sampled_from(
    [
        "",
        " ",
        "\\",
        '\\""',
        "=1+1",
        "yes",
        "no",
        "null",
        "~",
        "1",
        "1.0",
        "a\nb",
        "x: y",
        "- a",
        "_x0041_",
        "_x9_ or _xE_",
        "x005F_",
        "_x005F_x9_",
        "_x000D_",
        "'q",
        "\u2028",
    ]
)
ANY_TEXT = TEXTS | ODD
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(10**9), 10**9) | ANY_TEXT,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
KINDS = [field.kind for record in RECORDS.values() for field in record.all_fields()]


@settings(max_examples=300, deadline=None)
@given(VALUES, some.sampled_from(KINDS), some.frozensets(some.sampled_from(["headline", "care"])))
def test_any_value_of_any_kind_comes_back_from_its_cell(value, kind, rules):
    cell = encode(value, kind, rules)

    assert json.dumps(decode(cell, kind, rules), sort_keys=True) == json.dumps(value, sort_keys=True)
    assert not isinstance(cell, str) or as_kept(cell) == cell


ORIGINS = some.sampled_from([{}, {"what": "same"}, {"what": "merged", "from": ["A", "B"]}, {"what": "new", "note": ""}])
CHANGES = some.none() | some.fixed_dictionaries(
    {"number": ANY_TEXT | some.sampled_from(["2", "2.0", "true", "a: 1", "[1]"])},
    optional={
        "criteria": some.dictionaries(some.sampled_from(["WE1", "HE1"]), ORIGINS),
        "dropped": some.lists(some.sampled_from([{}, {"code": "X1"}, {"code": "X2", "note": "Gone."}]), max_size=2),
    },
)


@settings(max_examples=30, deadline=None)
@given(some.data())
def test_odd_texts_and_empty_lists_come_back_from_the_workbook(data):
    framework = small(
        name=data.draw(ANY_TEXT),
        notes=data.draw(ANY_TEXT),
        tiers=data.draw(some.lists(ANY_TEXT, min_size=1, max_size=3)),
        classes=data.draw(some.none() | some.just([])),
        pathways=data.draw(some.none() | some.just([]) | some.just(small()["pathways"])),
    )
    criterion = framework["nodes"][0]["nodes"][0]
    criterion["descriptors"] = data.draw(some.dictionaries(some.sampled_from(["1", "2", "3"]), ANY_TEXT))
    criterion["anchors"] = data.draw(some.dictionaries(some.sampled_from(["1", "9"]), some.lists(ANY_TEXT, max_size=3)))
    criterion["nodes"] = data.draw(some.none() | some.just([]))
    criterion["expected_evidence"] = data.draw(some.none() | some.lists(ANY_TEXT, max_size=3))
    case = framework["golden"][0]
    case["items"] = data.draw(
        some.dictionaries(
            some.sampled_from(["WE1", "WE2", "HE1"]),
            some.lists(
                some.sampled_from(
                    [{}, {"level": None}, {"level": 2}, {"level": "not_applicable"}, {"not_applicable": True}]
                ),
                max_size=3,
            )
            | some.just("not_applicable")
            | some.dictionaries(
                some.sampled_from(["a", "b"]), some.sampled_from([1, "Yes", "1", {}, {"level": 1}, {"strength": 2}])
            ),
        )
    )
    case["expect"] |= data.draw(some.sampled_from([{}, {"gates": {}}, {"claimed": {}}, {"gates": {"small-grant": {}}}]))

    framework["changes_from"] = data.draw(CHANGES)

    source = read_workbook(write_workbook(framework))

    assert source.findings == ()
    assert canonical_text(source.data) == canonical_text(framework)


def test_a_workbook_survives_a_spreadsheet_program():
    """Opened and saved again, cells may change their form, but not what they say."""
    content = workbook(lambda book: None)

    assert examine(content).text == examine(FILES[-1].read_bytes()).text


@pytest.mark.parametrize(
    "sheet, cell, value, expected",
    [
        ("Framework", "B3", 1, "sheet Framework, cell B3: This cell holds 1, not text"),
        ("Framework", "A3", "nubmer", "sheet Framework, cell A3: There is no field nubmer."),
        ("Levels", "A3", 9, "sheet Levels, cell A3 (scale.levels[1].rank): Rank 9 follows 1. Let ranks rise by one."),
        ("Levels", "D3", None, "sheet Levels, cell D3 (scale.levels[1].demand): This is missing."),
        ("Nodes", "A3", "XX", "sheet Nodes, cell A3: There is no parent “XX” above."),
        ("Nodes", "B4", "WE1", "sheet Nodes, cell B4 (nodes[0].nodes[1].code): Another node has the code WE1."),
        ("Nodes", "C1", "title", "sheet Nodes, cell C1: The heading “title” is not known."),
        ("Nodes", "A1", "code", "sheet Nodes, cell B1: The heading code is here twice."),
        ("Gates", "A2", "large-grant", "sheet Gates, cell A2: There is no pathway “large-grant”."),
        ("Gates", "E2", "perhaps", "sheet Gates, cell E2: This is “perhaps”. Write yes or no."),
        ("Golden items", "B2", "ZZ", "sheet Golden items, row 2 (golden[0].items.ZZ): There is no criterion ZZ."),
        ("Golden items", "A2", None, "sheet Golden items, cell A2: This names no case."),
        ("Expected levels", "B2", "meant", "sheet Expected levels, cell B2: “meant” is not known."),
        ("Expected levels", "D2", None, "sheet Expected levels, cell D2: Nothing is expected here."),
        (
            "Expected gates",
            "D2",
            "maybe",
            "sheet Expected gates, cell D2 (golden[0].expect.gates.small-grant.S1): “maybe”",
        ),
        ("Nodes", "I2", "kind: [", "sheet Nodes, cell I2: This is not YAML"),
        ("Nodes", "I2", "\\{", "sheet Nodes, cell I2: Behind the backslash stands no JSON."),
        ("Nodes", "C2", "<b>Welcome", "sheet Nodes, cell C2 (nodes[0].name): This looks like markup."),
    ],
)
def test_what_is_wrong_is_named_by_its_cell(sheet, cell, value, expected):
    found = findings(workbook(put(sheet, cell, value)))

    assert [line for line in found if line.startswith(expected)], found


@pytest.mark.parametrize(
    "sheet, cell, value", [("Nodes", "A3", "XX"), ("Gates", "E2", "perhaps"), ("Nodes", "U1", "x")]
)
def test_nothing_is_said_that_only_follows_from_one_wrong_cell(sheet, cell, value):
    assert len(findings(workbook(put(sheet, cell, value)))) == 1


def test_all_that_is_wrong_is_named_at_once_in_the_order_of_the_sheets():
    def change(book):
        book["Gates"]["A2"] = "nowhere"
        book["Levels"]["D4"] = 0
        book["Nodes"]["C3"] = None
        book.create_sheet("Scribbles")

    found = findings(workbook(change))

    assert [line.split(":")[0].split(" (")[0] for line in found] == [
        "sheet Levels, cell D4",
        "sheet Nodes, cell C3",
        "sheet Gates, cell A2",
        # What follows from the gate that belongs nowhere.
        "sheet Expected gates, cell D2",
        "sheet Scribbles",
    ]


def test_what_is_wrong_with_the_account_of_the_version_before_is_named_by_its_cell():
    def change(book):
        book["Changes"]["B3"] = "joined"
        book["Changes"]["A4"] = "HO1"
        book["Framework"]["B13"] = None

    found = findings(workbook(change, load(FILES[-2])))

    for expected in (
        "sheet Framework, cell B13 (changes_from.number): This is missing.",
        "sheet Changes, cell B3 (changes_from.criteria.HO2.what): “joined” is not known.",
        "sheet Changes, cell A4: HO1 is here twice.",
    ):
        assert [line for line in found if line.startswith(expected)], found


def test_what_people_type_is_understood():
    def change(book):
        book["Levels"]["A2"] = "1"
        book["Nodes"]["E2"] = 0.5
        book["Nodes"]["I3"] = "minimum"
        book["Gates"]["E2"] = True
        book["Nodes"].append([" "])

    examined = examine(workbook(change))

    assert examined.findings == ()
    assert examined.definition.scale.lowest == 1
    assert str(examined.definition.node("WE").weight) == "1/2"
    assert examined.definition.node("WE1").rule.kind == "minimum"


def test_a_formula_is_refused_and_a_text_that_looks_like_one_is_not():
    assert findings(workbook(put("Nodes", "C2", "=1+1"))) == [
        "sheet Nodes, cell C2: This cell holds a formula. Write what it comes to, or begin with an apostrophe (')."
    ]
    assert read_workbook(write_workbook(small(notes="=1+1"))).data["notes"] == "=1+1"


def test_all_formulas_are_named_at_once_beside_other_problems_and_not_as_missing():
    def change(book):
        book["Nodes"]["C2"], book["Nodes"]["C3"], book["Levels"]["D3"] = "=1+1", "=A1", "strong"

    first, second, other = findings(workbook(change))

    assert first.startswith("sheet Nodes, cell C2: This cell holds a formula.")
    assert second.startswith("sheet Nodes, cell C3: This cell holds a formula.")
    assert other.startswith("sheet Levels, cell D3 (scale.levels[1].demand): This is “strong”.")


def test_a_date_is_not_taken_for_a_text():
    (found,) = findings(workbook(put("Framework", "B4", date(2026, 4, 1))))

    assert found.startswith("sheet Framework, cell B4: This cell holds 2026-04-01 00:00:00, not text")


def test_the_same_in_a_cell_and_in_rows_is_named():
    def change(book):
        book["Framework"].append(["pathways", "[]"])

    assert any("stands in a cell as well as in rows" in line for line in findings(workbook(change)))


def test_a_rule_too_long_for_a_cell_is_refused_with_its_name():
    rows = [{"level": 1, "when": [{"class": "x" * 200, "is": "all"} for _ in range(4)]} for _ in range(60)]

    with pytest.raises(CellTooSmall, match="rule"):
        lay_out(small(rule={"kind": "rule_table", "rows": rows}))


def test_an_empty_workbook_says_what_to_begin_from():
    file = io.BytesIO()
    Workbook().save(file)

    found = findings(file.getvalue())

    assert any(line.startswith("sheet Sheet: This sheet is not known.") for line in found)
    assert any("Begin from the template" in line for line in found)


def test_the_template_explains_every_column():
    book = load_workbook(io.BytesIO(small_workbook()))
    explained = {(row[0].value, row[1].value) for row in book["Read me"].iter_rows(min_row=2) if row[1].value}
    columns = {
        (sheet.title, str(cell.value).partition(" ")[0])
        for sheet in book
        if sheet.title not in ("Read me", "Framework")
        for cell in sheet[1]
        if cell.value
    }

    assert columns <= explained


def test_cells_without_a_file_are_read_alike():
    assert canonical_text(read_cells(lay_out(small())).data) == canonical_text(small())


def test_columns_are_named_as_spreadsheets_do():
    assert [column_letters(column) for column in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


@pytest.mark.parametrize("text", ["_x0041_", "_x9_", "_xE_", "_x00e_", "WyI_x8_G8"])
def test_what_programs_take_for_the_code_of_a_character_is_written_so_that_none_does(text):
    # LibreOffice reads _x9_ as a tab, which spoilt one mark of a row in some thousands.
    assert re.search(r"_x[0-9A-Fa-f]+_", re.sub(r"_x005F_", "", as_written(text))) is None
    assert as_read(as_written(text)) == text


@pytest.mark.parametrize("text", ["_x9_", "Grown _x0041_", "_x005F_x9_", "=1+1"])
def test_a_cell_holds_such_a_text_so_that_every_program_shows_it(text):
    sheet = Workbook().active
    write_cell(sheet["A1"], text)

    assert (sheet["A1"].value, sheet["A1"].data_type) == (as_written(text), "s")
    file = io.BytesIO()
    sheet.parent.save(file)
    assert take_cells(file.getvalue()) == {"Sheet": [[text]]}


def test_a_text_longer_than_a_cell_says_that_it_is_cut():
    sheet = Workbook().active
    write_value(sheet["A1"], "_x9_" * (LONGEST_CELL // 4), cut=" (cut)")

    assert sheet["A1"].value[-6:] == " (cut)"
    assert len(sheet["A1"].value) == LONGEST_CELL


def test_a_text_that_is_too_long_as_it_is_written_is_refused():
    with pytest.raises(CellTooSmall, match="66000 characters"):
        lay_out(small(notes="_x9_ " * 6000))
