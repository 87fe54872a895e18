"""People, their places and systems, and the parts they have there."""

import re

from partnership.models import Membership, Organisation
from partnership.roles import OF_SYSTEM, Role
from partnership.services import invitations, organisations, people, places
from tests.recalled import recalled

from .usual import AT, LONG_AGO, PASSWORD, numbers


@recalled
def create_user(name=None, *, email=None, administrator=False, password=PASSWORD):
    number = next(numbers)
    name = name or f"Person {number}"
    email = email or f"{name.lower().replace(' ', '.')}.{number}@people.example"
    return people.add_person(email=email, name=name, password=password, administrator=administrator, by=None, at=AT)


@recalled
def create_system(name=None):
    name = name or f"System {next(numbers)}"
    return places.add_system(name=name, board_name=f"NHS {name} ICB", by=None, at=AT)


@recalled
def create_place(name=None, *, system=None):
    return places.add_place(system=system or create_system(), name=name or f"Place {next(numbers)}", by=None, at=AT)


@recalled
def create_organisation(name=None, *, sector=Organisation.Sector.COUNCIL, place=None):
    """Return an organisation; a partner of `place` if one is given."""
    organisation = organisations.add_organisation(
        name=name or f"Organisation {next(numbers)}", sector=sector, by=None, at=AT
    )
    if place:
        organisations.add_partner(place=place, organisation=organisation, starts_on=LONG_AGO, by=None, at=AT)
    return organisation


@recalled
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


@recalled
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


@recalled
def holder(role, place):
    """Return somebody who holds `role` at the place or in its system, made if there is nobody yet."""
    where = {"system": place.system} if role in OF_SYSTEM else {"place": place}
    membership = Membership.objects.filter(role=role, **where).select_related("user").order_by("pk").first()
    return (membership or create_membership(role=role, **where)).user


@recalled
def board(place, size):
    """Return the first `size` members of a place's board, made as far as there are too few."""
    members = Membership.objects.filter(role=Role.MEMBER, place=place).select_related("user").order_by("pk")
    users = [member.user for member in members[:size]]
    while len(users) < size:
        users.append(create_membership(role=Role.MEMBER, place=place).user)
    return users


@recalled
def create_signatory(place, organisation=None):
    """Return the signatory of an organisation, of a new one unless told."""
    return create_membership(role=Role.SIGNATORY, place=place, organisation=organisation).user


@recalled
def create_invitation(*, place=None, by=None, at=AT, **values):
    """Return an invitation to be a member, for a new partner, sent by the programme office; `values` go to `invite`."""
    place = place or create_place()
    number = next(numbers)
    defaults = {"email": f"invited.{number}@people.example", "name": f"Invited {number}", "role": Role.MEMBER}
    if "organisation" not in values:
        defaults["organisation"] = create_organisation(place=place)
    by = by or holder(Role.PROGRAMME_OFFICE, place)
    return invitations.invite(place=place, by=by, at=at, **defaults | values)


def link_token(mail):
    """Return the token of the link in an e-mail of the outbox."""
    return re.search(r"/join/([^/\s]+)/", mail.body).group(1)
