"""The pages of a review: what reviewers do there, what the place reads, and what nobody else does."""

import pytest
from django.urls import reverse

from assessments.models import ArtefactReview, CriterionReview, PeerReviewer, Reply
from assessments.workflow import Move, State
from partnership.roles import Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
REASON = "A canary reason of one member"


def page(assessment, name="review", *values):
    return reverse(f"assessments:{name}", args=[assessment.public_id, *values])


def sign_in(client, assessment, role=Role.REVIEWER):
    person = factories.holder(role, assessment.place)
    client.force_login(person)
    return person


def in_review(*, items=1, state=State.IN_REVIEW):
    assessment = factories.create_assessment()
    for _ in range(items):
        item = factories.create_item(assessment)
        factories.create_artefact(assessment.place, item=item, strength=2)
    return factories.WAYS[state](assessment)


def finding(client, assessment, **changes):
    data = {"choice": "1", "confidence": "SURE", "words": "A draft", "recommendation": "Adopt it", "based_on": "0"}
    return client.post(page(assessment, "review_criterion", "SO1"), data | {"then": "stay"} | changes)


def test_a_reviewer_records_a_level_with_words_and_a_recommendation(client):
    assessment = in_review()
    reviewer = sign_in(client, assessment)

    answer = finding(client, assessment)

    assert answer.status_code == 302
    found = CriterionReview.objects.get()
    assert (found.level, found.words, found.recommendation, found.reviewed_by) == (1, "A draft", "Adopt it", reviewer)
    text = client.get(page(assessment)).text
    assert "<strong>1 of 1</strong> criteria reviewed" in text


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"choice": ""}, "Choose a level, or say that you cannot judge"),
        ({"confidence": ""}, "Choose how sure you are"),
        ({"words": ""}, "differs from the level that the place agreed"),
    ],
)
def test_a_finding_that_lacks_something_says_what_and_keeps_what_was_typed(client, changes, words):
    assessment = in_review()
    sign_in(client, assessment)

    answer = finding(client, assessment, **changes)

    assert answer.status_code == 409
    assert words in answer.text
    assert "Adopt it" in answer.text
    assert "<title>Error: " in answer.text
    assert not CriterionReview.objects.exists()


def test_the_second_of_two_reviewers_sees_what_the_first_found_and_loses_nothing(client):
    assessment = in_review()
    factories.create_finding(assessment, level=2)
    sign_in(client, assessment)

    answer = finding(client, assessment)

    assert answer.status_code == 409
    assert "Nothing was overwritten" in answer.text
    assert "A draft" in answer.text
    assert finding(client, assessment, based_on=answer.context["form"]["based_on"].value()).status_code == 302


def test_words_that_come_after_the_decision_are_shown_to_copy(client):
    assessment = in_review(state=State.DECIDED)
    sign_in(client, assessment)

    answer = finding(client, assessment, words="Too late for this")

    assert answer.status_code == 409
    assert "Nothing was saved." in answer.text
    assert "Too late for this" in answer.text


def test_a_reviewer_records_a_strength_beside_the_leads(client):
    assessment = in_review()
    sign_in(client, assessment)
    artefact = assessment.place.artefacts.get()
    prefix = f"artefact-{artefact.public_id}"
    said = {f"{prefix}-strength": "1", f"{prefix}-words": "A plan", f"{prefix}-based_on": "0"}

    answer = client.post(page(assessment, "review_criterion", "SO1"), said | {"artefact": str(artefact.public_id)})

    assert answer.status_code == 302
    assert ArtefactReview.objects.get().strength == 1
    assert "The review: <strong>documented intent</strong>" in client.get(answer.url).text


@pytest.mark.parametrize("role", [Role.LEAD, Role.CHAIR, Role.MEMBER, Role.OBSERVER])
def test_people_of_the_place_post_no_finding(client, role):
    assessment = in_review()
    sign_in(client, assessment, role)

    assert finding(client, assessment).status_code == 403
    assert not CriterionReview.objects.exists()


def test_no_page_of_the_review_shows_the_icb_a_single_members_score(client):
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    factories.in_scoring(assessment)
    members = factories.board(assessment.place, 3)
    for member, level in zip(members, (1, 2, 4), strict=True):
        factories.create_score(item, by=member, level=level, comment=REASON)
    factories.move(assessment, Move.CLOSE_SCORING)
    factories.create_agreement(item, level=2, reason="Settled")
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    factories.move(assessment, Move.SEAL, meeting_on=factories.AT.date(), minute_reference="PB/26/1")
    factories.move(assessment, Move.SUBMIT)
    factories.move(assessment, Move.START_REVIEW)
    sign_in(client, assessment)

    for address in (
        page(assessment),
        page(assessment, "review_criterion", "SO1"),
        page(assessment, "questions"),
        reverse("assessments:review_across", args=[assessment.round.public_id, "SO1"]),
    ):
        text = client.get(address).text
        assert REASON not in text
        assert not [member.name for member in members if member.name in text]


