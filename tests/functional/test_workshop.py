"""
A workshop with a facilitator and eight members at once: two at 320 px, one by keyboard alone, one without scripts.

Two items with one re-vote in the suite; `make soak` takes ten with two. And what a lost connection, or another
facilitator who goes on, looks like.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Agreement, Assessment, Judgement, Score, Workshop
from assessments.services.voting import vote
from assessments.workflow import State
from partnership.models import Membership
from partnership.roles import Role
from tests import factories
from tests.soak.scale import amount

from .listening import Listener
from .portal import let_in
from .visitor import NARROW, WIDE, Visitor

# Nobody's hand is needed between a press and what the others see of it.
SOON = 10_000
MIDDLE_OF_A_THUMB = 44
FIRST, SECOND = ("2", "2", "3", "4", "CANNOT_JUDGE", "2", "4", "1"), ("2", "2", "3", "3", "2", "2", "3", "2")


class Member(Visitor):
    """A member with a device of their own; `keyboard` alone, or without scripts, or with a touch."""

    def __init__(self, chromium, address, email, *, keyboard=False, **device):
        super().__init__(chromium, address, **device)
        self.keyboard = keyboard
        let_in(self, email)

    def tab_to(self, selector):
        for _ in range(40):
            if self.page.locator(f"{selector}:focus").count():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{self.path}: no way to {selector} by the tab key")

    def join(self, code):
        self.open("/workshop/")
        if self.keyboard:
            self.tab_to("#id_code")
            self.page.keyboard.type(code)
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")
        else:
            self.page.get_by_label("Code").fill(code)
            self.press("Join")

    def see(self, selector):
        """Wait until something is there; without scripts, ask for what is new."""
        if not self.script:
            self.follow("See what is new")
        self.page.wait_for_selector(selector, timeout=SOON)

    def vote(self, choice):
        button = f"button[value='{choice}']"
        self.see(button)
        if self.keyboard:
            self.tab_to(button)
            self.page.keyboard.press("Enter")
        else:
            self.page.locator(button).click()
        self.page.wait_for_selector(f"{button}[aria-pressed='true']")


@pytest.fixture
def halton(address):
    return Assessment.objects.select_related("place").get(place__name="Halton", state=State.AGREEING)


@pytest.fixture
def members(chromium, address, halton):
    """Eight members of Halton's board, four of them the demo's, each with a device."""
    for _ in range(4):
        factories.create_membership(place=halton.place)
    board = Membership.objects.filter(place=halton.place, role=Role.MEMBER).select_related("user").order_by("pk")
    devices = [{"width": NARROW}, {"width": NARROW}, {"keyboard": True}, {"script": False}, {}, {}, {}, {}]
    return [Member(chromium, address, each.user.email, **device) for each, device in zip(board, devices, strict=True)]


def test_a_board_of_eight_goes_through_its_most_disputed_items(chromium, address, halton, members):
    items, again = amount(10, least=2), amount(2, least=1)
    facilitator = Visitor(chromium, address)
    let_in(facilitator, "chair@halton.example")
    facilitator.open(f"/assessments/{halton.public_id}/agree/")
    facilitator.follow("Settle them together in a workshop")
    facilitator.press("Open a workshop")
    workshop = Workshop.objects.get(closed_at=None)
    for member in members:
        member.join(workshop.shown_code.lower())
    facilitator.page.wait_for_selector("text=8 members joined", timeout=SOON)
    facilitator.look()
    facilitator.press("Begin with the most disputed")

    for number in range(items):
        hold_a_vote(facilitator, members, FIRST, look=number == 0)
        if number < again:
            hold_a_vote(facilitator, members, SECOND)
        facilitator.page.get_by_role("radio", name="Evolving").check()
        facilitator.page.get_by_label("Rationale").fill(f"What the room said of item {number + 1}")
        facilitator.press("Record and next")

    everybody = [facilitator, *members]
    facilitator.page.locator("summary", has_text="Another item").click()
    facilitator.press("Close the workshop")
    facilitator.look()
    for member in members:
        member.see("h1:has-text('Record of the workshop')")
        assert member.text == facilitator.text
    assert f"{items + 1} on the screen, {items} settled" in facilitator.text
    assert Score.objects.filter(item__assessment=halton, ballot__gt=1).count() == 8 * (items + again)
    assert [each.complaints for each in everybody] == [[]] * 9


def hold_a_vote(facilitator, members, choices, *, look=False):
    """Let all members vote and show the votes; until then nobody sees how they lie, and then all see the same."""
    facilitator.press("^Vote")
    for member, choice in zip(members, choices, strict=True):
        member.vote(choice)
    for each in (facilitator, *members):
        assert not each.page.locator(".portal-strip").count()
    if look:
        look_at_a_vote(facilitator, members)
    facilitator.page.wait_for_selector("text=Show the votes: everybody has voted", timeout=SOON)
    facilitator.press("Show the votes")
    sentence = facilitator.page.locator(".portal-strip__sentence").inner_text()
    for member in members:
        member.see(f".portal-strip__sentence:has-text('{sentence}')")
    if look:
        assert fits(facilitator, 1280, 720)
        assert fits(facilitator, 1920, 1080)
        facilitator.page.set_viewport_size({"width": WIDE, "height": 900})
        for each in (facilitator, members[0]):
            each.look()


def look_at_a_vote(facilitator, members):
    thumb, keyboard, away = members[0], members[2], members[4]
    for button in thumb.page.locator(".workshop-choices button").all():
        assert button.bounding_box()["height"] >= MIDDLE_OF_A_THUMB
    # Who votes by keyboard is where they were, and who leaves finds their vote again.
    assert keyboard.page.locator(".workshop-choice--own:focus").count() == 1
    assert keyboard.page.locator("[data-said]").inner_text().endswith("Your vote: Established.")
    away.open("/")
    away.page.go_back()
    away.see(".workshop-choice--own")
    for each in (facilitator, thumb):
        each.look()


def fits(facilitator, width, height):
    """Tell whether statement, dots and sentence are seen without scrolling, in letters that a room can read."""
    facilitator.page.set_viewport_size({"width": width, "height": height})
    box = facilitator.page.locator(".portal-strip__sentence").bounding_box()
    size = "(each) => parseFloat(getComputedStyle(each).fontSize)"
    letters = facilitator.page.locator(".portal-strip__name").first.evaluate(size)
    return box["y"] + box["height"] <= height and letters >= height / 36


# A first vote in the second ballot, with what it takes besides the level.
FIRST_VOTE = {"ballot": 2, "judgement": Judgement.LEVEL, "reason": "", "based_on": 0, "at": factories.AT}


@pytest.fixture
def vote_open(chromium, address, halton):
    """A workshop of Halton's with a vote open, as the chair has it on the screen."""
    workshop = factories.create_workshop(halton, members=4)
    screen = Visitor(chromium, address)
    let_in(screen, "chair@halton.example")
    screen.open(f"/workshops/{workshop.public_id}/screen/")
    screen.press("Begin with the most disputed")
    screen.press("^Vote")
    return screen


