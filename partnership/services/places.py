"""Add systems and places, and change places."""

from django.db import transaction

from partnership import audit
from partnership.models import Place, Stale, System, revise
from partnership.permissions import check_can_administer


class NameTaken(Exception):
    """Something of the same kind has this name already."""


class EndsTooEarly(Exception):
    """The last day lies before the first."""


@transaction.atomic
def add_system(*, name, board_name, by, at):
    """
    Add the area of an Integrated Care Board.

    :raises PermissionDenied: if `by` is not an administrator
    :raises NameTaken: if a system has this name
    """
    check_can_administer(user=by)
    if System.objects.filter(name=name).exists():
        raise NameTaken(f"There is a system named {name} already")
    system = System.objects.create(name=name, board_name=board_name)
    audit.record(audit.Type.SYSTEM_ADDED, chain=system, by=by, at=at, target=system, name=name)
    return system


@transaction.atomic
def add_place(*, system, name, by, at, partnership_name="", board_name="", about=""):
    """
    Add a place to a system.

    :raises PermissionDenied: if `by` is not an administrator
    :raises NameTaken: if the system has a place of this name
    """
    check_can_administer(user=by)
    System.objects.select_for_update(no_key=True).get(pk=system.pk)
    if system.places.filter(name=name).exists():
        raise NameTaken(f"{system} has a place named {name} already")
    place = Place.objects.create(
        system=system, name=name, partnership_name=partnership_name, board_name=board_name, about=about
    )
    audit.record(audit.Type.PLACE_ADDED, chain=system, by=by, at=at, target=place, name=name)
    return place


@transaction.atomic
def change_place(*, place, partnership_name, board_name, about, based_on, by, at):
    """
    Write anew how a place calls itself and what is said about it.

    :raises PermissionDenied: if `by` is not an administrator
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    check_can_administer(user=by)
    place = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=place.pk)
    values = {"partnership_name": partnership_name, "board_name": board_name, "about": about}
    if changed := changes(place, values, based_on=based_on):
        revise(place, based_on=based_on, **values)
        place = Place.objects.select_related("system").get(pk=place.pk)
        audit.record(audit.Type.PLACE_CHANGED, chain=place.system, by=by, at=at, target=place, changed=changed)
    return place


def changes(row, values, *, based_on):
    """
    Return the names of those values that differ from what a locked row holds.

    :raises partnership.models.Stale: if the row is not at version `based_on`
    """
    if row.version != based_on:
        raise Stale(row)
    return sorted(name for name, value in values.items() if getattr(row, name) != value)


def details(place):
    """Return what the record keeps of a place."""
    return {
        "name": place.name,
        "ended_on": place.ended_on and place.ended_on.isoformat(),
        "part_of": place.part_of and str(place.part_of.public_id),
    }
