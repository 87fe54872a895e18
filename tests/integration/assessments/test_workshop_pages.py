"""A workshop's pages: what the screen and the members' devices show in each phase, and what they keep."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Agreement, Dissent, Facilitator, Judgement, Score, Workshop
from assessments.services import agreeing, workshops
from partnership import throttle
from partnership.models import Membership
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration.assessments.workshop_room import Room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hooks")]
# Anything of how scores lie: dots, the sentence, or the number at a level.
SPREAD = ("portal-strip", "Split", "lower median")


@pytest.fixture
def room():
    return Room(items=2)


def page(room, name="screen"):
    return reverse(f"assessments:workshop_{name}", args=[room.workshop.public_id])


def hub(room):
    return reverse("assessments:workshop", args=[room.assessment.public_id])


def act(client, room, act, *, by=None, based_on=None, **data):
    """Press a button of the screen as the chair, unless told, on the page as it is, unless told."""
    room.workshop.refresh_from_db()
    client.force_login(by or room.chair)
    based_on = room.workshop.version if based_on is None else based_on
    return client.post(page(room), {"act": act, "based_on": based_on, **data}, follow=True)


def settle(client, room, button="settle", *, choice="1", reason="Minutes", dissent="", agreed=0, **said):
    form = {"choice": choice, "reason": reason, "dissent": dissent, "based_on": agreed}
    return act(client, room, button, **{f"agree{room.item.number}-{name}": text for name, text in form.items()}, **said)


def touch(client, room, seat, choice, *, reason="", based_on=0, ballot=2):
    """Send the form of a member's device with one of its buttons."""
    client.force_login(room.members[seat])
    said = {"choice": choice, "reason": reason, "based_on": based_on, "ballot": ballot, "item": room.item.public_id}
    return client.post(page(room, "vote"), said, follow=True)


def read(client, room, person, name="screen"):
    client.force_login(person)
    return client.get(page(room, name)).text


def test_the_chair_opens_a_workshop_and_its_screen_tells_how_to_join(client):
    assessment = factories.create_assessment(state="AGREEING")
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    address = reverse("assessments:workshop", args=[assessment.public_id])
    assert "Open a workshop" in client.get(address).text

    response = client.post(address, {"act": "open"}, follow=True)

    assert Workshop.objects.get().shown_code in response.text
    assert "testserver/workshop/" in response.text
    assert "A workshop is open already." in client.post(address, {"act": "open"}).text


def test_the_chair_names_a_member_who_then_finds_the_screen(client, room):
    member = room.members[0]
    assert client.get(page(room)).status_code == 302
    client.force_login(member)
    assert client.get(page(room)).status_code == 403
    key = Membership.objects.get(user=member).public_id
    assert client.post(hub(room), {"act": "name", "facilitator": key}).status_code == 403
    client.force_login(room.chair)

    response = client.post(hub(room), {"act": "name", "facilitator": key}, follow=True)

    assert f"{member.name}, the place lead and the chair may hold the workshop." in response.text
    assert "Open the screen for the room" in read_hub(client, room, member)
    assert act(client, room, "next", by=member).status_code == 200
    client.force_login(room.chair)
    client.post(hub(room), {"act": "name", "facilitator": ""})
    assert not Facilitator.objects.filter(ended_at=None).exists()


def read_hub(client, room, person):
    client.force_login(person)
    return client.get(hub(room)).text


def test_the_code_lets_a_member_in_and_a_wrong_one_is_answered_until_it_was_tried_too_often(client, room):
    newcomer = factories.create_membership(place=room.assessment.place).user
    client.force_login(newcomer)
    join = reverse("assessments:workshop_join")
    assert client.get(page(room, "vote")).url == join

    assert "Enter the code that is on the screen" in client.post(join, {"code": ""}).text
    assert "No workshop with this code is open to you." in client.post(join, {"code": "WRONG1"}).text
    response = client.post(join, {"code": room.workshop.shown_code.lower()}, follow=True)
    assert "You are in" in response.text
    for _ in range(throttle.JOIN_WORKSHOP.most):
        response = client.post(join, {"code": "WRONG1"})
    assert "That was tried too often. Wait 15 minutes" in response.text


