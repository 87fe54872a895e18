"""What the board has before it when it agrees: an item's spread, named scores, evidence and what was settled."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone

from assessments import disagreement, visibility
from assessments.case import Case, CaseItem
from assessments.models import Agreement, Judgement, Score
from assessments.sectors import by_sector, large_shares
from assessments.selectors import load_case
from assessments.standing import beside
from frameworks.definition import Node
from frameworks.spread import Spread
from frameworks.wording import quoted


@dataclass(frozen=True)
class Table:
    """All items of an assessment after the reveal, as they lie."""

    case: Case

    def row(self, item: CaseItem):
        return Row(item=item, case=self.case, spread=self.case.spread(item))

    @property
    def rows(self):
        """All items, most disputed first."""
        return [self.row(item) for item in disagreement.by_disagreement(self.case)]

    @property
    def large_shares(self):
        """Each organisation that gave more than a third of all scores, with how many of how many."""
        return large_shares(self.case.panel)

    @property
    def whole(self):
        """How the scores lie over the whole assessment."""
        return self._sum(self.case.items, {_members(row): row["counts"] for row in self._sectors})

    def sum_of(self, code):
        """Return how the scores of a criterion lie."""
        rows = {_members(row): row["criteria"][code] for row in self._sectors if code in row["criteria"]}
        return self._sum(self.case.by_criterion[code], rows)

    def _sum(self, items, sectors):
        rated = set(self._rated).intersection(item.key for item in items)
        scores = [rank for voice in self.case.panel for key, rank in voice.ranks.items() if key in rated]
        given, scale = Counter(scores), self.case.definition.scale
        rows = {"All who scored": [given[rank] for rank in scale.ranks]} | sectors
        names = [level.name for level in scale.levels]
        return Sum(
            names=tuple(names),
            rows=tuple((who, tuple(zip(names, counts, strict=True))) for who, counts in rows.items()),
            left_out=len(items) - len(rated),
            items=len(rated),
            split=tuple(item.label for item in items if self.case.is_split(item)),
        )

    @cached_property
    def _rated(self):
        return {item.key: item.criterion for item in self.case.rated_by_level}

    @cached_property
    def _sectors(self):
        groups = defaultdict(set)
        for key, code in self._rated.items():
            groups[code].add(key)
        return by_sector(self.case.panel, groups, self.case.definition.scale.ranks)

    @property
    def open_rows(self):
        return [row for row in self.rows if row.is_open]

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
class Sum:
    """
    How all scores of several items lie: a row for all, and one for each sector that may be shown.

    A row is whose scores they are, and the levels' names with their counts. Added up are the `items` that are rated on
    the framework's own levels; `left_out` counts the others.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    items: int
    left_out: int
    split: tuple[str, ...]

    @property
    def has_sectors(self):
        return len(self.rows) > 1


def _members(row):
    return f"{row['sector']}, {row['members']} members"


def counted_levels(scale, spread):
    """Return the levels with how many scores each has, the lower median marked, as `distribution.html` takes them."""
    return [
        {"name": level.name, "count": count, "median": level.rank == spread.lower_median}
        for level, count in zip(scale.levels, spread.counts, strict=True)
    ]


@dataclass(frozen=True)
class Row:
    """One item, with how its scores lie."""

    item: CaseItem
    case: Case
    spread: Spread

    @property
    def scale(self):
        """What the item is rated on: the framework's levels or, on a checklist, the answers to its statement."""
        return self.case.scale(self.item)

    @property
    def is_open(self):
        return self.case.is_open(self.item)

    @property
    def is_decided(self):
        """Whether nothing that could be agreed here would change the level any more."""
        return not self.item.judgement and not self.is_open

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
        return self.case.supported_level(self.item, level) != level

    @property
    def levels(self):
        return counted_levels(self.scale, self.spread)

    @property
    def level_names(self):
        return [level.name for level in self.scale.levels]

    @property
    def agreed(self):
        """What was settled, in words; "" if nothing is."""
        return settled_words(self.scale, self.item.judgement, self.item.level)

    @property
    def standing(self):
        """What must be said beside the agreed level: that the scores were split, that evidence supports less."""
        supported = None
        if self.item.level is not None:
            supported = self.case.supported_level(self.item, self.item.level)
        return beside(split=self.spread.split, level=self.item.level, supported=supported, names=self.scale.names)

    @property
    def rank(self):
        """The agreed level's place on the scale, from 1; None where no level is agreed."""
        return self._place(self.item.level)

    @property
    def tag_number(self):
        """What the agreed level is called by; answers have names alone."""
        return "" if self.item.statement_code else self.item.level

    @property
    def median_number(self):
        return "" if self.item.statement_code else self.spread.lower_median

    @property
    def median_rank(self):
        """The lower median's place on the scale, from 1; None without scores."""
        return self._place(self.spread.lower_median)

    @property
    def median_name(self):
        return self.scale.name(self.spread.lower_median)

    @property
    def of(self):
        return len(self.scale.levels)

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
                    "out_of_date": artefact.is_old(self.case.as_at),
                }
            )
        return chips

    def _place(self, level):
        return None if level is None else level - self.scale.lowest + 1


@dataclass(frozen=True)
class Given:
    """A member's score, with what it says in words; `note` says if they left since, and whether it still counts."""

    score: Score
    words: str
    note: str = ""


@dataclass(frozen=True)
class Ballot:
    """The named scores of an item in one ballot, and what was agreed on it."""

    number: int
    is_last: bool
    scores: tuple[Given, ...]
    agreement: Agreement | None
    agreed: str


def settled_words(scale, judgement, level):
    """Return a judgement in words, "" for none."""
    if judgement == Judgement.LEVEL:
        return scale.name(level)
    return Judgement(judgement).label if judgement else ""


def settled_meanwhile(scale, agreement):
    """Say what is agreed now, to somebody who was looking at something else."""
    if agreement is None:
        return "It was scored again since you opened this page."
    words = settled_words(scale, agreement.judgement, agreement.level)
    ending = f", with the rationale {quoted(agreement.reason)}" if agreement.reason else "."
    return f"Meanwhile it was settled at {words}{ending}"


def _standing(membership, last):
    if membership.pk != last:
        return "has left since; not counted, because whoever took over scored the item, too"
    left = membership.ends_on and membership.ends_on < timezone.localdate()
    return "has left since" if left else ""


def load_table(*, assessment, item=None):
    """
    Read the whole table, or of it one item alone; five queries.

    The caller has checked that the reader may see the spread.
    """
    return Table(load_case(assessment=assessment, on=timezone.localdate(), item=item))


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
    for each in settled.select_related("item"):
        agreements[each.item_id, each.ballot] = each
        last[each.item_id] = each.item
    criterion = table.criterion(code)
    return {
        str(item.public_id): [
            _ballot(criterion, item, number, scores[pk, number], agreements.get((pk, number)))
            for number in range(item.ballot, 0, -1)
        ]
        for pk, item in last.items()
    }


def _ballot(criterion, item, number, scores, agreement):
    scale = criterion.scale_of(item.statement_code)
    agreed = settled_words(scale, agreement.judgement, agreement.level) if agreement else ""
    last = {}
    for score in scores:
        seat = score.membership.seat
        last[seat] = max(last.get(seat, 0), score.membership_id)
    given = tuple(
        Given(
            score,
            settled_words(scale, score.judgement, score.level),
            _standing(score.membership, last[score.membership.seat]),
        )
        for score in scores
    )
    return Ballot(number, number == item.ballot, given, agreement, agreed)
