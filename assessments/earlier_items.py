"""What a place wrote in an earlier round, as its lead may bring it into a new one, and what was brought so far."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.functional import cached_property

from assessments.comparison import Comparison
from assessments.criterion_items import readable_citations
from assessments.models import ArtefactLink, Assessment, EvidenceItem
from assessments.workflow import State
from frameworks.definition import Definition, load
from frameworks.tree import Node
from frameworks.wording import listed


@dataclass(frozen=True)
class Candidate:
    """An item of an earlier round. `is_here` once it was brought; of what it cites, `ended` artefacts stay behind."""

    item: EvidenceItem
    is_here: bool
    cited: int
    ended: int


@dataclass(frozen=True)
class CandidateCriterion:
    """
    A criterion of the earlier round with its items, and what became of it.

    `targets` are the criteria that its items may go to: none if it was dropped, several if it was split. `flag` says
    what changed, if anything did.
    """

    source: Node
    targets: tuple[Node, ...]
    flag: str
    items: tuple[Candidate, ...]

    @property
    def open_items(self):
        return tuple(each for each in self.items if not each.is_here)


@dataclass(frozen=True)
class Candidates:
    """Everything of an earlier assessment that may be brought, by its criteria; those without items are left out."""

    source: Assessment
    criteria: tuple[CandidateCriterion, ...]

    @cached_property
    def count(self):
        return sum(len(each.open_items) for each in self.criteria if each.targets)

    @cached_property
    def here(self):
        return sum(item.is_here for each in self.criteria for item in each.items)


def earlier_assessments(*, assessment):
    """
    Return the newest version of the place's assessments of earlier rounds whose wording is fixed, latest first.

    Only those on the same framework: no criterion of another one became one of this.
    """
    earlier = Assessment.objects.newest().filter(
        place=assessment.place_id,
        framework_version__framework=assessment.framework_version.framework_id,
        round__opens_on__lt=assessment.round.opens_on,
    )
    fixed = earlier.exclude(state=State.PREPARING).select_related("round", "framework_version")
    return fixed.order_by("-round__opens_on", "-number", "-pk")


def items_of(assessment):
    """Return an assessment's items in document order with their citations; two queries."""
    links = ArtefactLink.objects.select_related("artefact").order_by("pk")
    items = assessment.items.select_related("criterion").order_by("criterion__position", "number")
    return items.prefetch_related(Prefetch("artefact_links", queryset=links))


def targets_of(source: Node, comparison: Comparison, now: Definition) -> tuple[Node, ...]:
    """
    Return the criteria to which what was written for an earlier one may go.

    What a place said of a framework's statements goes to a checklist, and its own statements to a criterion that takes
    such.
    """
    became = (now.node(code) for code in comparison.targets(source.code))
    return tuple(node for node in became if node.is_checklist == source.is_checklist)


def statements_here(assessment):
    """Return the items of an assessment's checklists by the codes of criterion and statement; one query."""
    items = assessment.items.exclude(statement_code="").select_related("criterion")
    cited = ArtefactLink.objects.filter(item=OuterRef("pk"))
    return {(item.criterion.code, item.statement_code): item for item in items.annotate(is_cited=Exists(cited))}


def has_words(item):
    """Say whether a place said or showed anything about a framework's statement, of which `statements_here` tells."""
    return bool(item.account or item.is_cited)


def load_candidates(*, assessment, source):
    """Read what may be brought from `source`; three queries, one more for checklists, and one more between versions."""
    comparison = Comparison.with_version(assessment, source.framework_version_id)
    now, then = load(assessment.framework_version.definition), load(source.framework_version.definition)
    here = set(assessment.items.values_list("lineage", flat=True))
    asked = statements_here(assessment) if any(node.is_checklist for node in now.criteria) else {}
    by_code = {}
    for item in items_of(source):
        links = list(item.artefact_links.all())
        code, is_here = item.criterion.code, item.lineage in here
        if item.is_checklist:
            # Of a checklist, what the place said of it is brought, and only where the same is asked again.
            again = [asked[key] for each in comparison.targets(code) if (key := (each, item.statement_code)) in asked]
            if not again or not (item.account or links):
                continue
            is_here = is_here or all(has_words(each) for each in again)
        ended = sum(link.artefact.ended_on is not None for link in links)
        candidate = Candidate(item, is_here, cited=len(links) - ended, ended=ended)
        by_code.setdefault(code, []).append(candidate)
    return Candidates(
        source,
        tuple(
            CandidateCriterion(
                source=node,
                targets=(targets := targets_of(node, comparison, now)),
                flag=_flag(node, targets, comparison),
                items=tuple(by_code[node.code]),
            )
            for node in then.criteria
            if node.code in by_code
        ),
    )


def _flag(source, targets, comparison):
    if len(targets) < 2:
        return "".join(comparison.flag(target.code) for target in targets)
    notes = [comparison.criterion(target.code).note for target in targets]
    parts = listed([f"{target.code} {target.name}" for target in targets])
    return " ".join(filter(None, [f"{source.code} {source.name} was split into {parts}.", *notes]))


@dataclass(frozen=True)
class CarriedItem:
    """An item that was brought: where from, and what of its criterion changed since, if anything did."""

    item: EvidenceItem
    round_name: str
    flag: str

    @property
    def shown(self):
        """What the page posts to confirm it: which item, and which version of it the reader saw."""
        return f"{self.item.public_id}:{self.item.version}"


def load_carried(*, assessment, user):
    """Return the items that wait for a confirmation, in document order; two queries, and one more between versions."""
    items = list(
        assessment.items.unconfirmed()
        .select_related("criterion", "carried_from__assessment__round")
        .prefetch_related(readable_citations(user))
        .order_by("criterion__position", "number")
    )
    sources = {item.carried_from.assessment.framework_version_id for item in items}
    comparisons = Comparison.with_versions(assessment, sources)
    return [
        CarriedItem(
            item,
            round_name=item.carried_from.assessment.round.name,
            flag=comparisons[item.carried_from.assessment.framework_version_id].flag(item.criterion.code),
        )
        for item in items
    ]


def unconfirmed_labels(*, assessment):
    """Return the labels of the items that wait for a confirmation, such as "DD1.4", in document order; one query."""
    items = assessment.items.unconfirmed().order_by("criterion__position", "number")
    fields = items.values_list("criterion__code", "statement_code", "number")
    return [f"{code}.{statement or number}" for code, statement, number in fields]
