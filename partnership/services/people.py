"""Add people, and give and end the roles that they hold."""

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from partnership import audit
from partnership.models import Membership, Place, User, revise
from partnership.permissions import check_can_administer
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from partnership.selectors import DEMO_DOMAIN
from partnership.services.places import EndsTooEarly, changes


class EmailTaken(Exception):
    """Somebody signs in with this e-mail address already."""


class RoleElsewhere(Exception):
    """The role is one of a place given at a system, or the other way round."""


class RoleHeldAlready(Exception):
    """The person holds this role there at that time."""


class MembershipEnded(Exception):
    """The membership has ended before."""


@transaction.atomic
def add_person(*, email, name, by, at, password=None, administrator=False):
    """
    Add a person who can sign in; without a password they choose one by the link in a reset e-mail.

    An administrator may use the administration pages; this gives no part in any place.

    :raises PermissionDenied: if `by` is not an administrator
    :raises EmailTaken: if somebody has this address, in whatever case
    """
    check_can_administer(user=by)
    if User.objects.filter(email=email.strip().lower()).exists():
        raise EmailTaken
    person = User.objects.create_user(
        email=email, name=name, password=password, is_staff=administrator, is_superuser=administrator, created_at=at
    )
    # Neither name nor address: they are personal and could not be erased from the record.
    audit.record(audit.Type.PERSON_ADDED, chain=None, by=by, at=at, target=person, administrator=administrator)
    return person


@transaction.atomic
def change_person(*, person, name, is_active, based_on, by, at):
    """
    Write a person's name anew, and whether they may sign in.

    :raises PermissionDenied: if `by` is not an administrator, or the person was pseudonymised
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    check_can_administer(user=by)
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.pseudonymised_at:
        raise PermissionDenied(f"{person.name} was pseudonymised, and stays as it is.")
    values = {"name": name, "is_active": is_active}
    if changed := changes(person, values, based_on=based_on):
        person = revise(person, based_on=based_on, **values)
        audit.record(
            audit.Type.PERSON_CHANGED, chain=None, by=by, at=at, target=person, changed=changed, is_active=is_active
        )
    return person


def check_role_is_free(*, user, role, place, system, starts_on, ends_on):
    """
    Let a membership pass that fits its place or system and overlaps none that the person holds.

    :raises RoleElsewhere: if the role is not one of a place, or of a system, as given, or the place has closed, or the
        person was pseudonymised
    :raises EndsTooEarly: if the last day lies before the first
    :raises RoleHeldAlready: if the person holds the role there on any of these days
    """
    if user.pseudonymised_at:
        raise RoleElsewhere(f"{user.name} was pseudonymised, so that they hold no role any more.")
    if place and place.ended_on:
        raise RoleElsewhere(f"{place.name} has closed, so nobody gets a role there.")
    if (place is None) == (system is None):
        raise RoleElsewhere("A role is held either at a place or for a system.")
    if Role(role) not in (AT_PLACE if place else OF_SYSTEM):
        where = "for a system" if place else "at a place"
        raise RoleElsewhere(f"The role “{Role(role).label}” is held {where}.")
    if ends_on and ends_on < starts_on:
        raise EndsTooEarly("The last day lies before the first.")
    held = Membership.objects.filter(user=user, role=role, place=place, system=system)
    held = held.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on:
        held = held.filter(starts_on__lte=ends_on)
    if held.exists():
        raise RoleHeldAlready(f"{user} holds this role there at that time already.")


@transaction.atomic
def start_membership(*, user, role, organisation, starts_on, by, at, place=None, system=None, ends_on=None):
    """
    Give a person a role at a place or for a system, on behalf of an organisation.

    :raises PermissionDenied: if `by` is not an administrator
    :raises RoleElsewhere, EndsTooEarly, RoleHeldAlready: as `check_role_is_free` does
    """
    check_can_administer(user=by)
    return give_role(
        user=user,
        role=role,
        organisation=organisation,
        starts_on=starts_on,
        by=by,
        at=at,
        place=place,
        system=system,
        ends_on=ends_on,
    )


def give_role(*, user, role, organisation, starts_on, by, at, place=None, system=None, ends_on=None):
    """
    Write the membership, inside the transaction of a service that has checked that this may be done.

    :raises RoleElsewhere, EndsTooEarly, RoleHeldAlready: as `check_role_is_free` does
    """
    if place:
        # Whoever closes the place holds the same lock.
        place = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=place.pk)
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    check_role_is_free(user=user, role=role, place=place, system=system, starts_on=starts_on, ends_on=ends_on)
    membership = Membership.objects.create(
        user=user,
        role=Role(role),
        place=place,
        system=system,
        organisation=organisation,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    audit.record(
        audit.Type.MEMBERSHIP_STARTED,
        chain=place.system if place else system,
        by=by,
        at=at,
        target=membership,
        person=str(user.public_id),
        role=str(Role(role)),
        where=str((place or system).public_id),
        organisation=str(organisation.public_id),
        starts_on=starts_on.isoformat(),
        ends_on=ends_on and ends_on.isoformat(),
    )
    return membership


@transaction.atomic
def end_membership(*, membership, ends_on, by, at):
    """
    Say which day is, or was, the last on which a person holds a role.

    :raises PermissionDenied: if `by` is not an administrator
    :raises EndsTooEarly: if the last day lies before the first
    :raises MembershipEnded: if a last day was set before
    """
    check_can_administer(user=by)
    membership = (
        Membership.objects.select_for_update(no_key=True, of=("self",))
        .select_related("place__system", "system")
        .get(pk=membership.pk)
    )
    if membership.ends_on:
        raise MembershipEnded
    if ends_on < membership.starts_on:
        raise EndsTooEarly
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    audit.record(
        audit.Type.MEMBERSHIP_ENDED,
        chain=membership.system or membership.place.system,
        by=by,
        at=at,
        target=membership,
        ends_on=ends_on.isoformat(),
    )
    return membership


@transaction.atomic
def give_demo_password():
    """
    Let the demo's made-up people sign in with the password that the README prints.

    One hash for all: making it is slow on purpose, and there is nothing to protect.

    :raises PermissionDenied: outside demo mode
    """
    if not settings.DEMO:
        raise PermissionDenied("There are no demo people outside demo mode.")
    User.objects.filter(email__endswith=DEMO_DOMAIN).update(password=make_password(settings.DEMO_PASSWORD))
