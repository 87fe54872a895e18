"""The audit record: written with its act, whole under contention, and telling on whoever tampers with it."""

import threading
from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F

from partnership import append_only, audit
from partnership.models import AuditChain, AuditEvent
from tests import factories

RECORDERS, EVENTS_EACH = 4, 5


def record(system, *, at=factories.AT, **details):
    with transaction.atomic():
        return audit.record(audit.Type.PLACE_CHANGED, chain=system, by=None, at=at, target=system, **details)


@pytest.fixture
def system(db):
    """A system with five events: its own beginning and four more."""
    system = factories.create_system()
    for number in range(4):
        record(system, number=number)
    return system


@pytest.fixture
def lifted(db):
    """No guards, as for somebody who owns the database."""
    append_only.lift(connection)


def verify():
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def found(system):
    return [(fault.sequence, fault.what) for fault in audit.faults(audit.chain_key(system))]


def events(system):
    return AuditEvent.objects.filter(chain=audit.chain_key(system))


def test_a_clean_record_raises_no_alarm(system):
    other = factories.create_system()

    assert found(system) == found(other) == []
    assert verify() == "2 chains, 6 events: whole\n"


def test_an_empty_record_raises_no_alarm(db):
    assert verify() == "0 chains, 0 events: whole\n"


def test_a_time_told_by_the_london_clock_raises_no_alarm(system):
    record(system, at=factories.AT.astimezone(ZoneInfo("Europe/London")))

    assert found(system) == []


def test_an_event_recorded_during_the_check_raises_no_alarm(system):
    check = audit.faults(audit.chain_key(system))
    original = audit._head
    calls = []

    def head_then_another_event(key):
        head = original(key)
        if not calls:
            calls.append(key)
            record(system)
        return head

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "_head", head_then_another_event)
        assert list(check) == []


def test_a_changed_event_is_found(system, lifted):
    events(system).filter(sequence=3).update(details='{"number":9}')

    assert found(system) == [(3, "the event was changed after it was written")]


def test_a_changed_event_with_its_hash_made_anew_is_found_at_the_next(system, lifted):
    event = events(system).get(sequence=3)
    event.details = '{"number":9}'
    events(system).filter(sequence=3).update(details=event.details, hash=audit.event_hash(event))

    assert found(system) == [(4, "the event does not follow from the one before it")]


def test_a_deleted_event_is_found(system, lifted):
    events(system).filter(sequence=2).delete()

    assert (2, "events 2 to 2 are missing") in found(system)


def test_events_in_another_order_are_found(system, lifted):
    for before, after in ((2, 99), (3, 2), (99, 3)):
        events(system).filter(sequence=before).update(sequence=after)

    assert {sequence for sequence, _ in found(system)} >= {2, 3}


def test_a_cut_off_tail_is_found(system, lifted):
    events(system).filter(sequence__gt=3).delete()

    [(sequence, what)] = found(system)
    assert sequence == 4
    assert what.startswith("the chain should have 5 events")


def test_an_event_put_in_behind_the_head_is_found(system, lifted):
    AuditChain.objects.filter(key=audit.chain_key(system)).update(length=F("length") - 1)

    assert found(system) != []


def test_a_chain_without_a_head_is_found(system, lifted):
    AuditChain.objects.all().delete()

    with pytest.raises(CommandError) as error:
        verify()

    assert error.value.returncode == 1


def test_the_command_names_each_fault_and_fails(system, lifted):
    events(system).filter(sequence=3).update(actor="somebody else")
    out = StringIO()

    with pytest.raises(CommandError, match="1 faults in 1 chains") as error:
        call_command("verify_audit", stdout=out)

    assert error.value.returncode == 1
    assert out.getvalue() == f"{audit.chain_key(system)}, event 3: the event was changed after it was written\n"


def test_an_event_is_undone_with_its_act(system):
    with transaction.atomic():
        audit.record(audit.Type.PLACE_CHANGED, chain=system, by=None, at=factories.AT, target=system)
        transaction.set_rollback(True)

    assert events(system).count() == 5
    assert found(system) == []


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused():
    system = factories.create_system()

    with pytest.raises(transaction.TransactionManagementError):
        audit.record(audit.Type.PLACE_CHANGED, chain=system, by=None, at=factories.AT, target=system)


def test_an_event_without_a_time_zone_is_refused(system):
    with pytest.raises(ValueError, match="time zone"):
        record(system, at=factories.AT.replace(tzinfo=None))


def test_an_event_of_an_unknown_type_is_refused(system):
    with pytest.raises(ValueError, match="RENAMED"), transaction.atomic():
        audit.record("RENAMED", chain=system, by=None, at=factories.AT, target=system)


@pytest.mark.django_db(transaction=True)
def test_recorders_at_once_leave_a_whole_chain():
    system = factories.create_system()
    troubles = []
    together = threading.Barrier(RECORDERS)

    def recorder(number):
        try:
            together.wait(timeout=30)
            for event in range(EVENTS_EACH):
                record(system, at=factories.AT + timedelta(seconds=event), recorder=number)
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=recorder, args=(number,)) for number in range(RECORDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert events(system).count() == 1 + RECORDERS * EVENTS_EACH
    assert found(system) == []


@pytest.mark.django_db(transaction=True)
def test_recorders_who_begin_a_chain_at_once_leave_a_whole_chain():
    """The first event makes the chain's row, too: two first events must not make two rows, nor fail."""
    user = factories.create_user()
    AuditChain.objects.all().delete()
    append_only.lift(connection)
    AuditEvent.objects.all().delete()
    append_only.install(connection)
    troubles = []
    together = threading.Barrier(RECORDERS)

    def recorder():
        try:
            together.wait(timeout=30)
            with transaction.atomic():
                audit.record(audit.Type.SIGNED_IN, chain=None, by=user, at=factories.AT, target=user)
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=recorder) for _ in range(RECORDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert verify() == f"1 chains, {RECORDERS} events: whole\n"
