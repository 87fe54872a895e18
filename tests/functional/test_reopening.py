"""What was signed is re-opened in a real browser, changed and signed anew; both reports can be checked."""

from django.utils import timezone

from assessments.models import Assessment
from assessments.workflow import SEALED
from partnership.models import Job

from . import journey
from .visitor import Visitor

REASON = "The financial framework was read from a draft; the signed one says less."


def test_a_signed_assessment_is_re_opened_changed_and_signed_again_and_both_reports_are_told_apart(chromium, address):
    person = Visitor(chromium, address)
    first = Assessment.objects.filter(place__name="St Helens", state__in=SEALED).latest("round__opens_on")
    order(first)

    re_open(person, first)
    second = Assessment.objects.get(round=first.round, place=first.place, number=2)
    change_a_level(person, second)
    journey.put_up(person)
    assert REASON in person.text
    person.sign_out()
    for email in (journey.CHAIR, journey.COUNCIL, journey.TRUST):
        journey.sign(person, email)
    seal(person)
    order(second)

    earlier, later = (download(person, each) for each in (first, second))
    assert earlier != later
    check(person, earlier)
    assert "Authentic, superseded by version 2" in person.text
    person.look()
    check(person, later)
    assert "nothing has taken its place" in person.text
    person.open(f"/assessments/{first.public_id}/report/")
    assert "Superseded by version 2" in person.text
    person.look()
    assert person.complaints == []


def order(assessment):
    """Let the worker make the report of a sealed assessment now."""
    Job.objects.exclude(subject=assessment.seal.public_id).filter(done_at=None).delete()
    Job.objects.filter(subject=assessment.seal.public_id).update(due_at=timezone.now())
    journey.make_the_report()


def re_open(chair, assessment):
    chair.sign_in(journey.CHAIR)
    chair.open(f"/assessments/{assessment.public_id}/sign-off/")
    chair.follow("^Re-open as a new version")
    chair.look()
    chair.page.get_by_label("Why?").fill(REASON)
    chair.press("^Re-open")
    assert "Version 2 is open" in chair.text
    assert REASON in chair.text
    chair.look()


def change_a_level(chair, assessment):
    chair.follow("^Agree levels")
    assert "50 of 50 items are settled" in chair.text
    chair.open(f"/assessments/{assessment.public_id}/criteria/DD1/agree/")
    form = chair.page.locator("#item-1").get_by_role("form", name="Settle item")
    form.get_by_role("radio", name="Emerging").check()
    form.get_by_label("Rationale").fill(REASON)
    with chair.page.expect_navigation():
        form.get_by_role("button", name="Record and stay").click()
    assert "is settled: Emerging" in chair.text


def seal(chair):
    chair.sign_in(journey.CHAIR)
    chair.follow("^Close the signing")
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        chair.page.get_by_label(part, exact=True).fill(str(value))
    chair.page.get_by_label("Reference of the minute").fill("PB/26/115")
    chair.press("^Close the signing")
    assert chair.heading.endswith("Sign-off")


def download(person, assessment):
    answer = person.context.request.get(f"/assessments/{assessment.public_id}/report.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    return answer.body()


def check(person, pdf):
    person.open("/reports/check/")
    person.page.get_by_label("Or the report’s file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    person.press("^Check")
