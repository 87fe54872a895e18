"""The assessment's own page: where it stands, what is left for whom, and what each role is not shown."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.workflow import Move
from partnership.roles import BOARD, OF_SYSTEM, Role
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def assessment():
    made = factories.create_assessment(place=factories.create_place("Mossley"), name="Autumn round")
    first = factories.create_item(made)
    factories.create_item(made)
    factories.create_item(made, code="PE2a")
    factories.create_artefact(made.place, item=first, strength=2)
    return made


def page(assessment):
    return reverse("assessments:assessment", args=[assessment.public_id])


def read(client, assessment, who):
    client.force_login(factories.holder(who, assessment.place) if isinstance(who, Role) else who)
    return client.get(page(assessment))


def score_page(assessment, code):
    return reverse("assessments:score", args=[assessment.public_id, code])


@pytest.mark.parametrize("role", Role)
def test_everybody_of_the_place_and_its_icb_sees_where_it_stands(client, assessment, role):
    factories.holder(Role.MEMBER, assessment.place)
    text = read(client, factories.in_scoring(assessment), role).text

    assert "Mossley" in text
    assert "Autumn round" in text
    assert "Community garden framework, version 1.0" in text
    assert 'aria-current="step"' in text
    assert "Scoring is open until the end of Friday 4 December 2026" in text
    assert "0 of 1 members have scored everything; 0 of 3 scores are given." in text


def test_a_round_that_lies_ahead_says_so_on_the_page_and_before_scoring_is_opened_early(client):
    begins = timezone.localdate() + timedelta(days=30)
    days = {"scoring_closes_on": begins + timedelta(days=30), "signing_closes_on": begins + timedelta(days=60)}
    ahead = factories.create_assessment(opens_on=begins, **days)
    factories.create_item(ahead)
    opening = reverse("assessments:move", args=[ahead.public_id, Move.OPEN_SCORING])

    assert f"The round begins on {date_format(begins, 'l j F Y')}." in read(client, ahead, Role.LEAD).text
    told = client.get(opening).text
    assert f"The round begins on {date_format(begins, 'j F Y')}, and scoring was planned from that day." in told
    assert ">Open scoring<" in "".join(told.split("\n"))


def test_people_of_other_places_do_not_find_it(client, assessment):
    assert read(client, assessment, factories.holder(Role.CHAIR, factories.create_place())).status_code == 404
    assert read(client, assessment, factories.create_user()).status_code == 404


def test_a_visitor_is_asked_to_sign_in(client, assessment):
    response = client.get(page(assessment))

    assert response.status_code == 302
    assert reverse("partnership:sign_in") in response.url


@pytest.mark.parametrize("role", [Role.OBSERVER, *sorted(OF_SYSTEM)])
def test_observers_and_the_icb_see_counts_only_before_it_is_submitted(client, assessment, role):
    text = read(client, factories.in_scoring(assessment), role).text

    assert "you see its state and counts only" in text
    assert "Criterion SO1" not in text


@pytest.mark.parametrize("role", sorted(BOARD | {Role.CONTRIBUTOR}))
def test_those_who_work_on_it_see_its_criteria(client, assessment, role):
    text = read(client, factories.in_scoring(assessment), role).text

    assert "Criterion SO1" in text
    assert "1 of 2" in text
    assert "No evidence attached" in text
    assert "2 of 3 items have no evidence attached." in text


def test_evidence_that_counts_for_nothing_is_told_apart(client, assessment):
    assert "some counts for nothing" not in read(client, assessment, Role.LEAD).text

    second = assessment.items.filter(criterion__code="SO1").order_by("number").last()
    factories.create_artefact(assessment.place, item=second, strength=2, review_by=date(2020, 1, 1))

    assert read(client, assessment, Role.LEAD).text.count("some counts for nothing") == 1


def test_a_member_starts_with_the_first_criterion_and_continues_where_something_is_left(client, assessment):
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    first, second = assessment.items.filter(criterion__code="SO1").order_by("number")

    text = read(client, assessment, member).text
    assert "Start scoring" in text
    assert f'href="{score_page(assessment, "SO1")}">Start' in text

    factories.create_score(first, by=member)
    text = read(client, assessment, member).text
    assert "1 of 2 scored" in text
    assert f'href="{score_page(assessment, "SO1")}">Continue where I left off' in text

    factories.create_score(second, by=member)
    text = read(client, assessment, member).text
    assert "All 2 scored" in text
    assert f'href="{score_page(assessment, "PE2a")}">Continue where I left off' in text

    factories.create_score(assessment.items.get(criterion__code="PE2a"), by=member)
    text = read(client, assessment, member).text
    assert "You have scored all 3 items" in text
    assert "1 of 1 members have scored everything; 3 of 3 scores are given." in text


def test_others_have_no_scoring_button(client, assessment):
    text = read(client, factories.in_scoring(assessment), Role.CHAIR).text

    assert "Start scoring" not in text
    assert score_page(assessment, "SO1") not in text


@pytest.mark.parametrize("role", Role)
def test_only_lead_and_chair_see_who_has_still_to_score(client, assessment, role):
    factories.in_scoring(assessment)
    reader = factories.holder(role, assessment.place)
    slow = factories.create_user("Sleepy Member")
    factories.create_membership(user=slow, place=assessment.place)
    done = factories.create_user("Prompt Member")
    factories.create_membership(user=done, place=assessment.place)
    for item in assessment.items.all():
        factories.create_score(item, by=done)

    text = read(client, assessment, reader).text

    assert "1 of " in text
    assert "Prompt Member" not in text
    assert ("Sleepy Member" in text) == (role in {Role.LEAD, Role.CHAIR})


def test_names_are_no_longer_shown_once_scoring_is_closed(client, assessment):
    factories.in_scoring(assessment)
    factories.create_membership(user=factories.create_user("Sleepy Member"), place=assessment.place)
    factories.move(assessment, Move.CLOSE_SCORING)

    assert "Sleepy Member" not in read(client, assessment, Role.CHAIR).text


def test_a_person_with_two_memberships_counts_once(client, assessment):
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    factories.create_membership(
        user=member, place=assessment.place, starts_on=date(2019, 1, 1), ends_on=date(2019, 12, 31)
    )

    assert "0 of 1 members" in read(client, assessment, Role.CHAIR).text


def test_somebody_who_left_is_not_waited_for(client, assessment):
    factories.in_scoring(assessment)
    factories.holder(Role.MEMBER, assessment.place)
    left = factories.create_user("Gone Member")
    factories.create_membership(user=left, place=assessment.place, ends_on=date(2025, 12, 31))

    text = read(client, assessment, Role.CHAIR).text

    assert "0 of 1 members" in text
    assert "Gone Member" not in text


def test_an_assessment_without_items_says_what_will_come(client):
    assessment = factories.create_assessment()

    assert "write what the place can show" in read(client, assessment, Role.LEAD).text
    assert "There is something to score once the lead opens scoring" in read(client, assessment, Role.MEMBER).text


@pytest.mark.parametrize(
    "role, offered, withheld",
    [
        (Role.CHAIR, ["Close scoring and show the spread", "Withdraw"], ["Open scoring"]),
        (Role.MEMBER, [], ["Close scoring and show the spread", "Withdraw"]),
        (Role.PROGRAMME_OFFICE, ["Withdraw"], ["Close scoring and show the spread"]),
    ],
)
def test_each_is_offered_the_moves_that_they_may_make(client, assessment, role, offered, withheld):
    text = read(client, factories.in_scoring(assessment), role).text

    assert all(words in text for words in offered)
    assert not any(words in text for words in withheld)


def test_the_board_goes_on_to_agreeing_once_scoring_is_closed(client, assessment):
    factories.in_scoring(assessment)
    factories.move(assessment, Move.CLOSE_SCORING)
    agreeing = reverse("assessments:agreeing", args=[assessment.public_id])

    assert f'href="{agreeing}">Agree levels' in read(client, assessment, Role.CHAIR).text
    text = read(client, assessment, Role.MEMBER).text
    assert reverse("assessments:agree", args=[assessment.public_id, "SO1"]) in text
    assert reverse("assessments:scored", args=[assessment.public_id]) in text
    assert agreeing not in read(client, assessment, Role.CONTRIBUTOR).text
    assert agreeing not in read(client, assessment, Role.PROGRAMME_OFFICE).text


def test_a_withdrawn_assessment_says_why(client, assessment):
    factories.move(assessment, Move.WITHDRAW, reason="The partnership merges.")

    text = read(client, assessment, Role.LEAD).text

    assert "This assessment was withdrawn" in text
    assert "The partnership merges." in text


def test_scoring_again_is_announced_with_the_chairs_reason(client, assessment):
    factories.in_scoring(assessment)
    factories.move(assessment, Move.CLOSE_SCORING)
    factories.move(
        assessment, Move.SCORE_AGAIN, items=[assessment.items.get(criterion__code="PE2a")], reason="New figures came."
    )

    text = read(client, assessment, Role.MEMBER).text

    assert "The chair asks the board to score some items again" in text
    assert "New figures came." in text
    assert "0 of 1</strong> items scored by you" in text
    assert "Not scored again" in text


@pytest.mark.parametrize("size", [1, 15])
def test_the_page_takes_the_same_few_queries_for_little_data_and_much(client, django_assert_num_queries, size):
    assessment = factories.create_assessment()
    for code in ("SO1", "SO2", "PE1"):
        for _ in range(size):
            factories.create_item(assessment, code=code)
    factories.in_scoring(assessment)
    for _ in range(size):
        member = factories.create_membership(place=assessment.place).user
        factories.create_score(assessment.items.order_by("pk").first(), by=member)
    # session, user, assessment, capacity, items, scores given, members, last change; own scores of whoever can score
    for role, queries in ((Role.LEAD, 8), (Role.MEMBER, 9)):
        client.force_login(factories.holder(role, assessment.place))
        with django_assert_num_queries(queries):
            client.get(page(assessment))
