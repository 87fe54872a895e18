import pytest

from partnership.models import Place
from partnership.permissions import capacity
from partnership.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_people_named_after_roles_hold_them():
    place = factories.create_place()

    people = factories.create_people("chair", "member_2", "programme_office", "outsider", place=place)

    roles = {name: capacity(user=user, place=place).roles for name, user in people.items()}
    assert roles == {
        "chair": {Role.CHAIR},
        "member_2": {Role.MEMBER},
        "programme_office": {Role.PROGRAMME_OFFICE},
        "outsider": frozenset(),
    }


def test_a_place_is_visible_to_those_with_a_part_in_it_only():
    place = factories.create_place()
    people = factories.create_people("lead", "reviewer", "outsider", place=place)
    factories.create_membership(user=people["outsider"])

    visible = {name: place in Place.objects.visible_to(user) for name, user in people.items()}

    assert visible == {"lead": True, "reviewer": True, "outsider": False}
