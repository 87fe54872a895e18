"""Add the demo's system, places, organisations and people."""

from datetime import date

from partnership.roles import Role
from partnership.services import bodies, organisations, people, places

# Before everything that the demo's people do.
FOUNDED = date(2025, 9, 1)


def add_system(system, *, dates):
    """Add the system with its own organisation and people, and return all three, the people by key."""
    at = dates.at(FOUNDED)
    added = places.add_system(name=system["system"]["name"], board_name=system["system"]["board_name"], by=None, at=at)
    board = organisations.add_organisation(**system["system"]["organisation"], by=None, at=at)
    persons = {}
    for described in system["people"]:
        persons[described["key"]] = person = people.add_person(
            email=described["email"],
            name=described["name"],
            administrator=described["administrator"],
            by=None,
            at=at,
        )
        for role in described["roles"]:
            people.start_membership(
                user=person,
                role=Role(role),
                system=added,
                organisation=board,
                starts_on=dates.day(FOUNDED),
                by=None,
                at=at,
            )
    return added, board, persons


def add_place(case, *, system, board, dates):
    """
    Add a place with its partners, bodies and people, and return it with people and organisations by key.

    `board` is the ICB's own organisation.
    """
    at, day = dates.at(FOUNDED), dates.day(FOUNDED)
    described = case.place
    place = places.add_place(
        system=system,
        name=described["name"],
        partnership_name=described["partnership_name"],
        board_name=described["board_name"],
        about=described["about"],
        by=None,
        at=at,
    )
    partners = {}
    for key, organisation in case.organisations.items():
        partners[key] = organisations.add_organisation(**organisation, by=None, at=at)
        organisations.add_partner(place=place, organisation=partners[key], starts_on=day, by=None, at=at)
    _add_bodies(case, place, board=board, at=at)
    persons = {}
    for person in case.people:
        persons[person["key"]] = added = people.add_person(email=person["email"], name=person["name"], by=None, at=at)
        for role in person["roles"]:
            people.start_membership(
                user=added,
                role=Role(role),
                place=place,
                organisation=partners[person["organisation"]],
                starts_on=day,
                by=None,
                at=at,
            )
    return place, persons, partners


def _add_bodies(case, place, *, board, at):
    above = {None: None}
    for body in case.bodies:
        above[body["key"]] = bodies.add_body(
            place=place,
            name=body["name"],
            purpose=body["purpose"],
            parent=above[body["parent"]],
            chair_post=body.get("chair_post", ""),
            answers_to_organisation=board if body.get("answers_to") == "icb" else None,
            by=None,
            at=at,
        )
