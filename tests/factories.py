"""
Plain functions that make what a test needs, by calling services: no test starts from a state the product cannot reach.

Everything has a default; a test names only what matters to it.
"""

from datetime import UTC, date, datetime
from itertools import count

from partnership.models import Organisation
from partnership.roles import OF_SYSTEM, Role
from partnership.services import organisations, people, places

AT = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
LONG_AGO = date(2020, 1, 1)
PASSWORD = "seven grey herons"
numbers = count(1)


def create_user(name=None, *, email=None, administrator=False, password=PASSWORD):
    number = next(numbers)
    name = name or f"Person {number}"
    email = email or f"{name.lower().replace(' ', '.')}.{number}@people.example"
    return people.add_person(email=email, name=name, password=password, administrator=administrator, by=None, at=AT)


def create_system(name=None):
    name = name or f"System {next(numbers)}"
    return places.add_system(name=name, board_name=f"NHS {name} ICB", by=None, at=AT)


def create_place(name=None, *, system=None):
    return places.add_place(system=system or create_system(), name=name or f"Place {next(numbers)}", by=None, at=AT)


def create_organisation(name=None, *, sector=Organisation.Sector.COUNCIL, place=None):
    """Return an organisation; a partner of `place` if one is given."""
    organisation = organisations.add_organisation(
        name=name or f"Organisation {next(numbers)}", sector=sector, by=None, at=AT
    )
    if place:
        organisations.add_partner(place=place, organisation=organisation, starts_on=LONG_AGO, by=None, at=AT)
    return organisation


def create_membership(
    *, role=Role.MEMBER, user=None, place=None, system=None, organisation=None, starts_on=LONG_AGO, ends_on=None
):
    """Return a membership at a place, or for a system where the role is one of a system."""
    if place is None and system is None:
        if role in OF_SYSTEM:
            system = create_system()
        else:
            place = create_place()
    return people.start_membership(
        user=user or create_user(),
        role=role,
        place=place,
        system=system,
        organisation=organisation or create_organisation(place=place),
        starts_on=starts_on,
        ends_on=ends_on,
        by=None,
        at=AT,
    )


def create_people(*names, place=None):
    """
    Return people by the names they go by in a test: `create_people("chair", "outsider", place=place)`.

    Where a place is given, whoever is named after a role, a number apart (`member_2`), holds it there or in its system;
    anybody else, such as an outsider, has no part in it.
    """
    cast = {}
    for name in names:
        user = cast[name] = create_user(name.replace("_", " ").capitalize())
        role = name.rstrip("0123456789_").upper()
        if place is None or role not in Role.names:
            continue
        if role in OF_SYSTEM:
            create_membership(user=user, role=Role(role), system=place.system)
        else:
            create_membership(user=user, role=Role(role), place=place)
    return cast
