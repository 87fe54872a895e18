"""The readiness report: made once from the seal, the same on paper and on the page, and read by those who may."""

import html
import io
import json
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from html.parser import HTMLParser

import lxml.html
import pytest
from django.test import Client
from django.urls import reverse

from assessments.documents import document
from assessments.models import Artefact, Seal, Signature
from assessments.services import workshops
from assessments.workflow import Move, State
from frameworks.models import Node
from improvement.services.actions import add_action
from partnership import audit, storage, worker
from partnership.models import AuditEvent, Job, Membership, StoredFile
from partnership.roles import Role
from reports import printing, sealed, services, voice
from reports.models import Report
from reports.pdf.printable import coded
from reports.pdf.rendering import PdfNotMade
from tests import factories, pdf_reading
from tests.factories import AT
from tests.integration.assessments.workshop_room import Room
from tests.page_tables import tables_of
from tests.pdf_reading import squeezed

pytestmark = pytest.mark.django_db

HOSTILE = '<img src="file:///etc/passwd"><script>alert(1)</script>'
FOREIGN = "北京 🏥 \u202eעברית ไทย ខ្មែរ Łódź"


@pytest.fixture
def quick(monkeypatch):
    """Make the PDF at once, for tests of what is done with it; return what was to be printed."""
    printed = []

    def print_nothing(document, *, identity, seal):
        printed.append(identity)
        return f"%PDF-1.7 {identity.digest}".encode(), 3

    monkeypatch.setattr(printing, "print_report", print_nothing)
    return printed


def url(assessment, name="report"):
    return reverse(f"reports:{name}", args=[assessment.public_id])


def make(assessment):
    return services.make_report(subject=assessment.seal.public_id, at=AT)


def content_of(assessment):
    return sealed.of_seal(Seal.objects.select_related("snapshot").get(assessment=assessment))


def with_a_rich_case():
    """Return a sealed assessment with long, foreign and hostile words in every place that people write in."""
    place = factories.create_place(f"Mossley {FOREIGN}")
    assessment = factories.create_assessment(place=place)
    first = factories.create_item(assessment, statement=f"We have a plan. {HOSTILE}\nIt is read. {FOREIGN}")
    factories.create_artefact(
        place,
        item=first,
        title=f"Plan {HOSTILE}"[:200],
        strength=Artefact.Strength.IN_USE,
        locator="page 4",
        note="Kept by the council",
    )
    factories.create_artefact(
        place,
        item=first,
        title="Minutes of the board",
        url="https://minutes.example/7",
        sensitivity=Artefact.Sensitivity.BOARD,
    )
    factories.create_item(assessment, code="PE1", statement="unbroken" * 60)
    for code in ("SO2", "PE2a", "PE2b"):
        for number in range(4):
            factories.create_item(
                assessment, code=code, statement=f"Statement {number} of {code}. " + "It works. " * 20
            )
    factories.in_agreeing(assessment, 1, 4, 4)
    for item in assessment.items.order_by("pk"):
        factories.create_agreement(item, level=3, reason=f"The board saw it. {HOSTILE}")
    add_action(
        assessment=assessment,
        title=f"Attach evidence {HOSTILE}",
        owner=factories.create_organisation(place=place),
        due_on=AT.date(),
        by=factories.holder(Role.LEAD, place),
        at=AT,
        criterion=Node.objects.get(version=assessment.framework_version, code="SO2"),
    )
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    missing = factories.create_organisation(f"Absent partner {FOREIGN}", place=place)
    factories.create_signatory(place, missing)
    signatory = factories.create_signatory(place, factories.create_organisation("Willing partner", place=place))
    factories.create_signature(
        assessment, by=signatory, kind=Signature.Kind.RESERVED, words=f"We wait for the strategy. {HOSTILE} {FOREIGN}"
    )
    return factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference=f"PB/26/1 {FOREIGN}")


@dataclass(frozen=True)
class Rich:
    """What became of a rich case: its page as the chair sees it, its report on paper before it is printed, its PDF."""

    content: sealed.Shown
    page: str
    paper: str

    @cached_property
    def printed(self):
        return printing.print_report(self.content.document, identity=self.content.identity, seal=self.content.seal)


@cache
def _rich():
    assessment, client = with_a_rich_case(), Client()
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    return Rich(content_of(assessment), client.get(url(assessment)).text, _paper(assessment))


