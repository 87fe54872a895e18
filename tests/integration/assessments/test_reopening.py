"""Re-opening what was signed: a new version beside it, with all that the board had before it; the old one stays."""

import json
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments import permissions, visibility
from assessments.documents import document, stored
from assessments.models import Agreement, Assessment, Dissent, Score, Seal
from assessments.permissions import Superseded, WrongState
from assessments.selectors import load_case, versions_of
from assessments.services import agreeing, dissenting, reopening
from assessments.workflow import ACTS, WHEN_ONLY_READ, Act, Move, State
from improvement.models import Action
from partnership import audit, audit_rows
from partnership.idempotency import AlreadyDone
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration.assessments.test_visibility import voices_shown

pytestmark = pytest.mark.django_db
TOKEN = "5f0f9be8-7c35-4c5c-8a2c-9d9f7b1f6f55"


def chair_of(assessment):
    return factories.holder(Role.CHAIR, assessment.place)


def in_full():
    """Return a signed assessment that has everything: two items, evidence, two ballots of one, a dissent, an action."""
    council = factories.create_organisation()
    assessment = factories.create_assessment()
    twice, once = (factories.create_item(assessment) for _ in range(2))
    factories.create_artefact(assessment.place, item=twice, locator="p. 3")
    factories.in_agreeing(assessment, 1, 2, 4)
    member = factories.board(assessment.place, 1)[0]
    factories.create_agreement(twice, level=2, reason="A first thought")
    factories.move(assessment, Move.SCORE_AGAIN, items=[twice], reason="Let us look again")
    twice.refresh_from_db()
    for by, level in zip(factories.board(assessment.place, 3), (3, 3, 3), strict=True):
        factories.create_score(twice, by=by, level=level, comment=f"Said by {by.name}")
    factories.move(assessment, Move.CLOSE_SCORING)
    [settled] = agreeing.agree_undisputed(assessment=assessment, by=chair_of(assessment), at=AT)
    factories.create_agreement(once, level=2, reason="The middle")
    dissenting.record_dissent(agreement=settled, text="Too high", attributed=False, based_on=1, by=member, at=AT)
    factories.create_action(assessment, owner=factories.create_organisation(place=assessment.place))
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(assessment, by=factories.create_signatory(assessment.place, council))
    return factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")


@pytest.mark.parametrize("state", State)
def test_the_chair_alone_re_opens_and_only_what_was_signed(state):
    assessment = factories.create_assessment(state=state)
    rule = ACTS[Act.REOPEN]
    cast = {role: factories.holder(role, assessment.place) for role in Role} | {None: factories.create_user()}
    for role, by in sorted(cast.items(), key=lambda each: each[0] in rule.roles):
        if role not in rule.roles:
            with pytest.raises(PermissionDenied):
                factories.reopened(assessment, by=by)
        elif state not in rule.states:
            with pytest.raises(WrongState):
                factories.reopened(assessment, by=by)
        else:
            made = factories.reopened(assessment, by=by)
            assert (made.state, made.number) == (State.AGREEING, 2)
    assert Assessment.objects.filter(place=assessment.place).count() == 1 + (state in rule.states)


def test_the_new_version_has_all_that_the_board_had_before_it_under_the_same_lineage():
    earlier = in_full()
    made = factories.reopened(earlier)

    before, now = load_case(assessment=earlier, on=AT.date()), load_case(assessment=made, on=AT.date())
    assert [item.lineage for item in now.items] == [item.lineage for item in before.items]
    assert {item.key for item in now.items}.isdisjoint(item.key for item in before.items)
    for old, new in zip(before.items, now.items, strict=True):
        assert (new.label, new.statement, new.judgement, new.level, new.rationale) == (
            old.label,
            old.statement,
            old.judgement,
            old.level,
            old.rationale,
        )
        assert (new.counts, new.citations, new.objections) == (old.counts, old.citations, old.objections)
    assert now.panel
    assert len(now.panel) == len(before.panel)
    assert list(made.required_signatures.values_list("organisation")) == list(
        earlier.required_signatures.values_list("organisation")
    )
    assert not made.snapshots.exists()
    assert not Seal.objects.filter(assessment=made).exists()


