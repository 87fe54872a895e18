"""The chapter on the voice of the community: which criteria, partners and actions belong into it."""

import pytest

from frameworks.definition import parse
from partnership.models import Organisation
from reports import voice
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.garden_versions import node
from tests.unit.reports.documents import action, document


def tagged(code):
    """Return the document of a garden in which the part with this code is about the community."""
    data = garden()
    node(data, code)["topic"] = "community"
    return document(framework=parse(data))


@pytest.mark.parametrize(
    "code, belong", [("SO2", ["SO2"]), ("PE", ["PE1", "PE2a", "PE2b", "PE3"]), ("PE2", ["PE2a", "PE2b"])]
)
def test_criteria_belong_by_the_topic_of_their_own_or_of_a_part_above_them(code, belong):
    assert voice.criteria_of(tagged(code)) == belong


def test_a_name_makes_no_criterion_belong():
    data = garden()
    node(data, "SO1")["name"] = "Voice of our communities"

    assert voice.criteria_of(document(framework=parse(data))) == []


@pytest.mark.parametrize(
    "name, belongs",
    [
        ("Voice of our communities", True),
        ("Residents decide", True),
        ("Local and community suppliers", False),
        ("Invoices on time", False),
    ],
)
def test_content_from_before_there_were_topics_says_what_its_pdf_says(name, belongs):
    made = document() | {"format": 7}
    for criterion in made["criteria"]:
        del criterion["topic"]
    made["criteria"][0]["name"] = name

    assert voice.criteria_of(made) == (["SO1"] if belongs else [])


def test_partners_of_two_sectors_speak_for_it_with_what_they_answered_at_the_signing():
    made = document() | {
        "partners": [
            {"name": "Trust", "sector": "NHS provider"},
            {"name": "Healthwatch", "sector": "Residents, patients and carers"},
            {"name": "Together", "sector": "Voluntary, community and social enterprise"},
        ],
        "board": [
            {"name": "Ann", "organisation": "Together", "role": "Board member"},
            {"name": "Ann", "organisation": "Together", "role": "Signatory"},
            {"name": "Bo", "organisation": "Trust", "role": "Board member"},
        ],
    }
    signed = {"organisation": "Together", "kind_words": "Signed"}

    found = voice.speakers(made, {"signatures": [signed]})

    assert [(each.organisation, each.people, each.signature) for each in found] == [
        ("Healthwatch", (), None),
        ("Together", ("Ann",), signed),
    ]
    assert [each.signature for each in voice.speakers(made, None)] == [None, None]


def test_its_sectors_are_told_as_content_tells_them():
    of_the_community = (Organisation.Sector.VOLUNTARY, Organisation.Sector.RESIDENTS)

    assert {str(sector.label) for sector in of_the_community} == set(voice.SECTORS)


def test_actions_for_a_criterion_or_for_a_gate_that_looks_at_it_are_for_it():
    made = document()
    gates = [{"code": "G1", "node": "SO1"}, {"code": "G2", "node": "SO2"}]
    made["improvement"] = {
        "pathways": [{"code": "fund", "gates": gates}],
        "actions": [
            action("SO1", 3) | {"id": "for the criterion"},
            action("SO2", 3) | {"id": "for another"},
            *(action("", 3) | {"id": f"for {gate}", "pathway": "fund", "gate": gate} for gate in ("G1", "G2")),
        ],
    }

    assert voice.actions_for(["SO1"], made) == ["for the criterion", "for G1"]
