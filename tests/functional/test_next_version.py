"""A framework's next version, from its file to a round on it: what changed is told, and nothing is drawn through it."""

import re
from datetime import date

import pytest
from django.conf import settings

from assessments.models import Score
from frameworks.models import FrameworkVersion
from partnership.models import Place
from tests import factories, whole_round

from .visitor import Visitor

FILES = settings.BASE_DIR / "tests" / "functional" / "kitchens"
ADMINISTRATOR, LEAD, MEMBER = "administrator@icb.example", "lead@wirral.example", "council@wirral.example"
OFFICE = "office@icb.example"
BEFORE, AFTER = date(2020, 4, 1), date(2020, 10, 1)
TOLD = {
    "ME1": "Cooking The same",
    "ME2": "Choice of dishes Reworded",
    "ME6": "Waste New",
    "ME3": "Storage Moved",
    "PE1A": "Finding helpers Split",
    "PE1B": "Keeping helpers Split",
    "PE4": "Training and welcome Merged",
}
CHANGED = ("ME2", "ME6", "PE1A", "PE1B", "PE4")


@pytest.fixture
def before(address):
    """Return Wirral's submitted assessment on version 1.0."""
    version = whole_round.published((FILES / "1.0.yaml").read_bytes())
    place = Place.objects.get(name="Wirral")
    return through_to_the_end(whole_round.written(opened(version, place, "Spring", BEFORE)))


def opened(version, place, name, opens_on):
    return factories.create_assessment(place=place, framework_version=version, name=name, opens_on=opens_on)


def through_to_the_end(assessment):
    return whole_round.sealed(whole_round.agreed(whole_round.scored(assessment)))


def test_what_changed_is_told_and_nothing_is_drawn_through_it(chromium, address, before):
    person = Visitor(chromium, address)
    person.sign_in(ADMINISTRATOR)
    load_and_publish(person)
    person.follow("^What changed since")
    see_the_difference(person)
    person.sign_out()
    version = FrameworkVersion.objects.get(framework__code="community-kitchens", number="1.1")
    now = opened(version, before.place, "Autumn", AFTER)
    home = f"/assessments/{now.public_id}/"

    bring_the_case(person, now, home)
    person.sign_in(MEMBER)
    person.open(home)
    person.follow("^what changed")
    see_the_difference(person)
    person.sign_out()

    for code in ("ME6", "PE1A"):
        factories.create_item(now, code=code)
    through_to_the_end(now)
    person.sign_in(OFFICE)
    person.open(f"/places/{now.place.public_id}/?round={now.public_id}")
    compare(person)
    person.open(f"/assessments/{now.public_id}/report/")
    compare(person)
    assert person.complaints == []


def load_and_publish(person):
    person.open("/frameworks/load/")
    person.page.get_by_label("Framework file").set_input_files(FILES / "1.1.yaml")
    person.press("^Load it as a draft")
    person.press("^Publish version 1.1")
    assert "is published" in person.text


def see_the_difference(person):
    person.look()
    shown = {code: " ".join(person.page.locator(f"#criterion-{code} h3").inner_text().split()) for code in TOLD}
    assert shown == {code: f"{code} {words}" for code, words in TOLD.items()}
    assert "PE5 Uniforms: Nobody confuses helpers and guests." in person.text


def bring_the_case(person, now, home):
    """Bring what is comparable and what is not, each unconfirmed and with its round; no score comes along."""
    person.sign_in(LEAD)
    person.open(f"{home}bring/")
    person.look()
    assert "PE5 Uniforms was dropped" in person.text
    for box in person.page.locator("main input[type=checkbox]").all():
        box.check()
    person.page.get_by_label("PE1B Keeping helpers").check()
    person.press("^Bring what is ticked")
    person.look()
    brought = now.items.unconfirmed()
    assert {item.criterion.code for item in brought} == {"ME1", "ME2", "ME3", "PE1B", "PE4"}
    assert person.text.count("Brought from Spring") == brought.count()
    assert "ME2 Choice of dishes: since version 1.0 its wording changed." in person.text
    assert not Score.objects.filter(item__assessment=now).exists()
    person.press("^Confirm all")
    person.sign_out()


def compare(person):
    """See the earlier level only where it means what it meant, and told everywhere else that it cannot be compared."""
    person.look()
    rows = [" ".join(row.split()) for row in person.page.locator("tr").all_text_contents()]
    for code in TOLD:
        levels = [row for row in rows if row.startswith(f"{code} ") and re.search("[0-9] of [0-9]", row)]
        assert levels, rows
        assert any("Changed since, not comparable" in row for row in levels) == (code in CHANGED), levels
    for told in ("ME2 Choice of dishes: since version 1.0 its wording changed.", "ME6 Waste is new in version 1.1."):
        assert told in " ".join(person.page.locator("main").text_content().split())
