"""
A place's case: its items, evidence, scores and agreed levels on a day, and all that follows from them.

Pure. `assessments.selectors.load_case` reads one from the database; `content` turns it into the
document that pages show, that is frozen for signature, and from which the report is made, so that
all three say the same. docs/content.md describes the document.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from frameworks import readiness
from frameworks.definition import Definition, Node
from frameworks.items import ItemInput
from frameworks.rollup import Result
from frameworks.spread import Spread, shown_alpha, spread

CONTENT_FORMAT = 2

# What stands for the title of an artefact that only the board may read about.
BOARD_ONLY = "An artefact for the board only"


@dataclass(frozen=True)
class Evidence:
    """An artefact as the case cites it. `strength` is 0 to 4; dates are None where none is stated."""

    key: str
    title: str
    kind: str
    strength: int
    strength_words: str
    sensitivity: str
    board_only: bool = False
    owner: str = ""
    url: str = ""
    file_name: str = ""
    sha256: str = ""
    note: str = ""
    dated_on: datetime.date | None = None
    review_by: datetime.date | None = None
    ended_on: datetime.date | None = None

    def in_date(self, day):
        """Say whether the artefact counts as evidence on a day: of some strength, not ended, not past its review."""
        return (
            self.strength > 0
            and (self.ended_on is None or self.ended_on > day)
            and (self.review_by is None or self.review_by >= day)
        )


@dataclass(frozen=True)
class Citation:
    """An artefact cited for an item, with the page or section where known."""

    artefact: str
    locator: str = ""


@dataclass(frozen=True)
class Objection:
    """A recorded dissent; `name` is empty where the member chose not to be named."""

    text: str
    name: str = ""


@dataclass(frozen=True)
class CaseItem:
    """
    One evidence item with its scores in counts and what the board agreed.

    `lineage` is the same for the same item in every round. `counts` maps ranks to how many members gave
    them; it is None while scores are hidden. `judgement` is "LEVEL", "NOT_APPLICABLE" or "" while
    nothing is agreed.
    """

    key: str
    criterion: str
    number: int
    statement: str
    lineage: str = ""
    judgement: str = ""
    level: int | None = None
    rationale: str = ""
    citations: tuple[Citation, ...] = ()
    counts: Mapping[int, int] | None = None
    cannot_judge: int = 0
    not_applicable: int = 0
    objections: tuple[Objection, ...] = ()

    @property
    def label(self):
        """Name the item as people do: DD1.4 is the fourth item of criterion DD1."""
        return f"{self.criterion}.{self.number}"


@dataclass(frozen=True)
class Case:
    """All that an assessment's results follow from, on the day `as_at`. `panel` is each assessor's ranks by item."""

    definition: Definition
    as_at: datetime.date
    items: tuple[CaseItem, ...]
    evidence: Mapping[str, Evidence]
    panel: tuple[Mapping[str, int], ...] = ()

    def without_scores(self):
        """Return the case as it is for readers who may not see how the scores lie."""
        items = tuple(replace(item, counts=None, cannot_judge=0, not_applicable=0) for item in self.items)
        return replace(self, items=items, panel=())

    def strength(self, item):
        """Return the strength of an item's best artefact in date, 0 if it has none."""
        cited = (self.evidence[citation.artefact] for citation in item.citations)
        return max((artefact.strength for artefact in cited if artefact.in_date(self.as_at)), default=0)

    @cached_property
    def by_criterion(self):
        items = {node.code: [] for node in self.definition.criteria}
        for item in self.items:
            items[item.criterion].append(item)
        return items

    @cached_property
    def inputs(self):
        """What the roll-up needs of each item, by criterion code."""
        return {
            code: [
                ItemInput(
                    key=item.label,
                    level=item.level,
                    not_applicable=item.judgement == "NOT_APPLICABLE",
                    reason=item.rationale if item.judgement == "NOT_APPLICABLE" else "",
                    strength=self.strength(item),
                )
                for item in items
            ]
            for code, items in self.by_criterion.items()
        }

    def coverage(self, code=""):
        """Count the items beneath a node that apply, and those of them with evidence in date."""
        return readiness.coverage(self.definition, self.inputs, code)

    @cached_property
    def facts(self):
        """What the gates of a pathway look at; splits are unknown while scores are hidden."""
        hidden = any(item.counts is None for item in self.items)
        return readiness.facts_of(
            self.definition,
            self.inputs,
            unsettled_splits=None if hidden else len(self.unsettled_splits()),
            # No decision of the ICB has set conditions yet: decisions come with the review.
            open_conditions=0,
        )

    @property
    def claimed(self) -> Mapping[str, Result]:
        return self.facts.claimed

    @property
    def supported(self) -> Mapping[str, Result]:
        return self.facts.supported

    def spread(self, item) -> Spread | None:
        """Return how the scores of an item lie, or None while they are hidden."""
        if item.counts is None:
            return None
        return spread(
            item.counts,
            self.definition.scale.ranks,
            cannot_judge=item.cannot_judge,
            not_applicable=item.not_applicable,
        )

    def is_split(self, item):
        """Say whether the members' scores of an item are split; an item too few judged is not."""
        lie = self.spread(item)
        return bool(lie and lie.split)

    def unsettled_splits(self):
        """Return the items whose scores are split and for which no level is agreed."""
        return [item for item in self.items if self.is_split(item) and not item.judgement]

    def alpha(self):
        """Return Krippendorff's ordinal alpha over the panel, or None where it would mislead or cannot be had."""
        units = [item.key for item in self.items]
        return shown_alpha([[scores.get(key) for key in units] for scores in self.panel])


