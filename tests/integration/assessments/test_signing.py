"""Signatures on frozen content, quorum, and the seal."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from assessments.models import Seal, Signature, Snapshot
from assessments.permissions import WrongState
from assessments.services import agreeing, dissenting, moves, register, signing
from assessments.workflow import Move, State
from partnership import audit
from partnership.models import AuditEvent
from partnership.roles import Role
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
Kind = Signature.Kind


def up(*, minimum=1, required=0):
    """Return an assessment up for signature, the organisations that must sign, and their signatories."""
    place = factories.create_place()
    organisations = [factories.create_organisation(place=place) for _ in range(required)]
    assessment = factories.create_assessment(
        place=place, state=State.SIGNING, minimum_signatures=minimum, signatories={place: organisations}
    )
    return assessment, [factories.create_signatory(place, organisation) for organisation in organisations]


def seal(assessment):
    return factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/7")


def test_putting_up_freezes_the_content_under_its_hash():
    assessment, _ = up()

    snapshot = assessment.snapshots.get()

    assert snapshot.digest == audit.digest(snapshot.text)
    frozen = json.loads(snapshot.text)
    assert [item["level"] for item in frozen["items"]] == [2]
    assert snapshot.text == audit.canonical(frozen)
    event = AuditEvent.objects.get(chain=audit.chain_key(assessment), type=audit.Type.CONTENT_FROZEN)
    assert json.loads(event.details)["digest"] == snapshot.digest


def test_the_frozen_content_names_nobody_with_a_score():
    assessment, _ = up()
    members = factories.board(assessment.place, 3)
    frozen = json.loads(assessment.snapshots.get().text)
    del frozen["board"]

    assert not [member.name for member in members if member.name in json.dumps(frozen)]


def test_a_signature_is_bound_to_what_the_signatory_saw():
    assessment, [signatory] = up(required=1)

    signature = factories.create_signature(assessment, by=signatory)

    assert signature.digest == assessment.snapshots.get().digest
    assert signature.organisation == assessment.required_signatures.get().organisation
    assert AuditEvent.objects.filter(type=audit.Type.SIGNATURE_GIVEN, target=str(signature.public_id)).exists()


def test_a_signature_on_content_that_changed_meanwhile_is_refused():
    assessment, [signatory] = up(required=1)
    seen = signing.current_snapshot(assessment).digest
    factories.move(assessment, Move.TAKE_BACK, reason="A figure was wrong")
    factories.create_agreement(assessment.items.get(), level=3, reason="The board heard more", based_on=1)
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)

    with pytest.raises(signing.NotWhatWasShown):
        signing.sign(assessment=assessment, kind=Kind.SIGNED, words="", digest=seen, by=signatory, at=AT)

    assert not Signature.objects.exists()


def test_an_organisation_answers_once():
    assessment, [signatory] = up(required=1)
    deputy = factories.create_signatory(assessment.place, assessment.required_signatures.get().organisation)
    factories.create_signature(assessment, by=signatory, kind=Kind.DECLINED, words="We were not heard")

    with pytest.raises(signing.AlreadySigned) as refused:
        factories.create_signature(assessment, by=deputy)

    assert refused.value.signature.kind == Kind.DECLINED
    assert Signature.objects.count() == 1


@pytest.mark.parametrize("kind", [Kind.RESERVED, Kind.DECLINED, Kind.INTEREST])
def test_all_but_a_plain_signature_say_why(kind):
    assessment, [signatory] = up(required=1)

    with pytest.raises(signing.WordsMissing):
        factories.create_signature(assessment, by=signatory, kind=kind, words=" ")


def test_words_with_a_plain_signature_are_not_lost_but_refused():
    assessment, [signatory] = up(required=1)

    with pytest.raises(signing.WordsWithoutReservation):
        factories.create_signature(assessment, by=signatory, words="But only if")


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SIGNATORY])
def test_only_a_signatory_signs(role):
    assessment, _ = up()

    with pytest.raises(PermissionDenied):
        factories.create_signature(assessment, by=factories.holder(role, assessment.place))


@pytest.mark.parametrize("kind, counts", [(Kind.RESERVED, True), (Kind.DECLINED, False), (Kind.INTEREST, False)])
def test_a_reservation_counts_a_refusal_and_an_interest_do_not(kind, counts):
    assessment, [signatory] = up(required=1)
    factories.create_signature(assessment, by=signatory, kind=kind, words="In our words")

    if counts:
        assert seal(assessment).state == State.SIGNED
    else:
        with pytest.raises(signing.NoQuorum):
            seal(assessment)


def test_quorum_needs_the_named_organisations_and_the_number():
    assessment, [first, second] = up(required=2, minimum=3)
    factories.create_signature(assessment, by=first)
    third = factories.create_signatory(assessment.place)
    factories.create_signature(assessment, by=third)

    with pytest.raises(signing.NoQuorum) as refused:
        seal(assessment)

    assert len(refused.value.problems) == 2
    factories.create_signature(assessment, by=second)
    assert seal(assessment).state == State.SIGNED


noted = []


def note(*, seal, at):
    """Stand for what higher rooms do on sealing."""
    noted.append((seal.digest, at))


def test_the_seal_cites_what_was_signed_by_whom_who_is_missing_and_where_it_was_decided(settings):
    settings.ON_SEALED = ["tests.integration.assessments.test_signing.note"]
    noted.clear()
    assessment, [signatory] = up(required=1)
    silent = factories.create_organisation(place=assessment.place)
    factories.create_signatory(assessment.place, silent)
    factories.create_signature(assessment, by=signatory, kind=Kind.RESERVED, words="Subject to our governors")
    length, head = audit.head(assessment)

    # Not by a factory, which may put back what it made before, and calls no hook then.
    said = {"meeting_on": AT.date(), "minute_reference": "PB/26/7"}
    chair = factories.holder(Role.CHAIR, assessment.place)
    moves.make_move(assessment=assessment, move=Move.SEAL, based_on=assessment.version, by=chair, at=AT, **said)

    made = Seal.objects.get()
    sealed = json.loads(made.text)
    assert made.digest == audit.digest(made.text)
    assert sealed["snapshot"]["digest"] == assessment.snapshots.get().digest
    [signature] = sealed["signatures"]
    assert signature["name"] == signatory.name
    assert (signature["kind"], signature["words"]) == ("RESERVED", "Subject to our governors")
    assert sealed["missing"] == [silent.name]
    assert (sealed["meeting_on"], sealed["minute_reference"]) == (AT.date().isoformat(), "PB/26/7")
    assert (sealed["audit"]["length"], sealed["audit"]["hash"]) == (length, head)
    assert AuditEvent.objects.filter(hash=head).exists()
    assert noted == [(made.digest, AT)]


def test_a_hook_that_fails_leaves_nothing_sealed(settings):
    settings.ON_SEALED = ["tests.integration.assessments.test_signing.fail"]
    assessment, [signatory] = up(required=1)
    factories.create_signature(assessment, by=signatory)

    with pytest.raises(RuntimeError):
        seal(assessment)

    assessment.refresh_from_db()
    assert assessment.state == State.SIGNING
    assert not Seal.objects.exists()


def fail(*, seal, at):
    raise RuntimeError("The report cannot be ordered")


@pytest.mark.parametrize("state", [State.SIGNING, State.SIGNED, State.SUBMITTED])
def test_nothing_changes_after_putting_up(state):
    assessment = factories.create_assessment(state=state)
    item = assessment.items.get()
    artefact = factories.create_artefact(assessment.place)
    [member] = factories.board(assessment.place, 1)
    before = content_of(assessment)

    for attempt in (
        lambda: factories.create_item(assessment),
        lambda: factories.create_score(item, by=member, based_on=1, level=4),
        lambda: factories.create_agreement(item, level=4, reason="We think so", based_on=1),
        lambda: agreeing.agree_undisputed(
            assessment=assessment, by=factories.holder(Role.CHAIR, assessment.place), at=AT
        ),
        lambda: dissenting.record_dissent(
            agreement=item.agreements.get(), text="No", attributed=True, based_on=1, by=member, at=AT
        ),
        lambda: register.link_artefact(
            artefact=artefact, item=item, locator="", by=factories.holder(Role.LEAD, assessment.place), at=AT
        ),
    ):
        with pytest.raises(WrongState):
            attempt()

    assert content_of(assessment) == before


def test_nobody_signs_once_it_is_sealed():
    assessment = factories.create_assessment(state=State.SIGNED)

    with pytest.raises(WrongState):
        factories.create_signature(assessment, by=factories.create_signatory(assessment.place))


@pytest.mark.parametrize("model, column", [(Snapshot, "text"), (Signature, "words"), (Seal, "text")])
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = 'other'", "DELETE FROM {table}"])
def test_the_database_refuses_to_change_or_delete_what_was_signed(model, column, statement):
    factories.create_assessment(state=State.SIGNED)
    held = list(model.objects.values_list())

    sql = statement.format(table=model._meta.db_table, column=column)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)

    assert list(model.objects.values_list()) == held


def content_of(assessment):
    """Return all that an assessment's content is made of, as stored."""
    return [
        list(rows.order_by("pk").values_list())
        for rows in (
            assessment.items.all(),
            assessment.snapshots.all(),
            *(
                getattr(item, name).all()
                for item in assessment.items.all()
                for name in ("scores", "agreements", "artefact_links")
            ),
        )
    ]
