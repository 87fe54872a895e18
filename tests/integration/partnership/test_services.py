"""Who is where, for whom: what the services allow, refuse and record."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from partnership import audit
from partnership.models import AuditEvent, Membership, Organisation, Partner, User
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from partnership.services import bodies, organisations, passwords, people, places
from tests import factories

pytestmark = pytest.mark.django_db

AT = factories.AT
JANUARY, MARCH, JUNE, JULY = date(2026, 1, 1), date(2026, 3, 31), date(2026, 6, 30), date(2026, 7, 1)


def told(by=None):
    return {"by": by, "at": AT}


def writes():
    """Return every service of this room with arguments that an administrator could give."""
    membership = factories.create_membership()
    place, council, person = membership.place, membership.organisation, membership.user
    partner = Partner.objects.get(place=place)
    return [
        (places.add_system, {"name": "Another", "board_name": "NHS Another ICB"}),
        (places.add_place, {"system": place.system, "name": "Another"}),
        (
            places.change_place,
            {"place": place, "partnership_name": "Another", "board_name": "", "about": "", "based_on": 1},
        ),
        (organisations.add_organisation, {"name": "Another", "sector": "COUNCIL"}),
        (
            organisations.change_organisation,
            {"organisation": council, "sector": "HOUSING", "ended_on": None, "based_on": 1},
        ),
        (organisations.add_partner, {"place": factories.create_place(), "organisation": council, "starts_on": JUNE}),
        (organisations.end_partner, {"partner": partner, "ends_on": JUNE}),
        (people.add_person, {"email": "another@people.example", "name": "Another"}),
        (people.change_person, {"person": person, "name": "Another", "is_active": True, "based_on": 1}),
        (
            people.start_membership,
            {"user": person, "role": Role.LEAD, "place": place, "organisation": council, "starts_on": JUNE},
        ),
        (people.end_membership, {"membership": membership, "ends_on": JUNE}),
        (passwords.invite, {"person": person}),
    ]


def test_only_an_administrator_writes_and_each_write_is_recorded_once():
    administrator = factories.create_user(administrator=True)
    lead = factories.create_people("lead", place=factories.create_place())["lead"]
    for service, values in writes():
        before = AuditEvent.objects.count()
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            service(**values, **told(lead))
        assert AuditEvent.objects.count() == before, service.__name__

        service(**values, **told(administrator))

        assert AuditEvent.objects.count() == before + 1, service.__name__
        assert AuditEvent.objects.latest("pk").actor == str(administrator.public_id)
    assert [fault for key in audit.chains() for fault in audit.faults(key)] == []


def test_an_administrator_who_may_no_longer_sign_in_writes_nothing():
    administrator = factories.create_user(administrator=True)
    administrator.is_active = False

    with pytest.raises(PermissionDenied):
        places.add_system(name="Another", board_name="", **told(administrator))


def test_names_are_given_once():
    place, council = factories.create_place(), factories.create_organisation()
    bodies.add_body(place=place, name="A board", **told())

    with pytest.raises(places.NameTaken):
        places.add_system(name=place.system.name, board_name="", **told())
    with pytest.raises(places.NameTaken):
        places.add_place(system=place.system, name=place.name, **told())
    with pytest.raises(places.NameTaken):
        bodies.add_body(place=place, name="A board", **told())
    with pytest.raises(places.NameTaken):
        organisations.add_organisation(name=council.name, sector="COUNCIL", **told())
    assert places.add_place(system=factories.create_system(), name=place.name, **told()).name == place.name


def test_a_body_answers_to_one_of_its_own_place():
    board = bodies.add_body(place=factories.create_place(), name="A board", **told())

    with pytest.raises(bodies.OfAnotherPlace):
        bodies.add_body(place=factories.create_place(), name="A group", parent=board, **told())


@pytest.mark.parametrize("email", ["chair@people.example", "Chair@People.example", " chair@people.example"])
def test_an_address_is_one_persons(email):
    factories.create_user(email="chair@people.example")

    with pytest.raises(people.EmailTaken):
        people.add_person(email=email, name="Another", **told())


def test_the_record_of_a_person_holds_nothing_personal():
    person = people.add_person(email="chair@people.example", name="Siân O’Neill", **told())
    people.change_person(person=person, name="Siân Hughes", is_active=True, based_on=1, **told())

    record = "".join(str(list(event.values())) for event in AuditEvent.objects.values())
    assert "chair@" not in record
    assert "Siân" not in record


def test_an_unknown_sector_is_refused():
    with pytest.raises(ValueError, match="CHURCH"):
        organisations.add_organisation(name="Another", sector="CHURCH", **told())
    assert not Organisation.objects.exists()


@pytest.mark.parametrize(
    "starts_on, ends_on, allowed",
    [
        (JANUARY, None, False),
        (MARCH, JUNE, False),
        (JUNE, None, False),
        (JULY, None, True),
        (date(2025, 1, 1), date(2025, 12, 31), True),
        (date(2025, 1, 1), JANUARY, False),
    ],
)
def test_neither_partners_nor_roles_overlap(starts_on, ends_on, allowed):
    place, council, person = factories.create_place(), factories.create_organisation(), factories.create_user()
    dates = {"starts_on": starts_on, "ends_on": ends_on}
    held = {"starts_on": JANUARY, "ends_on": JUNE}
    partner = {"place": place, "organisation": council}
    role = {"user": person, "role": Role.LEAD, "place": place, "organisation": council}
    organisations.add_partner(**partner, **held, **told())
    people.start_membership(**role, **held, **told())

    if allowed:
        organisations.add_partner(**partner, **dates, **told())
        people.start_membership(**role, **dates, **told())
    else:
        with pytest.raises(organisations.PartnerAlready):
            organisations.add_partner(**partner, **dates, **told())
        with pytest.raises(people.RoleHeldAlready):
            people.start_membership(**role, **dates, **told())


def test_somebody_holds_several_roles_at_several_places():
    membership = factories.create_membership(role=Role.MEMBER)

    factories.create_membership(role=Role.CHAIR, user=membership.user, place=membership.place)
    factories.create_membership(role=Role.MEMBER, user=membership.user)

    assert Membership.objects.filter(user=membership.user).count() == 3


@pytest.mark.parametrize("role", Role)
def test_a_role_is_held_where_it_belongs(role):
    place, council, person = factories.create_place(), factories.create_organisation(), factories.create_user()
    values = {"user": person, "role": role, "organisation": council, "starts_on": JUNE}
    right, wrong = {"place": place}, {"system": place.system}
    if role in OF_SYSTEM:
        right, wrong = wrong, right

    for elsewhere in (wrong, right | wrong, {}):
        with pytest.raises(people.RoleElsewhere):
            people.start_membership(**values, **elsewhere, **told())
    assert people.start_membership(**values, **right, **told()).role == role


def test_every_role_belongs_somewhere():
    assert set(Role) == AT_PLACE | OF_SYSTEM
    assert not AT_PLACE & OF_SYSTEM


def test_nothing_ends_before_it_starts_or_twice():
    membership = factories.create_membership(starts_on=JUNE)
    partner = Partner.objects.get()

    with pytest.raises(places.EndsTooEarly):
        people.end_membership(membership=membership, ends_on=MARCH, **told())
    with pytest.raises(places.EndsTooEarly):
        organisations.end_partner(partner=partner, ends_on=date(2019, 12, 31), **told())
    people.end_membership(membership=membership, ends_on=JULY, **told())
    organisations.end_partner(partner=partner, ends_on=JULY, **told())
    with pytest.raises(people.MembershipEnded):
        people.end_membership(membership=membership, ends_on=JULY, **told())
    with pytest.raises(organisations.PartnerEnded):
        organisations.end_partner(partner=partner, ends_on=JULY, **told())


def test_a_membership_holds_to_the_end_of_its_last_day():
    membership = factories.create_membership(starts_on=JUNE, ends_on=JULY)

    held = {day: membership in Membership.objects.current(day) for day in (MARCH, JUNE, JULY, date(2026, 7, 2))}

    assert held == {MARCH: False, JUNE: True, JULY: True, date(2026, 7, 2): False}


def test_an_idle_change_is_not_recorded():
    council, person = factories.create_organisation(), factories.create_user("Chair")
    before = AuditEvent.objects.count()

    organisations.change_organisation(organisation=council, sector=council.sector, ended_on=None, based_on=1, **told())
    people.change_person(person=person, name="Chair", is_active=True, based_on=1, **told())

    assert AuditEvent.objects.count() == before
    assert User.objects.get().name == "Chair"
