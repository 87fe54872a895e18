"""A page for each move: what it says before the button, and what comes of the button."""

import uuid

import pytest
from django.urls import reverse

from assessments.models import StateChange
from assessments.workflow import MOVES, Move, State
from frameworks import definition
from partnership.roles import Role
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]


def page(assessment, move):
    return reverse("assessments:move", args=[assessment.public_id, move])


def post(client, assessment, move, **data):
    shown = client.get(page(assessment, move)).context["form"]
    fixed = {"based_on": shown["based_on"].value(), "token": str(shown["token"].value())}
    if "gaps" in shown.fields:
        fixed["gaps"] = shown["gaps"].value()
    return client.post(page(assessment, move), fixed | data)


def sign_in(client, assessment, role):
    user = factories.holder(role, assessment.place)
    client.force_login(user)
    return user


def ready(state):
    assessment = factories.create_assessment(state=State.SUBMITTED if state == State.IN_REVIEW else state)
    if state == State.IN_REVIEW:
        factories.reviewed_after_submission(assessment)
    if state == State.PREPARING:
        factories.create_item(assessment)
    if state == State.SIGNING:
        factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    return assessment


def to_decide(assessment):
    """Return a filled form: accepted on every pathway, on one condition each."""
    partner = factories.create_organisation(place=assessment.place)
    data = {"decided_on_day": "1", "decided_on_month": "10", "decided_on_year": "2026"}
    pathways = definition.load(assessment.framework_version.definition).pathways
    for place, pathway in enumerate(pathways, start=1):
        data |= {
            f"outcome{place}": "CONDITIONS",
            f"functions{place}": "Community services",
            f"reasons{place}": "The evidence is there",
            f"condition{place}_1": "Show the agreement",
            f"gate{place}_1": pathway.gates[0].code,
            f"owner{place}_1": str(partner.public_id),
            f"due{place}_1_day": "1",
            f"due{place}_1_month": "2",
            f"due{place}_1_year": "2027",
        }
    return data


ASKED = {"text": "How often?", "reply_by_day": "31", "reply_by_month": "12", "reply_by_year": "2099"}
FILLED = {
    Move.ASK: lambda assessment: ASKED | {"code": "SO1"},
    Move.FINISH_REVIEW: lambda assessment: ASKED,
    Move.GO_ON: lambda assessment: {"reason": "The day has passed"},
    Move.DECIDE: to_decide,
    Move.SCORE_AGAIN: lambda assessment: {"reason": "New figures", "items": [assessment.items.get().public_id]},
    Move.PUT_UP: lambda assessment: {"accepted": "on"},
    Move.TAKE_BACK: lambda assessment: {"reason": "A figure was wrong"},
    Move.SEAL: lambda assessment: {
        "meeting_on_day": "1",
        "meeting_on_month": "10",
        "meeting_on_year": "2026",
        "minute_reference": "PB/26/7",
    },
    Move.WITHDRAW: lambda assessment: {"reason": "The partnership is being reorganised"},
}


@pytest.mark.parametrize("move", [move for move in Move if not MOVES[move].follows])
def test_a_move_is_explained_and_then_made(client, move):
    rule = MOVES[move]
    assessment = ready(min(rule.sources))
    sign_in(client, assessment, min(rule.roles))

    shown = client.get(page(assessment, move))
    response = post(client, assessment, move, **FILLED.get(move, lambda assessment: {})(assessment))

    assert shown.status_code == 200
    assert "What happens" in shown.text
    assert response.status_code == 302
    assessment.refresh_from_db()
    assert assessment.state == rule.target
    # Where it leads to is there, and says what was done.
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    "move",
    [
        Move.SCORE_AGAIN,
        Move.TAKE_BACK,
        Move.SEAL,
        Move.WITHDRAW,
        Move.PUT_UP,
        Move.ASK,
        Move.FINISH_REVIEW,
        Move.GO_ON,
        Move.DECIDE,
    ],
)
def test_an_empty_form_names_what_is_missing_and_moves_nothing(client, move):
    state = min(MOVES[move].sources - {State.PREPARING})
    assessment = ready(state)
    sign_in(client, assessment, max(MOVES[move].roles, key=lambda role: role == Role.CHAIR))

    response = post(client, assessment, move)

    assert response.status_code == 200
    assert "There is a problem" in response.text
    assessment.refresh_from_db()
    assert assessment.state == state


