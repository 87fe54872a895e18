"""A round's submitted places by criterion: by name, with marks where more was agreed or the board split."""

import pytest

from reports.matrix import Wanted, matrix, narrowed
from tests.unit.reports.documents import BUILDINGS, document, item


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

    assert made.domains == (("SO", "Soil", 3), ("PE", "People", 4))
    assert [code for code, _ in made.criteria] == [cell.code for cell in made.rows[0].cells]


def test_a_domain_that_is_a_criterion_has_one_head_for_both():
    made = matrix([document(framework=BUILDINGS) | {"place": {"id": "ash", "name": "Ash"}, "assessment": {"id": "a"}}])

    assert made.domains[-1] == ("BU", "Buildings", 1)
    assert made.alone == {"BU"}


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

    (pathway,) = row.pathways
    assert (pathway["code"], pathway["words"], pathway["failing"]) == ("seed-fund", "not ready", ["G1"])
    assert [gate["outcome"] for gate in pathway["gates"]] == ["fails", "passes"]


def test_what_stands_above_the_criteria_has_its_own_results():
    made = matrix([submitted("Ash")])

    assert [name for _, name in made.parts][:2] == [name for _, name, _ in made.domains]
    assert [part.supported.words for part in made.rows[0].parts][:2] == ["Evolving", "Incomplete"]


def test_reviewed_levels_stand_beside_and_are_told():
    made = matrix([submitted("Ash"), submitted("Tarn")], reviewed={"a-Ash": {"SO1": 1}})
    cells = {row.place: row.cells[0] for row in made.rows}

    assert made.has_reviewed
    assert (cells["Ash"].reviewed.words, cells["Tarn"].reviewed) == ("Emerging", None)
    assert cells["Ash"].sentence == "supported Evolving, agreed Established, reviewed Emerging"


@pytest.mark.parametrize(
    "asked, columns, cells",
    [
        ({}, 7, 7),
        ({"domain": "SO"}, 3, 3),
        ({"standing": "split"}, 1, 1),
        ({"standing": "short", "domain": "PE"}, None, None),
        ({"standing": "differs"}, 1, 1),
        ({"domain": "made-up", "standing": "made-up"}, 7, 7),
    ],
)
def test_only_what_is_asked_for_is_kept(asked, columns, cells):
    made = matrix([submitted("Ash"), submitted("Tarn", item("SO1", level=1))], reviewed={"a-Ash": {"SO1": 1}})
    wanted = Wanted.of(asked, made)
    found = narrowed(made, wanted)

    assert (found and len(found.criteria)) == columns
    if found:
        assert sum(cell is not None for cell in found.rows[0].cells) == cells
        assert sum(columns for _, _, columns in found.domains) == len(found.criteria)
        assert ("Tarn" in [row.place for row in found.rows]) == (not wanted.standing)


def test_no_documents_no_matrix():
    assert matrix([]) is None