def test_a_criterion_is_seen_across_places_by_name_without_those_that_have_not_submitted(client):
    system = factories.create_system()
    places = [factories.create_place(name, system=system) for name in ("Wirral", "Halton", "Sefton")]
    opened = factories.create_round(places=places)
    for place in places[:2]:
        factories.in_review(opened.assessments.select_related("place__system", "round").get(place=place))
    factories.create_finding(opened.assessments.get(place=places[0]), level=1, words="A draft in Wirral")
    client.force_login(factories.holder(Role.REVIEWER, places[0]))

    answer = client.get(reverse("assessments:review_across", args=[opened.public_id, "SO1"]))

    assert [row["assessment"].place.name for row in answer.context["rows"]] == ["Halton", "Wirral"]
    assert "A draft in Wirral" in answer.text


def test_the_lead_replies_on_the_page_and_an_empty_reply_says_so(client):
    assessment = factories.create_assessment(state=State.CLARIFY)
    sign_in(client, assessment, Role.LEAD)
    form = client.get(page(assessment, "questions")).context["asked"][0].form
    data = {"question": "1", "question1-token": form["token"].value()}

    empty = client.post(page(assessment, "questions"), data | {"question1-text": " "})
    given = client.post(page(assessment, "questions"), data | {"question1-text": "Every <b>month</b>"}, follow=True)
    again = client.post(page(assessment, "questions"), data | {"question1-text": "Every <b>month</b>"})

    assert "Enter the reply" in empty.text
    assert "Every &lt;b&gt;month&lt;/b&gt;" in given.text
    assert again.status_code == 302
    assert Reply.objects.count() == 1


def test_a_reply_after_the_decision_is_shown_to_copy(client):
    assessment = factories.create_assessment(state=State.DECIDED)
    sign_in(client, assessment, Role.LEAD)

    answer = client.post(page(assessment, "questions"), {"question": "1", "question1-text": "Too late for this"})

    assert answer.status_code == 409
    assert "Too late for this" in answer.text


def test_the_programme_office_names_a_peer_and_ends_their_part(client):
    assessment = in_review()
    peer = factories.create_membership(role=Role.LEAD, place=factories.create_place(system=assessment.place.system))
    sign_in(client, assessment, Role.PROGRAMME_OFFICE)

    missing = client.post(page(assessment, "peers"), {"membership": ""})
    named = client.post(page(assessment, "peers"), {"membership": str(peer.public_id)}, follow=True)
    ended = client.post(page(assessment, "peers"), {"end": PeerReviewer.objects.get().pk}, follow=True)

    assert "Choose a person" in missing.text
    assert f"{peer.user.name} can review it now." in named.text
    assert f"{peer.user.name} reviews it no longer." in ended.text
    assert PeerReviewer.objects.get().ended_at


def test_before_the_review_starts_its_page_says_what_will_come(client):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    sign_in(client, assessment, Role.LEAD)

    assert "The review has not started" in client.get(page(assessment)).text
    assert "Not decided yet" in client.get(page(assessment, "decision")).text


@pytest.mark.parametrize("items", [1, 6])
@pytest.mark.parametrize(
    "name, values, role, queries",
    [
        # session, user, assessment, capacity, snapshot, findings, questions, replies
        ("review", [], Role.REVIEWER, 8),
        # and whether it is shared
        ("review", [], Role.CHAIR, 9),
        # session, user, assessment, capacity, snapshot, findings, strengths, readable artefacts, history
        ("review_criterion", ["SO1"], Role.REVIEWER, 9),
        # session, user, assessment, capacity, questions, replies
        ("questions", [], Role.CHAIR, 6),
    ],
)
def test_the_pages_take_the_same_few_queries_for_little_data_and_much(
    client, items, name, values, role, queries, django_assert_num_queries
):
    assessment = in_review(items=items, state=State.CLARIFY)
    for number in range(items - 1):
        factories.create_question(assessment, text=f"And {number}?")
    factories.create_finding(assessment)
    sign_in(client, assessment, role)

    with django_assert_num_queries(queries):
        client.get(page(assessment, name, *values))


@pytest.mark.parametrize("size", [1, 4])
def test_the_page_across_places_takes_the_same_few_queries(client, size, django_assert_num_queries):
    system = factories.create_system()
    opened = factories.create_round(places=[factories.create_place(system=system) for _ in range(size)])
    for assessment in opened.assessments.select_related("place__system", "round"):
        factories.in_review(assessment)
        factories.create_finding(assessment)
    client.force_login(factories.holder(Role.REVIEWER, assessment.place))

    # session, user, round, capacity, snapshots, findings
    with django_assert_num_queries(6):
        client.get(reverse("assessments:review_across", args=[opened.public_id, "SO1"]))