def test_a_member_without_a_connection_is_told_so_and_votes_when_it_is_back(chromium, address, vote_open):
    member = Member(chromium, address, "council@halton.example", width=NARROW)
    member.open(vote_open.path.replace("screen", "vote"))
    member.context.set_offline(True)
    member.page.wait_for_selector("[data-offline]", state="visible", timeout=SOON)

    member.page.locator("button[value='3']").click()

    member.page.wait_for_selector("[data-said]:has-text('Not sent')", state="attached", timeout=SOON)
    assert not member.page.locator("button[aria-pressed='true']").count()
    member.context.set_offline(False)
    member.page.wait_for_selector("[data-offline]", state="hidden", timeout=SOON)
    member.vote("3")


def test_who_writes_while_another_facilitator_goes_on_is_told_and_keeps_their_words(chromium, address, vote_open):
    held = Workshop.objects.select_related("item").get(closed_at=None)
    for member in factories.board(held.assessment.place, 3):
        vote(workshop=held, item=held.item, by=member, level=2, **FIRST_VOTE)
    vote_open.press("Show the votes")
    other = Visitor(chromium, address)
    let_in(other, "lead@halton.example")
    other.open(vote_open.path)
    vote_open.page.get_by_label("Rationale").fill("What the chair was writing")

    other.page.get_by_role("radio", name="Evolving").check()
    other.page.get_by_label("Rationale").fill("What the lead wrote")
    other.press("Record and next")

    vote_open.page.wait_for_selector("[data-moved]", state="visible", timeout=SOON)
    assert vote_open.page.get_by_label("Rationale").input_value() == "What the chair was writing"
    vote_open.press("Record and next")
    assert "What the chair was writing" in vote_open.page.content()


