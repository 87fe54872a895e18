"""A blank score sheet for paper: what a framework asks of a place, with what it says and shows, and room to answer."""

from dataclasses import dataclass

from assessments.criterion_items import grouped, readable_citations
from assessments.models import Judgement, Score
from assessments.score_sheet import meanings
from assessments.workflow import State
from frameworks.definition import Definition, load
from frameworks.tree import Node

NAME_MAX = 100
CONFIDENCES = tuple(Score.Confidence.labels)
APART = (Judgement.CANNOT_JUDGE.label, Judgement.NOT_APPLICABLE.label)


@dataclass(frozen=True)
class PaperItem:
    """An item with the titles of what it cites and the answers that can be ticked."""

    item: object
    cited: tuple[str, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class PaperCriterion:
    """A criterion with its items, under the names of their statements' classes where they have any."""

    node: Node
    domain: Node
    groups: list
    descriptors: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Paper:
    """A whole sheet; `items` is how many it asks about."""

    definition: Definition
    criteria: tuple[PaperCriterion, ...]
    items: int


def load_paper(*, assessment, user):
    """Read what the sheet prints; three queries, whatever the size. No score is read."""
    definition = load(assessment.framework_version.definition)
    asked = assessment.items.select_related("criterion").prefetch_related(readable_citations(user))
    if assessment.state == State.SCORING:
        asked = asked.filter(open_for_scoring=True)
    by_code = {}
    for item in asked.order_by("number"):
        by_code.setdefault(item.criterion.code, []).append(item)
    return Paper(
        definition=definition,
        criteria=tuple(
            _criterion(definition, domain, node, by_code[node.code])
            for domain in definition.domains
            for node in domain.walk()
            if node.code in by_code
        ),
        items=sum(len(items) for items in by_code.values()),
    )


def _criterion(definition, domain, node, items):
    scale = definition.described(node)
    levels = scale.levels if scale else ()
    described = tuple((level.name, node.descriptors.get(level.rank) or level.meaning) for level in levels)
    return PaperCriterion(
        node=node,
        domain=domain,
        groups=grouped((definition.group_name(node, item.statement_code), _item(node, item)) for item in items),
        descriptors=described if any(text for _, text in described) else (),
        answers=tuple(meanings(node, [node.scale_of(item.statement_code) for item in items])),
    )


def _item(node, item):
    return PaperItem(
        item=item,
        cited=tuple(_cited(link) for link in item.citations),
        choices=(*(level.name for level in node.scale_of(item.statement_code).levels), *APART),
    )


def _cited(link):
    return f"{link.artefact.title} ({link.locator})" if link.locator else link.artefact.title
