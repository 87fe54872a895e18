"""Reviewed levels and strengths beside the place's own, and who may set them."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from assessments import permissions, review_table
from assessments.models import Artefact, ArtefactReview, Assessment, CriterionReview, PeerReviewer, Round
from assessments.permissions import WrongState
from assessments.services import asking, reviewing
from assessments.workflow import ACTS, Act, Move, State
from frameworks.models import Node
from partnership import audit
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
CANARY = "canary-of-a-draft-review"


def in_review(**values):
    return factories.create_assessment(state=State.IN_REVIEW, **values)


def sealed(assessment):
    return assessment.seal.snapshot.text, assessment.seal.text


@pytest.mark.parametrize("state", [State.SIGNED, State.SUBMITTED, State.IN_REVIEW, State.CLARIFY, State.DECIDED])
def test_who_sets_a_reviewed_level_in_which_state(state, subtests):
    assessment = factories.create_assessment(state=state)
    rule = ACTS[Act.REVIEW]
    for role in [*Role, None]:
        person = factories.holder(role, assessment.place) if role else factories.create_user()
        standing = assessment.criterion_reviews.count()
        with subtests.test(role=role):
            if role not in rule.roles:
                with pytest.raises(PermissionDenied):
                    factories.create_finding(assessment, by=person, based_on=standing)
            elif state not in rule.states:
                with pytest.raises(WrongState):
                    factories.create_finding(assessment, by=person, based_on=standing)
            else:
                factories.create_finding(assessment, by=person, based_on=standing)
            assert assessment.criterion_reviews.count() == standing + (role in rule.roles and state in rule.states)


def test_a_finding_changes_nothing_that_the_place_signed_and_keeps_what_was_found_before():
    assessment = in_review()
    before = sealed(assessment)

    factories.create_finding(assessment, level=1, words="The plan is a draft")
    factories.create_finding(assessment, level=2, words="The plan was adopted", based_on=1)

    assert sealed(Assessment.objects.get(pk=assessment.pk)) == before
    assert list(CriterionReview.objects.order_by("number").values_list("level", "words")) == [
        (1, "The plan is a draft"),
        (2, "The plan was adopted"),
    ]
    assert review_table.load_review(assessment=assessment).row("SO1").finding.level == 2


def test_of_two_reviewers_with_the_same_page_the_second_is_told_and_overwrites_nothing():
    assessment = in_review()
    factories.create_finding(assessment, level=1, words="The plan is a draft")

    with pytest.raises(Stale) as stale:
        factories.create_finding(assessment, level=2, based_on=0)

    assert stale.value.current.words == "The plan is a draft"
    assert CriterionReview.objects.count() == 1


@pytest.mark.parametrize(
    "values, error",
    [
        ({"level": 9}, reviewing.NoSuchLevel),
        ({"level": 3, "words": " "}, reviewing.WordsMissing),
        ({"judgement": "CANNOT_JUDGE", "level": None}, reviewing.WordsMissing),
        ({"confidence": "VERY"}, reviewing.NoConfidence),
    ],
)
def test_a_finding_that_says_too_little_is_refused(values, error):
    assessment = in_review()

    with pytest.raises(error):
        factories.create_finding(assessment, **values)

    assert not CriterionReview.objects.exists()


def test_findings_are_audited_without_their_words():
    assessment = in_review()

    factories.create_finding(assessment, level=1, words="The plan is a draft", recommendation="Adopt the plan")

    event = AuditEvent.objects.filter(chain=audit.chain_key(assessment)).latest("sequence")
    assert event.type == audit.Type.CRITERION_REVIEWED
    assert "draft" not in event.details
    assert "Adopt" not in event.details
    assert json.loads(event.details)["below_target"] is True
    assert not list(audit.faults(event.chain))


def test_the_database_refuses_a_finding_without_level_or_words():
    assessment = in_review()
    values = {
        "assessment": assessment,
        "criterion": Node.objects.get(version=assessment.framework_version, code="SO1"),
        "number": 1,
        "confidence": "SURE",
        "reviewed_at": AT,
        "reviewed_by": factories.create_user(),
    }
    for wrong in (
        {"judgement": "LEVEL"},
        {"judgement": "CANNOT_JUDGE", "words": ""},
        {"judgement": "NOT_APPLICABLE", "level": 2, "words": "x"},
        {"judgement": "LEVEL", "level": 9},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            CriterionReview.objects.create(**values | wrong)
    CriterionReview.objects.create(**values, judgement="LEVEL", level=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        CriterionReview.objects.create(**values, judgement="LEVEL", level=3)


@pytest.mark.parametrize("table", ["criterionreview", "artefactreview", "question", "reply", "decision", "condition"])
def test_the_database_changes_nothing_of_a_review(table):
    factories.decided_after_review(cited_and_reviewed())

    for statement in (f"DELETE FROM assessments_{table}", f"UPDATE assessments_{table} SET id = id + 1000"):
        with (
            pytest.raises(DatabaseError, match="keeps its rows as they were written"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def cited_and_reviewed():
    """Return a submitted assessment that cites an artefact, in review, with a finding on both."""
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    artefact = factories.create_artefact(assessment.place, item=item, strength=2)
    factories.in_review(assessment)
    factories.create_finding(assessment)
    strengthen(assessment, artefact)
    return assessment


def strengthen(assessment, artefact, *, strength=1, based_on=0, by=None):
    return reviewing.review_artefact(
        assessment=assessment,
        artefact=artefact,
        strength=strength,
        words="It is a plan, not a practice",
        based_on=based_on,
        by=by or factories.holder(Role.REVIEWER, assessment.place),
        at=AT,
    )


def test_a_reviewed_strength_stands_beside_the_one_that_the_lead_proposed():
    assessment = cited_and_reviewed()

    artefact = Artefact.objects.get()
    assert artefact.strength == 2
    assert review_table.strengths(assessment=assessment)[str(artefact.public_id)].strength == 1
    with pytest.raises(Stale):
        strengthen(assessment, artefact, strength=3)
    strengthen(assessment, artefact, strength=3, based_on=1)
    assert list(ArtefactReview.objects.order_by("number").values_list("strength", flat=True)) == [1, 3]


def test_a_strength_is_judged_only_of_what_the_assessment_cites_and_reviewers_may_read():
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    secret = factories.create_artefact(assessment.place, item=item, strength=2, sensitivity="BOARD")
    elsewhere = factories.create_artefact(assessment.place, strength=2)
    factories.in_review(assessment)

    for artefact in (secret, elsewhere):
        with pytest.raises(reviewing.NotCited):
            strengthen(assessment, artefact)


# Nobody reviews their own place


def test_a_reviewer_of_the_system_who_has_a_part_at_the_place_may_not_review_it():
    assessment = in_review()
    reviewer = factories.holder(Role.REVIEWER, assessment.place)
    factories.create_membership(role=Role.OBSERVER, user=reviewer, place=assessment.place)

    with pytest.raises(PermissionDenied, match="own place"):
        factories.create_finding(assessment, by=reviewer)
    with pytest.raises(PermissionDenied, match="own place"):
        factories.create_question(assessment, by=reviewer)


def test_what_stays_at_the_place_is_reviewed_by_nobody():
    assessment = factories.create_assessment(state=State.SUBMITTED, visibility=Round.Visibility.PLACE)

    with pytest.raises(PermissionDenied):
        factories.move(assessment, Move.START_REVIEW)


# Peers


def named_peer(assessment):
    peer = factories.create_membership(role=Role.LEAD, place=factories.create_place(system=assessment.place.system))
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    reviewing.name_peer(assessment=assessment, membership=peer, by=office, at=AT)
    return peer.user


def test_somebody_of_another_place_reviews_the_assessment_that_they_were_named_for_and_no_other(client):
    assessment = in_review()
    other = in_review(place=factories.create_place(system=assessment.place.system))
    peer = named_peer(assessment)
    client.force_login(peer)

    factories.create_finding(assessment, by=peer)

    assert client.get(reverse("assessments:review", args=[assessment.public_id])).status_code == 200
    assert client.get(reverse("assessments:review", args=[other.public_id])).status_code == 404
    assert client.get(reverse("assessments:register", args=[assessment.place.public_id])).status_code == 404
    with pytest.raises(PermissionDenied):
        factories.create_finding(other, by=peer)


def test_a_peer_opens_the_evidence_that_is_cited_and_loses_it_when_their_part_ends(client):
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    shown = factories.create_artefact(assessment.place, item=item)
    secret = factories.create_artefact(assessment.place, item=item, sensitivity="BOARD")
    uncited = factories.create_artefact(assessment.place)
    factories.in_review(assessment)
    peer = named_peer(assessment)

    assert list(Artefact.objects.visible_to(peer)) == [shown]
    assert {secret, uncited}.isdisjoint(Artefact.objects.visible_to(peer))

    reviewing.end_peer(
        assessment=assessment,
        peer=PeerReviewer.objects.get(),
        by=factories.holder(Role.PROGRAMME_OFFICE, assessment.place),
        at=AT,
    )
    assert not Artefact.objects.visible_to(peer).exists()
    client.force_login(peer)
    assert client.get(reverse("assessments:review", args=[assessment.public_id])).status_code == 404
    with pytest.raises(PermissionDenied):
        factories.create_finding(assessment, by=peer)


def test_neither_people_of_the_place_nor_of_another_system_are_named_as_peers():
    assessment = in_review()
    own = factories.create_membership(role=Role.MEMBER, place=assessment.place)
    both = factories.create_membership(
        role=Role.MEMBER, user=own.user, place=factories.create_place(system=assessment.place.system)
    )
    stranger = factories.create_membership(role=Role.LEAD)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)

    for membership in (own, both, stranger):
        with pytest.raises(reviewing.NotAPeer):
            reviewing.name_peer(assessment=assessment, membership=membership, by=office, at=AT)


def test_a_peer_who_comes_to_the_place_itself_reviews_it_no_more():
    assessment = in_review()
    peer = named_peer(assessment)
    factories.create_membership(role=Role.MEMBER, user=peer, place=assessment.place)

    with pytest.raises(PermissionDenied, match="own place"):
        factories.create_finding(assessment, by=peer)


# The end of the review


def test_the_review_is_not_finished_without_a_recommendation_below_the_claimed_level():
    assessment = in_review()
    with pytest.raises(asking.NotFinished, match="Not reviewed yet: SO1"):
        factories.move(assessment, Move.FINISH_REVIEW, text="Done", reply_by=factories.REPLY_BY)
    factories.create_finding(assessment, level=1, words="The plan is a draft")
    with pytest.raises(asking.NotFinished, match="recommendation is missing .*: SO1"):
        factories.move(assessment, Move.FINISH_REVIEW, text="Done", reply_by=factories.REPLY_BY)

    factories.create_finding(
        assessment, level=1, words="The plan is a draft", recommendation="Adopt the plan", based_on=1
    )

    assert (
        factories.move(assessment, Move.FINISH_REVIEW, text="Done", reply_by=factories.REPLY_BY).state == State.CLARIFY
    )


@pytest.mark.parametrize("route", ["review", "review_criterion", "questions"])
def test_the_place_sees_what_is_found_once_the_review_is_finished_and_not_before(client, route):
    assessment = in_review()
    factories.create_finding(assessment, level=1, words=CANARY, recommendation=CANARY)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    values = [assessment.public_id, "SO1"] if route == "review_criterion" else [assessment.public_id]
    address = reverse(f"assessments:{route}", args=values)

    before = client.get(address)
    factories.move(assessment, Move.FINISH_REVIEW, text="Thank you", reply_by=factories.REPLY_BY)
    after = client.get(address)

    assert before.status_code == after.status_code == 200
    assert CANARY not in before.text
    assert (CANARY in after.text) == (route == "review_criterion")
    capacity = permissions.capacity(user=factories.holder(Role.CHAIR, assessment.place), assessment=assessment)
    assessment.refresh_from_db()
    assert review_table.may_see_findings(assessment=assessment, capacity=capacity)
