"""The chapter on the voice of the community: which criteria, partners and actions belong into it."""

import pytest

from partnership.models import Organisation
from reports import voice
from tests.unit.reports.documents import action, document


def named(*names):
    """Return a document whose first criteria have these names."""
    made = document()
    for criterion, name in zip(made["criteria"], names, strict=False):
        criterion["name"] = name
    return made


@pytest.mark.parametrize(
    "name, belongs",
    [
        ("Voice of our communities", True),
        ("Residents decide", True),
        ("Carers’ part in decisions", True),
        ("Local and community suppliers", False),
        ("Invoices on time", False),
    ],
)
def test_a_criterion_belongs_by_its_name(name, belongs):
    made = named(name)

    assert voice.criteria_of(made) == ([made["criteria"][0]["code"]] if belongs else [])


def test_all_criteria_of_a_domain_that_is_about_it_belong():
    made = document()
    domain = made["domains"][0]
    domain["name"] = "Communities with power"

    assert voice.criteria_of(made) == domain["criteria"]


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
