"""
A member scores in a real browser while everything that can go wrong does, at random moments.

The connection goes, the sign-in ends, the tab is closed, the web server is killed with SIGKILL, an answer is lost after
the act; sometimes two of these at once. What the page once called saved is stored from then on, whatever comes; and
what was typed and not saved is back when the page is, and is stored, once, without anything typed again.
"""

import random
import re
from collections import Counter

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import Error

from assessments.models import Score
from partnership.roles import Role
from tests import factories
from tests.soak.scale import Account, amount
from tests.soak.test_sign_off_races import address
from tests.soak.test_tampering import found

WAYS = (
    "answer lost",
    "offline",
    "signed out",
    "tab closed",
    "server killed",
    "answer lost, tab closed",
    "tab closed while offline",
    "tab closed, server killed",
)
# On either database the browser does the same, so that a little of it is enough for the second.
INTERRUPTIONS = amount(100, least=len(WAYS) if connection.vendor == "sqlite" else 2)
LEVELS = ("1", "2", "3", "4")
SAVED = re.compile(r"^Saved \d\d:\d\d$")
PATIENCE = 60_000


@pytest.fixture
def chromium(started):
    yield started
    for each in started.contexts:
        each.close()


class Member:
    """Somebody who scores, in one browser with one tab at a time; `typed` is what stands in each item's form."""

    def __init__(self, chromium, servers, assessment, user):
        self.servers, self.user = servers, user
        self.path = address("score", assessment, "SO1")
        self.context = chromium.new_context(base_url=servers.url, reduced_motion="reduce")
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.typed = {}

    def open(self):
        """Open the page, however often that takes."""
        while True:
            try:
                self.page.goto(self.path)
                break
            except Error:
                self.servers.wait_until_it_answers()
        if "/sign-in/" in self.page.url:
            self.sign_in()
        self.page.wait_for_selector("[data-nhsuk-skip-link-init]", state="attached")

    def sign_in(self):
        self.page.get_by_label("E-mail address").fill(self.user.email)
        self.page.get_by_label("Password", exact=True).fill(factories.PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name="Sign in").click()

    def item(self, number):
        return self.page.locator(f"#item-{number}")

    def comment(self, number):
        return self.item(number).get_by_label("Comment for the board")

    def start(self, number, level, words):
        """Choose a level, and begin to write a new comment in place of the old one."""
        details = self.item(number).locator(".score-extra")
        if details.get_attribute("open") is None:
            details.locator("summary").click()
        self.item(number).locator(f"[data-levels] input[value='{level}']").check()
        self.comment(number).fill("")
        self.typed[number] = (level, "")
        self.write(number, words)

    def write(self, number, words):
        self.comment(number).press_sequentially(words)
        level, before = self.typed[number]
        self.typed[number] = (level, before + words)

    def wait_until_saved(self, number):
        self.item(number).locator(".portal-saved", has_text=SAVED).wait_for()

    def interrupt(self, way, number):
        if "offline" in way:
            self.context.set_offline(True)
        if "answer lost" in way:
            # What has not been sent so far is, and is acted on; nobody hears of it.
            self.context.route(f"**{self.path}", lose_the_answer)
            with self.page.expect_event("requestfailed"):
                self.write(number, ",")
                self.comment(number).blur()
        if "signed out" in way:
            Session.objects.all().delete()
        if "killed" in way:
            self.servers.kill_web()
        if "tab closed" in way:
            self.page.close()

    def recover(self, way):
        self.context.set_offline(False)
        self.context.unroute_all(behavior="ignoreErrors")
        if "killed" in way:
            self.servers.wait_until_it_answers()
        if "tab closed" in way:
            self.page = self.context.new_page()
            self.open()
        elif "signed out" in way:
            with self.page.expect_navigation():
                self.page.get_by_role("link", name="Sign in again").first.click()
            self.sign_in()

    def shown(self, number):
        level = self.item(number).locator("[data-levels] input:checked").get_attribute("value")
        return level, self.comment(number).input_value()


def lose_the_answer(route):
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def test_interruptions_at_random_moments_lose_nothing_that_was_typed(servers, chromium):
    account, chance = Account("interruptions in a browser"), random.Random(2026)
    assessment = factories.create_assessment()
    items = [factories.create_item(assessment) for _ in range(4)]
    factories.in_scoring(assessment)
    user = factories.holder(Role.MEMBER, assessment.place)
    member = Member(chromium, servers, assessment, user)
    member.open()
    done, acknowledged, typed = Counter(), 0, 0

    for number in range(INTERRUPTIONS):
        way = WAYS[number] if number < len(WAYS) else chance.choice(WAYS)
        item = chance.choice(items).number
        member.start(item, chance.choice(LEVELS), f"Words {number}, begun")
        is_told = chance.random() < 0.5
        if is_told:
            member.wait_until_saved(item)
            acknowledged += len(member.typed[item][1])
            promised = member.typed[item]
            member.write(item, " and more")
        member.page.wait_for_timeout(chance.uniform(0, 400))

        member.interrupt(way, item)
        if is_told:
            level, words = stored(assessment, user)[item]
            assert (level, words[: len(promised[1])]) == promised, "what was called saved is not stored"
        if "tab closed" not in way:
            member.write(item, ", and gone on with after it was too late")
            member.comment(item).blur()
        if way == "signed out":
            member.page.get_by_role("link", name="Sign in again").first.wait_for()
        member.recover(way)
        member.wait_until_saved(item)

        assert member.shown(item) == member.typed[item]
        assert stored(assessment, user) == member.typed
        done[way] += 1
        typed += len(member.typed[item][1])

    assert Score.objects.filter(item__assessment=assessment).count() == len(member.typed)
    assert found() == []
    account.add("interruptions", INTERRUPTIONS)
    for way, count in done.most_common():
        account.add(way, count)
    account.add("characters acknowledged before one, none lost", acknowledged)
    account.add("drafts restored and saved", sum(done.values()))
    account.add("characters stored as typed", typed)
    account.tell()


def stored(assessment, user):
    """Return what is stored of a person's scores as (level, comment), by the item's number."""
    own = Score.objects.filter(item__assessment=assessment, membership__user=user)
    return {number: (str(level), words) for number, level, words in own.values_list("item__number", "level", "comment")}
