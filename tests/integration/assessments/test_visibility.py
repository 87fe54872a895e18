"""Nobody sees another member's score before the reveal, the ICB never; of every page `test_roles_by_route` shows it."""

import ast
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import reverse

from assessments import permissions, visibility
from assessments.models import Round, Score
from assessments.workflow import Act, Move, State
from partnership import audit
from partnership.models import AuditEvent
from partnership.roles import BOARD, Role
from tests import factories

ROOT = Path(__file__).resolve().parents[3]
# Where rows are written, and where the deletion of an item is refused because it has scores.
MAY_NAME_SCORES = {
    "assessments/visibility.py",
    "assessments/services/scoring.py",
    "assessments/services/voting.py",
    "assessments/services/items.py",
}
CANARIES = ["canary-comment", "canary-reason", "Canary Member"]


@pytest.fixture
def assessment(db):
    """An assessment in scoring, with two scores of one member among its items."""
    made = factories.create_assessment()
    level, reason = factories.create_item(made), factories.create_item(made)
    factories.create_item(made)
    factories.in_scoring(made)
    other = factories.create_user("Canary Member")
    factories.create_membership(user=other, place=made.place)
    factories.create_score(level, by=other, level=4, comment="canary-comment")
    factories.create_score(reason, by=other, judgement="NOT_APPLICABLE", reason="canary-reason")
    return made


def capacity_of(role, assessment):
    return permissions.capacity(user=factories.holder(role, assessment.place), assessment=assessment)


def voices_shown(*, capacity, assessment):
    """Return what a person is shown of how the scores lie, as pages ask for it; none where they may not see that."""
    if not permissions.can(Act.SEE_SPREAD, capacity=capacity, assessment=assessment):
        return []
    return list(visibility.revealed_voices(assessment=assessment.pk))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MEMBER}))
def test_nobody_sees_another_members_score_while_scoring(assessment, role):
    capacity = capacity_of(role, assessment)

    assert not visibility.named_scores(capacity=capacity, assessment=assessment)
    assert not voices_shown(capacity=capacity, assessment=assessment)
    assert not visibility.revealed_scores(assessment=assessment)


def test_a_member_sees_their_own_score_in_every_phase(assessment):
    me = factories.create_membership(place=assessment.place).user
    item = assessment.items.first()
    mine = factories.create_score(item, by=me, level=1)
    for _ in range(2):
        capacity = permissions.capacity(user=me, assessment=assessment)
        assert visibility.own_scores(user=me, items=[item.pk]) == {item.pk: mine}
        assert visibility.own_judgements(user=me, assessment=assessment) == ({item.pk: (mine.judgement, 1)}, set())
        assert mine in visibility.named_scores(capacity=capacity, assessment=assessment)
        if assessment.state == "SCORING":
            assert list(visibility.named_scores(capacity=capacity, assessment=assessment)) == [mine]
            assessment = factories.move(assessment, Move.CLOSE_SCORING)


@pytest.mark.parametrize("role", Role)
def test_after_the_reveal_the_board_alone_sees_names_and_spread(assessment, role):
    assessment = factories.move(assessment, Move.CLOSE_SCORING)
    capacity = capacity_of(role, assessment)

    assert visibility.named_scores(capacity=capacity, assessment=assessment).exists() == (role in BOARD)
    assert bool(voices_shown(capacity=capacity, assessment=assessment)) == (role in BOARD)


def test_an_earlier_ballot_is_no_part_of_the_spread(assessment):
    assessment = factories.move(assessment, Move.CLOSE_SCORING)
    chosen = assessment.items.filter(number=1)
    factories.move(assessment, Move.SCORE_AGAIN, items=list(chosen), reason="New figures.")
    assessment = factories.move(assessment, Move.CLOSE_SCORING)

    assert [score.item.number for score in visibility.revealed_scores(assessment=assessment)] == [2]
    capacity = capacity_of(Role.CHAIR, assessment)
    assert [item for item, *_ in voices_shown(capacity=capacity, assessment=assessment)] == [
        assessment.items.get(number=2).pk
    ]
    assert visibility.named_scores(capacity=capacity, assessment=assessment).count() == 2


def test_counts_are_of_present_members_and_the_present_ballot(assessment):
    other = Score.objects.first().membership.user
    assert visibility.scores_given(assessment=assessment) == {other.pk: 2}

    factories.move(assessment, Move.CLOSE_SCORING)
    factories.move(assessment, Move.SCORE_AGAIN, items=[assessment.items.get(number=3)], reason="Forgotten.")
    assessment.refresh_from_db()
    assert visibility.scores_given(assessment=assessment) == {}


def test_the_canaries_are_shown_to_the_member_whose_they_are(client, assessment):
    client.force_login(Score.objects.first().membership.user)

    text = client.get(reverse("assessments:score", args=[assessment.public_id, "SO1"])).text

    assert all(canary in text for canary in CANARIES[:2])


def test_the_administration_pages_show_no_scores_and_not_what_the_record_says_of_them(client, assessment):
    client.force_login(factories.create_user(administrator=True))
    event = AuditEvent.objects.filter(type=audit.Type.SCORE_RECORDED).first()

    text = client.get(reverse("admin:partnership_auditevent_change", args=[event.pk])).text

    assert event.hash in text
    assert "judgement" not in text
    assert Score not in admin.site._registry


@pytest.mark.parametrize("room", ["partnership", "frameworks", "assessments", "improvement", "reports"])
def test_scores_are_read_in_one_place_only(room):
    wrong = []
    for path in (ROOT / room).rglob("*.py"):
        name = str(path.relative_to(ROOT))
        if "migrations" in path.parts or name in MAY_NAME_SCORES:
            continue
        nodes = list(ast.walk(ast.parse(path.read_text())))
        # Nothing is read of `Score.objects.none()`.
        empty = {node.value for node in nodes if isinstance(node, ast.Attribute) and node.attr == "none"}
        wrong += [f"{name}:{node.lineno}" for node in nodes if node not in empty and reads_scores(node)]
    assert not wrong, "Read scores through assessments.visibility"


def reads_scores(node):
    """Tell whether a piece of code is `Score.objects`, or `item.scores` with something asked of it."""
    if not isinstance(node, ast.Attribute):
        return False
    if isinstance(node.value, ast.Name):
        return node.attr == "objects" and node.value.id == "Score"
    return isinstance(node.value, ast.Attribute) and node.value.attr == "scores"


@pytest.mark.django_db
def test_a_round_that_keeps_results_at_the_place_never_opens_its_content_to_the_icb(client):
    place = factories.create_place()
    office = factories.create_membership(role=Role.PROGRAMME_OFFICE, system=place.system).user
    kept = factories.create_assessment(place=place, state=State.SUBMITTED, visibility=Round.Visibility.PLACE)
    shared = factories.create_assessment(place=place, state=State.SUBMITTED)
    client.force_login(office)

    assert client.get(reverse("assessments:signoff", args=[kept.public_id])).status_code == 403
    assert client.get(reverse("assessments:signoff", args=[shared.public_id])).status_code == 200
