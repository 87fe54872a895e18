"""An author tries a draft in a browser, with scripts and without."""

import re

import pytest
from django.conf import settings

from frameworks.loading import examine

from .visitor import Visitor

ADMINISTRATOR = "administrator@icb.example"
SMALL = settings.BASE_DIR / "docs" / "small-framework.yaml"


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_an_author_tries_a_draft_until_a_gate_passes_and_keeps_the_trial_as_a_golden_case(chromium, address, script):
    author = Visitor(chromium, address, script=script)
    load(author)
    author.follow("^Try it")
    author.look()

    author.follow("^Begin with First contact")
    choose(author, 1, "Doing", "3")
    author.look()
    author.press("^Go to Getting about")
    choose(author, 1, "Starting", "0")
    author.press("^Go to In hard weeks")
    choose(author, 1, "Doing", "0")
    assert "Fails: HE1 In hard weeks is at Starting" in author.text
    choose(author, 1, "Doing", "1")
    assert "Passes: HE1 In hard weeks is at Doing" in author.text
    choose(author, 2, "Proving", "3")
    assert author.page.locator(".trial-item").count() == 3
    assert "3 of 4 items (75%)" in author.text
    author.press("^Go to the whole")
    author.look()
    case = author.page.locator("#golden-case").input_value()

    pasted = examine(f"{SMALL.read_text()}{case}".encode())
    assert pasted.is_sound
    assert pasted.failures == ()
    assert author.complaints == []


def test_a_golden_case_shows_expected_beside_actual_as_it_is_changed(chromium, address):
    author = Visitor(chromium, address)
    load(author)
    author.follow("^A rota without a map")
    author.follow("WE1 First contact")
    author.look()
    assert "All 9 results are as expected." in author.text

    choose(author, 1, "Starting", "3")

    assert re.search("2 of 9 results are not as expected.", author.text)
    assert author.complaints == []


def load(author):
    author.sign_in(ADMINISTRATOR)
    author.open("/frameworks/load/")
    author.page.get_by_label("Framework file").set_input_files(SMALL)
    author.press("Load it as a draft")


def choose(author, number, level, strength):
    """Choose an item's level and evidence; without scripts, ask for what follows."""
    item = author.page.locator(f"#tried-{number}")
    item.get_by_role("radio", name=level).check()
    item.get_by_role("combobox").select_option(strength)
    if author.script:
        author.page.wait_for_selector("form[data-trial]:not([aria-busy])")
    else:
        author.press("^Work it out")
