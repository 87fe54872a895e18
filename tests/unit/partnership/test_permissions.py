import pytest
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from partnership.permissions import PUBLIC, Capacity, Route, named, route_table
from partnership.roles import Role

MORE_ROUTES = {"partnership:privacy": Route(PUBLIC)}


class Held:
    """A membership, as far as a capacity looks at it."""

    def __init__(self, role):
        self.role = role


@pytest.mark.parametrize(
    "roles, words",
    [
        ({Role.CHAIR}, "the board chair"),
        ({Role.CHAIR, Role.LEAD}, "the board chair or the place lead"),
        ({Role.PROGRAMME_OFFICE}, "the ICB programme office"),
    ],
)
def test_roles_read_as_words_in_a_sentence(roles, words):
    assert named(roles) == words


def test_a_capacity_lets_pass_whoever_holds_one_of_the_roles():
    chair = Capacity(user=None, memberships=(Held(Role.CHAIR), Held(Role.MEMBER)))

    chair.check({Role.LEAD, Role.MEMBER}, "Only members.")
    with pytest.raises(PermissionDenied, match="Only the lead."):
        chair.check({Role.LEAD}, "Only the lead.")


def test_a_capacity_tells_by_which_membership_a_role_is_held():
    member = Held(Role.MEMBER)

    assert Capacity(user=None, memberships=(member,)).as_role(Role.MEMBER) is member
    assert Capacity(user=None, memberships=(member,)).as_role(Role.CHAIR) is None


def test_an_address_listed_by_two_rooms_is_refused(settings):
    settings.ROUTE_TABLES = [*settings.ROUTE_TABLES, f"{__name__}.MORE_ROUTES"]

    with pytest.raises(ImproperlyConfigured, match=r"lists \['partnership:privacy'\] again"):
        route_table()