def test_somebody_who_does_not_vote_is_told_so_at_the_door(client, room):
    client.force_login(room.chair)
    response = client.post(reverse("assessments:workshop_join"), {"code": room.workshop.code})

    assert "Only members of this place&#x27;s board vote." in response.text


def test_nobody_is_shown_a_score_before_the_reveal_and_votes_are_a_count(client, room):
    room.voting().vote(0, 4)

    for text in (read(client, room, room.chair), read(client, room, room.members[1], "vote")):
        assert not [words for words in SPREAD if words in text]
        assert "1 of 3 have voted" in text
        assert "Your vote: " not in text
    assert "Your vote: Thriving." in read(client, room, room.members[0], "vote")


def test_the_screen_goes_from_the_most_disputed_item_over_a_vote_to_the_next(client, room):
    assert "Begin with the most disputed: SO1.1" in read(client, room, room.chair)
    assert not [words for words in SPREAD if words in act(client, room, "next").text]
    act(client, room, "vote")
    for seat, choice in enumerate(("2", "2", "CANNOT_JUDGE")):
        assert "Your vote: " in touch(client, room, seat, choice).text
    assert "everybody has voted" in read(client, room, room.chair)

    text = act(client, room, "reveal").text
    assert "Too few scores to say: 2 at Evolving, 1 cannot judge." in text
    assert "Ballot 1, which was held again" in text
    text = settle(client, room, "settle_next", choice="2", dissent="We hold it to be Thriving").text

    assert "Item SO1.1 is settled: Evolving." in text
    assert room.assessment.items.last().statement in text
    assert Agreement.objects.get().level == 2
    assert Dissent.objects.get().membership is None


def test_what_is_missing_comes_back_with_what_was_typed(client, room):
    room.take()
    room.step(workshops.reveal)

    response = settle(client, room, choice="4", reason="", dissent="One of us does not agree")

    assert response.status_code == 409
    assert "Say why the level differs from the middle of the scores." in response.text
    assert "One of us does not agree" in response.text
    assert 'value="4" checked' in response.text
    assert "Choose a level, or that the item does not apply" in settle(client, room, choice="").text


def test_of_two_facilitators_the_second_is_told_what_the_first_did_and_keeps_what_they_typed(client, room):
    room.take()
    room.step(workshops.reveal)
    before = room.workshop.version
    lead = factories.holder(Role.LEAD, room.assessment.place)
    settle(client, room, choice="1", reason="The first reason", by=lead)

    response = settle(client, room, choice="4", reason="The second reason", based_on=before)

    assert response.status_code == 409
    assert f"{lead.name} recorded the level of item SO1.1 while you were" in response.text
    assert "Level: Thriving" in response.text
    assert "Rationale: The second reason" in response.text
    assert "The first reason" in response.text
    assert Agreement.objects.get().level == 1


def test_a_level_settled_on_the_agreeing_page_meanwhile_is_not_overwritten(client, room):
    room.take()
    room.step(workshops.reveal)
    factories.create_agreement(room.item, level=1, reason="From the other page.")

    response = settle(client, room, choice="4", reason="From the room")

    assert "Meanwhile it was settled at Emerging, with the rationale “From the other page.” Nothing" in response.text
    assert "From the room" in response.text
    assert settle(client, room, choice="4", reason="From the room", agreed=1).status_code == 200
    assert Agreement.objects.get().level == 4


@pytest.mark.parametrize("button", ["reveal", "take", "", "settle"])
def test_a_button_out_of_turn_changes_nothing_and_says_so(client, room, button):
    response = act(client, room, button)

    assert response.status_code == 409
    assert Workshop.objects.get().version == 1


def test_a_vote_that_comes_after_the_reveal_is_not_counted_and_is_shown(client, room):
    room.voting().vote(1, 2)
    room.step(workshops.reveal)

    response = touch(client, room, 0, "NOT_APPLICABLE", reason="Not ours to do")

    assert response.status_code == 409
    assert "The vote was over before yours arrived, so it does not count." in response.text
    assert "You had chosen: Not applicable, because “Not ours to do”." in response.text
    assert Score.objects.filter(ballot=2).count() == 1


