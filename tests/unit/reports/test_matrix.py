"""A round's submitted places by criterion: by name, with marks where more was agreed or the board split."""

from reports.matrix import matrix
from tests.unit.reports.documents import document, item


def submitted(name, *items):
    made = document(*items) | {"place": {"id": name.lower(), "name": name}, "assessment": {"id": f"a-{name}"}}
    made["improvement"]["pathways"] = [
        {
            "code": "seed-fund",
            "name": "Seed fund",
            "verdict": "NOT_READY",
            "gates": [{"code": "G1", "status": "fail", "node": None}, {"code": "G2", "status": "pass", "node": None}],
        }
    ]
    return made


def test_places_stand_by_name_never_by_level():
    made = matrix([submitted("Tarn", item("SO1", level=4)), submitted("Ash", item("SO1", level=1))])

    assert [row.place for row in made.rows] == ["Ash", "Tarn"]


def test_cells_follow_the_criteria_and_domains():
    made = matrix([submitted("Ash")])

    assert made.domains == (("Soil", 3), ("People", 4))
    assert [code for code, _ in made.criteria] == [cell.code for cell in made.rows[0].cells]


def test_a_cell_says_what_is_supported_and_marks_what_was_agreed_beyond_it():
    (row,) = matrix([submitted("Ash")]).rows
    cells = {cell.code: cell for cell in row.cells}

    assert (cells["SO1"].supported.words, cells["SO1"].agreed.words) == ("Evolving", "Established")
    assert (cells["PE1"].supported.words, cells["PE1"].agreed) == ("Established", None)
    assert cells["SO2"].split
    assert cells["SO2"].sentence == "supported Evolving, but split"
    assert cells["PE2a"].supported.words == "Incomplete"


def test_a_verdict_names_the_gates_that_fail():
    (row,) = matrix([submitted("Ash")]).rows

    assert row.verdicts == ({"code": "seed-fund", "words": "not ready", "failing": ["G1"]},)


def test_no_documents_no_matrix():
    assert matrix([]) is None
