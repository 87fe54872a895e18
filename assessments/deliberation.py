"""What the board has before it when it agrees: an item's spread, named scores, evidence and what was settled."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from assessments import disagreement, visibility
from assessments.case import Case, CaseItem
from assessments.models import Agreement, Judgement, Score
from assessments.selectors import load_case
from frameworks.definition import Node
from frameworks.spread import Spread


@dataclass(frozen=True)
class Table:
    """All items of an assessment after the reveal, as they lie."""

    case: Case

    @property
    def scale(self):
        return self.case.definition.scale

    def row(self, item: CaseItem):
        return Row(item=item, case=self.case, spread=self.case.spread(item))

    @property
    def rows(self):
        """All items, most disputed first."""
        return [self.row(item) for item in disagreement.by_disagreement(self.case)]

    @property
    def open_rows(self):
        return [row for row in self.rows if not row.item.judgement]

    def criterion(self, code) -> Node | None:
        """Return the criterion with this code, or None."""
        return next((node for node in self.case.definition.criteria if node.code == code), None)

    def domain_of(self, code) -> Node:
        """Return the domain that a criterion belongs to."""
        return next(
            domain for domain in self.case.definition.domains if any(node.code == code for node in domain.walk())
        )

    def next_open(self, after=()):
        """Return the most disputed item that is not settled, leaving out those with the keys in `after`; or None."""
        return next((row for row in self.open_rows if row.item.key not in after), None)


@dataclass(frozen=True)
class Row:
    """One item, with how its scores lie."""

    item: CaseItem
    case: Case
    spread: Spread

    @property
    def sentence(self):
        return disagreement.spread_sentence(self.case, self.item)

    @property
    def support(self):
        return disagreement.support_sentence(self.case, self.item)

    @property
    def supports_less(self):
        """Whether the evidence cannot support the level that is agreed or, before that, the middle of the scores."""
        level = self.spread.lower_median if self.item.level is None else self.item.level
        if level is None:
            return False
        return self.case.definition.scale.supported(level, self.case.strength(self.item)) != level

    @property
    def levels(self):
        """The scale with the number of scores at each level, the lower median marked."""
        return [
            {"name": level.name, "count": count, "median": level.rank == self.spread.lower_median}
            for level, count in zip(self.case.definition.scale.levels, self.spread.counts, strict=True)
        ]

    @property
    def level_names(self):
        return [level.name for level in self.case.definition.scale.levels]

    @property
    def agreed(self):
        """What was settled, in words; "" if nothing is."""
        return settled_words(self.case, self.item.judgement, self.item.level)

    @property
    def standing(self):
        """What must be said beside the agreed level: that the scores were split, that evidence supports less."""
        said = []
        if self.spread.split:
            said.append("but split")
        if self.item.level is not None:
            supported = self.case.definition.scale.supported(self.item.level, self.case.strength(self.item))
            if supported != self.item.level:
                said.append(f"evidence supports {self.case.definition.scale.name(supported)}")
        return ", ".join(said)

    @property
    def rank(self):
        """The agreed level's place on the scale, from 1; None where no level is agreed."""
        return self._place(self.item.level)

    @property
    def median_rank(self):
        """The lower median's place on the scale, from 1; None without scores."""
        return self._place(self.spread.lower_median)

    @property
    def median_name(self):
        return self.case.definition.scale.name(self.spread.lower_median)

    @property
    def of(self):
        return len(self.case.definition.scale.levels)

    @property
    def artefacts(self):
        """The cited artefacts, as chips show them."""
        chips = []
        for citation in self.item.citations:
            artefact = self.case.evidence[citation.artefact]
            chips.append(
                {
                    "key": artefact.key,
                    "title": artefact.title,
                    "date": str(artefact.dated_on.year) if artefact.dated_on else "date not stated",
                    "strength": artefact.strength_words,
                    "where": citation.locator,
                    "out_of_date": not artefact.in_date(self.case.as_at),
                }
            )
        return chips

    def _place(self, level):
        return None if level is None else level - self.case.definition.scale.lowest + 1


@dataclass(frozen=True)
class Given:
    """A member's score, with what it says in words."""

    score: Score
    words: str


@dataclass(frozen=True)
class Ballot:
    """The named scores of an item in one ballot, and what was agreed on it."""

    number: int
    is_last: bool
    scores: tuple[Given, ...]
    agreement: Agreement | None
    agreed: str


def settled_words(case, judgement, level):
    """Return a judgement in words, "" for none."""
    if judgement == Judgement.LEVEL:
        return case.definition.scale.name(level)
    return Judgement(judgement).label if judgement else ""


def load_table(*, assessment):
    """Read the whole table; five queries. The caller has checked that the reader may see the spread."""
    return Table(load_case(assessment=assessment, on=timezone.localdate()))


def ballots(*, table, assessment, code, capacity):
    """
    Return, by item key, every ballot of a criterion's items, the last one first; two queries.

    The scores in it are those that the person may see with names.
    """
    scores, agreements, last = defaultdict(list), {}, {}
    named = visibility.named_scores(capacity=capacity, assessment=assessment).filter(item__criterion__code=code)
    for score in named.select_related("item", "membership__user", "membership__organisation").order_by(
        "level", "judgement", "membership__organisation__name", "pk"
    ):
        scores[score.item_id, score.ballot].append(score)
        last[score.item_id] = score.item
    settled = Agreement.objects.filter(item__assessment=assessment, item__criterion__code=code)
    for agreement in settled.select_related("item"):
        agreements[agreement.item_id, agreement.ballot] = agreement
        last[agreement.item_id] = agreement.item
    return {
        str(item.public_id): [
            _ballot(table, item, number, scores[pk, number], agreements.get((pk, number)))
            for number in range(item.ballot, 0, -1)
        ]
        for pk, item in last.items()
    }


def _ballot(table, item, number, scores, agreement):
    agreed = settled_words(table.case, agreement.judgement, agreement.level) if agreement else ""
    given = tuple(Given(score, settled_words(table.case, score.judgement, score.level)) for score in scores)
    return Ballot(number, number == item.ballot, given, agreement, agreed)
