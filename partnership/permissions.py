"""
Who may do what: the vocabulary in which every room writes its tables, and this room's own table.

Two tables say everything. Each room's `ROUTES` lists its addresses with who may read and who may
post; the middleware refuses an address that no table lists. The rules of what may be done in which
state are in `assessments.workflow`.
"""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import Role

PUBLIC = "anyone"
SIGNED_IN = "anyone signed in"
ADMINISTRATOR = "administrator"
# A program that brings a token, and nobody by their session.
TOKEN = "a program with a token"
PROGRAMME_OFFICE = frozenset({Role.PROGRAMME_OFFICE})


@dataclass(frozen=True)
class Route:
    """Who may open an address and who may post to it: `post` is None where it only reads, `read` where it only acts."""

    read: str | frozenset | None
    post: str | frozenset | None = None


ROUTES = {
    "partnership:sign_in": Route(PUBLIC, PUBLIC),
    # For everybody, so that somebody whose sign-in has run out is not asked to sign in first.
    "partnership:sign_out": Route(None, PUBLIC),
    # How long the sign-in lasts; posting to it begins its time anew.
    "partnership:sign_in_time": Route(SIGNED_IN, SIGNED_IN),
    # What a person sent after their time had run out; posting throws it away.
    "partnership:kept": Route(SIGNED_IN, SIGNED_IN),
    "partnership:password_change": Route(SIGNED_IN, SIGNED_IN),
    "partnership:password_reset": Route(PUBLIC, PUBLIC),
    "partnership:password_reset_sent": Route(PUBLIC),
    "partnership:password_reset_confirm": Route(PUBLIC, PUBLIC),
    "partnership:password_reset_done": Route(PUBLIC),
    "partnership:inviting": Route(SIGNED_IN),
    # An administrator may use these, too, for every system.
    "partnership:invitations": Route(PROGRAMME_OFFICE),
    "partnership:invite": Route(PROGRAMME_OFFICE, PROGRAMME_OFFICE),
    "partnership:invite_several": Route(PROGRAMME_OFFICE, PROGRAMME_OFFICE),
    "partnership:invitation": Route(PROGRAMME_OFFICE),
    "partnership:invitation_send_again": Route(None, PROGRAMME_OFFICE),
    "partnership:invitation_withdraw": Route(None, PROGRAMME_OFFICE),
    # Whoever was invited may have no account yet: the link is what lets them in.
    "partnership:join": Route(PUBLIC, PUBLIC),
    "partnership:preferences": Route(SIGNED_IN, SIGNED_IN),
    # The signed link in an e-mail acts for its reader.
    "partnership:unsubscribe": Route(PUBLIC, PUBLIC),
    "partnership:leave": Route(ADMINISTRATOR, ADMINISTRATOR),
    "partnership:pseudonymise": Route(ADMINISTRATOR, ADMINISTRATOR),
    # An administrator may use these two, too, for every system.
    "partnership:places": Route(PROGRAMME_OFFICE),
    "partnership:close_places": Route(PROGRAMME_OFFICE, PROGRAMME_OFFICE),
    "partnership:open_place_again": Route(ADMINISTRATOR, ADMINISTRATOR),
    "partnership:put_away": Route(None, SIGNED_IN),
    "partnership:glossary": Route(PUBLIC),
    "partnership:help": Route(SIGNED_IN),
    "partnership:help_page": Route(frozenset(Role)),
    # An administrator may use these two, too, for every system.
    "partnership:help_edit": Route(PROGRAMME_OFFICE, PROGRAMME_OFFICE),
    "partnership:help_history": Route(PROGRAMME_OFFICE, PROGRAMME_OFFICE),
    "partnership:privacy": Route(PUBLIC),
    "partnership:cookies": Route(PUBLIC),
    "partnership:accessibility": Route(PUBLIC),
    "partnership:health": Route(PUBLIC),
}


