"""Scores that are saved while they are given, in a browser: "Saved" is true, and what was not saved comes back."""

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from assessments.models import Score
from partnership import sign_in_time

from .journey import MEMBER, SAVED, UNSCORED
from .listening import Listener
from .test_mistakes import choose, first_unscored, open_scoring, scoring_at
from .visitor import Visitor

SAID = "Our neighbours work with us on this every week."


@pytest.fixture
def member(chromium, address):
    visitor = Visitor(chromium, address)
    yield visitor
    assert visitor.complaints == []


@pytest.fixture
def item(member):
    """The first item that the member has not scored, on its criterion's page."""
    return open_scoring(member)


def stored():
    return Score.objects.filter(comment=SAID, membership__user__email=MEMBER).values_list("level", "confidence").first()


def number_of(item):
    return item.get_attribute("id")


def same_item(member, item):
    """Return an item again after the page was opened anew."""
    return member.page.locator("#" + item)


def test_what_is_given_is_saved_by_itself_and_told_when_it_is(member, item):
    before = member.page.locator("[data-progress='here']").inner_text()
    choose(item, "Established", comment=SAID)
    item.get_by_role("radio", name="Fairly sure").check()
    item.get_by_text(SAVED).wait_for()

    assert stored() == (3, "FAIRLY_SURE")
    assert member.page.locator("[data-progress='here']").inner_text() != before
    member.look()
    member.press("^Save$")
    assert "nothing had changed since it was saved" in member.text


def test_who_has_the_page_read_to_them_hears_once_what_was_saved_and_what_was_not(member, item):
    listener = Listener(member.page)
    name = item.get_by_role("heading").first.inner_text()
    item.get_by_role("radio", name="Established").focus()
    member.page.keyboard.press("3")
    listener.wait_for("saved")
    assert listener.heard() == [f"{name} saved."]

    item.get_by_text("Add confidence or a comment").click()
    for words in (SAID[:9], SAID):
        with member.page.expect_response(lambda response: response.request.method == "POST"):
            item.get_by_label("Comment for the board").fill(words)
    item.get_by_text(SAVED).wait_for()
    # Coming back to the item, and then once for all that is typed there.
    assert listener.heard() == [f"{name} saved."]

    member.context.set_offline(True)
    item.get_by_label("Comment for the board").fill(SAID[:9])
    listener.wait_for("cannot be reached")
    member.context.set_offline(False)
    listener.wait_for(f"{name} saved.")
    lost, found = listener.heard()
    assert lost.startswith("Not saved: the portal cannot be reached.")
    assert found == f"{name} saved."

    item.get_by_role("radio", name="Not applicable").check()
    listener.wait_for("not saved")
    assert listener.heard() == [f"{name} is not saved: say why it is not applicable."]
    # What is read is what is seen.
    assert '- status: "' in member.page.locator("main").aria_snapshot()


def test_a_comment_without_a_level_says_that_it_is_not_saved_and_comes_back(member, item):
    item.get_by_text("Add confidence or a comment").click()
    item.get_by_label("Comment for the board").fill(SAID)
    item.get_by_text("Not saved: choose a level").wait_for()
    name = number_of(item)
    member.open(member.path)
    item = same_item(member, name)

    item.get_by_text("had not reached the portal").wait_for()
    assert item.get_by_label("Comment for the board").input_value() == SAID
    item.get_by_role("radio", name="Evolving").check()
    item.get_by_text(SAVED).wait_for()
    assert stored() == (2, "")


def test_without_a_connection_nothing_is_called_saved_and_all_of_it_is_sent_later(member, item):
    member.context.set_offline(True)
    choose(item, "Established", comment=SAID)
    member.page.get_by_role("status").get_by_text("Not saved: the portal cannot be reached.").wait_for()

    assert item.locator(".portal-saved").inner_text().startswith("Not saved: the portal cannot be reached")
    member.look()
    assert stored() is None
    member.context.set_offline(False)
    item.get_by_text(SAVED).wait_for()
    assert stored() == (3, "")
    assert member.page.get_by_role("status").get_by_text("Not saved: the portal cannot be reached.").count() == 0


def test_a_save_that_arrived_though_its_answer_was_lost_is_known_again_and_not_called_another_persons(member, item):
    def lose_the_answer(route):
        if route.request.method == "POST":
            route.fetch()
            route.abort()

    member.page.route(f"**{member.path}", lose_the_answer)
    choose(item, "Evolving", comment=SAID[:9])
    with member.page.expect_event("requestfailed"):
        pass
    item.get_by_label("Comment for the board").fill(SAID)
    member.page.unroute_all()
    item.get_by_text(SAVED).wait_for()

    assert stored() == (2, "")
    assert item.locator("[data-conflict-notice]").count() == 0


def test_a_tab_closed_without_a_connection_gives_everything_back_when_it_is_opened_again(member, item):
    name, path = number_of(item), member.path
    member.context.set_offline(True)
    choose(item, "Established", comment=SAID)
    member.page.get_by_role("status").get_by_text("Not saved: the portal cannot be reached.").wait_for()
    member.page.close()
    member.context.set_offline(False)
    member.page = member.context.new_page()
    member.open(path)

    item = same_item(member, name)
    item.get_by_text(SAVED).wait_for()
    assert stored() == (3, "")
    member.look()
    item.get_by_role("button", name="Go back to what was stored").click()
    item.get_by_text("Not saved: choose a level").wait_for()


