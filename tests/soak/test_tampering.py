"""Random tampering is found, every time; clean chains raise no alarm."""

import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from assessments.models import Seal, Signature
from assessments.workflow import State
from partnership import append_only, audit, audit_rows
from reports import printing, services
from tests import factories
from tests.soak.scale import Account, amount
from tests.soak.tampering import WAYS

TAMPERINGS, CHAINS = amount(1_000, least=len(WAYS)), amount(1_000, least=40)


def found():
    return [*(fault for key in audit.chains() for fault in audit.faults(key)), *audit_rows.faults()]


@pytest.fixture
def record(db, monkeypatch):
    """A sealed assessment with its report and an action, and one where the board disagrees; no guards."""
    monkeypatch.setattr(printing, "print_report", lambda *args, **kwargs: (b"%PDF made here", 1))
    sealed = factories.create_assessment(state=State.SIGNED)
    services.make_report(subject=Seal.objects.get().public_id, at=factories.AT)
    factories.create_action(sealed)
    open_one = factories.create_assessment(place=sealed.place, state=State.AGREEING)
    item = open_one.items.get()
    factories.create_artefact(open_one.place, item=item)
    agreement = factories.create_agreement(item, level=3, reason="The board knows more than the scores say")
    factories.create_dissent(agreement)
    up = factories.create_assessment(place=sealed.place, state=State.SIGNING)
    signatory = factories.create_signatory(up.place)
    factories.create_signature(up, by=signatory, kind=Signature.Kind.RESERVED, words="Not before April")
    append_only.lift(connection)


def test_every_tampering_is_found(record):
    account = Account("tamperings")
    assert found() == []
    for number in range(TAMPERINGS):
        way, chance = WAYS[number % len(WAYS)], random.Random(number)
        with transaction.atomic():
            what = way(chance)
            assert found(), f"{way.__name__}, {number}: {what}"
            transaction.set_rollback(True)
        account.add("found")
    assert found() == []
    account.tell()


def test_clean_chains_raise_no_alarm(db):
    account = Account("clean chains")
    for number in range(CHAINS):
        system = factories.create_system()
        if number % 10 == 0:
            place = factories.create_place(system=system)
            state = list(State)[number // 10 % len(State)]
            factories.create_assessment(place=place, state=state)
    assert found() == []
    account.add("whole", len(audit.chains()))
    account.tell()


def test_a_hash_that_a_report_prints_is_looked_for_in_the_record(record):
    said = audit.head(Seal.objects.get().assessment)[1]
    out = StringIO()

    call_command("verify_audit", head=said, stdout=out)
    assert "runs through this hash" in out.getvalue()

    with pytest.raises(CommandError):
        call_command("verify_audit", head=audit.digest("cut off"), stdout=out)
    assert "cut off or made anew" in out.getvalue()