@dataclass(frozen=True)
class FacelessPart:
    """A part at a place or in a system, whoever holds it, for whichever organisation."""

    role: str
    place_id: int | None
    system_id: int | None


@dataclass(frozen=True)
class Capacity:
    """
    What a person is, on a day, at one place and for its system.

    `named_as` are roles that they were given for one piece of work alone, without a membership here; `powers` what
    somebody else let them do in their place.
    """

    user: object
    memberships: tuple
    named_as: frozenset = frozenset()
    powers: frozenset = frozenset()

    @cached_property
    def roles(self):
        return self.named_as | {Role(membership.role) for membership in self.memberships}

    def as_role(self, role):
        """Return the person's membership in that role, or None."""
        return next((membership for membership in self.memberships if membership.role == role), None)

    def faceless(self):
        """
        Return the same without the person: equal for all who hold the same parts with the same powers.

        Whatever is made for it tells of nobody, and may be shown to each of them.
        """
        parts = {FacelessPart(each.role, each.place_id, each.system_id) for each in self.memberships}
        return Capacity(None, tuple(sorted(parts, key=repr)), self.named_as, self.powers)

    def check(self, roles, sentence):
        """
        Let the person pass who holds one of `roles`.

        :raises PermissionDenied: with `sentence`, which is shown to the person
        """
        if not self.roles & roles:
            raise PermissionDenied(sentence)


def capacity(*, user, place, on=None):
    """Return what `user` is at `place` (which must have its `system_id`) on a day, today unless told; one query."""
    day = on or timezone.localdate()
    held = _held(user=user.pk, places=where_held(place), system=place.system_id, day=day)
    return capacity_from(held, user=user, place=place)


@prepared
def _held(*, user, places, system, day):
    held = Membership.objects.current(day).filter(user=user).select_related("organisation")
    return held.filter(Q(place__in=places) | Q(system=system)).order_by("pk")


def where_held(place):
    """Return the keys of the places where somebody may have a part in `place`: itself, and what it is part of now."""
    return [key for key in (place.pk, place.part_of_id) if key]


def capacity_from(memberships, *, user, place, named_as=frozenset(), powers=frozenset()):
    """
    Return what `user` is at `place` by memberships there, in its system or where it is part of now.

    At a place that has closed nobody acts: whoever has a part in it observes what it left.
    """
    memberships = tuple(memberships)
    if place.ended_on:
        of_system = tuple(each for each in memberships if each.system_id)
        if len(of_system) < len(memberships):
            named_as = named_as | {Role.OBSERVER}
        memberships, powers = of_system, frozenset()
    return Capacity(user=user, memberships=memberships, named_as=named_as, powers=powers)


def system_capacity(*, user, system, on=None):
    """Return what `user` is for `system` on a day, today unless told; one query."""
    held = Membership.objects.current(on).filter(user=user, system=system).select_related("organisation")
    return Capacity(user=user, memberships=tuple(held.order_by("pk")))


def check_can_administer(*, user):
    """
    Let an administrator pass, and the portal itself (None), which loads data by command.

    :raises PermissionDenied: for anybody else
    """
    if user is not None and not (user.is_active and user.is_superuser):
        raise PermissionDenied("Only an administrator may do this.")


def route_table():
    """
    Return every listed route by name, from all rooms.

    :raises ImproperlyConfigured: if two tables list the same route
    """
    table = {}
    for path in settings.ROUTE_TABLES:
        routes = import_string(path)
        if twice := table.keys() & routes.keys():
            raise ImproperlyConfigured(f"{path} lists {sorted(twice)} again")
        table |= routes
    return table


def named(roles):
    """Return roles as words in a sentence: "the board chair or the place lead"."""
    words = [
        f"the {role.label[0].lower()}{role.label[1:]}" if role.label[:3] != "ICB" else f"the {role.label}"
        for role in sorted(roles)
    ]
    return " or ".join(words)