def test_not_applicable_asks_for_its_reason_and_a_choice_of_nothing_for_a_choice(client, room):
    room.voting()

    assert "Say why the item is not applicable." in touch(client, room, 0, "NOT_APPLICABLE").text
    for nonsense in ("", "9", "MAYBE"):
        assert touch(client, room, 0, nonsense).status_code == 409
    touch(client, room, 0, "NOT_APPLICABLE", reason="Not ours")

    assert Score.objects.get(ballot=2).judgement == Judgement.NOT_APPLICABLE


def test_a_vote_from_an_old_page_is_not_overwritten(client, room):
    room.voting().vote(0, 3)

    response = touch(client, room, 0, "1")

    assert "From another page you had voted: Established." in response.text
    assert "You had chosen: Emerging." in response.text
    assert Score.objects.get(ballot=2).level == 3
    assert "Your vote: Emerging." in touch(client, room, 0, "1", based_on=1).text


def test_the_pulse_says_nothing_new_until_somebody_votes_or_the_workshop_goes_on(client, room):
    def ask(etag=""):
        client.force_login(room.members[0])
        return client.get(page(room, "pulse"), headers={"If-None-Match": etag} if etag else {})

    room.voting()
    first = ask()
    assert first.json() == {"version": 3, "count": "0 of 3 have voted", "closed": False}
    unchanged = ask(first["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")

    room.vote(0, 2)
    second = ask(first["ETag"])
    assert second.json()["count"] == "1 of 3 have voted"
    room.step(workshops.reveal)
    assert ask(second["ETag"]).json()["version"] == 4


def test_whoever_has_left_the_board_hears_no_pulse(client, room):
    Membership.objects.filter(user=room.members[0]).update(ends_on=timezone.localdate() - timedelta(days=1))

    client.force_login(room.members[0])
    assert client.get(page(room, "pulse")).status_code == 404


# Session, user, then: an unchanged pulse reads the workshop with its counts, if the reader is of the board.
PULSE = 3
# Session, user, workshop, part at the place, five of the table, and what the page adds: the agreement and the ballots,
# or the own vote.
SCREEN, DEVICE = 12, 10


@pytest.mark.parametrize("size", [1, 8])
def test_pages_ask_the_same_number_of_queries_however_much_there_is(client, size, django_assert_num_queries):
    room = Room(items=size)
    room.voting()
    for seat in range(min(size, 3)):
        room.vote(seat, 2)
    etag = read_pulse(client, room)["ETag"]
    with django_assert_num_queries(PULSE):
        assert client.get(page(room, "pulse"), headers={"If-None-Match": etag}).status_code == 304
    with django_assert_num_queries(DEVICE):
        client.get(page(room, "vote"))
    room.step(workshops.reveal)
    client.force_login(room.chair)
    with django_assert_num_queries(SCREEN):
        client.get(page(room))
    for item in room.assessment.items.all():
        room.step(workshops.take_item, item=item)
        room.step(workshops.reveal)
    with CaptureQueriesContext(connection) as asked:
        client.get(page(room, "record"))
    assert len(asked) == 9


def read_pulse(client, room):
    client.force_login(room.members[0])
    return client.get(page(room, "pulse"))


def test_a_closed_workshop_leads_everybody_to_its_record_which_keeps_what_was_agreed_then(client, room):
    room.voting()
    for seat, level in enumerate((1, 1, 4)):
        room.vote(seat, level)
    room.step(workshops.reveal)
    settle(client, room, choice="1", reason="What the room held", dissent="What one of it held")
    agreement = agreeing.agree_level(
        item=room.item,
        judgement=Judgement.LEVEL,
        level=2,
        reason="Thought better of",
        based_on=1,
        by=room.chair,
        at=AT,
    )
    assert agreement.level == 2

    text = act(client, room, "close").text

    assert "2 on the screen" not in text
    assert "1 on the screen, 1 settled" in text
    assert "Voted in the room (ballot 2)" in text
    assert "Agreed: Emerging" in text
    assert "since then changed; it now stands at Evolving" in text
    for words in ("What the room held", "Split: 2 at Emerging, 1 at Thriving.", *(m.name for m in room.members)):
        assert words in text
    client.force_login(room.members[0])
    assert client.get(page(room, "vote")).url == page(room, "record")
    assert read_pulse(client, room).json()["closed"] is True
    assert "Held so far" in read_hub(client, room, room.members[0])
