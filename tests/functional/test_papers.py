"""The page of a round's papers, and what is known of a hash, with all that they can show, as a browser has them."""

from django.urls import reverse
from playwright.sync_api import expect

from assessments.workflow import Move, State
from partnership.models import Job
from reports import paper_services, printing
from tests import factories
from tests.factories import AT
from tests.integration.reports.test_papers import a_round, office_of, order

from .portal import let_in
from .visitor import Visitor


def test_a_rounds_papers_and_what_is_known_of_each_are_sound_when_full(chromium, address, monkeypatch):
    monkeypatch.setattr(printing, "make_pdf", lambda page, *, identifier: (identifier.encode(), 1))
    opened, signed = a_round(State.SUBMITTED)
    first = order(opened)
    paper_services.make_round_papers(subject=first.public_id, at=AT)
    later = factories.sign_again(factories.reopened(signed))
    factories.move(later, Move.SUBMIT)
    second = order(opened)
    Job.objects.filter(subject=second.public_id).update(failed_at=AT)
    factories.decided_after_review(factories.reviewed_after_submission(later))
    third = order(opened)
    person = Visitor(chromium, address)
    let_in(person, office_of(opened).email)

    person.open(reverse("reports:round_reports", args=[opened.public_id]))
    person.look()

    assert all(words in person.text for words in ("System report (PDF)", "They could not be made", "Being made"))
    known = {
        first.digest: "Authentic, superseded",
        third.digest: "None has been made since",
        signed.seal.digest: "Authentic, superseded by version 2",
        later.decision.digest: "This is the ICB’s decision",
        "0" * 64: "Unknown",
    }
    for digest, words in known.items():
        person.open(f"{reverse('reports:verify')}?hash={digest}")
        person.press("^Check$")
        person.look()
        assert words in person.text
    assert person.complaints == []


def test_the_list_of_a_rounds_papers_looks_again_by_itself_and_says_what_became_of_them(chromium, address, monkeypatch):
    monkeypatch.setattr(printing, "make_pdf", lambda page, *, identifier: (identifier.encode(), 1))
    opened, _ = a_round(State.SUBMITTED)
    made = order(opened)
    person = Visitor(chromium, address)
    let_in(person, office_of(opened).email)
    person.page.clock.install()
    person.open(reverse("reports:round_reports", args=[opened.public_id]))
    person.page.get_by_role("link", name="Look again").focus()

    paper_services.make_round_papers(subject=made.public_id, at=AT)
    person.page.clock.run_for(3000)

    system_report = person.page.get_by_role("link", name="System report (PDF)")
    expect(system_report).to_be_focused()
    expect(person.page.locator("[data-news]")).to_contain_text("are ready.")
    person.look()
    assert person.complaints == []
