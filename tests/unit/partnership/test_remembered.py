"""Parts of pages that were made before: whose they are, and how many are kept."""

import threading
from contextlib import nullcontext

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


class Watched:
    """A lock that tells when somebody has come to it for the second time."""

    lock = staticmethod(threading.Lock)

    def __init__(self, second):
        self.inner, self.second, self.comers = self.lock(), second, 0

    def __enter__(self):
        self.comers += 1
        if self.comers == 2:
            self.second.set()
        self.inner.acquire()

    def __exit__(self, *_):
        self.inner.release()


@pytest.mark.parametrize("fails", [False, True])
def test_whoever_asks_for_what_is_being_made_waits_for_it_and_makes_it_only_if_that_failed(monkeypatch, fails):
    memory, second, made, given = Memory(ROOM_FOR_TWO), threading.Event(), [], []
    monkeypatch.setattr("partnership.remembered.Lock", lambda: Watched(second))

    def make():
        made.append(threading.current_thread().name)
        if len(made) == 1:
            thread.start()
            assert second.wait(20)
            if fails:
                raise ZeroDivisionError
        return f"number {len(made)}"

    thread = threading.Thread(target=lambda: given.append(memory.part("one", make)))
    with pytest.raises(ZeroDivisionError) if fails else nullcontext():
        given.append(memory.part("one", make))
    thread.join(20)

    assert set(given) == {"number 2" if fails else "number 1"}
    assert len(made) == (2 if fails else 1)
    assert (len(memory), memory.taken) == (1, len("number 1") + Memory.EACH)
    assert not memory._making


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
