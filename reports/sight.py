"""Whose submitted results a person sees of a system, and which of its assessments count."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from assessments import own_work
from assessments.models import Assessment, Round, Snapshot
from assessments.workflow import SHARED_WITH_ICB, State
from partnership.models import Membership, Place, System
from partnership.permissions import Capacity
from partnership.prepared import prepared
from partnership.roles import OF_SYSTEM, Role
from partnership.stamps import chains_of, heads, stamp


def submitted_last():
    """Return, of each place in each round, the version that was submitted last; a re-opened one stands until then."""
    later = Assessment.objects.filter(
        round=OuterRef("round"),
        place=OuterRef("place"),
        number__gt=OuterRef("number"),
        state__in=SHARED_WITH_ICB,
        seal__isnull=False,
    )
    submitted = Assessment.objects.filter(state__in=SHARED_WITH_ICB, seal__isnull=False)
    return submitted.exclude(Exists(later))


def stamp_of(*, public_id):
    """Return the stamp of all that a system's pages show: of its chain and those of all its assessments; one query."""
    return stamp(_heads(system=public_id))


@prepared
def _heads(*, system):
    here = System.objects.filter(public_id=system)
    assessments = Assessment.objects.filter(system__public_id=system)
    return heads(chains_of(here, "system") | chains_of(assessments, "assessment"))


@dataclass(frozen=True)
class Sight:
    """
    What a person sees of a system: all that its rounds share with the ICB, as one who watches it; else what is of their
    own places, and what its rounds share among places.

    `kept_back` are places whose items they have still to score: no level of an earlier round is to lead them.
    """

    system: System
    capacity: Capacity
    own: frozenset[int] = frozenset()
    kept_back: frozenset[int] = frozenset()

    @cached_property
    def watches(self):
        return bool(self.capacity.roles & OF_SYSTEM)

    def faceless(self):
        """Return the same without the person: equal for all who see the same."""
        return replace(self, capacity=self.capacity.faceless())

    def of(self, assessments):
        """Return those of the assessments, all of this system, whose content the person reads once submitted."""
        if self.watches:
            seen = ~Q(round__visibility=Round.Visibility.PLACE)
        else:
            seen = Q(place__in=self.own) | Q(round__visibility__in=Round.SHARED_WITH_PEERS)
        return assessments.filter(seen).exclude(place__in=self.kept_back)

    def snapshots(self, opened):
        """Return what the places of a round submitted last, as far as the person reads it; one query."""
        shown = self.of(submitted_last().filter(round=opened))
        found = Snapshot.objects.filter(assessment__in=shown, seal__isnull=False)
        return list(found.select_related("assessment__round", "assessment__place__part_of"))

    def may_open(self, assessment):
        """Say whether the person opens an assessment's own pages; of others there is the report that they share."""
        return self.watches or assessment.place_id in self.own


def get_sight(*, user, public_id) -> Sight:
    """
    Return what a person with a part in a system or in one of its places sees of it.

    One query for those who watch it; one more for others, and one or more for each place where they have to score.

    :raises Http404: if they have no part; for them there is no such system
    """
    parts = _parts(user=user.pk, system=public_id, day=timezone.localdate())
    if not parts:
        raise Http404("No such system")
    system = parts[0].system or parts[0].place.system
    capacity = Capacity(user=user, memberships=tuple(part for part in parts if part.system_id))
    scoring = [part.place_id for part in parts if part.role == Role.MEMBER]
    kept_back = frozenset(_still_to_score(user, scoring)) if scoring else frozenset()
    if capacity.roles & OF_SYSTEM:
        return Sight(system, capacity, kept_back=kept_back)
    own = Place.objects.visible_to(user).filter(system=system).values_list("pk", flat=True)
    return Sight(system, capacity, frozenset(own), kept_back)


@prepared
def _parts(*, user, system, day):
    here = Q(system__public_id=system) | Q(place__system__public_id=system)
    parts = Membership.objects.current(day).filter(here, user=user)
    return parts.select_related("organisation", "system", "place__system").order_by("pk")


def _still_to_score(user, places):
    """Yield the places with an assessment in scoring of which the person has still to score something."""
    waiting = Assessment.objects.filter(place__in=places, state=State.SCORING)
    for each in waiting.select_related("round", "framework_version"):
        if own_work.items_left(user=user, assessment=each):
            yield each.place_id
