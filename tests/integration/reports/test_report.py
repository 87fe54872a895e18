"""The readiness report: made once from the seal, the same on paper and on the page, and read by those who may."""

import html
import io
import re
from datetime import date
from html.parser import HTMLParser

import lxml.html
import pytest

from assessments.documents import document
from assessments.services import workshops
from assessments.workflow import State
from partnership.models import Membership
from partnership.roles import Role
from reports import printing, voice
from reports.pdf.printable import coded
from tests import factories, pdf_reading
from tests.factories import AT
from tests.integration.assessments.workshop_room import Room
from tests.integration.reports.rich_report import FOREIGN, HOSTILE, content_of, paper_of, rich_case, url
from tests.page_tables import tables_of
from tests.pdf_reading import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich():
    """Return what became of a rich case, made once for all tests that only read it."""
    return rich_case()


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
    assert "may have them in another" not in paper_of(before)


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


def test_the_file_on_the_page_of_the_chart_is_a_picture_with_words(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    page = client.get(url(assessment)).text

    (alt,) = re.findall(r'<img class="report-chart__image"[^>]*alt="([^"]+)"', page)
    assert "criteria" in alt
    assert io.StringIO(page).read().count("data:image/svg+xml;base64,") == 2