def test_every_score_keeps_its_author_its_ballot_its_words_and_its_day():
    earlier = in_full()
    made = factories.reopened(earlier)
    fields = ("item__lineage", "membership", "ballot", "judgement", "level", "comment", "confidence", "scored_at")

    copies = set(Score.objects.filter(item__assessment=made).values_list(*fields))

    assert copies == set(Score.objects.filter(item__assessment=earlier).values_list(*fields))
    assert len(copies) == 9
    of_agreements = ("item__lineage", "ballot", "level", "reason", "undisputed", "agreed_at", "agreed_by", "version")
    assert set(Agreement.objects.filter(item__assessment=made).values_list(*of_agreements)) == set(
        Agreement.objects.filter(item__assessment=earlier).values_list(*of_agreements)
    )


def test_who_could_not_see_scores_or_a_dissenters_name_cannot_now():
    earlier = in_full()
    made = factories.reopened(earlier)
    for role in set(Role) - ACTS[Act.SEE_NAMED_SCORES].roles:
        capacity = permissions.capacity(user=factories.holder(role, made.place), assessment=made)
        assert not visibility.named_scores(capacity=capacity, assessment=made).exists()
        assert not voices_shown(capacity=capacity, assessment=made)
    assert list(Dissent.objects.filter(agreement__item__assessment=made).values_list("membership", "text")) == [
        (None, "Too high")
    ]


def test_a_re_vote_in_the_new_version_leaves_the_old_one_alone():
    earlier = in_full()
    made = factories.reopened(earlier)
    item = made.items.order_by("pk").first()
    factories.move(made, Move.SCORE_AGAIN, items=[item], reason="New evidence")
    item.refresh_from_db()
    factories.create_score(item, by=factories.board(made.place, 1)[0], level=4)

    assert item.ballot == 3
    assert set(earlier.items.values_list("ballot", flat=True)) == {1, 2}
    assert not Score.objects.filter(item__assessment=earlier, level=4, ballot=3).exists()


def test_the_signed_version_keeps_its_state_its_seal_and_its_content():
    earlier = in_full()
    seal = Seal.objects.select_related("snapshot").get(assessment=earlier)
    words = (seal.text, seal.digest, seal.snapshot.text)
    factories.sign_again(factories.reopened(earlier), level=4)

    earlier.refresh_from_db()
    seal = Seal.objects.select_related("snapshot").get(assessment=earlier)
    assert earlier.state == State.SIGNED
    assert (seal.text, seal.digest, seal.snapshot.text) == words
    assert earlier.is_superseded


def test_the_new_version_says_in_its_content_what_it_takes_the_place_of_and_why():
    earlier = in_full()
    made = factories.reopened(earlier, reason="The estates figure was last year's")

    told = document(assessment=made, on=AT.date())

    assert told["assessment"]["number"] == 2
    assert told["reopens"] | {"reopened_at": None, "sealed_at": None} == {
        "assessment": str(earlier.public_id),
        "number": 1,
        "digest": earlier.seal.snapshot.digest,
        "sealed_at": None,
        "reopened_at": None,
        "reopened_by": chair_of(earlier).name,
        "reason": "The estates figure was last year's",
        "reviewed": None,
    }
    assert stored(earlier.seal.snapshot)["reopens"] is None


def test_a_version_re_opened_after_a_decision_says_what_the_reviewers_found():
    earlier = factories.create_assessment(state=State.DECIDED)

    told = document(assessment=factories.reopened(earlier), on=AT.date())["reopens"]["reviewed"]

    assert told["levels"] == {"SO1": 2}
    assert told["digest"] == earlier.decision.digest


def test_actions_go_on_with_the_new_version_and_come_back_if_it_is_withdrawn():
    earlier = in_full()
    made = factories.reopened(earlier)
    assert Action.objects.get().assessment == made

    factories.move(made, Move.WITHDRAW, reason="Opened by mistake")

    assert Action.objects.get().assessment == earlier


def test_both_chains_record_it_and_the_reason_by_digest_alone():
    earlier = in_full()
    made = factories.reopened(earlier, reason="A figure was wrong")

    (then,) = AuditEvent.objects.filter(chain=audit.chain_key(earlier), type=audit.Type.ASSESSMENT_REOPENED)
    now, *copied = AuditEvent.objects.filter(chain=audit.chain_key(made)).order_by("sequence")
    told = json.loads(now.details)
    assert json.loads(then.details)["superseded_by"] == now.target == str(made.public_id)
    assert told["source"] == {
        "assessment": str(earlier.public_id),
        "length": then.sequence,
        "hash": then.hash,
    }
    assert Counter(event.type for event in copied) == {
        audit.Type.ITEM_COPIED: 2,
        audit.Type.SCORE_COPIED: 9,
        audit.Type.LEVEL_COPIED: 3,
        audit.Type.DISSENT_COPIED: 1,
    }
    assert "figure" not in then.details + now.details
    assert audit.digest("A figure was wrong") in then.details
    assert not [fault for each in (then, now) for fault in audit.faults(each.chain)]


