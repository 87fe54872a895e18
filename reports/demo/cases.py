"""The demo's files, read into one shape for all places: fixtures/demo says at the files' tops what they hold."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml
from django.conf import settings

from partnership.roles import Role

FOLDER: Path = settings.BASE_DIR / "fixtures" / "demo"


@dataclass(frozen=True)
class Item:
    """A statement, the artefacts it cites as (key, page or section), and the members' scores, a character each."""

    label: str
    criterion: str
    statement: str
    cited: tuple[tuple[str, str], ...]
    scores: str
    agreed: int | None = None


@dataclass(frozen=True)
class RoundCase:
    """What a place does in one round: the day of each move by state, its items, and all that people say."""

    moves: dict
    items: tuple[Item, ...]
    settled: frozenset = frozenset()
    in_workshop: bool = False
    signatures: tuple[dict, ...] = ()
    meeting: dict = field(default_factory=dict)
    reasons: dict = field(default_factory=dict)
    comments: dict = field(default_factory=dict)
    rationales: dict = field(default_factory=dict)
    dissents: tuple[dict, ...] = ()
    actions: tuple[dict, ...] = ()
    pathways: tuple[dict, ...] = ()
    targets: dict = field(default_factory=dict)


@dataclass(frozen=True)
class PlaceCase:
    """A place with everybody and everything it has, and its rounds by key. `board` orders the scores' characters."""

    place: dict
    organisations: dict
    bodies: tuple[dict, ...]
    agreements: tuple[dict, ...]
    people: tuple[dict, ...]
    board: tuple[str, ...]
    required: tuple[str, ...]
    artefacts: tuple[dict, ...]
    rounds: dict[str, RoundCase]

    def lead(self, persons):
        """Return the place's lead among its people by key."""
        return self.holder(Role.LEAD, persons)

    def holder(self, role, persons):
        """Return the first of the place's people, by key, who has a role there."""
        return next(persons[person["key"]] for person in self.people if role in person["roles"])


def read(name):
    return yaml.safe_load((FOLDER / name).read_text())


def places(system):
    """Return the case of every place that the system's file names, in its order."""
    return [
        _full(read(place["file"]), read("st_helens_rounds.yaml")) if "file" in place else light(place, system)
        for place in system["places"]
    ]


def _full(case, rounds):
    return PlaceCase(
        place=case["place"],
        organisations=case["organisations"],
        bodies=tuple(case["bodies"]),
        agreements=tuple(case["agreements"]),
        people=tuple(case["people"]),
        board=tuple(case["board"]),
        required=tuple(case["required_signatures"]),
        artefacts=tuple(case["artefacts"]),
        rounds={key: _full_round(case["items"], told) for key, told in rounds.items()},
    )


def _full_round(written, told):
    items = tuple(
        Item(
            label=f"{criterion}.{number}",
            criterion=criterion,
            statement=item["statement"],
            cited=tuple((cited["artefact"], cited["locator"] or "") for cited in item["evidence"]),
            scores=scores,
            agreed=int(told["agreed"][criterion][number - 1]) if "agreed" in told else None,
        )
        for criterion, statements in written.items()
        for number, (item, scores) in enumerate(zip(statements, told["scores"][criterion], strict=True), start=1)
    )
    return RoundCase(
        moves=told["moves"],
        items=items,
        settled=frozenset(written) if "agreed" in told else frozenset(),
        signatures=tuple(told.get("signatures", ())),
        meeting=told.get("meeting", {}),
        reasons=told.get("reasons", {}),
        comments={(said["item"], said["member"]): said["text"] for said in told.get("comments", ())},
        rationales=told.get("rationales", {}),
        dissents=tuple(told.get("dissents", ())),
        actions=tuple(told.get("actions", ())),
        pathways=tuple(told.get("pathways", ())),
        targets=told.get("targets", {}),
    )


def light(place, system, about=""):
    """Fill the small places' common template, and take statements and artefacts from the pools."""
    small = system["small_place"]
    names = {"place": place["name"], "slug": place["slug"]}

    def filled(mapping):
        return {key: value.format(**names) if isinstance(value, str) else value for key, value in mapping.items()}

    artefacts = [artefact for artefact in system["artefacts"] if artefact["key"] in place["artefacts"]]
    return PlaceCase(
        place={
            "name": place["name"],
            "partnership_name": small["partnership_name"].format(**names),
            "board_name": small["board_name"].format(**names),
            "about": about,
        },
        organisations={key: filled(organisation) for key, organisation in small["organisations"].items()},
        agreements=(),
        bodies=({"key": "board", "parent": None, "name": small["board_name"].format(**names), "purpose": ""},),
        people=tuple(filled(person) for person in small["people"]),
        board=tuple(small["board"]),
        required=tuple(small["required_signatures"]),
        artefacts=tuple(filled(artefact) | {"owner": None, "url": None, "note": ""} for artefact in artefacts),
        rounds={
            described["key"]: _light_round(described, place["rounds"][described["key"]], artefacts, system, small)
            for described in system["rounds"]
        },
    )


def _light_round(described, told, artefacts, system, small):
    state = told["state"]
    days = told.get("moves", described["usual_moves"])
    states = list(days)[: list(days).index(state) + 1]
    items = []
    for criterion, pool in system["statements"].items():
        prepared = [""] if criterion in told.get("prepared", ()) else []
        scores = told["scores"][criterion] if "scores" in told else prepared
        for number, (statement, given) in enumerate(zip(pool, scores, strict=False), start=1):
            label = f"{criterion}.{number}"
            cited = tuple((artefact["key"], "") for artefact in artefacts if label in artefact["cited_by"])
            items.append(Item(label=label, criterion=criterion, statement=statement, cited=cited, scores=given))
    signed_by = told.get("signed_by", small["board"] if state in ("SIGNED", "SUBMITTED") else ())
    return RoundCase(
        moves={each: days[each] for each in states},
        items=tuple(items),
        settled=frozenset(told.get("settled", ())),
        in_workshop=told.get("in_workshop", False),
        signatures=tuple({"member": key, "kind": "SIGNED", "words": ""} for key in signed_by),
        meeting={"minute_reference": f"{small['board_name']}, minute 5 (illustrative)"},
    )
