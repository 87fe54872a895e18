"""
A place's case: its items, evidence, scores and agreed levels on a day, and all that follows from them.

Pure. `assessments.selectors.load_case` reads one from the database; `assessments.content` turns it into a document.
"""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from assessments.sectors import Voice
from frameworks import readiness
from frameworks.definition import Definition
from frameworks.items import ItemInput, noun
from frameworks.rollup import Result, Standing, roll_up
from frameworks.skipping import skipped
from frameworks.spread import Spread, shown_alpha, spread


@dataclass(frozen=True)
class Evidence:
    """An artefact as the case cites it; `strength` is None until it is proposed, and dates are where none is stated."""

    key: str
    title: str
    kind: str
    strength: int | None
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
        return bool(self.strength) and not self.is_old(day)

    def is_old(self, day):
        """Say whether it counts no longer, however strong it is: it was ended, or its review date has passed."""
        return bool(self.ended_on and self.ended_on <= day or self.review_by and self.review_by < day)


@dataclass(frozen=True)
class Citation:
    """An artefact cited for an item, with the page or section where known."""

    artefact: str
    locator: str = ""


@dataclass(frozen=True)
class Objection:
    """
    A recorded dissent; `name` is empty where the member chose not to be named.

    `key` finds its row, and `services.dissenting.is_author` knows its author by `author`; no document holds them.
    """

    text: str
    name: str = ""
    is_withdrawn: bool = False
    key: int | None = field(default=None, compare=False)
    author: str = field(default="", compare=False)


@dataclass(frozen=True)
class CaseItem:
    """
    One evidence item with its scores in counts and what the board agreed.

    On a checklist, `statement` is the framework's, `statement_code` its code, and `account` what the place says of it.
    `lineage` is the same for the same item in every round. `counts` maps ranks to how many members gave
    them; it is None while scores are hidden. `judgement` is "LEVEL", "NOT_APPLICABLE" or "" while
    nothing is agreed. `undisputed` says that the level was accepted with all others that nobody disputed. Who settled
    it, and when, is for the board: the document does not say it.
    """

    key: str
    criterion: str
    number: int
    statement: str
    statement_code: str = ""
    account: str = ""
    lineage: str = ""
    judgement: str = ""
    level: int | None = None
    rationale: str = ""
    undisputed: bool = False
    settled_by: str = ""
    settled_at: datetime.datetime | None = None
    citations: tuple[Citation, ...] = ()
    counts: Mapping[int, int] | None = None
    cannot_judge: int = 0
    not_applicable: int = 0
    objections: tuple[Objection, ...] = ()

    @property
    def label(self):
        """Name the item as people do: DD1.4 is the fourth item of criterion DD1, LT1.F2 statement F2 of a checklist."""
        return f"{self.criterion}.{self.statement_code or self.number}"

    @property
    def noun(self):
        return noun(bool(self.statement_code))

    @property
    def name(self):
        """Name the item in a sentence: "item DD1.4", "statement LT1.F2"."""
        return f"{self.noun} {self.label}"


@dataclass(frozen=True)
class Case:
    """
    All that an assessment's results follow from, on the day `as_at`.

    `panel` is the voice of each seat that scored. `open_conditions` counts what the ICB's last decision on the place
    before this made a condition and has not closed.
    """

    definition: Definition
    as_at: datetime.date
    items: tuple[CaseItem, ...]
    evidence: Mapping[str, Evidence]
    panel: tuple[Voice, ...] = ()
    open_conditions: int = 0

    def without_scores(self):
        """Return the case as it is for readers who may not see how the scores lie."""
        items = tuple(replace(item, counts=None, cannot_judge=0, not_applicable=0) for item in self.items)
        return replace(self, items=items, panel=())

    def scale(self, item):
        """Return what an item is rated on: levels or, on a checklist, the answers to its statement."""
        return self.definition.node(item.criterion).scale_of(item.statement_code)

    def names(self, item):
        """Return the names of what an item is rated on, by rank."""
        return self.scale(item).names

    def is_adverse(self, item):
        """Say whether the item answers a statement that is better not true."""
        if not item.statement_code:
            return False
        return self.definition.node(item.criterion).statement(item.statement_code).adverse

    def supported_level(self, item, level):
        """Return the best rank, no better than `level`, that an item's evidence supports; None if there is none."""
        return self.scale(item).supported(level, self.strength(item), adverse=self.is_adverse(item))

    def strength(self, item):
        """Return the strength of an item's best artefact in date, 0 if it has none."""
        cited = (self.evidence[citation.artefact] for citation in item.citations)
        return max((artefact.strength for artefact in cited if artefact.in_date(self.as_at)), default=0)

    @cached_property
    def rated_by_level(self):
        """The items that are rated on the framework's own levels: only their scores can be added up."""
        return [item for item in self.items if self.scale(item) == self.definition.scale]

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
                    statement=item.statement_code,
                )
                for item in items
            ]
            for code, items in self.by_criterion.items()
        }

    def coverage(self, code=""):
        """Count the items beneath a node that apply, and those of them with evidence in date."""
        return readiness.coverage(self.definition, self.inputs, code, not_asked=self.not_asked.keys)

    @cached_property
    def facts(self):
        """What the gates of a pathway look at; splits are unknown while scores are hidden."""
        hidden = any(item.counts is None for item in self.items)
        return readiness.Facts(
            items=self.inputs,
            claimed=self.claimed,
            supported=self.supported,
            not_asked=self.not_asked,
            unsettled_splits=None if hidden else len(self.unsettled_splits()),
            open_conditions=self.open_conditions,
        )

    @cached_property
    def claimed(self) -> Mapping[str, Result]:
        return roll_up(self.definition, self.inputs, standing=Standing.CLAIMED)

    @cached_property
    def supported(self) -> Mapping[str, Result]:
        return roll_up(self.definition, self.inputs, standing=Standing.SUPPORTED)

    @cached_property
    def not_asked(self):
        """What needs no answer any more, as none could change the level that follows from what is agreed."""
        return skipped(self.definition, self.inputs, self.claimed, self.supported)

    def is_open(self, item):
        """Say whether the board has still to settle an item."""
        return not item.judgement and item.label not in self.not_asked.keys

    def spread(self, item) -> Spread | None:
        """Return how the scores of an item lie, or None while they are hidden."""
        if item.counts is None:
            return None
        return spread(
            item.counts,
            self.scale(item).ranks,
            cannot_judge=item.cannot_judge,
            not_applicable=item.not_applicable,
        )

    def is_split(self, item):
        """Say whether the members' scores of an item are split; an item too few judged is not."""
        lie = self.spread(item)
        return bool(lie and lie.split)

    def unsettled_splits(self):
        """Return the items whose scores are split and for which no level is agreed."""
        return [item for item in self.items if self.is_split(item) and self.is_open(item)]

    def alpha(self):
        """
        Return Krippendorff's ordinal alpha over the panel, or None where it would mislead or cannot be had.

        Ranks of different scales do not compare, so it looks at the scale that most items are rated on.
        """
        by_scale = defaultdict(list)
        for item in self.items:
            by_scale[self.scale(item)].append(item.key)
        units = max(by_scale.values(), key=len, default=[])
        return shown_alpha([[voice.ranks.get(key) for key in units] for voice in self.panel])
