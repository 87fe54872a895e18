"""What goes wrong for people at a browser: each is told clearly, and nothing that they typed is lost."""

import re

import pytest
from django.utils import timezone

from assessments.models import Artefact, Assessment, Score
from assessments.services.moves import make_move
from assessments.workflow import Move, State
from partnership.models import User
from tests.sample_files import EXE

from .journey import CHAIR, LEVEL, MEMBER, SAVED, UNSCORED
from .visitor import Visitor

LEAD = "lead@sthelens.example"
COMMENT = "We saw this at work in two neighbourhoods."
PROGRAM = {"name": "minutes.txt", "mimeType": "text/plain", "buffer": EXE}
MINUTES = {"name": "minutes.txt", "mimeType": "text/plain", "buffer": b"Minutes of the estates group, 3 June 2026"}


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def person(request, chromium, address):
    visitor = Visitor(chromium, address, script=request.param)
    yield visitor
    assert visitor.complaints == []


def scoring_at(place):
    return Assessment.objects.get(place__name=place, state=State.SCORING)


def open_scoring(person):
    """Open, as the member, the first page with items to score, and return its first unscored item."""
    person.sign_in(MEMBER)
    person.follow("^Continue scoring")
    person.follow("^Continue where I left off")
    return first_unscored(person.page)


def first_unscored(page):
    return page.locator("#" + page.locator(UNSCORED).first.get_attribute("id"))


def choose(item, level, *, comment=""):
    item.get_by_role("radio", name=level).check()
    if comment:
        item.get_by_text("Add confidence or a comment").click()
        item.get_by_label("Comment for the board").fill(comment)


def test_a_file_that_is_not_what_its_name_says_is_refused_and_the_right_one_is_kept_and_downloaded(person):
    person.sign_in(LEAD)
    person.follow("^Evidence register")
    person.follow("^Add an artefact")
    page = person.page
    page.get_by_label("Title").fill("Minutes of the estates group")
    page.get_by_role("radio", name="Minute").check()
    page.get_by_label("File", exact=True).set_input_files(PROGRAM)
    page.get_by_label("This file holds no information about patients").check()
    person.press("^Add it")

    assert page.title().startswith("Error: ")
    assert "There is a problem" in person.text
    assert page.get_by_label("Title").input_value() == "Minutes of the estates group"
    assert page.get_by_role("radio", name="Minute").is_checked()
    person.look()

    page.get_by_label("File", exact=True).set_input_files(MINUTES)
    person.press("^Add it")

    assert "“Minutes of the estates group” was added to the register." in person.text
    added = Artefact.objects.get(title="Minutes of the estates group")
    person.open(f"/artefacts/{added.public_id}/")
    file = page.locator("main a[href$='/file']").get_attribute("href")
    assert person.context.request.get(file).body() == MINUTES["buffer"]


def test_an_empty_form_says_what_is_missing_and_leads_to_it(person):
    person.open("/sign-in/")
    person.press("^Sign in")
    assert person.page.title().startswith("Error: ")
    person.sign_in(LEAD)
    person.follow("^Evidence register")
    person.follow("^Add an artefact")
    person.press("^Add it")

    assert person.page.title().startswith("Error: ")
    person.page.get_by_role("link", name="Enter a title").click()
    title = person.page.get_by_label("Title")
    if person.script:
        assert title.evaluate("(field) => field === document.activeElement")
    else:
        assert person.page.url.endswith("#" + title.get_attribute("id"))
    person.look()


def test_a_save_that_comes_after_the_chair_has_closed_scoring_gives_the_words_back(person):
    item = open_scoring(person)
    assessment = scoring_at("St Helens")
    given = Score.objects.filter(item__assessment=assessment).count()
    make_move(
        assessment=assessment,
        move=Move.CLOSE_SCORING,
        based_on=assessment.version,
        by=User.objects.get(email=CHAIR),
        at=timezone.now(),
    )
    person.expect(409)
    choose(item, LEVEL, comment=COMMENT)
    person.press("^Save and ")

    assert "Scoring closed before your choices arrived, so they were not saved" in person.text
    assert COMMENT in person.text
    assert LEVEL in person.text
    assert Score.objects.filter(item__assessment=assessment).count() == given
    person.look()


def test_a_save_from_a_second_tab_overwrites_nothing_and_shows_both(person):
    first = person.page
    item = open_scoring(person)
    second = person.context.new_page()
    second.goto(first.url)
    other = first_unscored(second)
    choose(item, "Evolving")
    person.press("^Save$")
    person.page = second
    person.expect(409)
    choose(other, "Thriving", comment=COMMENT)
    if person.script:
        other.get_by_text("Nothing is replaced until you have chosen").wait_for()
    else:
        person.press("^Save$")
        assert "You changed this in another tab or on another device" in person.text

    stored, typed = (second.locator(".score-conflict > div").nth(n).inner_text() for n in (0, 1))
    assert "Evolving" in stored
    assert "Thriving" in typed
    assert COMMENT in typed
    person.look()

    if person.script:
        second.get_by_role("button", name="Save mine instead").click()
        other.get_by_text(SAVED).wait_for()
    else:
        person.press("^Save$")
    assert Score.objects.get(membership__user__email=MEMBER, comment=COMMENT).level == 4


def test_the_address_of_another_place_is_not_found_and_the_page_says_what_to_do(person):
    person.sign_in(MEMBER)
    person.expect(404)
    person.open(f"/assessments/{scoring_at('Sefton').public_id}/")

    assert person.heading == "Page not found"
    assert "a place that you are not a member of" in person.text
    person.look()


def test_an_address_that_is_not_for_ones_role_is_refused_in_a_sentence(person):
    person.sign_in(MEMBER)
    person.expect(403)
    person.open(f"/assessments/{scoring_at('St Helens').public_id}/moves/close-scoring/")

    assert re.search("Only the board chair may do this", person.text)
    person.look()