@pytest.fixture
def rich():
    """Return what became of a rich case, made once for all tests that only read it."""
    return _rich()


class Cells(HTMLParser):
    """Collect the text of the table cells and headings of a page."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attrs):
        if tag in ("td", "th", "h1", "h2", "h3"):
            self.open.append([])

    def handle_endtag(self, tag):
        if tag in ("td", "th", "h1", "h2", "h3"):
            self.found.append("".join(self.open.pop()))

    def handle_data(self, data):
        for each in self.open:
            each.append(data)


def cells_of(page):
    reader = Cells()
    reader.feed(page)
    return [squeezed(text) for text in reader.found if squeezed(text)]


# The file


@pytest.mark.one_database
def test_the_pdf_is_whole_tagged_and_says_on_each_page_what_it_is_of(rich):
    content, (pdf, pages) = rich.content, rich.printed

    assert pdf_reading.problems(pdf) == []
    texts = pdf_reading.text_by_page(pdf)
    assert len(texts) == pages
    assert 8 <= pages <= 30
    digest, snapshot = content.identity.digest, content.identity.snapshot
    framework = squeezed("Community garden framework 1.0")
    assert [n for n, text in enumerate(texts, 1) if digest not in text or snapshot not in text] == []
    assert [n for n, text in enumerate(texts, 1) if framework not in text] == []
    assert [n for n, text in enumerate(texts, 1) if f"{n}of{pages}" not in text] == []
    # Every glyph stands for something, and no page is all but empty.
    assert [n for n, text in enumerate(texts, 1) if "\ufffd" in text] == []
    assert min(len(text) for text in texts) > 300
    whole = "".join(texts)
    # What is read from the right stands in the file as it is drawn.
    assert squeezed("北京 🏥 [U+202E] תירבע ไทย [Khmer U+1781 U+17D2 U+1798 U+17C2 U+179A] Łódź") in whole
    assert squeezed(HOSTILE) in whole
    assert b"/JavaScript" not in pdf


@pytest.mark.one_database
def test_a_hundred_artefacts_with_long_foreign_and_missing_words_break_no_page():
    content = content_of(factories.create_assessment(state=State.SIGNED))
    document, names = content.document, ("unbroken" * 7 + "name", "Long words " * 5 + "names", FOREIGN, "𝕬 🏥", "تقرير")
    unstated = {"dated_on": None, "review_by": None, "owner": "", "note": "", "strength": None}
    unstated["strength_words"] = "Not yet proposed"
    item = document["items"][0]
    document["artefacts"] = [
        {"id": str(n), "title": f"{names[n % 5]} Nr{n:03}x", "kind": "Document", "sensitivity": "Public", **unstated}
        | {"url": "", "file_name": "", "sha256": "", "in_date": False, "items": [item["label"]]}
        for n in range(100)
    ]
    item["cited"] = [{"artefact": str(n), "locator": "page 3"} for n in range(100)]
    document["place"] |= {"name": "P" * 60, "partnership": "שותפות " * 8}

    pdf, pages = printing.print_report(document, identity=content.identity, seal=content.seal)

    assert pdf_reading.problems(pdf) == []
    texts = pdf_reading.text_by_page(pdf)
    assert len(texts) == pages <= 30
    assert min(len(text) for text in texts) > 300
    assert "\ufffd" not in "".join(texts)
    # Each stands with its item, whose row begins under its heading and goes on over pages, and in the register.
    assert squeezed("Annex A1") in next(text for text in texts if "Nr000x" in text)
    assert [n for n in range(100) if "".join(texts).count(f"Nr{n:03}x") != 2] == []


@pytest.mark.one_database
def test_making_the_pdf_again_gives_the_same_bytes():
    content = content_of(factories.create_assessment(state=State.SIGNED))

    def once():
        return printing.print_report(content.document, identity=content.identity, seal=content.seal)

    assert once() == once()


@pytest.mark.one_database
def test_the_page_and_the_pdf_say_the_same(rich):
    on_paper = pdf_reading.text_of(rich.printed[0])

    page = coded(rich.page, printing.fonts.covered()).replace("עברית", "עברית"[::-1])
    main = page[page.index("<main") : page.index("</main>")]
    # A comma for the ear alone: on paper a level and what is said beside it stand apart.
    main = main.replace('<span class="nhsuk-u-visually-hidden">, </span>', " ")
    assert [cell for cell in cells_of(main) if cell not in on_paper] == []
    document = rich.content.document
    for item in document["items"]:
        assert squeezed(item["label"]) in on_paper
    assert len(document["items"]) == 14
    assert [text for text in cells_of(main) if "Statement0ofPE2a" in text] != []


def test_on_a_screen_what_is_long_is_folded_and_no_chapter_hides_in_a_fold(rich):
    page = lxml.html.document_fromstring(rich.page)

    folds = page.xpath("//details[contains(@class, 'portal-fold') and not(@open)]")
    said = {" ".join(fold.findtext("summary/span").split()) for fold in folds}
    assert {"4 criteria of People", "7 criteria with their levels", "2 artefacts"} <= said
    chapters = set(page.xpath("//nav[contains(@class, 'report-contents')]//a/@href"))
    headings = page.xpath("//h2[contains(@class, 'report-heading') and not(ancestor::details)]/@id")
    assert chapters == {f"#{each}" for each in headings} - {"#story", "#contents"}
    assert page.xpath("//div[@class='report-body']//tbody[not(ancestor::details) and count(tr) > 8]") == []
    assert "<details" not in rich.paper


def test_the_report_has_all_its_chapters_in_their_order(rich):
    paper = rich.paper
    found = re.findall(r'<h2 [^>]*id="([\w-]+)"', paper)

    # The contents tell them in the order in which they come, and number them so.
    assert re.findall(r'report-contents__link" href="#([\w-]+)"', paper) == found[2:]
    numbers = re.findall(r'report-heading__number">([^<]+)<', paper)
    assert numbers == [*map(str, range(1, 11)), "Annex A1", "Annex A2", "Annex B", "Annex C", "Annex D"]
    numbered = "readiness profile coverage agreement strengths actions improvement voice governance signing"
    annexes = "domain-SO domain-PE register method history"
    assert found == ["story", "contents", *numbered.split(), *annexes.split()]


@pytest.mark.parametrize("is_reopened", [True, False])
def test_the_profile_shows_what_reviewers_found_before_and_where_they_will_say_more(client, is_reopened):
    decided = factories.create_assessment(state=State.DECIDED, name="Spring", opens_on=date(2026, 4, 1))
    place = decided.place
    if is_reopened:
        draft = factories.reopened(decided)
    else:
        draft = factories.create_assessment(place=place, state=State.AGREEING, name="Autumn")
    client.force_login(factories.holder(Role.CHAIR, place))

    def profile(assessment):
        return tables_of(client.get(url(assessment)).text)["Levels by criterion"].records

    page = client.get(url(draft)).text

    of = "version 1" if is_reopened else "Spring"
    assert f"that the ICB’s reviewers found in {of}, decided on" in page
    assert {row["Criterion"][:3]: row["Reviewed"] for row in profile(draft)}["SO1"] == "2 Evolving"
    # The report on what was reviewed was sealed before the review, and never changes.
    assert "Reviewed" not in profile(decided)[0]
    assert "stands in its decision, which comes after this report" in client.get(url(decided)).text


def test_of_content_from_before_the_present_order_the_page_says_that_the_pdf_may_have_another(client, monkeypatch):
    def page(assessment):
        client.force_login(factories.holder(Role.CHAIR, assessment.place))
        return client.get(url(assessment)).text

    now = factories.create_assessment(state=State.SIGNED)
    monkeypatch.setattr("assessments.content.CONTENT_FORMAT", 6)
    before = factories.signed(factories.create_assessment(place=factories.create_place("Older place")))

    assert content_of(before).document["format"] == 6
    assert "its PDF may have them in another" in page(before)
    assert "its PDF may have them in another" not in page(now)
    # Nor does paper say it: what is printed again would have to be the same bytes.
    assert "may have them in another" not in _paper(before)


def test_words_that_people_wrote_are_never_markup(rich):
    content = rich.content
    # As a partner that speaks for the community it has its answer in that chapter, too.
    speaker = {"name": "Willing partner", "sector": voice.SECTORS[0]}
    document = content.document | {"partners": [*content.document["partners"], speaker]}
    spoken = printing.paper(document, identity=content.identity, seal=content.seal)

    assert spoken.count(html.escape(HOSTILE)) > rich.paper.count(html.escape(HOSTILE))
    for text in (rich.page, rich.paper, spoken):
        assert "<script>alert" not in text
        assert "etc/passwd" not in re.sub(re.escape(html.escape(HOSTILE)), "", text)


def _paper(assessment):
    content = content_of(assessment)
    return printing.paper(content.document, identity=content.identity, seal=content.seal)


def test_the_sign_off_prints_each_organisations_words_and_the_missing_as_missing(rich):
    text = squeezed(html.unescape(re.sub("<[^>]*>", " ", rich.paper)))

    assert squeezed("Signed with a reservation") in text
    assert squeezed("We wait for the strategy.") in text
    assert squeezed("Absent partner") in text
    assert squeezed("Missing – No signature was given.") in text
    assert squeezed("PB/26/1") in text


def test_of_an_artefact_for_the_board_only_the_report_tells_that_there_is_one(rich):
    text = rich.paper

    assert "An artefact for the board only" in text
    assert "Minutes of the board" not in text
    assert "minutes.example" not in text
    assert "Kept by the council" in text


# Made once


def test_sealing_has_the_worker_make_the_report_once(quick):
    assessment = factories.create_assessment(state=State.SIGNED)
    assert Job.objects.get(kind="make_report").subject == assessment.seal.public_id

    worker.do_next(clock=lambda: AT)
    again = make(assessment)

    report = Report.objects.get()
    assert report == again
    assert len(quick) == 1
    assert report.pages == 3
    with storage.open_stored(report.file) as file:
        assert file.read().startswith(b"%PDF")
    event = AuditEvent.objects.get(chain=audit.chain_key(assessment), type=audit.Type.REPORT_MADE)
    assert event.actor == "portal"
    assert json.loads(event.details)["file"] == report.file.sha256


def test_a_report_that_another_worker_made_meanwhile_stands(monkeypatch):
    assessment = factories.create_assessment(state=State.SIGNED)

    def be_overtaken(document, *, identity, seal):
        monkeypatch.setattr(printing, "print_report", lambda *args, **kwargs: (b"%PDF first", 1))
        make(assessment)
        return b"%PDF second", 1

    monkeypatch.setattr(printing, "print_report", be_overtaken)

    make(assessment)

    with storage.open_stored(Report.objects.get().file) as file:
        assert file.read() == b"%PDF first"


def test_a_pdf_that_cannot_be_made_leaves_nothing_behind_but_the_job(monkeypatch):
    def fail(*args, **kwargs):
        raise PdfNotMade("No memory left.")

    monkeypatch.setattr(printing, "print_report", fail)
    factories.create_assessment(state=State.SIGNED)
    files = StoredFile.objects.count()

    worker.do_next(clock=lambda: AT)

    assert "No memory left." in Job.objects.get(kind="make_report").problem
    assert not Report.objects.exists()
    assert StoredFile.objects.count() == files


def test_the_report_never_changes_with_what_comes_later(quick):
    assessment = factories.create_assessment(state=State.SIGNED)
    before = _paper(assessment)

    place = assessment.place
    place.name = "Renamed"
    place.save()
    factories.create_organisation("Newcomer", place=place)
    factories.move(assessment, Move.SUBMIT)

    assert _paper(assessment) == before


# Who reads it


PLACE_READS = ["lead", "chair", "member", "signatory", "contributor"]


@pytest.mark.parametrize("name", ["report", "report_pdf"])
@pytest.mark.parametrize(
    "state, readers",
    [
        (State.SIGNED, PLACE_READS),
        (State.SUBMITTED, [*PLACE_READS, "observer", "programme_office", "reviewer"]),
    ],
)
def test_who_reads_a_sealed_report(client, quick, state, readers, name):
    assessment = factories.create_assessment(state=state)
    make(assessment)
    everybody = [*PLACE_READS, "observer", "programme_office", "reviewer"]
    cast = factories.create_people(*everybody, "outsider", place=assessment.place)

    statuses = {}
    for who, user in cast.items():
        client.force_login(user)
        answer = client.get(url(assessment, name))
        answer.getvalue()
        statuses[who] = answer.status_code

    assert statuses == {who: 200 if who in readers else 403 for who in everybody} | {"outsider": 404}


@pytest.mark.parametrize("state", [State.AGREEING, State.SIGNING])
def test_only_the_board_reads_a_draft_and_it_says_that_it_is_one(client, state):
    assessment = factories.create_assessment(state=state)
    everybody = [*PLACE_READS, "observer", "programme_office"]
    cast = factories.create_people(*everybody, "outsider", place=assessment.place)

    answers = {}
    for who, user in cast.items():
        client.force_login(user)
        answers[who] = client.get(url(assessment))

    board = {"lead", "chair", "member", "signatory"}
    assert {who for who, answer in answers.items() if answer.status_code == 200} == board
    assert answers["outsider"].status_code == 404
    for who in board:
        assert answers[who].text.count("Draft, not signed") == 2
        assert "This draft is not signed" in answers[who].text
        assert "Open the PDF" not in answers[who].text


@pytest.mark.parametrize("state", [State.PREPARING, State.SCORING, State.WITHDRAWN])
def test_before_levels_are_agreed_there_is_nothing_to_report(client, state):
    assessment = factories.create_assessment(state=state)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    answer = client.get(url(assessment))

    assert answer.status_code == 200
    assert ("was withdrawn" if state == State.WITHDRAWN else "No report yet") in answer.text
    assert client.get(url(assessment, "report_pdf"))["Location"] == url(assessment)


def test_what_is_signed_tells_of_the_workshops_and_of_what_was_voted_on(client):
    room = Room()
    room.voting().vote(0, 2)
    room.step(workshops.reveal)
    room.settle(2)
    room.step(workshops.close_workshop)
    workshops.open_workshop(assessment=room.assessment, by=room.chair, at=AT)
    at = AT.isoformat()

    (held,) = document(assessment=room.assessment, on=AT.date())["workshops"]

    assert held == {
        "id": str(room.workshop.public_id),
        "opened_at": at,
        "closed_at": at,
        "present": 3,
        "organisations": sorted(Membership.objects.get(user=member).organisation.name for member in room.members),
        "voted": ["SO1.1"],
        "settled": ["SO1.1"],
    }
    client.force_login(room.chair)
    report = client.get(url(room.assessment)).text
    assert "it voted again, together, on 1 of them (SO1.1)" in report
    assert "Workshop closed, with 3 members of 3 organisations: 1 item voted on, 1 settled." in report


# Serving it


def test_the_pdf_is_served_from_storage_in_few_queries(client, quick, django_assert_num_queries):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    make(assessment)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))
    client.get(url(assessment, "report_pdf")).getvalue()

    # session, user, assessment, memberships, report with its file
    with django_assert_num_queries(5):
        answer = client.get(url(assessment, "report_pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert ".pdf" in answer["Content-Disposition"]
    body = answer.getvalue()
    assert body.startswith(b"%PDF")
    assert int(answer["Content-Length"]) == len(body)
    assert len(quick) == 1


def test_a_head_request_learns_the_length_only(client, quick):
    assessment = factories.create_assessment(state=State.SIGNED)
    report = make(assessment)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    answer = client.head(url(assessment, "report_pdf"))

    assert int(answer["Content-Length"]) == report.file.size
    assert answer.content == b""


@pytest.mark.parametrize("items", [1, 12])
def test_the_page_needs_few_queries_whatever_its_size(client, django_assert_num_queries, items):
    assessment = factories.create_assessment()
    for _ in range(items):
        factories.create_artefact(assessment.place, item=factories.create_item(assessment))
    factories.signed(assessment)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    # session, user, assessment, memberships, seal with its snapshot
    with django_assert_num_queries(5):
        client.get(url(assessment))


def test_the_file_on_the_page_of_the_chart_is_a_picture_with_words(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    page = client.get(url(assessment)).text

    (alt,) = re.findall(r'<img class="report-chart__image"[^>]*alt="([^"]+)"', page)
    assert "criteria" in alt
    assert io.StringIO(page).read().count("data:image/svg+xml;base64,") == 2


@pytest.mark.parametrize(
    "state, role, words",
    [
        (State.SCORING, Role.CHAIR, None),
        (State.AGREEING, Role.CHAIR, "Draft of the readiness report"),
        (State.AGREEING, Role.CONTRIBUTOR, None),
        (State.SIGNED, Role.CONTRIBUTOR, "Readiness report"),
        (State.SIGNED, Role.PROGRAMME_OFFICE, None),
        (State.SUBMITTED, Role.PROGRAMME_OFFICE, "Readiness report"),
    ],
)
def test_the_assessments_page_leads_to_the_report_that_the_reader_may_open(client, state, role, words):
    assessment = factories.create_assessment(state=state)
    client.force_login(factories.holder(role, assessment.place))

    text = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text

    assert (f'<a href="{url(assessment)}">{words}</a>' in text) if words else url(assessment) not in text
