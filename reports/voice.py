"""What sealed content says of the voice of the community, gathered for a chapter of the report; pure."""

import re
from dataclasses import dataclass

TOPIC = "community"
# From this format on content says what a criterion is about. Before it the names of criteria and tiers were read, and
# what was sealed then goes on saying what its PDF says.
TELLS_TOPICS = 8
ABOUT = re.compile(r"\b(voices?|communities|residents?|citizens?|carers?)\b", re.IGNORECASE)
# As content tells a partner's sector. What was sealed keeps these words whatever sectors are called later.
SECTORS = ("Voluntary, community and social enterprise", "Residents, patients and carers")


@dataclass(frozen=True)
class Speaker:
    """A partner that speaks for the community: who sits on the board for it, and how it answered the signing."""

    organisation: str
    sector: str
    people: tuple[str, ...]
    signature: dict | None


def criteria_of(document):
    """Return the codes of the criteria that are about the voice of the community, as the framework says."""
    if document["format"] < TELLS_TOPICS:
        return _by_name(document)
    return [each["code"] for each in document["criteria"] if each["topic"] == TOPIC]


def _by_name(document):
    about = set()
    for node in (*document["domains"], *document.get("tiers", ())):
        if ABOUT.search(node["name"]):
            about.update(node["criteria"])
    return [each["code"] for each in document["criteria"] if each["code"] in about or ABOUT.search(each["name"])]


def speakers(document, seal):
    """Return the partners that speak for the community; `seal` is the seal's data as shown, None for a draft."""
    answers = {each["organisation"]: each for each in seal["signatures"]} if seal else {}
    return [
        Speaker(
            organisation=partner["name"],
            sector=partner["sector"],
            people=tuple(
                dict.fromkeys(part["name"] for part in document["board"] if part["organisation"] == partner["name"])
            ),
            signature=answers.get(partner["name"]),
        )
        for partner in document["partners"]
        if partner["sector"] in SECTORS
    ]


def actions_for(codes, document):
    """Return the identifiers of the actions for these criteria, or for a gate that looks at one of them."""
    looks_at = {
        (pathway["code"], gate["code"]): gate["node"]
        for pathway in document["improvement"]["pathways"]
        for gate in pathway["gates"]
    }
    return [
        action["id"]
        for action in document["improvement"]["actions"]
        if {action["criterion"], looks_at.get((action["pathway"], action["gate"]))} & set(codes)
    ]
