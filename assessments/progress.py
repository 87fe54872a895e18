"""How far an assessment has come: what is left for one person, by criterion, and how many members have finished."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from assessments import visibility
from assessments.decided import decided
from assessments.models import ArtefactLink, EvidenceItem
from assessments.models.evidence import UNCONFIRMED
from assessments.own_work import OwnWork, open_statements, spared_by_person, work_of
from assessments.reading import MOST_UNFOLDED
from assessments.workflow import State
from frameworks.tree import Node
from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import Role

NO_WORK = OwnWork(frozenset())


@dataclass(frozen=True)
class CriterionProgress:
    """
    One criterion's row: its items, how many are to be scored and are by this person, and how many show evidence.

    `attached` counts the items that cite an artefact, `in_date` those that cite one which counts as evidence today.
    `spared` are not among those asked for, as this person's own answers to the others decide the level; `needed` are
    those that what the board agreed has not decided; `unconfirmed` were brought and wait for the lead's word.
    """

    criterion: Node
    items: int
    asked: int
    scored: int
    attached: int
    in_date: int
    spared: int = 0
    needed: int = 0
    unconfirmed: int = 0

    @property
    def left(self):
        return self.asked - self.scored

    @property
    def some_do_not_count(self):
        return self.attached > self.in_date

    @property
    def shown(self):
        told = (self.items, self.asked, self.scored, self.left, self.attached, self.needed, self.some_do_not_count)
        return ShownRow(self.criterion.code, self.criterion.name, self.criterion.noun, *told)


class ShownRow(NamedTuple):
    """What is shown of a criterion's row, in values alone."""

    code: str
    name: str
    noun: str
    items: int
    asked: int
    scored: int
    left: int
    attached: int
    needed: int
    some_do_not_count: bool


class ShownDomain(NamedTuple):
    """What is shown of a domain's rows, in values alone; `is_next` where something is left to do that was not yet."""

    name: str
    is_next: bool
    asked: int
    scored: int
    attached: int
    needed: int
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class DomainProgress:
    """A domain with the rows of its criteria, in document order."""

    domain: Node
    rows: tuple[CriterionProgress, ...]

    @property
    def asked(self):
        return sum(row.asked for row in self.rows)

    @property
    def scored(self):
        return sum(row.scored for row in self.rows)

    @property
    def needed(self):
        return sum(row.needed for row in self.rows)

    @property
    def attached(self):
        return sum(row.attached for row in self.rows)


@dataclass(frozen=True)
class TaskList:
    """Everything there is to score, by domain, and how much of it one person has scored."""

    domains: tuple[DomainProgress, ...]

    @cached_property
    def rows(self):
        return tuple(row for domain in self.domains for row in domain.rows)

    @property
    def items(self):
        return sum(row.items for row in self.rows)

    @property
    def needed(self):
        return sum(row.needed for row in self.rows)

    @property
    def asked(self):
        return sum(row.asked for row in self.rows)

    @property
    def asked_of_all(self):
        """What is asked of everybody, whatever their own answers make of it."""
        return self.asked + sum(row.spared for row in self.rows)

    @property
    def scored(self):
        return sum(row.scored for row in self.rows)

    @property
    def left(self):
        return self.asked - self.scored

    @property
    def without_evidence(self):
        return self.needed - sum(row.attached for row in self.rows)

    @property
    def unconfirmed(self):
        return sum(row.unconfirmed for row in self.rows)

    @property
    def is_folded(self):
        """Say whether there are too many criteria for one list."""
        return len(self.rows) > MOST_UNFOLDED

    @property
    def next_domain(self):
        """The domain of the first criterion with something left to score, or without items; None if there is none."""
        return next((each for each in self.domains if any(row.left or not row.items for row in each.rows)), None)

    @property
    def shown(self):
        """All that the list shows, so that its part of the page can be kept."""
        first = self.next_domain
        return tuple(
            ShownDomain(
                each.domain.name,
                each is first,
                each.asked,
                each.scored,
                each.attached,
                each.needed,
                tuple(row.shown for row in each.rows),
            )
            for each in self.domains
        )

    @property
    def next_row(self):
        """The first criterion with something left to score, or None."""
        return next((row for row in self.rows if row.left), None)

    def row(self, code):
        """Return the row of a criterion, or None."""
        return next((row for row in self.rows if row.criterion.code == code), None)

    def beside(self, code):
        """Return the rows before and after a criterion among those with items; None at the ends."""
        codes = [row.criterion.code for row in self.rows]
        here = codes.index(code)
        before = next((row for row in reversed(self.rows[:here]) if row.items), None)
        after = next((row for row in self.rows[here + 1 :] if row.items), None)
        return before, after


