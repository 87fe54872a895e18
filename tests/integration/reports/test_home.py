"""The home page: what needs each person now, in few queries."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.services.reviewing import name_peer
from assessments.workflow import Move, State
from partnership.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

HOME = reverse("reports:home")
FAR = {"scoring_closes_on": date(2126, 12, 4), "signing_closes_on": date(2126, 12, 18)}


def read(client, user):
    client.force_login(user)
    return client.get(HOME).text


def create_assessment(**values):
    place = values.pop("place", None) or factories.create_place("Mossley")
    return factories.create_assessment(place=place, name="Autumn round", **FAR | values)


def test_a_visitor_signs_in_first(client):
    assert client.get(HOME)["Location"] == f"{reverse('partnership:sign_in')}?next=/"


def test_somebody_without_a_part_is_told_what_will_come(client):
    assert "You have no part in a place now" in read(client, factories.create_user())


def test_a_role_is_announced_before_its_first_day_and_opens_nothing_until_then(client):
    place, later = factories.create_place("Halton"), timezone.localdate() + timedelta(days=9)
    part = factories.create_membership(role=Role.LEAD, place=place, starts_on=later)
    factories.create_membership(user=part.user, role=Role.CHAIR, place=place, starts_on=later)
    gone = factories.create_membership(user=part.user, role=Role.CHAIR, place=factories.create_place("Wirral"))
    gone.user.memberships.filter(pk=gone.pk).update(ends_on=timezone.localdate() - timedelta(days=1))

    text = read(client, part.user)

    assert "Nothing is yours to do yet" in text
    assert text.count(f"You take part here from {later:%A %-d %B %Y} on, as:") == 1
    assert f"<strong>Place lead</strong>, for {part.organisation.name}" in text
    assert "Writes evidence items, keeps the register, plans actions" in text
    assert "Closes scoring, settles levels, closes the signing" in text
    assert "My places" not in text
    assert "Wirral" not in text
    assert client.get(reverse("reports:place", args=[place.public_id])).status_code == 404


def test_a_role_that_is_held_already_is_not_announced_again(client):
    place = factories.create_place("Halton")
    lead = factories.create_membership(
        role=Role.LEAD, place=place, ends_on=timezone.localdate() + timedelta(days=8)
    ).user
    factories.create_membership(
        user=lead, role=Role.LEAD, place=place, starts_on=timezone.localdate() + timedelta(days=9)
    )

    assert "What begins later" not in read(client, lead)


def test_a_member_of_a_place_without_a_round_is_told_what_will_come(client):
    place = factories.create_place()

    text = read(client, factories.holder(Role.MEMBER, place))

    assert "When the Integrated Care Board opens a round" in text
    assert "No round has been opened for this place yet." in text


def test_a_member_scores_what_is_left_and_then_waits(client):
    assessment = create_assessment()
    first = factories.create_item(assessment)
    factories.create_item(assessment)
    factories.in_scoring(assessment)
    member = factories.holder(Role.MEMBER, assessment.place)
    factories.create_score(first, by=member)

    text = read(client, member)
    assert "Score Mossley, Autumn round: 1 of 2 left" in text
    assert "closes Wednesday 4 December 2126" in text

    factories.create_score(assessment.items.exclude(pk=first.pk).get(), by=member)
    text = read(client, member)
    assert "Nothing needs you now" in text
    assert "You have scored everything." in text


def test_only_what_is_scored_again_is_left_after_that(client):
    assessment = create_assessment()
    item = factories.create_item(assessment)
    factories.create_item(assessment)
    factories.in_agreeing(assessment)
    factories.move(assessment, Move.SCORE_AGAIN, items=[item], reason="New figures came.")

    assert "1 of 1 left" in read(client, factories.holder(Role.MEMBER, assessment.place))


def test_a_chair_sees_how_many_present_members_have_finished(client):
    assessment = factories.in_scoring(create_assessment())
    item = assessment.items.get()
    for member in factories.board(assessment.place, 3)[:2]:
        factories.create_score(item, by=member)
    gone = factories.create_membership(place=assessment.place).user
    factories.create_score(item, by=gone)
    gone.memberships.update(ends_on=timezone.localdate() - timedelta(days=1))

    assert "2 of 3 members have finished scoring" in read(client, factories.holder(Role.CHAIR, assessment.place))


def test_a_chair_is_told_how_many_items_are_split_and_not_agreed(client):
    assessment = create_assessment()
    factories.create_item(assessment)
    other = factories.create_item(assessment)
    factories.in_agreeing(assessment, 1, 1, 4, 4)
    chair = factories.holder(Role.CHAIR, assessment.place)

    assert "2 items to agree, 2 of them split" in read(client, chair)

    factories.create_agreement(other, reason="Half of the board has seen the plan.", level=1)
    assert "1 item to agree, 1 of them split" in read(client, chair)


def test_nobody_but_the_chair_is_asked_to_agree(client):
    assessment = factories.in_agreeing(create_assessment(), 1, 1, 4, 4)

    assert "to agree" not in read(client, factories.holder(Role.MEMBER, assessment.place))


def test_an_open_workshop_comes_first_for_members_and_whoever_holds_it(client):
    assessment = factories.in_agreeing(create_assessment(), 1, 1, 4, 4)
    factories.create_workshop(assessment)

    assert 'href="/workshop/"' in read(client, factories.holder(Role.MEMBER, assessment.place))
    text = read(client, factories.holder(Role.CHAIR, assessment.place))
    assert text.index("A workshop is open") < text.index("1 item to agree")
    assert "A workshop is open" not in read(client, factories.holder(Role.SIGNATORY, assessment.place))


def test_a_signatory_signs_until_the_organisation_has_answered(client):
    assessment = factories.put_up(create_assessment())
    council = factories.create_organisation("The council", place=assessment.place)
    signatory = factories.create_signatory(assessment.place, council)
    assert "Sign for The council" in read(client, signatory)

    factories.create_signature(assessment, by=signatory)

    assert "Sign for" not in read(client, signatory)
    assert "The quorum is met: close the signing" in read(client, factories.holder(Role.CHAIR, assessment.place))


@pytest.mark.parametrize("days", [{}, {"starts_on": factories.AT.date(), "ends_on": date(2126, 1, 1)}])
def test_a_deputy_is_asked_to_sign_until_the_organisation_has_answered(client, days):
    place = factories.create_place("Mossley")
    signatory = factories.create_signatory(place)
    council = signatory.memberships.get().organisation.name
    assessment = create_assessment(place=place, state=State.SIGNING)
    deputy = factories.create_delegation(assessment, by=signatory, **days).deputy.user
    create_assessment(place=factories.create_place("Elsewhere"), state=State.SIGNING)

    assert f"Sign for {council}, as its deputy" in read(client, deputy)
    assert f"Sign for {council}, as its deputy" not in read(client, signatory)

    factories.create_signature(assessment, by=signatory)
    assert f"Sign for {council}" not in read(client, deputy)


def test_signatures_on_what_was_taken_back_count_no_more(client):
    assessment = factories.put_up(create_assessment())
    signatory = factories.create_signatory(assessment.place, factories.create_organisation("The council"))
    factories.create_signature(assessment, by=signatory)
    factories.move(assessment, Move.TAKE_BACK, reason="A figure was wrong.")
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)

    assert "Sign for The council" in read(client, signatory)


def test_the_programme_office_sees_every_place_of_the_round_by_name(client):
    system = factories.create_system()
    factories.create_place("Tarn", system=system)
    factories.create_place("Ash", system=system)
    factories.create_round(system=system, name="Autumn round", **FAR)

    text = read(client, factories.holder(Role.PROGRAMME_OFFICE, system.places.first()))

    assert text.index("Ash") < text.index("Tarn")
    assert "No items yet" in text
    assert "criteria have no items" in text
    assert "Open a round" in text


def test_a_round_on_one_framework_leaves_that_on_another_in_sight(client):
    system = factories.create_system()
    place = factories.create_place("Tarn", system=system)
    first = factories.create_assessment(place=place, name="Autumn round", opens_on=date(2026, 9, 1))
    factories.submitted(first)
    orchard = factories.create_framework_version(code="orchard")
    factories.submitted(factories.create_assessment(place=place, name="Winter round", framework_version=orchard))

    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, place))
    page = client.get(HOME)
    text = page.text

    assert f">Winter round, {system.name}</h2>" in text
    assert f">Autumn round, {system.name}</h2>" in text
    assert [task["text"] for task in page.context["tasks"]] == ["Tarn waits for its review"] * 2


def test_the_programme_office_of_another_system_sees_none_of_it(client):
    assessment = create_assessment()
    elsewhere = factories.create_place()

    text = read(client, factories.holder(Role.PROGRAMME_OFFICE, elsewhere))

    assert assessment.place.name not in text


def test_a_place_is_seen_by_its_own_people_only(client):
    create_assessment()

    assert "Mossley" not in read(client, factories.holder(Role.LEAD, factories.create_place("Ash")))


def test_an_administrator_is_shown_the_drafts(client):
    from frameworks.models import Framework, FrameworkVersion

    framework = Framework.objects.create(code="draft", name="A draft")
    FrameworkVersion.objects.create(framework=framework, number="1.0", definition="{}", digest="0" * 64)
    create_assessment()

    assert "1 framework draft to publish" in read(client, factories.create_user(administrator=True))
    assert "framework draft" not in read(client, factories.create_user())


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize("state", [State.SCORING, State.AGREEING, State.SIGNING])
def test_the_page_takes_the_same_few_queries_for_little_data_and_much(client, django_assert_num_queries, state, size):
    busy = factories.create_user("Busy", administrator=True)
    for _ in range(size):
        place = factories.create_place()
        for role in (Role.LEAD, Role.CHAIR, Role.MEMBER, Role.SIGNATORY):
            factories.create_membership(user=busy, role=role, place=place)
        factories.create_membership(user=busy, role=Role.PROGRAMME_OFFICE, system=place.system)
        factories.create_membership(user=busy, role=Role.OBSERVER, place=place, starts_on=FAR["scoring_closes_on"])
        assessment = factories.create_assessment(place=place, **FAR)
        for _ in range(size):
            factories.create_item(assessment)
        factories.WAYS[state](assessment)
    client.force_login(busy)

    # session, user, memberships, assessments, one of scores, spreads or signatures, drafts
    with django_assert_num_queries(6):
        client.get(HOME)


def test_all_states_at_once_stay_within_the_budget(client, settings, django_assert_max_num_queries):
    settings.ON_SEALED = []
    busy = factories.create_user("Busy", administrator=True)
    for state in State:
        place = factories.create_place()
        for role in (Role.LEAD, Role.CHAIR, Role.MEMBER, Role.SIGNATORY):
            factories.create_membership(user=busy, role=role, place=place)
        factories.create_assessment(place=place, state=state, **FAR)
    client.force_login(busy)

    with django_assert_max_num_queries(8):
        client.get(HOME)


def test_the_programme_office_and_a_peer_are_led_to_what_waits_for_their_review(client):
    place = factories.create_place("Mossley")
    assessment = factories.create_assessment(place=place, state=State.IN_REVIEW, **FAR)
    peer = factories.create_membership(role=Role.LEAD, place=factories.create_place("Ash", system=place.system))
    office = factories.holder(Role.PROGRAMME_OFFICE, place)
    assert "1 criterion to review" in read(client, office)
    assert "Mossley" not in read(client, peer.user)

    name_peer(assessment=assessment, membership=peer, by=office, at=factories.AT)

    assert "1 criterion to review" in read(client, peer.user)


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.CLARIFY, State.SUBMITTED])
@pytest.mark.parametrize("size", [1, 4])
def test_a_reviewers_page_takes_the_same_few_queries(client, django_assert_num_queries, size, state):
    reviewer = factories.create_user("Reviewer")
    for _ in range(size):
        place = factories.create_place()
        factories.create_membership(user=reviewer, role=Role.REVIEWER, system=place.system)
        factories.create_assessment(place=place, state=state, **FAR)
    client.force_login(reviewer)

    # session, user, memberships, assessments, signatures
    with django_assert_num_queries(5):
        client.get(HOME)
