"""The components in a real browser: accessible, narrow enough for a phone, usable by keyboard and without a script."""

import pytest
from django.conf import settings

from .gallery_in_browser import PAGES, WIDTHS, visit

WIDER_THAN_WINDOW = "() => document.documentElement.scrollWidth > window.innerWidth"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_the_page_fits(chromium, name, width):
    page = visit(chromium, name, width=width)
    page.evaluate((settings.ASSETS_DIR / "axe/axe.min.js").read_text())

    found = page.evaluate("() => axe.run()")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
    assert page.refused == []
    assert not page.evaluate(WIDER_THAN_WINDOW)


@pytest.mark.parametrize("script", [True, False])
def test_a_level_is_chosen_by_keyboard(chromium, script):
    page = visit(chromium, "gallery", width=1280, java_script_enabled=script)

    page.locator("#id_first_2").focus()
    page.keyboard.press("ArrowRight")

    assert page.locator("#id_first_3").is_checked()
    assert not page.locator("#id_first_2").is_checked()


@pytest.mark.parametrize("script", [True, False])
def test_what_a_choice_reveals_follows_the_choice_even_without_a_script(chromium, script):
    page = visit(chromium, "gallery", width=1280, java_script_enabled=script)
    address = page.locator("#id_address")
    assert address.is_visible()

    page.locator("#id_kind_0").check()
    assert not address.is_visible()

    page.locator("#id_kind_1").check()
    assert address.is_visible()


def test_the_error_summary_leads_to_the_control_to_mend(chromium):
    page = visit(chromium, "gallery", width=1280)

    page.get_by_role("link", name="The review date must be a real date").click()

    assert page.evaluate("() => document.activeElement.id") == "id_review_by_0"


def test_levels_stand_below_each_other_on_a_phone(chromium):
    page = visit(chromium, "gallery", width=320)
    first, second = (page.locator(f"label[for=id_first_{n}]").bounding_box() for n in (0, 1))

    assert second["y"] >= first["y"] + first["height"]
    assert second["x"] == first["x"]
    assert first["height"] >= 44


def test_the_focused_control_is_not_hidden_behind_the_bar(chromium):
    page = visit(chromium, "gallery", width=1280)
    page.locator("#id_password").scroll_into_view_if_needed()
    hidden = []
    for control in ("#id_second_0", "#id_title", "#id_kind_0", "#id_password"):
        page.evaluate("() => window.scrollTo(0, 0)")
        page.locator(control).focus()
        box, bar = page.locator(control).bounding_box(), page.locator(".portal-bar").bounding_box()
        if box["y"] + box["height"] > bar["y"] + 1:
            hidden.append(control)

    assert hidden == []


def test_a_table_that_overflows_can_be_reached_by_keyboard_and_one_that_fits_is_no_stop(chromium):
    region = "[data-scroll-region]"

    assert visit(chromium, "gallery", width=320).locator(region).get_attribute("tabindex") == "0"
    assert visit(chromium, "gallery", width=1280).locator(region).get_attribute("tabindex") is None


@pytest.mark.parametrize("script", [True, False])
def test_what_is_folded_on_a_phone_alone_is_open_where_there_is_room_and_in_print(chromium, script):
    page = visit(chromium, "gallery", width=320, java_script_enabled=script)
    summary, inside = page.get_by_text("3 criteria of Design"), page.get_by_text("Open where there is room")
    assert (summary.is_visible(), inside.is_visible()) == (True, False)
    page.emulate_media(media="print")
    assert (summary.is_visible(), inside.is_visible()) == (False, True)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert (summary.is_visible(), inside.is_visible()) == (False, True)
    page.set_viewport_size({"width": 320, "height": 900})

    page.locator("summary", has=summary).press("Enter")

    assert inside.is_visible()