def let_the_others_vote(levels=(2, 4, 4)):
    """Let three members of the open workshop vote, who are not the one with the device; returns the item's label."""
    held = Workshop.objects.select_related("item__criterion").get(closed_at=None)
    for member, level in zip(factories.board(held.assessment.place, 4)[1:], levels, strict=True):
        vote(workshop=held, item=held.item, by=member, level=level, **FIRST_VOTE)
    return f"{held.item.criterion.code}.{held.item.name}"


def test_who_has_the_workshop_read_to_them_hears_what_came_about_and_no_counts(chromium, address, vote_open):
    member = Member(chromium, address, "council@halton.example", width=NARROW)
    member.open(vote_open.path.replace("screen", "vote"))
    device, screen = Listener(member.page), Listener(vote_open.page)
    item = let_the_others_vote()
    vote_open.page.wait_for_selector("text=3 of 4 have voted", timeout=SOON)
    member.page.wait_for_selector("text=3 of 4 have voted", timeout=SOON)
    assert device.heard() == screen.heard() == []

    member.vote("3")
    screen.wait_for("Everybody")
    assert device.heard() == ["Your vote: Established."]
    assert screen.heard() == [f"Everybody has voted on item {item}."]

    vote_open.press("Show the votes")
    device.wait_for("are shown")
    (said,) = device.heard()
    assert (
        said == f"The scores of item {item} are shown. {vote_open.page.locator('.portal-strip__sentence').inner_text()}"
    )
    assert f"- status: {said}" in member.page.locator("main").aria_snapshot().replace('"', "")


def test_a_device_shows_what_came_about_within_two_seconds(chromium, address, vote_open):
    member = Member(chromium, address, "council@halton.example")
    clock = member.page.clock
    clock.install()
    member.open(vote_open.path.replace("screen", "vote"))
    with member.page.expect_response("**/pulse/"):
        clock.pause_at(timezone.now() + timedelta(seconds=30))
    vote_open.press("Call the vote off")

    # In small steps, so that what the page asks for in between is answered.
    for _ in range(20):
        clock.run_for(100)
    member.page.wait_for_selector("text=The buttons appear here once the vote is open", timeout=SOON)


# What any stylesheet could come to say.
MOVE_EVERYTHING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { animation: turn 1s; transition: color 1s; }");
  document.adoptedStyleSheets = [sheet];
}"""
MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const { transitionDuration, animationName } = getComputedStyle(each);
  return animationName !== "none" || transitionDuration.split(", ").some((length) => parseFloat(length) > 0);
}).length"""


def test_nothing_moves_for_those_who_asked_for_less_motion(chromium, address, vote_open):
    member = Member(chromium, address, "council@halton.example")
    for path in (vote_open.path, vote_open.path.replace("screen", "vote"), "/"):
        member.open(path)
        assert member.page.evaluate(MOVING) == 0
    member.page.evaluate(MOVE_EVERYTHING)
    assert member.page.evaluate(MOVING) == 0
    member.page.emulate_media(reduced_motion="no-preference")
    assert member.page.evaluate(MOVING)


@pytest.mark.parametrize("script", [True, False])
def test_the_screen_is_held_by_keyboard_alone(chromium, address, halton, script):
    workshop = factories.create_workshop(halton, members=4)
    chair = Member(chromium, address, "chair@halton.example", script=script)
    chair.open(f"/workshops/{workshop.public_id}/screen/")

    def press(button):
        chair.tab_to(f"button[value='{button}']")
        with chair.page.expect_navigation():
            chair.page.keyboard.press("Enter")

    press("next")
    press("vote")
    item = let_the_others_vote()
    press("reveal")
    chair.tab_to("input[name$='-choice']")
    chair.page.keyboard.press("ArrowDown")
    chair.tab_to("textarea[name$='-reason']")
    chair.page.keyboard.type("The minutes show it")
    press("settle")

    assert f"Item {item} is settled: Evolving." in chair.text
    agreed = Agreement.objects.standing().get(item=Workshop.objects.get(pk=workshop.pk).item)
    assert (agreed.level, agreed.reason) == (2, "The minutes show it")
    assert chair.complaints == []