@pytest.mark.parametrize("role", [*Role, None])
def test_who_may_open_the_page_of_a_move(client, role):
    assessment = factories.create_assessment(state=State.AGREEING)
    client.force_login(factories.holder(role, assessment.place) if role else factories.create_user())

    status = client.get(page(assessment, Move.PUT_UP)).status_code

    assert status == (404 if role is None else 200 if role == Role.CHAIR else 403)


def test_an_unknown_move_does_not_exist(client):
    assessment = factories.create_assessment()
    sign_in(client, assessment, Role.CHAIR)

    assert client.get(page(assessment, Move.PUT_UP).replace("put-up", "put-down")).status_code == 404


def test_the_second_of_two_tabs_is_told_who_was_first(client):
    assessment = factories.create_assessment(state=State.SCORING)
    chair = sign_in(client, assessment, Role.CHAIR)
    second = {"based_on": assessment.version, "token": str(uuid.uuid4())}
    post(client, assessment, Move.CLOSE_SCORING)

    response = client.post(page(assessment, Move.CLOSE_SCORING), second)

    assert response.status_code == 409
    assert "Nothing was done" in response.text
    assert chair.name in response.text
    assert StateChange.objects.filter(assessment=assessment, to_state=State.AGREEING).count() == 1


def test_the_same_form_sent_twice_leads_to_the_same_place(client):
    assessment = factories.create_assessment(state=State.SCORING)
    sign_in(client, assessment, Role.CHAIR)
    form = client.get(page(assessment, Move.CLOSE_SCORING)).context["form"]
    data = {"based_on": form["based_on"].value(), "token": str(form["token"].value())}

    first = client.post(page(assessment, Move.CLOSE_SCORING), data)
    second = client.post(page(assessment, Move.CLOSE_SCORING), data)

    assert first.url == second.url
    assert StateChange.objects.filter(assessment=assessment, to_state=State.AGREEING).count() == 1


def test_a_page_from_before_a_round_trip_asks_to_decide_again(client):
    assessment = factories.create_assessment(state=State.AGREEING)
    sign_in(client, assessment, Role.CHAIR)
    form = client.get(page(assessment, Move.PUT_UP)).context["form"]
    old = {"based_on": form["based_on"].value(), "gaps": form["gaps"].value(), "accepted": "on"}
    post(client, assessment, Move.PUT_UP, accepted="on")
    post(client, assessment, Move.TAKE_BACK, reason="A figure was wrong")

    response = client.post(page(assessment, Move.PUT_UP), old | {"token": str(uuid.uuid4())})

    assert response.status_code == 409
    assert "decide again" in response.text
    assessment.refresh_from_db()
    assert assessment.state == State.AGREEING
    assert (
        client.post(
            page(assessment, Move.PUT_UP), old | {"token": str(uuid.uuid4()), "based_on": assessment.version}
        ).status_code
        == 302
    )


def test_closing_names_who_has_still_to_score(client):
    assessment = factories.create_assessment(state=State.SCORING)
    [member] = factories.board(assessment.place, 1)
    sign_in(client, assessment, Role.CHAIR)

    text = client.get(page(assessment, Move.CLOSE_SCORING)).text

    assert "1 of 1 member still has something to score" in text
    assert f"{member.name}, {member.memberships.get().organisation.name}: 1 item left" in text


