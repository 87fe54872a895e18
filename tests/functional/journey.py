"""The main job in steps, from a member's last scores to the report in the hands of the programme office."""

import hashlib
import re

from django.utils import timezone

from partnership import worker

MEMBER, CHAIR = "member@sthelens.example", "chair@sthelens.example"
COUNCIL, TRUST = "signatory@sthelens.example", "trust@sthelens.example"
OFFICE = "office@icb.example"

LEVEL = "Established"
REASON = "The partnership has no part in this, so there is nothing to judge."
RATIONALE = "The board heard both readings and holds to what the evidence shows."
RESERVATION = "We sign, and ask for the financial framework to be looked at again in the spring."
# What an item's score says of itself once the portal has it.
SAVED = re.compile(r"^Saved \d\d:\d\d$")
UNSCORED = "[data-item]:not(:has([data-levels] input:checked))"


def score_what_is_left(member):
    """Score the 18 items that are left to the member who tries the demo; the last one does not apply."""
    member.open("/")
    assert member.heading == "Sign in"
    member.sign_in(MEMBER)
    assert "18 of 50 left" in member.text
    member.follow("Continue scoring")
    assert "32 of 50 items scored by you, 18 left" in member.text
    member.follow("Continue where I left off")
    scored = 0
    while member.page.locator("[data-scoring]").count():
        scored += score_page(member, is_last=scored + member.page.locator(UNSCORED).count() == 18)
        member.press("^Save and ")
        assert "are saved" in member.text or "saved at" in member.text
    assert scored == 18
    assert member.heading.endswith("You have scored everything")
    member.look()
    member.sign_out()
    assert member.heading == "Sign in"


def score_page(member, *, is_last):
    """Score each item of the page that has no score, by number keys where scripts run; return how many there were."""
    unscored = member.page.locator(UNSCORED)
    count = unscored.count()
    if member.script:
        member.page.locator("[data-keys]").wait_for(state="visible")
    for left in range(count, 0, -1):
        assert unscored.count() == left
        if is_last and left == 1:
            item = unscored.get_attribute("id")
            unscored.get_by_label("Not applicable", exact=True).check()
            member.page.locator(f"#{item}").get_by_label("Why is it not applicable").fill(REASON)
        elif member.script:
            member.page.keyboard.press("3")
        else:
            unscored.first.get_by_role("radio", name=LEVEL).check()
    return count


def close_scoring(chair):
    chair.sign_in(CHAIR)
    chair.follow("^Close scoring")
    chair.press("^Close scoring")
    assert chair.heading.endswith("Agree levels")
    assert "0 of 50 items are settled" in chair.text


def settle_levels(chair):
    """Accept what nobody disputes in one act, then settle the rest one by one, most disputed first."""
    chair.follow("^Accept [0-9]+ that nobody disputes")
    chair.look()
    accepted = int(re.search(r"[0-9]+", chair.page.get_by_role("button", name="Settle").inner_text()).group())
    chair.press("^Settle [0-9]+ items")
    assert f"{accepted} of 50 items are settled" in chair.text
    chair.follow("^Agree the most disputed")
    chair.look()
    for _ in range(50 - accepted):
        settle(chair, chair.page.url.partition("#")[2])
    chair.open(re.match("/assessments/[^/]+/", chair.path).group() + "agree/")
    assert "50 of 50 items are settled" in chair.text


def settle(chair, item):
    form = chair.page.locator(f"#{item}").get_by_role("form", name="Settle item")
    if not form.locator("input:checked").count():
        form.get_by_role("radio", name=LEVEL).check()
    form.get_by_label("Rationale").fill(RATIONALE)
    with chair.page.expect_navigation():
        form.get_by_role("button", name="Record and next most disputed").click()


def put_up(chair):
    chair.open("/")
    chair.follow("^Put up for signature")
    chair.look()
    chair.press("^Put up for signature")
    assert chair.heading.endswith("What is up for signature")


def sign(signatory, email, *, reservation=""):
    """Sign for an organisation, as somebody who is told at home that it waits for them."""
    signatory.sign_in(email)
    signatory.follow("^Read and sign")
    signatory.page.get_by_label("Sign with a reservation" if reservation else "Sign", exact=True).check()
    if reservation:
        signatory.page.get_by_label("What is the reservation?").fill(reservation)
        signatory.look()
    signatory.press("Give the organisation's word")
    assert "Your organisation has answered" in signatory.text
    assert reservation in signatory.text
    signatory.sign_out()


def seal_and_submit(chair):
    """Close the signing as the chair, once the quorum is met, and submit to the ICB."""
    chair.sign_in(CHAIR)
    chair.follow("^Close the signing")
    today = timezone.localdate()
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        chair.page.get_by_label(part, exact=True).fill(str(value))
    chair.page.get_by_label("Reference of the minute").fill("PB/26/114")
    chair.look()
    chair.press("^Close the signing")
    assert chair.heading.endswith("Sign-off")
    chair.open("/")
    chair.follow("^Submit")
    chair.look()
    chair.press("^Submit")
    assert RESERVATION in chair.text
    chair.sign_out()


def make_the_report():
    """Do what is due, as the worker beside the portal does."""
    told = worker.do_next(clock=timezone.now)
    while told.startswith("The e-mail"):
        told = worker.do_next(clock=timezone.now)
    assert told.startswith("The job make_report")
    assert " was done in " in told


def download(office):
    """Read the report as the programme office, download its PDF before and after it is made, and have it checked."""
    office.sign_in(OFFICE)
    office.follow("^St Helens")
    office.follow("^The readiness report")
    office.look()
    digest = re.search("hash=([0-9a-f]{64})", office.page.content()).group(1)
    office.follow("^Open the PDF")
    assert "It is made next." in office.text
    office.look()
    make_the_report()
    # The page looks again by itself, says so, and opens nothing unasked.
    opens = office.page.get_by_role("button", name="Open it" if office.script else "Look again")
    opens.wait_for()
    assert office.script == ("It is ready." in office.text)
    answer = office.context.request.get(opens.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    pdf = answer.body()
    office.follow("^The report as a page")
    office.follow("^Check this report")
    office.page.get_by_label("Hash", exact=True).fill("")
    office.page.get_by_label("Or the report’s file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    office.press("^Check")
    assert "Authentic" in office.text
    assert hashlib.sha256(pdf).hexdigest() in office.text
    office.sign_out()
    return pdf, digest
