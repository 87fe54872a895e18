"""Reads of people and places that more than one caller needs, or that need joins."""

from collections import Counter

from django.db.models import Prefetch, Q
from django.shortcuts import get_object_or_404

from partnership.models import Invitation, Membership, Organisation, Partner, Place, PlaceChange, System, User
from partnership.roles import Role

DEMO_DOMAIN = ".example"


def demo_people():
    """
    Return the made-up people of the demo, as [(where, [(person, roles)])]; two queries.

    The place with the most people comes first, since most can be tried there; the rest go by name, and administrators
    without a part anywhere come last, under "". No real address ends in `.example`.
    """
    current = Membership.objects.current().select_related("place", "system").order_by("pk")
    people = (
        User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN)
        .prefetch_related(Prefetch("memberships", queryset=current))
        .order_by("pk")
    )
    groups = {}
    for person in people:
        memberships = list(person.memberships.all())
        if not memberships and not person.is_superuser:
            # Their place closed, or they left: nothing can be tried as them.
            continue
        where = str(memberships[0].place or memberships[0].system) if memberships else ""
        roles = [membership.get_role_display() for membership in memberships]
        groups.setdefault(where, []).append((person, roles or ["Administrator"]))
    sizes = Counter({where: len(members) for where, members in groups.items()})
    return sorted(groups.items(), key=lambda group: (group[0] == "", -sizes[group[0]], group[0]))


def get_place(*, user, public_id):
    """
    Return the place if the user has a part in it or in its system.

    :raises Http404: otherwise; for them it does not exist
    """
    return get_object_or_404(Place.objects.visible_to(user).select_related("system", "part_of"), public_id=public_id)


def get_system(*, user, public_id):
    """
    Return the system if the user has a part in it or in one of its places.

    :raises Http404: otherwise; for them it does not exist
    """
    now = Membership.objects.current().filter(user=user)
    system = System.objects.filter(Q(pk__in=now.values("system")) | Q(pk__in=now.values("place__system")))
    return get_object_or_404(system, public_id=public_id)


def get_system_as_its_own(*, user, public_id):
    """
    Return the system if the user has a part in it or in one of its places; an administrator has one everywhere.

    :raises Http404: otherwise; for them it does not exist
    """
    if user.is_superuser:
        return get_object_or_404(System, public_id=public_id)
    return get_system(user=user, public_id=public_id)


def roles_by_system(*, user):
    """
    Return the systems that the user has a part in, by name, each with all their roles in it; one query or two.

    An administrator has a part in each, without a role.
    """
    held = {system: set() for system in System.objects.all()} if user.is_superuser else {}
    for each in Membership.objects.current().filter(user=user).select_related("system", "place__system"):
        held.setdefault(each.system or each.place.system, set()).add(Role(each.role))
    return sorted(held.items(), key=lambda pair: (pair[0].name, pair[0].pk))


def has_part_in(*, user, system):
    """Tell whether the user has a part in the system itself."""
    return Membership.objects.current().filter(user=user, system=system).exists()


def places_with_changes(*, system):
    """Return the system's places by name, each with how it closed and was opened again, newest first; two queries."""
    changes = PlaceChange.objects.select_related("by", "successor").order_by("-pk")
    places = Place.objects.filter(system=system).select_related("part_of").order_by("name")
    return places.prefetch_related(Prefetch("changes", queryset=changes))


def changes_around(*, place):
    """Return how a place, and those that became part of it, closed and were opened again, newest first; one query."""
    around = PlaceChange.objects.filter(Q(place=place) | Q(successor=place))
    return around.select_related("place", "successor", "by").order_by("-pk")


def systems_to_invite_for(*, user):
    """Return the systems to whose places the user may invite people, by name: all of them for an administrator."""
    systems = System.objects.order_by("name")
    if user.is_superuser:
        return systems
    run = Membership.objects.current().filter(user=user, role=Role.PROGRAMME_OFFICE)
    return systems.filter(pk__in=run.values("system"))


def get_invitation(*, user, public_id):
    """
    Return the invitation if the user may invite people there.

    :raises Http404: otherwise; for them it does not exist
    """
    invitations = Invitation.objects.select_related("place__system", "organisation", "invited_by", "accepted_by")
    here = invitations.filter(place__system__in=systems_to_invite_for(user=user))
    return get_object_or_404(here, public_id=public_id)


def invitations_of(*, system):
    """Return the invitations to a system's places, newest first."""
    here = Invitation.objects.filter(place__system=system).select_related("place", "organisation", "invited_by")
    return here.order_by("-invited_at", "-pk")


def partners_now(*, system, on, place=None):
    """Return the organisations that are partners of a system's places, or of one of them, on a day, by name."""
    present = Partner.objects.filter(place__system=system, starts_on__lte=on).exclude(ends_on__lt=on)
    if place:
        present = present.filter(place=place)
    return Organisation.objects.filter(pk__in=present.values("organisation")).order_by("name")


def organisations_around(*, place):
    """Return the organisations that are or were partners of a place, and those that act for its system, by name."""
    partners = Partner.objects.filter(place=place).values("organisation")
    of_system = Membership.objects.filter(system=place.system_id).values("organisation")
    return Organisation.objects.filter(Q(pk__in=partners) | Q(pk__in=of_system)).order_by("name")


def partners_of(*, place, on):
    """Return the organisations that are partners of a place on a day, by name."""
    return partners_now(system=place.system_id, on=on, place=place)