def test_a_sign_in_that_ran_out_is_told_and_signing_in_again_brings_everything_back(member, item):
    name, path = number_of(item), member.path
    Session.objects.all().delete()
    member.expect(401)
    choose(item, "Thriving", comment=SAID)
    member.page.get_by_text("You are no longer signed in.").wait_for()
    member.look()
    member.follow("^Sign in again")
    member.sign_in(MEMBER)

    assert member.path == path
    same_item(member, name).get_by_text(SAVED).wait_for()
    assert stored() == (4, "")


def test_a_draft_older_than_what_is_stored_replaces_nothing_until_its_writer_has_chosen(member, item):
    name = number_of(item)
    member.context.set_offline(True)
    choose(item, "Established", comment=SAID)
    member.page.get_by_role("status").get_by_text("Not saved: the portal cannot be reached.").wait_for()
    path = member.path
    member.page.close()
    member.context.set_offline(False)
    elsewhere = Visitor(member.context.browser, member.address, script=False)
    elsewhere.sign_in(MEMBER)
    elsewhere.open(path)
    choose(first_unscored(elsewhere.page), "Emerging")
    elsewhere.press("^Save$")
    member.page = member.context.new_page()
    member.open(path)

    item = same_item(member, name)
    assert "Emerging" in item.locator("[data-words='stored']").inner_text()
    assert SAID in item.locator("[data-words='typed']").inner_text()
    assert stored() is None
    item.get_by_role("button", name="Leave what is stored").click()
    item.get_by_text(SAVED).wait_for()
    assert item.get_by_role("radio", name="Emerging").is_checked()


def set_sign_in(seconds):
    """Let the only sign-in there is last so many seconds more."""
    session = SessionStore(Session.objects.get().session_key)
    session[sign_in_time.ENDS] = int(timezone.now().timestamp()) + seconds
    session.save()


def test_a_sign_in_about_to_run_out_is_told_before_and_kept_at_one_key(member, item):
    clock = member.page.clock
    clock.install()
    member.open(member.path)
    member.settle()
    set_sign_in(200)
    clock.fast_forward("11:56:00")
    dialog = member.page.get_by_role("dialog")
    dialog.get_by_text("You will be signed out at").wait_for()
    member.look()
    member.page.keyboard.press("Enter")
    dialog.wait_for(state="hidden")
    assert SessionStore(Session.objects.get().session_key)[sign_in_time.ENDS] > timezone.now().timestamp() + 3600

    Session.objects.all().delete()
    member.expect(401)
    clock.fast_forward("11:56:00")
    dialog.get_by_text("You have been signed out").wait_for()
    member.look()


def test_without_scripts_a_form_sent_too_late_is_sent_again_after_signing_in(chromium, address):
    member = Visitor(chromium, address, script=False)
    item = open_scoring(member)
    choose(item, "Established", comment=SAID)
    Session.objects.all().delete()
    member.press("^Save$")
    assert "What you sent is kept" in member.text
    member.sign_in(MEMBER)

    assert SAID in member.text
    member.look()
    member.press("^Send it now")
    assert "1 item saved at" in member.text
    assert stored() == (3, "")
    assert member.complaints == []


def test_signing_out_removes_what_the_device_keeps_and_asks_first(member, item):
    member.context.set_offline(True)
    choose(item, "Established", comment=SAID)
    member.page.get_by_role("status").get_by_text("Not saved: the portal cannot be reached.").wait_for()
    path = member.path
    member.page.close()
    member.context.set_offline(False)
    member.page = member.context.new_page()
    member.open("/")
    member.page.get_by_text("This device keeps scores that have not reached the portal").wait_for()
    member.look()
    asked = []
    member.page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    member.sign_out()
    member.sign_in(MEMBER)
    member.open(path)

    assert asked == ["One score has not reached the portal yet. Signing out removes what this device keeps of it."]
    assert member.page.get_by_text("had not reached the portal").count() == 0
    assert stored() is None


def test_the_list_of_all_items_is_scored_by_keys_with_one_press_an_item(member):
    member.sign_in(MEMBER)
    member.open(f"/assessments/{scoring_at('St Helens').public_id}/")
    member.follow("^Score all items in one list")
    member.follow("^Not scored")
    page = member.page
    page.locator("[data-keys]").wait_for(state="visible")
    left = page.locator(UNSCORED).count()
    assert left == 18
    for key in "3c2f1":
        page.keyboard.press(key)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("4")
    page.keyboard.press("u")
    page.keyboard.press("n")
    page.keyboard.type("Not ours to judge")
    page.locator("[data-progress='all']", has_text="37 of 50").wait_for()

    given = page.locator("[data-item]").evaluate_all(
        "(items) => items.slice(0, 6).map((item) => item.querySelector('[data-levels] input:checked')?.value)"
    )
    assert given == ["3", "CANNOT_JUDGE", "2", "4", None, "NOT_APPLICABLE"]
    assert page.locator("[data-item]").nth(3).locator("[data-is-flagged]").count() == 1
    member.look()
    member.open(f"{member.path.partition('?')[0]}?show=flagged")
    assert page.locator("[data-item]").count() == 1
    member.look()
    page.get_by_role("button", name="switch off").click()
    page.locator("[data-levels] input").first.focus()
    page.keyboard.press("1")
    assert page.locator("[data-levels] input:checked").get_attribute("value") == "4"
