"""
Saves that race a move: each is in before it, or refused; what is sealed equals what was signed.

Real threads on a real database: SQLite as a file, PostgreSQL when the suite runs on it.
"""

import json
import random
import threading

import pytest
from django.db import connection

from assessments.documents import document
from assessments.models import Agreement, ArtefactLink, Assessment, Score, Seal, Signature, StateChange
from assessments.permissions import WrongState
from assessments.services import moves, register, signing
from assessments.services.signing import NoQuorum, NotWhatWasShown, current_snapshot
from assessments.workflow import Move, State
from partnership import audit
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hooks")]
ROUNDS = 4
REFUSALS = (WrongState, Stale, NotWhatWasShown, NoQuorum)


def together(*acts, refusals=REFUSALS):
    """Do all acts at once, each in a thread of its own; return for each what came back, or how it was refused."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number, act):
        start.wait()
        try:
            results[number] = act()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    strange = [result for result in results if isinstance(result, Exception) and not isinstance(result, refusals)]
    assert not strange, strange
    return results


def later(act, seed):
    """Return the act with a short wait before it, so that the rounds of a race differ."""
    pause = random.Random(seed).random() / 50
    return lambda: (threading.Event().wait(pause), act())[1]


def events(assessment, type):
    return list(
        AuditEvent.objects.filter(chain=audit.chain_key(assessment), type=type)
        .order_by("sequence")
        .values_list("sequence", flat=True)
    )


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_score_is_in_before_scoring_closes_or_refused(seed):
    assessment = factories.create_assessment(state=State.SCORING)
    item, chair = assessment.items.get(), factories.holder(Role.CHAIR, assessment.place)
    members = factories.board(assessment.place, 4)

    *scores, closed = together(
        *(later(lambda by=by: factories.create_score(item, by=by), seed) for by in members),
        later(lambda: factories.move(assessment, Move.CLOSE_SCORING, by=chair), seed + 1),
    )

    assert closed.state == State.AGREEING
    given = {score.pk for score in scores if isinstance(score, Score)}
    assert set(Score.objects.values_list("pk", flat=True)) == given
    assert all(
        sequence < events(assessment, audit.Type.STATE_CHANGED)[-1]
        for sequence in events(assessment, audit.Type.SCORE_RECORDED)
    )
    assert not list(audit.faults(audit.chain_key(assessment)))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_is_frozen_is_what_is_stored_however_late_a_level_or_an_artefact_comes(seed):
    assessment = factories.create_assessment()
    items = [factories.create_item(assessment) for _ in range(3)]
    artefact = factories.create_artefact(assessment.place)
    factories.in_agreeing(assessment)
    for item in items:
        factories.create_agreement(item)
    chair, lead = (factories.holder(role, assessment.place) for role in (Role.CHAIR, Role.LEAD))

    *saved, put_up = together(
        *(
            later(
                lambda item=item: factories.create_agreement(item, level=3, reason="Late", based_on=1, by=chair),
                seed + item.pk,
            )
            for item in items
        ),
        later(
            lambda: register.link_artefact(artefact=artefact, item=items[0], locator="p. 3", by=lead, at=AT),
            seed,
        ),
        later(
            lambda: factories.move(assessment, Move.PUT_UP, by=chair, accepted_gaps=factories.EMPTY_CRITERIA), seed + 2
        ),
    )

    assert put_up.state == State.SIGNING
    snapshot = current_snapshot(assessment)
    assert snapshot.text == audit.canonical(document(assessment=put_up, on=AT.date()))
    frozen = {item["id"]: item["level"] for item in json.loads(snapshot.text)["items"]}
    for item, result in zip(items, saved, strict=False):
        assert frozen[str(item.public_id)] == (3 if isinstance(result, Agreement) else 2)
    assert ArtefactLink.objects.count() == (not isinstance(saved[-1], Exception))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_seal_holds_every_signature_that_was_accepted_and_no_other(seed):
    assessment = factories.create_assessment(state=State.SIGNING)
    first, *others = [factories.create_signatory(assessment.place) for _ in range(4)]
    factories.create_signature(assessment, by=first)
    chair = factories.holder(Role.CHAIR, assessment.place)

    *_, sealed = together(
        *(later(lambda by=by: factories.create_signature(assessment, by=by), seed + by.pk) for by in others),
        later(
            lambda: factories.move(assessment, Move.SEAL, by=chair, meeting_on=AT.date(), minute_reference="PB/26/7"),
            seed,
        ),
    )

    assert sealed.state == State.SIGNED
    text = json.loads(Seal.objects.get().text)
    assert {signature["id"] for signature in text["signatures"]} == {
        str(key) for key in Signature.objects.values_list("public_id", flat=True)
    }
    assert {signature["digest"] for signature in text["signatures"]} == {text["snapshot"]["digest"]}


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_seal_holds_the_answer_that_stood_when_it_was_made(seed):
    assessment = factories.create_assessment(state=State.SIGNING)
    first, other = [factories.create_signatory(assessment.place) for _ in range(2)]
    for signatory in (first, other):
        factories.create_signature(assessment, by=signatory)
    chair = factories.holder(Role.CHAIR, assessment.place)

    changed, sealed = together(
        later(
            lambda: factories.create_signature(assessment, by=other, kind="DECLINED", words="No more", based_on=1), seed
        ),
        later(
            lambda: factories.move(assessment, Move.SEAL, by=chair, meeting_on=AT.date(), minute_reference="PB/26/7"),
            seed + 1,
        ),
    )

    assert sealed.state == State.SIGNED
    assert isinstance(changed, Signature | WrongState)
    text = json.loads(Seal.objects.get().text)
    standing = Signature.objects.standing()
    assert {each["id"] for each in text["signatures"]} == {str(each.public_id) for each in standing}
    assert {each["kind"] for each in text["signatures"]} == (
        {"SIGNED", "DECLINED"} if isinstance(changed, Signature) else {"SIGNED"}
    )


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_signature_racing_a_change_of_content_is_on_what_was_seen_or_on_nothing(seed):
    assessment = factories.create_assessment(state=State.SIGNING)
    signatory = factories.create_signatory(assessment.place)
    chair = factories.holder(Role.CHAIR, assessment.place)
    seen = current_snapshot(assessment).digest

    def change():
        factories.move(assessment, Move.TAKE_BACK, by=chair, reason="A figure was wrong")
        factories.create_agreement(assessment.items.get(), level=3, reason="Late", based_on=1, by=chair)
        return factories.move(Assessment.objects.get(), Move.PUT_UP, by=chair, accepted_gaps=factories.EMPTY_CRITERIA)

    together(
        later(
            lambda: signing.sign(assessment=assessment, kind="SIGNED", words="", digest=seen, by=signatory, at=AT),
            seed,
        ),
        later(change, seed + 3),
    )

    assert all(signature.snapshot.digest == seen == signature.digest for signature in Signature.objects.all())


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_of_two_chairs_one_moves_and_the_other_is_told(seed):
    assessment = factories.create_assessment(state=State.AGREEING)
    chairs = [factories.create_membership(role=Role.CHAIR, place=assessment.place).user for _ in range(2)]
    version = Assessment.objects.get().version

    results = together(
        *(
            later(
                lambda by=by: moves.make_move(
                    assessment=assessment, move=Move.WITHDRAW, based_on=version, reason="Reorganised", by=by, at=AT
                ),
                seed,
            )
            for by in chairs
        )
    )

    assert sum(isinstance(result, Assessment) for result in results) == 1
    assert sum(isinstance(result, WrongState | Stale) for result in results) == 1
    assert StateChange.objects.filter(to_state=State.WITHDRAWN).count() == 1
