"""Parts of pages that were made before: whose they are, and how many are kept."""

import pytest
from django.http import QueryDict

from partnership.models import Membership, User
from partnership.permissions import Capacity
from partnership.remembered import Memory, asked
from partnership.roles import Role

ROOM_FOR_TWO = 2 * (Memory.EACH + 10)


def refuse():
    raise AssertionError("It was made already")


def test_what_was_made_is_given_again_as_markup():
    memory = Memory(ROOM_FOR_TWO)

    assert memory.part(("place", 1), lambda: "<p>é</p>") == "<p>é</p>"

    again = memory.part(("place", 1), refuse)
    assert again == "<p>é</p>"
    assert hasattr(again, "__html__")


def test_another_key_is_another_part():
    memory = Memory(ROOM_FOR_TWO)
    memory.part(("place", 1), lambda: "one")

    assert memory.part(("place", 2), lambda: "two") == "two"
    assert memory.part(("place", 1), refuse) == "one"


def test_what_was_asked_for_longest_ago_makes_room():
    memory = Memory(ROOM_FOR_TWO)
    for name in ("one", "two"):
        memory.part(name, lambda name=name: name)
    memory.part("one", refuse)

    memory.part("three", lambda: "three")

    assert memory.part("one", refuse) == "one"
    assert memory.part("two", lambda: "made anew") == "made anew"
    assert memory.taken <= memory.most


@pytest.mark.parametrize("most", [0, Memory.EACH])
def test_where_there_is_no_room_everything_is_made_anew_and_nothing_kept(most):
    memory = Memory(most)

    assert [memory.part("one", lambda n=n: f"number {n}") for n in range(2)] == ["number 0", "number 1"]
    assert (len(memory), memory.taken) == (0, 0)


def test_two_that_make_the_same_at_once_keep_one_and_count_it_once():
    memory = Memory(ROOM_FOR_TWO)
    memory.part("one", lambda: memory.part("one", lambda: "first") and "second")

    assert memory.part("one", refuse) == "second"
    assert memory.taken == len("second") + Memory.EACH


def test_what_could_not_be_made_is_tried_again():
    memory = Memory(ROOM_FOR_TWO)
    with pytest.raises(AssertionError):
        memory.part("one", refuse)

    assert memory.part("one", lambda: "made") == "made"


def test_an_address_says_only_what_a_page_looks_at():
    said = asked(QueryDict("only=split&only=bare&utm=7&view=radar"), ("view", "domain", "only"))

    assert said.urlencode() == "view=radar&only=split&only=bare"


def part(role, place=1, user="Ann"):
    return Membership(role=role, place_id=place, user=User(name=user))


def test_people_with_the_same_parts_are_one_without_their_faces():
    ann = Capacity(User(name="Ann"), (part(Role.LEAD), part(Role.MEMBER)), powers=frozenset({"AGREE"}))
    ben = Capacity(
        User(name="Ben"), (part(Role.MEMBER, user="Ben"), part(Role.LEAD, user="Ben")), powers=frozenset({"AGREE"})
    )

    assert ann.faceless() == ben.faceless()
    assert hash(ann.faceless()) == hash(ben.faceless())
    assert ann.faceless().roles == ann.roles
    assert ann.faceless().user is None


@pytest.mark.parametrize(
    "other",
    [
        Capacity(None, (part(Role.OBSERVER),)),
        Capacity(None, (part(Role.LEAD, place=2),)),
        Capacity(None, (part(Role.LEAD), part(Role.OBSERVER))),
        Capacity(None, (part(Role.LEAD),), named_as=frozenset({Role.REVIEWER})),
        Capacity(None, (part(Role.LEAD),), powers=frozenset({"AGREE"})),
    ],
)
def test_people_with_other_parts_are_not_one(other):
    assert Capacity(None, (part(Role.LEAD),)).faceless() != other.faceless()
