"""A criterion's evidence items with what they cite, for those who write them and those who read them."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from assessments.models import Artefact, ArtefactLink, EvidenceItem
from frameworks.definition import load
from frameworks.models import Node


@dataclass(frozen=True)
class CriterionItems:
    """
    A criterion as the framework describes it, its domain, and its items in order.

    Each item carries `citations`, the links that the reader may see. `previous` and `next` are the neighbours.
    """

    definition: object
    criterion: object
    domain: object
    items: tuple
    previous: object
    next: object


def load_criterion_items(*, assessment, code, user):
    """
    Read a criterion's items; two queries, whatever their number.

    :raises Http404: if the framework has no criterion with this code
    """
    definition = load(assessment.framework_version.definition)
    codes = [node.code for node in definition.criteria]
    if code not in codes:
        raise Http404("The framework has no such criterion")
    place = codes.index(code)
    items = assessment.items.filter(criterion__code=code).select_related("carried_from__assessment__round")
    return CriterionItems(
        definition=definition,
        criterion=definition.node(code),
        domain=next(each for each in definition.domains for node in each.walk() if node.code == code),
        items=tuple(items.prefetch_related(readable_citations(user)).order_by("number")),
        previous=definition.node(codes[place - 1]) if place else None,
        next=definition.node(codes[place + 1]) if place + 1 < len(codes) else None,
    )


def grouped(pairs):
    """Return rows under the names of their statements' classes, in the order in which these first appear."""
    groups = {}
    for name, row in pairs:
        groups.setdefault(name, []).append(row)
    return [{"name": name, "rows": rows} for name, rows in groups.items()]


def get_criterion(*, assessment, code):
    """
    Return the criterion's row.

    :raises Http404: if the framework has no criterion with this code
    """
    return get_object_or_404(Node, version=assessment.framework_version_id, is_criterion=True, code=code)


def is_checklist(assessment, code):
    """Tell whether the framework itself says what is asked about a criterion."""
    return load(assessment.framework_version.definition).node(code).is_checklist


def get_item(*, assessment, public_id, user):
    """
    Return one item with its criterion and its `citations`; two queries.

    :raises Http404: if the assessment has no such item
    """
    items = EvidenceItem.objects.filter(assessment=assessment).select_related("criterion")
    return get_object_or_404(items.prefetch_related(readable_citations(user)), public_id=public_id)


def readable_citations(user):
    """Return how to fetch items with those of their citations that `user` may read, as `citations`."""
    links = ArtefactLink.objects.filter(artefact__in=Artefact.objects.visible_to(user))
    return Prefetch(
        "artefact_links",
        queryset=links.select_related("artefact__owner").order_by("artefact__title", "pk"),
        to_attr="citations",
    )


def is_old(artefact, day=None):
    """Tell whether an artefact counts no longer: it was ended, or its review date has passed."""
    day = day or timezone.localdate()
    return bool(artefact.ended_on or (artefact.review_by and artefact.review_by < day))
