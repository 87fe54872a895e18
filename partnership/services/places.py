"""Add systems and places, and change places."""

from django.db import transaction

from partnership import audit
from partnership.models import Place, System
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
def change_place(*, place, partnership_name, board_name, about, ended_on, by, at):
    """
    Write anew how a place calls itself, what is said about it, and the day on which it ended, if it has.

    :raises PermissionDenied: if `by` is not an administrator
    """
    check_can_administer(user=by)
    place = Place.objects.select_for_update(no_key=True).select_related("system").get(pk=place.pk)
    values = {"partnership_name": partnership_name, "board_name": board_name, "about": about, "ended_on": ended_on}
    changed = sorted(name for name, value in values.items() if getattr(place, name) != value)
    if not changed:
        return place
    for name in changed:
        setattr(place, name, values[name])
    place.save(update_fields=changed)
    audit.record(audit.Type.PLACE_CHANGED, chain=place.system, by=by, at=at, target=place, changed=changed)
    return place
