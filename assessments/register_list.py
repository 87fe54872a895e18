"""A place's evidence register as a list, narrowed down by what the address asks for."""

import datetime
import re
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Prefetch
from django.shortcuts import get_object_or_404

from assessments.models import Artefact, ArtefactLink, Assessment, Round
from assessments.workflow import ACTS, SHARED_WITH_ICB, Act
from frameworks.definition import load
from partnership.roles import AT_PLACE

DUE_WITHIN = datetime.timedelta(days=60)


@dataclass(frozen=True)
class Filters:
    """What to narrow a register down to; each is empty where it does not matter."""

    kind: str = ""
    criterion: str = ""
    due: bool = False
    unproposed: bool = False
    ended: bool = False


@dataclass(frozen=True)
class Register:
    """
    A place's artefacts that the reader may see, each with its `citations` in the latest assessment.

    `criteria` are those of that assessment's framework version, none where the place has had no assessment.
    """

    assessment: Assessment | None
    criteria: tuple = field(default=())

    def artefacts(self, *, place, user, filters, day):
        """Return what the filters let through, in no order."""
        found = Artefact.objects.visible_to(user).filter(place=place)
        if not filters.ended:
            found = found.filter(ended_on=None)
        if filters.kind:
            found = found.filter(kind=filters.kind)
        if filters.due:
            found = found.filter(review_by__lte=day + DUE_WITHIN)
        if filters.unproposed:
            found = found.filter(strength=None)
        here = ArtefactLink.objects.filter(item__assessment=self.assessment)
        if filters.criterion:
            found = found.filter(Exists(here.filter(artefact=OuterRef("pk"), item__criterion__code=filters.criterion)))
        return found

    def with_citations(self, artefacts, keys):
        """Return the artefacts with these keys, in the order of the keys; two queries."""
        here = ArtefactLink.objects.filter(item__assessment=self.assessment)
        by_place = here.select_related("item__criterion").order_by("item__criterion__position", "item__number")
        cited = Prefetch("links", queryset=by_place, to_attr="citations")
        found = artefacts.filter(pk__in=keys).select_related("owner").prefetch_related(cited).in_bulk()
        return [found[key] for key in keys]


def by_title(artefacts):
    """Return the keys of artefacts as people put titles in order, Item 2 before Item 10; one query."""
    return [pk for pk, title in sorted(artefacts.values_list("pk", "title"), key=lambda pair: _order(*pair))]


def _order(pk, title):
    # Words and numbers take turns, so that two titles compare word by word and number by number.
    parts = re.split(r"(\d+)", title.casefold())
    return [int(part) if place % 2 else part for place, part in enumerate(parts)], pk


def get_artefact(*, user, public_id):
    """
    Return the artefact if the user may read it.

    :raises Http404: otherwise; for them it does not exist
    """
    visible = Artefact.objects.visible_to(user)
    return get_object_or_404(visible.select_related("place__system", "owner", "file", "added_by"), public_id=public_id)


def load_register(*, place, capacity):
    """Read what a place's register is about: its latest assessment that the person may read; one query."""
    found = readable(Assessment.objects.kept().filter(place=place), capacity=capacity)
    assessment = found.select_related("place", "round", "framework_version").order_by(
        F("round__opened_at").desc(), F("number").desc()
    )
    latest = assessment.first()
    criteria = load(latest.framework_version.definition).criteria if latest else ()
    return Register(assessment=latest, criteria=criteria)


def load_citations(*, artefact, capacity):
    """Return where an artefact is cited, as far as the person may read that, the latest round first; one query."""
    here = Assessment.objects.filter(place=artefact.place)
    # Who works here reads the newest version of each; others may have only an earlier one to read.
    assessments = readable(here.newest() if works_here(capacity=capacity) else here.kept(), capacity=capacity)
    links = ArtefactLink.objects.filter(artefact=artefact, item__assessment__in=assessments)
    return links.select_related("item__criterion", "item__assessment__round").order_by(
        "-item__assessment__round__opened_at", "item__criterion__position", "item__number"
    )


def readable(assessments, *, capacity):
    """Narrow a place's assessments to those whose content the person reads, as `workflow.may_read` says."""
    if works_here(capacity=capacity):
        return assessments
    shared = assessments.filter(state__in=SHARED_WITH_ICB)
    if capacity.roles & AT_PLACE:
        return shared
    return shared.exclude(round__visibility=Round.Visibility.PLACE)


def works_here(*, capacity):
    """Tell whether the person reads the place's evidence before it is submitted."""
    return bool(capacity.roles & ACTS[Act.READ].roles)
