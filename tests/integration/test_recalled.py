"""What the factories put back is what they made, and where that cannot be told they make it anew."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from assessments.workflow import Move, State
from partnership import audit_rows
from partnership.models import User
from partnership.roles import Role
from tests import factories
from tests.audited import no_faults
from tests.emptying import empty_tables
from tests.integration.form_walk import stored
from tests.kept import undone
from tests.recalled import memory, recalled

pytestmark = pytest.mark.django_db


def made(make):
    """Return what a function makes, and what is stored then; it is undone."""
    with undone():
        return make(), stored()


@pytest.fixture(autouse=True)
def _nothing_made_before(monkeypatch):
    monkeypatch.setattr(memory, "made", {})


def decided():
    assessment = factories.create_assessment(place=factories.create_place("Mossley"), state=State.DECIDED)
    factories.create_action(assessment)
    factories.create_artefact(assessment.place)
    return assessment


def test_what_is_put_back_is_what_was_made():
    first, then = made(decided)
    steps = len(memory.made)
    again, now = made(decided)

    assert steps == len(memory.made) > 4
    assert (again, again.public_id, again.state) == (first, first.public_id, State.DECIDED)
    assert now == then
    decided()
    assert no_faults()


def test_what_was_given_is_as_it_was_left():
    for _ in range(2):
        with undone():
            assessment = factories.create_assessment()
            assert factories.in_agreeing(assessment).state == State.AGREEING
            # Looked up before its last move.
            assert assessment.state == State.SCORING
            assert assessment.items.count() == 1


def scored(item_of):
    """Return an assessment and one of its items, as the caller finds it, after a member gave the item a score."""
    assessment = factories.create_assessment()
    written = factories.create_item(assessment)
    assessment = factories.in_scoring(assessment)
    item = item_of(assessment, written)
    factories.create_score(item, by=factories.holder(Role.MEMBER, assessment.place))
    return assessment, item


def test_what_hangs_on_what_was_given_stays_as_the_caller_has_it():
    """One who holds an old copy of the assessment, and one who holds the new one, each keep theirs."""
    for _ in range(2):
        with undone():
            assessment, item = scored(lambda assessment, written: written)
            assert (assessment.state, item.assessment.state) == (State.SCORING, State.PREPARING)
        with undone():
            assessment, item = scored(lambda assessment, written: assessment.items.get())
            assert item.assessment is assessment
            assert assessment.state == State.SCORING
        with undone():
            _, item = scored(lambda assessment, written: type(written).objects.select_related("assessment").get())
            assert item.assessment.state == State.SCORING


def test_of_two_copies_it_is_not_what_it_was_of_one():
    """A factory that changes what it is given changes each copy that a caller holds, or the one."""

    @recalled
    def create_note(first, second):
        first.version += 1
        second.version += 1

    for _ in range(2):
        with undone():
            assessment = factories.create_assessment()
            create_note(assessment, assessment)
            assert assessment.version == 3
        with undone():
            assessment = factories.create_assessment()
            other = type(assessment).objects.get()
            create_note(assessment, other)
            assert (assessment.version, other.version) == (2, 2)


def test_what_is_changed_on_the_way_is_changed_again():
    for _ in range(2):
        with undone():
            assessment = factories.create_assessment(state=State.SIGNED)
            factories.move(assessment, Move.SUBMIT)
            assert type(assessment).objects.get().state == State.SUBMITTED


def test_a_state_on_the_way_to_another_is_put_back_there():
    first, _ = made(lambda: factories.create_assessment(state=State.SIGNED))
    later = factories.create_assessment(state=State.DECIDED)

    assert (later.public_id, later.state, later.seal.digest) == (first.public_id, State.DECIDED, first.seal.digest)
    assert audit_rows.faults() == []


@pytest.mark.parametrize("differs", [{"name": "Autumn"}, {"visibility": "PLACE"}])
def test_of_other_words_it_is_made_anew(differs):
    first, _ = made(factories.create_assessment)
    other, _ = made(lambda: factories.create_assessment(**differs))

    assert other.public_id != first.public_id


def test_where_something_else_was_written_it_is_made_anew_until_that_is_undone():
    place = factories.create_place()
    first, _ = made(lambda: factories.create_assessment(place=place))

    with undone():
        User.objects.create(email="somebody@people.example", name="Somebody", created_at=factories.AT)
        assert factories.create_assessment(place=place).public_id != first.public_id
    assert factories.create_assessment(place=place).public_id == first.public_id


def test_that_somebody_signed_in_is_no_matter(client):
    first, _ = made(factories.create_assessment)
    with undone():
        client.force_login(factories.create_user())
        of_one_more, _ = made(factories.create_assessment)
    place = factories.create_place()
    client.force_login(factories.holder(Role.LEAD, place))
    then, _ = made(lambda: factories.create_assessment(place=place))
    client.get(reverse("reports:home"))

    assert of_one_more.public_id != first.public_id
    assert factories.create_assessment(place=place).public_id == then.public_id


def test_where_something_else_was_made_before_it_is_made_anew():
    first, _ = made(factories.create_assessment)
    factories.create_place()

    assert factories.create_assessment().public_id != first.public_id


def test_while_others_stand_in_for_factories_it_is_made_anew_and_they_are_asked_on_the_way_too():
    first, _ = made(lambda: factories.in_agreeing(factories.create_assessment()))

    def saying(make, *args, **values):
        return make(*args, comment="As we said", **values)

    with factories.written_otherwise(7_000_001, create_score=saying):
        other, _ = made(lambda: factories.in_agreeing(factories.create_assessment()))
        with undone():
            scores = factories.in_agreeing(factories.create_assessment()).items.get().scores
            assert {score.comment for score in scores.all()} == {"As we said"}
    again, _ = made(lambda: factories.in_agreeing(factories.create_assessment()))

    assert again.public_id == first.public_id != other.public_id
    assert other.round.name == "Round 7000003"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_put_back_until_somebody_else_may_have_written():
    first, then = decided(), stored()
    begin_anew()
    again, now = decided(), stored()
    assert (again.public_id, now) == (first.public_id, then)

    begin_anew()
    with ThreadPoolExecutor() as pool:
        pool.submit(look_from_elsewhere).result()
    assert decided().public_id != first.public_id


def begin_anew():
    empty_tables()
    memory.start()


def look_from_elsewhere():
    try:
        return User.objects.count()
    finally:
        connection.close()
