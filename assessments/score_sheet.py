"""What one member has before them while they score a criterion: its items, their evidence, and their own scores."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from assessments import progress, visibility
from assessments.comparison import Comparison
from assessments.models import Agreement, Artefact, ArtefactLink, Assessment, EvidenceItem, Flag, Judgement, Score
from assessments.own_work import work_of
from assessments.workflow import SEALED
from frameworks.definition import Definition, load
from frameworks.models import Node as Criterion
from frameworks.scale import Scale
from frameworks.tree import Node
from partnership.prepared import prepared

ITEM = tuple(column.attname for column in EvidenceItem._meta.concrete_fields)
# What items to score need of their criterion's row: its other words stand in the definition.
CRITERION = ("id", "code", "name")
COUNTS = progress.ItemCounts._fields


class Shown(NamedTuple):
    """What is shown of a cited artefact: values alone, which are the same for everybody who may read the item."""

    public_id: UUID
    title: str
    kind: str
    strength: int | None
    dated_on: date | None
    review_by: date | None
    is_old: bool
    owner: str
    locator: str
    note: str

    @property
    def kind_words(self):
        return Artefact(kind=self.kind).get_kind_display()

    @property
    def strength_words(self):
        return Artefact(strength=self.strength).strength_words


@dataclass(frozen=True)
class Cited:
    """An artefact as it is cited for an item; `is_old` once its review date has passed."""

    link: ArtefactLink
    is_old: bool

    @property
    def artefact(self):
        return self.link.artefact

    @property
    def shown(self):
        """All that is shown of it, so that its part of the page can be kept."""
        artefact = self.artefact
        return Shown(
            public_id=artefact.public_id,
            title=artefact.title,
            kind=str(artefact.kind),
            strength=artefact.strength,
            dated_on=artefact.dated_on,
            review_by=artefact.review_by,
            is_old=self.is_old,
            owner=artefact.owner.name if artefact.owner else "",
            locator=self.link.locator,
            note=artefact.note,
        )


class Said(NamedTuple):
    """What stands in an item's row, in values alone."""

    number: int
    name: str
    statement: str
    account: str
    is_checklist: bool
    public_id: UUID


class ShownItem(NamedTuple):
    """What is shown of a sheet's item beside the score, in values alone."""

    item: Said
    shown: tuple[Shown, ...]
    earlier: str
    is_decided: bool
    is_scored_before: bool
    is_flagged: bool


@dataclass(frozen=True)
class SheetItem:
    """
    An item with its evidence and the member's own score; `earlier` says what last round agreed, if anything.

    `scale` is what it is rated on, and `group` the name of its statement's class. `is_decided` where the member's
    other answers decide the level, so that none is needed here.

    It `is_scored_before` where somebody scored it whose seat the member took over, and the member has not; it
    `is_flagged` where the member means to come back to it.
    """

    item: EvidenceItem
    scale: Scale
    cited: tuple[Cited, ...]
    score: Score | None
    earlier: str
    group: str = ""
    is_decided: bool = False
    is_scored_before: bool = False
    is_flagged: bool = False

    @property
    def shown(self):
        """All that is shown of what it cites."""
        return tuple(each.shown for each in self.cited)

    @property
    def values(self):
        """What is shown of it where it can be scored, so that its part of the page can be kept."""
        item = self.item
        said = Said(item.number, item.name, item.statement, item.account, item.is_checklist, item.public_id)
        is_decided = self.is_decided and self.score is None
        return ShownItem(said, self.shown, self.earlier, is_decided, self.is_scored_before, self.is_flagged)


class Unstored:
    """What the scoring page tells of a stored score, for an item of which none is kept; `form` is its form."""

    score = None
    problem = ""
    is_conflict = False
    extra = ""
    extra_is_open = False
    based_on = 0
    shown = ""
    saved_at = ""

    @property
    def controls(self):
        return self.form.controls


@dataclass(frozen=True)
class ScoreSheet:
    """A criterion's items as one member scores them, and where it stands among the others."""

    definition: Definition
    domain: Node
    criterion: Node
    items: tuple[SheetItem, ...]
    tasks: progress.TaskList

    @property
    def described(self):
        """The scale that the criterion's descriptors are about; None where there are none for a checklist."""
        return self.definition.described(self.criterion)

    @property
    def answers(self):
        """What the answers to the statements mean, as pairs of a name and a meaning, each once; often none do."""
        return meanings(self.criterion, [each.scale for each in self.items])

    @property
    def decided(self):
        """How many statements need no answer of the member's any more."""
        return sum(each.is_decided and each.score is None for each in self.items)

    @property
    def row(self):
        return self.tasks.row(self.criterion.code)

    @property
    def previous(self):
        return self.tasks.beside(self.criterion.code)[0]

    @property
    def next(self):
        return self.tasks.beside(self.criterion.code)[1]


def meanings(criterion, scales):
    """Return what the answers to a checklist mean, as pairs of a name and a meaning, each once; none elsewhere."""
    if not criterion.is_checklist:
        return []
    pairs = ((level.name, level.meaning) for scale in scales for level in scale.levels if level.meaning)
    return list(dict.fromkeys(pairs))