def content(case: Case) -> dict:
    """
    Return the case as a document of plain data: text, whole numbers, lists and dicts only.

    Fractions stand as "n/d" text, dates as ISO text. Sections of higher rooms are added by those who freeze it.
    """
    definition = case.definition
    return {
        "format": CONTENT_FORMAT,
        "as_at": case.as_at.isoformat(),
        "framework": {
            "code": definition.code,
            "number": definition.number,
            "name": definition.name,
            "notes": definition.notes,
            "levels": [
                {"rank": level.rank, "name": level.name, "meaning": level.meaning, "demand": level.demand}
                for level in definition.scale.levels
            ],
        },
        "domains": [_domain(case, node) for node in definition.domains],
        "criteria": [_criterion(case, node) for node in definition.criteria],
        "items": [_item(case, item) for item in case.items],
        "artefacts": [_artefact(case, artefact) for artefact in case.evidence.values()],
        "coverage": _coverage(case),
        "agreement": {
            "assessors": len(case.panel),
            "split": [item.key for item in case.items if case.is_split(item)],
            "alpha": None if (alpha := case.alpha()) is None else f"{alpha:.3f}",
        },
    }


def _result(case, result):
    return {
        "status": str(result.status),
        "level": result.level,
        "sentence": result.trace.sentence(case.definition),
        "trace": result.trace.to_data(case.definition),
    }


def _standings(case, node):
    return {
        "code": node.code,
        "name": node.name,
        "claimed": _result(case, case.claimed[node.code]),
        "supported": _result(case, case.supported[node.code]),
        "coverage": _coverage(case, node.code),
    }


def _domain(case, node: Node):
    return _standings(case, node) | {"criteria": [child.code for child in node.walk() if child.is_criterion]}


def _criterion(case, node: Node):
    items = case.by_criterion[node.code]
    return _standings(case, node) | {
        "domain": _domain_of(case.definition, node),
        "summary": node.summary,
        "items": [item.key for item in items],
        "split": [item.label for item in items if case.is_split(item)],
        "counts": _summed(case, items),
    }


def _domain_of(definition, node):
    while node.parent_code:
        node = definition.node(node.parent_code)
    return node.code


def _summed(case, items):
    """Add the members' scores of several items, rank by rank; None while they are hidden."""
    if any(item.counts is None for item in items):
        return None
    return [sum(item.counts.get(rank, 0) for item in items) for rank in case.definition.scale.ranks]


def _coverage(case, code=""):
    coverage = case.coverage(code)
    return {"in_date": coverage.in_date, "applicable": coverage.applicable}


def _item(case, item):
    strength = case.strength(item)
    return {
        "id": item.key,
        "lineage": item.lineage,
        "label": item.label,
        "criterion": item.criterion,
        "number": item.number,
        "statement": item.statement,
        "judgement": item.judgement,
        "level": item.level,
        "rationale": item.rationale,
        "supported": None if item.level is None else case.definition.scale.supported(item.level, strength),
        "strength": strength,
        "cited": [{"artefact": citation.artefact, "locator": citation.locator} for citation in item.citations],
        "spread": _spread(case, item),
        "dissents": [{"text": objection.text, "name": objection.name} for objection in item.objections],
    }


def _spread(case, item):
    lie = case.spread(item)
    if lie is None:
        return None
    return {
        "n": lie.n,
        "counts": list(lie.counts),
        "cannot_judge": item.cannot_judge,
        "not_applicable": item.not_applicable,
        "lower_median": lie.lower_median,
        "minimum": lie.minimum,
        "maximum": lie.maximum,
        "consensus": None if lie.consensus is None else f"{lie.consensus:.3f}",
        "split": lie.split,
        "sentence": lie.sentence({level.rank: level.name for level in case.definition.scale.levels}),
    }


def _artefact(case, artefact):
    def iso(day):
        return day.isoformat() if day else None

    # The document leaves the place: of what is for the board only, it tells that there is evidence and how strong.
    hidden = artefact.board_only
    return {
        "id": artefact.key,
        "title": BOARD_ONLY if hidden else artefact.title,
        "kind": artefact.kind,
        "owner": "" if hidden else artefact.owner,
        "url": "" if hidden else artefact.url,
        "file_name": "" if hidden else artefact.file_name,
        "sha256": artefact.sha256,
        "note": "" if hidden else artefact.note,
        "dated_on": iso(artefact.dated_on),
        "review_by": iso(artefact.review_by),
        "sensitivity": artefact.sensitivity,
        "strength": artefact.strength,
        "strength_words": artefact.strength_words,
        "in_date": artefact.in_date(case.as_at),
        "items": [item.label for item in case.items if any(c.artefact == artefact.key for c in item.citations)],
    }
