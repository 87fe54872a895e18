"""
Writers who save at the same moment: nothing is lost, no number is given twice, and of two changes one wins.

Real threads on a real database: SQLite as a file, PostgreSQL when the suite runs on it.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from assessments.models import Artefact
from assessments.services import items, register
from frameworks.models import Node
from partnership import audit
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6
REFUSALS = (Stale, AlreadyDone, register.LinkedAlready)


def at_once(act):
    """Do `act(number)` in as many threads as there are writers, at once; return what each gave, or its refusal."""
    start = Barrier(WRITERS)

    def run(number):
        start.wait()
        try:
            return act(number)
        except REFUSALS as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


@pytest.fixture
def assessment():
    return factories.create_assessment()


@pytest.fixture
def criterion(assessment):
    return Node.objects.get(version=assessment.framework_version, code="SO1")


def test_items_added_at_once_are_all_kept_and_numbered(assessment, lead, criterion):
    at_once(
        lambda number: items.add_item(
            assessment=assessment, criterion=criterion, statement=f"Statement {number}", by=lead, at=AT
        )
    )

    kept = assessment.items.order_by("number").values_list("number", "statement")
    assert [number for number, _ in kept] == list(range(1, WRITERS + 1))
    assert {statement for _, statement in kept} == {f"Statement {number}" for number in range(WRITERS)}
    assert not list(audit.faults(audit.chain_key(assessment)))


def test_one_form_sent_many_times_at_once_adds_one_item(assessment, lead, criterion):
    token = uuid4()

    results = at_once(
        lambda number: items.add_item(
            assessment=assessment, criterion=criterion, statement="Once", by=lead, at=AT, token=token
        )
    )

    made = assessment.items.get()
    assert {result.result for result in results if isinstance(result, AlreadyDone)} == {str(made.public_id)}
    assert results.count(made) == 1


def test_of_changes_made_at_once_one_wins_and_the_others_are_told(assessment, lead):
    item = factories.create_item(assessment)

    results = at_once(
        lambda number: items.edit_item(item=item, statement=f"Statement {number}", number=1, based_on=1, by=lead, at=AT)
    )

    stored = assessment.items.get()
    assert [isinstance(result, Stale) for result in results].count(True) == WRITERS - 1
    assert {result.current.statement for result in results if isinstance(result, Stale)} == {stored.statement}


def test_items_removed_at_once_leave_no_gap(assessment, lead):
    made = [factories.create_item(assessment) for _ in range(WRITERS + 2)]

    at_once(lambda number: items.remove_item(item=made[number], based_on=1, by=lead, at=AT))

    assert list(assessment.items.order_by("number").values_list("number", flat=True)) == [1, 2]


def test_an_artefact_cited_at_once_is_cited_once(assessment, lead):
    item = factories.create_item(assessment)
    artefact = factories.create_artefact(assessment.place, by=lead)

    results = at_once(lambda number: register.link_artefact(artefact=artefact, item=item, by=lead, at=AT))

    assert item.artefact_links.count() == 1
    assert [isinstance(result, register.LinkedAlready) for result in results].count(True) == WRITERS - 1


def test_artefacts_added_at_once_are_all_kept(assessment, lead):
    at_once(
        lambda number: register.add_artefact(
            place=assessment.place,
            title=f"Paper {number}",
            kind=Artefact.Kind.LINK,
            url="https://a.example",
            by=lead,
            at=AT,
        )
    )

    assert assessment.place.artefacts.count() == WRITERS
    assert not list(audit.faults(audit.chain_key(assessment.system)))
