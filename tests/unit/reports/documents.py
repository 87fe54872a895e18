"""Documents of made-up assessments, as dashboards and charts take them."""

from datetime import date
from itertools import pairwise

from assessments.case import Case, CaseItem, Citation, Evidence
from assessments.content import content
from assessments.sectors import Voice
from frameworks.definition import parse
from tests.unit.frameworks.definitions import criterion, garden

TODAY = date(2026, 11, 20)


def artefact(key, strength=2, **more):
    return Evidence(key=key, title=key, kind="Document", strength=strength, strength_words="", sensitivity="", **more)


EVIDENCE = {
    "plan": artefact("plan"),
    "figures": artefact("figures", 3),
    "old": artefact("old", 3, review_by=date(2026, 1, 1)),
}


def item(criterion, number=1, *, level=None, cites=(), counts=None, **more):
    judgement = {"judgement": "LEVEL", "level": level} if level else {}
    return CaseItem(
        key=f"{criterion}-{number}",
        criterion=criterion,
        number=number,
        statement=f"We do {criterion}.{number}.",
        citations=tuple(Citation(each) for each in cites),
        counts=counts,
        **judgement | more,
    )


ITEMS = (
    item("SO1", 1, level=4, cites=["figures"], counts={3: 1, 4: 3}),
    item("SO1", 2, level=3, cites=["old"], counts={2: 1, 3: 3}),
    item("SO2", 1, level=2, counts={1: 2, 4: 2}),
    item("SO3", 1, judgement="NOT_APPLICABLE", rationale="There is no sand.", counts={}),
    item("PE1", 1, level=3, cites=["plan"], counts={3: 4}),
    item("PE2a", 1, counts={3: 4}),
    item("PE2b", 1, level=3, cites=["plan"], counts={3: 4}),
)

# A domain that is a criterion itself, after domains with criteria.
BUILDINGS = parse(garden(nodes=[*garden()["nodes"], criterion("BU", name="Buildings")], golden=[]))

VOICE = Voice("Council", "Council", {})


def definition():
    return parse(garden())


def document(*items, previous=None, actions=(), panel=(), framework=None):
    """Return the document of the garden, or of `framework`, with these items, of some of everything unless told."""
    case = Case(
        definition=framework or definition(),
        as_at=TODAY,
        items=items or ITEMS,
        evidence=EVIDENCE,
        panel=panel or (VOICE,) * 4,
    )
    return content(case) | {"previous": previous, "improvement": {"actions": list(actions), "pathways": []}}


def previous(**levels):
    """Return what came before: the claimed rank by criterion."""
    criteria = {
        code: {"claimed": {"status": "level", "level": level}, "supported": {"status": "level", "level": 1}}
        for code, level in levels.items()
    }
    return {"round": "Spring", "comparable": True, "criteria": criteria}


def action(criterion, expected, status="OPEN"):
    return {"criterion": criterion, "pathway": "", "gate": "", "expected_level": expected, "status": status}


def steps_in_grey(colours):
    """Return by how much each colour is lighter than the one before it, from 0 to 255, where all are seen in grey."""
    parts = [[int(colour[at : at + 2], 16) for at in (1, 3, 5)] for colour in colours]
    greys = [0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in parts]
    return [later - earlier for earlier, later in pairwise(greys)]