@dataclass(frozen=True)
class BoardProgress:
    """
    How many members have scored everything that is asked, and how many scores there are of those that could be.

    `unfinished` pairs each membership that has something left with how much; only `who_is_left` may show it.
    """

    members: int
    finished: int
    given: int
    possible: int
    unfinished: tuple[tuple[Membership, int], ...]


class ItemCounts(NamedTuple):
    """What counts of an item, as `told_of` finds it; `waits` for the lead's word, where it was brought."""

    pk: int
    code: str
    statement_code: str
    open_for_scoring: bool
    attached: bool
    in_date: bool
    waits: bool


def own_tasks(*, user, assessment, definition, items=None):
    """
    Return what there is to score, by domain, and how much of it is done by a person; two queries, one with `items`.

    One more while the board agrees on a framework that asks only until a level is decided.
    """
    given, before = visibility.own_judgements(user=user, assessment=assessment)
    if items is None:
        items = items_of(assessment=assessment)
    work = work_of(given, before, items=items, definition=definition)
    return task_list(assessment=assessment, definition=definition, items=items, work=work)


def task_list(*, assessment, definition, items, work=NO_WORK):
    """
    Return by domain what `items` there are to score, and how much of it is done by the person's own `work`; no query.

    One while the board agrees on a framework that asks only until a level is decided. Items are `ItemCounts`.
    """
    needless = frozenset()
    if assessment.state == State.AGREEING:
        needless = decided({assessment.pk: definition}, day=timezone.localdate())[assessment.pk].items
    by_code = {}
    for item in items:
        by_code.setdefault(item.code, []).append(item)
    return TaskList(
        tuple(
            DomainProgress(
                domain,
                tuple(
                    _row(node, by_code.get(node.code, ()), work, assessment.state, needless)
                    for node in domain.walk()
                    if node.is_criterion
                ),
            )
            for domain in definition.domains
        )
    )


def items_of(*, assessment):
    """Return what counts of each of an assessment's items; one query."""
    return _items(assessment=assessment.pk, day=timezone.localdate())


@prepared
def _items(*, assessment, day):
    items = told_of(EvidenceItem.objects.filter(assessment=assessment), day)
    return items.values_list(*ItemCounts._fields, named=True)


def told_of(items, day):
    """Return items in order, each with the `code` of its criterion and what else counts of it on a day."""
    links = ArtefactLink.objects.filter(item=OuterRef("pk"), artefact__ended_on=None)
    in_date = links.filter(Q(artefact__review_by=None) | Q(artefact__review_by__gte=day), artefact__strength__gt=0)
    told = items.annotate(code=F("criterion__code"), attached=Exists(links), in_date=Exists(in_date))
    return told.annotate(waits=UNCONFIRMED).order_by("number")


def _row(criterion, items, work, state, needless):
    open_items = _asked(items, state)
    asked = [item for item in open_items if item.pk in work.scored or item.pk not in work.spared]
    needed = [item for item in items if item.pk not in needless]
    return CriterionProgress(
        criterion=criterion,
        items=len(items),
        asked=len(asked),
        scored=sum(item.pk in work.scored for item in asked),
        attached=sum(item.attached for item in needed),
        in_date=sum(item.in_date for item in needed),
        needed=len(needed),
        spared=len(open_items) - len(asked),
        unconfirmed=sum(item.waits for item in items),
    )


def _asked(items, state):
    # While the board scores some items again, only these are asked for.
    return [item for item in items if item.open_for_scoring or state != State.SCORING]


def board_progress(*, assessment, items, definition):
    """
    Return how far the board's members have come with the `items`, as `items_of` gives them; two queries.

    No score is read, but where the framework asks only until a level is decided, by one more: whose answers spare them
    others.
    """
    asked = len(_asked(items, assessment.state))
    given = visibility.scores_given(assessment=assessment)
    statements = open_statements(items, assessment=assessment)
    spared = spared_by_person({assessment.pk: definition}, statements)[assessment.pk]
    # One person counts once, however many organisations they sit for.
    here = _members(place=assessment.place_id, day=timezone.localdate())
    members = {member.user_id: member for member in here}
    left = {user: max(asked - spared.get(user, 0) - given.get(user, 0), 0) for user in members}
    unfinished = [(member, left[user]) for user, member in members.items() if left[user]]
    return BoardProgress(
        members=len(members),
        finished=sum(not n for n in left.values()) if asked else 0,
        given=sum(min(given.get(user, 0), asked) for user in members),
        possible=asked * len(members) - sum(spared.get(user, 0) for user in members),
        unfinished=tuple(sorted(unfinished, key=lambda pair: (pair[0].user.name, pair[0].pk))),
    )


@prepared
def _members(*, place, day):
    here = Membership.objects.current(day).filter(place=place, role=Role.MEMBER)
    return here.select_related("user", "organisation").order_by("-pk")
