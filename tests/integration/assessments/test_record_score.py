"""Recording scores: who may, what is refused, and that nothing is overwritten unseen."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from assessments.models import Judgement, Score
from assessments.permissions import WrongState
from assessments.services import scoring
from assessments.services.scoring import Entry, record_scores
from assessments.workflow import Move, State
from partnership import audit
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db
AT = factories.AT
LATER = AT + timedelta(hours=5)


@kept
def assessment():
    made = factories.create_assessment()
    factories.create_item(made)
    factories.create_item(made)
    return factories.in_scoring(made)


@pytest.fixture
def item(assessment):
    return assessment.items.get(number=1)


def to_state(assessment, state):
    """Bring an assessment in scoring to another state that comes after it."""
    if state == State.WITHDRAWN:
        factories.move(assessment, Move.WITHDRAW, reason="The round was called off.")
    elif state == State.AGREEING:
        factories.move(assessment, Move.CLOSE_SCORING)


@pytest.mark.parametrize("state", [State.PREPARING, State.SCORING, State.AGREEING, State.WITHDRAWN])
@pytest.mark.parametrize("role", Role)
def test_only_members_score_and_only_while_scoring(role, state):
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    if state != State.PREPARING:
        to_state(factories.in_scoring(assessment), state)
    expected = None
    if role != Role.MEMBER:
        expected = PermissionDenied
    elif state != State.SCORING:
        expected = WrongState

    if expected:
        with pytest.raises(expected):
            factories.create_score(item, by=factories.holder(role, assessment.place))
        assert not Score.objects.exists()
    else:
        assert factories.create_score(item, by=factories.holder(role, assessment.place)).level == 3


def test_a_member_of_another_place_does_not_score(item):
    with pytest.raises(PermissionDenied):
        factories.create_score(item, by=factories.holder(Role.MEMBER, factories.create_place()))


def test_a_score_keeps_everything_that_was_given(item, member):
    score = factories.create_score(item, by=member, confidence="UNSURE", comment=" Seen at\r\nwork. ")

    score = Score.objects.get(pk=score.pk)
    assert (score.judgement, score.level, score.reason) == ("LEVEL", 3, "")
    assert (score.confidence, score.comment, score.version, score.scored_at) == ("UNSURE", "Seen at\nwork.", 1, AT)
    assert (score.membership.user, score.ballot) == (member, 1)


def test_what_the_judgement_has_no_use_for_is_not_kept(item, member):
    score = factories.create_score(
        item, by=member, judgement=Judgement.CANNOT_JUDGE, level=2, reason="Left from before"
    )

    assert (score.level, score.reason) == (None, "")


@pytest.mark.parametrize("level", [None, 0, 5, -1])
def test_a_level_that_the_framework_does_not_have_is_refused(item, member, level):
    with pytest.raises(scoring.NoSuchLevel):
        factories.create_score(item, by=member, level=level)
    assert not Score.objects.exists()


def test_an_unknown_judgement_is_refused(item, member):
    with pytest.raises(scoring.NoSuchLevel):
        factories.create_score(item, by=member, judgement="SPLENDID")


def test_not_applicable_needs_a_reason(item, member):
    with pytest.raises(scoring.ReasonMissing):
        factories.create_score(item, by=member, judgement=Judgement.NOT_APPLICABLE, reason="  ")

    score = factories.create_score(item, by=member, judgement=Judgement.NOT_APPLICABLE, reason="No estate here")
    assert (score.level, score.reason) == (None, "No estate here")


def test_a_score_replaces_the_version_that_it_is_based_on(item, member):
    factories.create_score(item, by=member)

    score = factories.create_score(item, by=member, level=4, based_on=1, at=LATER)

    assert (score.level, score.version, score.scored_at) == (4, 2, LATER)
    assert Score.objects.count() == 1


def test_a_stale_score_is_refused_with_the_stored_one(item, member):
    factories.create_score(item, by=member)

    with pytest.raises(Stale) as refused:
        factories.create_score(item, by=member, level=1)

    assert refused.value.current.level == 3
    assert Score.objects.get().level == 3


def test_a_score_based_on_one_that_is_not_there_is_refused(item, member):
    with pytest.raises(Stale) as refused:
        factories.create_score(item, by=member, based_on=1)
    assert refused.value.current is None


def test_the_same_form_twice_does_no_harm(item, member):
    factories.create_score(item, by=member)

    again = factories.create_score(item, by=member, at=LATER)

    assert (again.version, again.scored_at) == (1, AT)
    assert AuditEvent.objects.filter(type=audit.Type.SCORE_RECORDED).count() == 1


def test_a_person_with_two_memberships_has_one_score(assessment, item, member):
    factories.create_score(item, by=member)
    first = member.memberships.get()
    first.ends_on = AT.date()
    first.save()
    tomorrow = AT + timedelta(days=1)
    factories.create_membership(user=member, place=assessment.place, starts_on=tomorrow.date())

    with pytest.raises(Stale):
        factories.create_score(item, by=member, level=1, at=tomorrow)
    factories.create_score(item, by=member, level=1, based_on=1, at=tomorrow)

    assert Score.objects.get().level == 1


def test_two_members_have_a_score_each(assessment, item, member):
    other = factories.create_membership(place=assessment.place).user

    factories.create_score(item, by=member, level=2)
    factories.create_score(item, by=other, level=4)

    assert set(Score.objects.values_list("membership__user", "level")) == {(member.pk, 2), (other.pk, 4)}


def test_scoring_again_keeps_the_first_ballot(assessment, item, member):
    factories.create_score(item, by=member)
    other = assessment.items.get(number=2)
    factories.move(assessment, Move.CLOSE_SCORING)
    factories.move(assessment, Move.SCORE_AGAIN, items=[item], reason="New figures came in.")

    factories.create_score(item, by=member, level=1, at=LATER)
    with pytest.raises(scoring.ItemClosed):
        factories.create_score(other, by=member)

    assert list(Score.objects.order_by("ballot").values_list("ballot", "level")) == [(1, 3), (2, 1)]


def test_the_record_holds_digests_of_words_and_no_words(item, member):
    factories.create_score(item, by=member, comment="canary words")

    event = AuditEvent.objects.get(type=audit.Type.SCORE_RECORDED)
    details = json.loads(event.details)
    assert "canary" not in event.details
    assert details["comment"] == audit.digest("canary words")
    assert (details["level"], details["version"], details["ballot"]) == (3, 1, 1)
    assert (event.actor, event.target) == (str(member.public_id), str(item.public_id))
    assert list(audit.faults(event.chain)) == []


def test_several_scores_are_saved_as_far_as_they_can_be(assessment, member):
    first, second = assessment.items.order_by("number")
    foreign = factories.create_item(factories.create_assessment())
    factories.create_score(second, by=member)
    entries = [
        Entry(first, Judgement.LEVEL, 0, level=2),
        Entry(second, Judgement.LEVEL, 0, level=1),
        Entry(foreign, Judgement.LEVEL, 0, level=2),
    ]

    saved, stale, unknown = record_scores(assessment=assessment, entries=entries, by=member, at=LATER)

    assert (saved.refusal, saved.score.level) == (None, 2)
    assert isinstance(stale.refusal, Stale)
    assert isinstance(unknown.refusal, scoring.UnknownItem)
    assert dict(Score.objects.values_list("item", "level")) == {first.pk: 2, second.pk: 3}
    assert not foreign.scores.exists()


def test_one_item_twice_in_a_form_is_saved_once(assessment, item, member):
    entries = [Entry(item, Judgement.LEVEL, 0, level=2), Entry(item, Judgement.LEVEL, 0, level=4)]

    first, second = record_scores(assessment=assessment, entries=entries, by=member, at=AT)

    assert first.refusal is None
    assert isinstance(second.refusal, Stale)
    assert Score.objects.get().level == 2


@pytest.mark.parametrize("size", [2, 6])
def test_saving_takes_the_same_queries_for_few_items_and_many(django_assert_num_queries, size):
    assessment = factories.create_assessment()
    items = [factories.create_item(assessment) for _ in range(size)]
    member = factories.holder(Role.MEMBER, assessment.place)
    factories.in_scoring(assessment)
    entries = [Entry(item, Judgement.LEVEL, 0, level=2) for item in items]

    # begin, assessment with its version, place, capacity, items, own scores, insert, chain's head, events, head, end
    with django_assert_num_queries(11):
        record_scores(assessment=assessment, entries=entries, by=member, at=AT)


@pytest.mark.parametrize(
    "values",
    [
        {"judgement": "LEVEL", "level": None},
        {"judgement": "NOT_APPLICABLE", "level": None, "reason": ""},
        {"judgement": "CANNOT_JUDGE", "level": 2},
        {"judgement": "LEVEL", "level": 12},
    ],
)
def test_the_database_holds_no_score_without_its_level_or_reason(item, member, values):
    row = {"item": item, "membership": member.memberships.get(), "scored_at": AT} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(**row)


def test_the_database_holds_one_score_per_membership_and_ballot(item, member):
    factories.create_score(item, by=member)
    twin = {"item": item, "membership": member.memberships.get(), "scored_at": AT, "judgement": "LEVEL", "level": 1}
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(**twin)
    assert Score.objects.create(**twin | {"ballot": 2})