def test_opening_scoring_names_all_criteria_without_items_at_once(client):
    assessment = factories.create_assessment()
    factories.create_item(assessment)
    sign_in(client, assessment, Role.LEAD)

    warnings = client.get(page(assessment, Move.OPEN_SCORING)).context["prospect"].warnings

    named = "SO2 Criterion SO2, PE1 Criterion PE1, PE2a Criterion PE2a and PE2b Criterion PE2b"
    assert warnings[0] == f"4 criteria have no evidence items: {named}."


def test_putting_up_names_each_gap_and_asks_to_accept_them(client):
    assessment = factories.create_assessment(state=State.AGREEING)
    sign_in(client, assessment, Role.CHAIR)

    text = client.get(page(assessment, Move.PUT_UP)).text

    assert "SO1 Criterion SO1: item SO1.1 has no agreed level." in text
    assert "SO2 Criterion SO2 has no evidence items." in text
    assert "incomplete" in text


def test_a_gap_that_opened_meanwhile_is_not_accepted_by_the_old_tick(client):
    assessment = factories.create_assessment(state=State.AGREEING)
    sign_in(client, assessment, Role.CHAIR)

    response = post(client, assessment, Move.PUT_UP, accepted="on", gaps=" ".join(factories.EMPTY_CRITERIA))

    assert "More is unsettled than when you opened this page." in response.text
    assessment.refresh_from_db()
    assert assessment.state == State.AGREEING


def test_sealing_without_quorum_lists_what_is_missing_and_has_no_button(client):
    place = factories.create_place()
    organisation = factories.create_organisation(place=place)
    assessment = factories.create_assessment(
        place=place, state=State.SIGNING, minimum_signatures=2, signatories={place: [organisation]}
    )
    sign_in(client, assessment, Role.CHAIR)

    text = client.get(page(assessment, Move.SEAL)).text

    assert f"{organisation.name} must sign and has not yet." in text
    assert "so 2 more signatures must be given" in text
    assert "Close the signing and seal</button>" not in text


@pytest.mark.parametrize("members", [1, 5])
def test_move_page_num_queries(client, members, django_assert_num_queries):
    assessment = factories.create_assessment()
    for _ in range(members):
        factories.create_item(assessment)
    factories.board(assessment.place, members)
    factories.in_scoring(assessment)
    sign_in(client, assessment, Role.CHAIR)

    # session, user, assessment, capacity, asked items, scores given, members
    with django_assert_num_queries(7):
        client.get(page(assessment, Move.CLOSE_SCORING))


@pytest.mark.parametrize(
    "state, role, text",
    [
        (State.AGREEING, Role.CHAIR, "Agree levels"),
        (State.AGREEING, Role.MEMBER, "See how the scores lie"),
        (State.AGREEING, Role.CONTRIBUTOR, None),
        (State.AGREEING, Role.PROGRAMME_OFFICE, None),
        (State.SIGNING, Role.SIGNATORY, "Read and sign"),
        (State.SIGNING, Role.LEAD, "See what is being signed"),
        (State.SIGNED, Role.LEAD, "See the sign-off"),
        (State.SIGNED, Role.PROGRAMME_OFFICE, None),
        (State.SUBMITTED, Role.PROGRAMME_OFFICE, "See the sign-off"),
        (State.IN_REVIEW, Role.REVIEWER, "Review it"),
        (State.IN_REVIEW, Role.MEMBER, "See the review"),
        (State.CLARIFY, Role.LEAD, "Read the questions and reply"),
        (State.CLARIFY, Role.MEMBER, "See the review"),
        (State.DECIDED, Role.LEAD, "Read the decision"),
    ],
)
def test_the_assessments_page_leads_to_what_happens_now(client, state, role, text):
    assessment = factories.create_assessment(state=state)
    sign_in(client, assessment, role)

    page = client.get(reverse("assessments:assessment", args=[assessment.public_id]))

    door = page.context["door"]
    assert (door and door["text"]) == text
    assert door is None or client.get(reverse(door["route"], args=[assessment.public_id])).status_code == 200