def load_sheet(*, assessment, code, user):
    """
    Read a criterion's score sheet for one person; five queries at most, whatever its size.

    :raises Http404: if the framework has no criterion with this code
    """
    definition = load(assessment.framework_version.definition)
    domain = next((each for each in definition.domains for node in each.walk() if node.code == code), None)
    if domain is None or not definition.node(code).is_criterion:
        raise Http404("The framework has no such criterion")
    criterion = definition.node(code)
    given, before, own = visibility.own_with_scores(user=user, assessment=assessment, code=code)
    every, items = told_items(assessment=assessment, code=code, user=user)
    work = work_of(given, before, items=every, definition=definition)
    cited = cited_for(items)
    earlier = agreed_last_time(assessment, definition, [item for item in items if item.pk in own])
    return ScoreSheet(
        definition=definition,
        domain=domain,
        criterion=criterion,
        items=tuple(
            SheetItem(
                item,
                criterion.scale_of(item.statement_code),
                tuple(cited.get(item.pk, ())),
                own.get(item.pk),
                earlier.get(item.pk, ""),
                group=definition.group_name(criterion, item.statement_code),
                is_decided=item.pk in work.spared,
                is_scored_before=item.pk in before and item.pk not in own,
                is_flagged=item.is_flagged,
            )
            for item in items
        ),
        tasks=progress.task_list(assessment=assessment, definition=definition, items=every, work=work),
    )


def told_items(*, assessment, user, code=""):
    """
    Return what counts of each of an assessment's items, and the items whole, in order; one query.

    Whole are those of one criterion, or all. Each of them says whether the person means to come back to it, as
    `is_flagged`.
    """
    every, items = [], []
    for row in _told_whole(assessment=assessment.pk, user=user.pk, day=timezone.localdate()):
        counts, (is_flagged, *values) = row[: len(COUNTS)], row[len(COUNTS) :]
        every.append(progress.ItemCounts(*counts))
        # Of the others no more is needed, and a row of a table takes ten times as long as its values.
        if code in {"", every[-1].code}:
            item = EvidenceItem.from_db(DEFAULT_DB_ALIAS, ITEM, values[: len(ITEM)])
            item.criterion = Criterion.from_db(DEFAULT_DB_ALIAS, CRITERION, values[len(ITEM) :])
            item.assessment, item.is_flagged = assessment, is_flagged
            items.append(item)
    return every, items


@prepared
def _told_whole(*, assessment, user, day):
    items = progress.told_of(EvidenceItem.objects.filter(assessment=assessment), day)
    items = items.annotate(is_flagged=Exists(Flag.objects.filter(item=OuterRef("pk"), user=user)))
    return items.values_list(*COUNTS, "is_flagged", *ITEM, *(f"criterion__{name}" for name in CRITERION))


def items_to_score(*, assessment, code=""):
    """Return the items of a criterion, or of the whole assessment, to be scored one by one; one query."""
    items = _of_criterion(assessment=assessment.pk, code=code) if code else _of_all(assessment=assessment.pk)
    for item in items:
        item.assessment = assessment
    return items


@prepared
def _of_criterion(*, assessment, code):
    return EvidenceItem.objects.filter(assessment=assessment, criterion__code=code).select_related("criterion")


@prepared
def _of_all(*, assessment):
    return EvidenceItem.objects.filter(assessment=assessment).select_related("criterion")


def cited_for(items):
    """Return what items cite, by their keys; one query. For members, who read what is for the board."""
    today = timezone.localdate()
    by_item = {}
    for link in _links(items=[item.pk for item in items]):
        review_by = link.artefact.review_by
        by_item.setdefault(link.item_id, []).append(Cited(link, is_old=bool(review_by and review_by < today)))
    return by_item


@prepared
def _links(*, items):
    links = ArtefactLink.objects.filter(item__in=items, artefact__ended_on=None)
    return links.select_related("artefact__owner").order_by("artefact__title", "pk")


def agreed_last_time(assessment, definition, items):
    """
    Return what the last signed round on the framework agreed on these items, as sentences by their keys; two queries.

    Only for items that the person has scored, so that it does not lead them. An item is the same if it was carried over
    or says the same. Where its criterion changed since, the sentence says so and gives no level.
    """
    if not items:
        return {}
    found, comparison = {}, None
    for lineage, asked, statement, code, judgement, level, round_name, version in _agreed(
        place=assessment.place_id,
        framework=assessment.framework_version.framework_id,
        before=assessment.round.opens_on,
        lineages=[item.lineage for item in items],
        statements=[item.statement for item in items],
    ):
        comparison = comparison or Comparison.with_version(assessment, version)
        for item in items:
            is_lineage = item.lineage == lineage
            if not is_lineage and (item.pk in found or (item.statement_code, item.statement) != (asked, statement)):
                continue
            criterion = item.criterion.code
            if not comparison.links(criterion, code):
                continue
            found[item.pk] = _agreed_words(
                definition, comparison, criterion, asked, judgement=judgement, level=level, round_name=round_name
            )
    return found


@prepared
def _agreed(*, place, framework, before, lineages, statements):
    sealed = Assessment.objects.filter(
        place=place, framework_version__framework=framework, state__in=SEALED, round__opens_on__lt=before
    )
    last = sealed.order_by("-round__opens_on", "-number")[:1]
    is_same = Q(item__lineage__in=lineages) | Q(item__statement__in=statements)
    agreements = Agreement.objects.standing().filter(is_same, item__assessment__in=last)
    fields = ("item__lineage", "item__statement_code", "item__statement", "item__criterion__code", "judgement", "level")
    return agreements.values_list(*fields, "item__assessment__round__name", "item__assessment__framework_version")


def _agreed_words(definition, comparison, criterion, asked, *, judgement, level, round_name):
    if why := comparison.why_not(criterion):
        return f"What the board agreed last time ({round_name}) cannot be compared. {why}"
    # The scale is the same then, so that its names are.
    scale = definition.node(criterion).scale_of(asked)
    level_name = scale.name(level) if judgement == Judgement.LEVEL else Judgement(judgement).label
    return f"The board agreed last time: {level_name} ({round_name})"