def test_the_record_vouches_for_every_copied_row_and_for_which_version_counts():
    earlier = in_full()
    made = factories.reopened(earlier)
    assert not audit_rows.faults()

    one = Score.objects.filter(item__assessment=made, level=4).first()
    Score.objects.filter(pk=one.pk).update(level=1)
    (fault,) = audit_rows.faults()
    assert "level" in fault.what
    Score.objects.filter(pk=one.pk).update(level=4)
    Assessment.objects.filter(pk=earlier.pk).update(superseded_by=None)
    assert any("superseded_by" in fault.what for fault in audit_rows.faults())


def test_nothing_is_done_with_a_superseded_version_any_more(subtests):
    earlier = factories.create_assessment(state=State.SIGNED)
    factories.reopened(earlier)
    earlier = Assessment.objects.get(pk=earlier.pk)
    for role in Role:
        capacity = permissions.capacity(user=factories.holder(role, earlier.place), assessment=earlier)
        for act in sorted(act for act in set(Act) - WHEN_ONLY_READ if role in ACTS[act].roles):
            with subtests.test(role=role, act=act), pytest.raises(Superseded, match="Version 2 has taken the place"):
                permissions.check(act, capacity=capacity, assessment=earlier)


def test_a_superseded_version_moves_nowhere(subtests):
    earlier = factories.create_assessment(state=State.SIGNED)
    factories.reopened(earlier)
    for move in Move:
        extras = {"reason": "Because"} if move in (Move.WITHDRAW, Move.TAKE_BACK, Move.SCORE_AGAIN) else {}
        with subtests.test(move=move), pytest.raises(Superseded):
            factories.move(earlier, move, **extras)
    capacity = permissions.capacity(user=chair_of(earlier), assessment=earlier)
    assert permissions.possible_moves(capacity=capacity, assessment=Assessment.objects.get(pk=earlier.pk)) == ()


def test_a_withdrawn_version_lets_the_one_before_stand_again_and_it_may_be_re_opened_anew():
    earlier = factories.create_assessment(state=State.SUBMITTED)
    second = factories.reopened(earlier)
    assert Assessment.objects.newest().get(place=earlier.place) == second

    factories.move(second, Move.WITHDRAW, reason="Opened by mistake")

    assert Assessment.objects.newest().get(place=earlier.place) == earlier
    events = AuditEvent.objects.filter(chain=audit.chain_key(earlier), type=audit.Type.ASSESSMENT_STANDS_AGAIN)
    assert json.loads(events.get().details)["withdrawn"] == str(second.public_id)
    third = factories.reopened(earlier)
    assert third.number == 3
    earlier.refresh_from_db()
    with pytest.raises(Superseded, match="Version 3"):
        factories.reopened(earlier)


def test_a_version_of_a_version_counts_on():
    first = factories.create_assessment(state=State.SIGNED)
    second = factories.sign_again(factories.reopened(first), level=3)
    third = factories.reopened(second, reason="Once more")

    assert third.number == 3
    assert [each.assessment.number for each in versions_of(assessment=third)] == [3, 2, 1]
    assert document(assessment=third, on=AT.date())["reopens"]["number"] == 2


def test_it_is_not_re_opened_without_a_reason_nor_from_a_page_that_is_out_of_date():
    assessment = factories.create_assessment(state=State.SIGNED)
    with pytest.raises(reopening.ReasonMissing):
        factories.reopened(assessment, reason="  ")
    based_on = assessment.version
    factories.move(assessment, Move.SUBMIT)
    with pytest.raises(Stale):
        factories.reopened(assessment, based_on=based_on)
    assert Assessment.objects.get(place=assessment.place).superseded_by is None


def test_the_same_form_sent_twice_re_opens_once():
    assessment = factories.create_assessment(state=State.SIGNED)
    made = factories.reopened(assessment, token=TOKEN)

    with pytest.raises(AlreadyDone) as again:
        factories.reopened(assessment, token=TOKEN)

    assert again.value.result == str(made.public_id)
    assert Assessment.objects.filter(place=assessment.place).count() == 2


def test_only_what_was_signed_can_be_superseded_and_by_one_version_each():
    first = factories.create_assessment(state=State.SIGNED)
    second = factories.reopened(first)
    other = factories.create_assessment(place=first.place)
    for row, by in ((other, second), (second, other)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.filter(pk=row.pk).update(superseded_by=by)
