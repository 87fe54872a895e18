"""An administrator's own framework, from a file with mistakes to the PDF of a place that was assessed by it."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.models import Assessment

from . import journey
from .visitor import Visitor

SMALL = settings.BASE_DIR / "docs" / "small-framework.yaml"
ADMINISTRATOR, OFFICE = "administrator@icb.example", "office@icb.example"
LEAD, CHAIR = "lead@wirral.example", "chair@wirral.example"
MEMBERS = ("council@wirral.example", "trust@wirral.example")
ROUND = "Good neighbours, first round"
CRITERIA = {"WE1": "First contact", "WE2": "Getting about", "HE1": "In hard weeks"}


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_framework_goes_from_a_faulty_file_to_the_pdf_of_a_round(chromium, address, script):
    person = Visitor(chromium, address, script=script)

    load_and_publish(person)
    open_round(person)
    assessment = Assessment.objects.get(round__name=ROUND)
    home = f"/assessments/{assessment.public_id}/"
    prepare(person, home)
    for member in MEMBERS:
        score(person, home, member)
    settle(person, home)
    for signatory in MEMBERS:
        sign(person, home, signatory)
    seal(person, home)
    pdf = report(person, assessment)

    assert pdf.startswith(b"%PDF-")
    assert person.complaints == []


def load_and_publish(person):
    faulty = SMALL.read_text().replace("node: HE1", "node: HE9").replace("rank: 2, name", "rank: 2, nome")
    person.sign_in(ADMINISTRATOR)
    person.open("/frameworks/")
    person.follow("^Check or load a file")
    choose_file(person, faulty)
    person.press("^Load it as a draft")
    person.look()
    assert "There is no node HE9." in person.text
    assert "Line 14" in person.text
    choose_file(person, faulty.replace("node: HE9", "node: HE1").replace("nome", "name"))
    person.press("^Only check it")
    assert "is sound" in person.text
    choose_file(person, SMALL.read_text())
    person.press("^Load it as a draft")
    person.press("^Publish version 1.0")
    assert "is published. Rounds can use it from now on." in person.text
    person.sign_out()


def choose_file(person, text):
    file = {"name": "good-neighbours.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    person.page.get_by_label("Framework file").set_input_files(file)


def open_round(person):
    person.sign_in(OFFICE)
    person.follow("^Cheshire and Merseyside")
    person.follow("^Open a round")
    person.page.get_by_label("Framework version").select_option(label="Good neighbours framework 1.0")
    person.page.get_by_label("Name of the round").fill(ROUND)
    today = timezone.localdate()
    for name, days in (("opens_on", 0), ("scoring_closes_on", 14), ("signing_closes_on", 28)):
        day = today + timedelta(days=days)
        for part in ("day", "month", "year"):
            person.page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))
    person.page.get_by_label("Wirral", exact=True).check()
    person.press("^(Open|Save)")
    person.sign_out()


def prepare(person, home):
    person.sign_in(LEAD)
    for code in CRITERIA:
        person.open(f"{home}criteria/{code}/items/add/")
        person.page.get_by_label("Statement").fill(f"What Wirral does about {CRITERIA[code].lower()}.")
        person.press("^Save")
    person.open(home)
    person.follow("^Open scoring")
    person.press("^Open scoring")
    person.sign_out()


def score(person, home, member):
    person.sign_in(member)
    for code in CRITERIA:
        person.open(f"{home}criteria/{code}/score/")
        person.page.get_by_role("radio", name="Doing").check()
        person.press("^Save and")
    assert person.heading.endswith("You have scored everything")
    person.sign_out()


def settle(person, home):
    person.sign_in(CHAIR)
    person.open(home)
    person.follow("^Close scoring")
    person.press("^Close scoring")
    for code in CRITERIA:
        person.open(f"{home}criteria/{code}/agree/")
        person.page.get_by_role("radio", name="Doing").check()
        person.page.get_by_label("Rationale").fill(journey.RATIONALE)
        person.press("^Record")
    person.open(home)
    person.follow("^Put up for signature")
    person.press("^Put up for signature")
    person.sign_out()


def sign(person, home, signatory):
    person.sign_in(signatory)
    person.open(f"{home}sign/")
    person.page.get_by_label("Sign", exact=True).check()
    person.press("Give the organisation's word")
    person.sign_out()


def seal(person, home):
    person.sign_in(CHAIR)
    person.open(home)
    person.follow("^Close the signing")
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        person.page.get_by_label(part, exact=True).fill(str(value))
    person.page.get_by_label("Reference of the minute").fill("WPB/26/1")
    person.press("^Close the signing")
    person.open(home)
    person.follow("^Submit")
    person.press("^Submit")
    person.sign_out()


def report(person, assessment):
    """Look at the place's dashboard and the report, and return the PDF."""
    person.sign_in(OFFICE)
    person.open(f"/places/{assessment.place.public_id}/")
    assert "Small grant" in person.text
    person.open(f"/assessments/{assessment.public_id}/report/")
    person.look()
    assert "Small grant" in person.text
    person.page.locator("summary").filter(has_text="criteria of Welcome").click()
    assert "First contact" in person.text
    person.follow("^Open the PDF")
    journey.make_the_report()
    answer = person.context.request.get(person.page.locator("[data-ready]").get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()
