"""
Take the README's pictures: `make screenshots`.

No test by its name, so that pytest runs it only when asked to; it uses the same portal and browser as the tests.
"""

import io
from dataclasses import dataclass

import pytest
from django.conf import settings
from PIL import Image

from assessments.models import Assessment, Judgement, Workshop
from assessments.services.voting import vote
from assessments.workbook.rows import ANSWER, COMMENT
from assessments.workflow import State
from partnership.models import Place, System
from tests import factories
from tests import written_documents as documents
from tests.filled_workbooks import filled, rows_of

from .journey import CHAIR, MEMBER, OFFICE
from .portal import let_in
from .visitor import HEIGHT, NARROW, WIDE, Visitor

FOLDER = settings.BASE_DIR / "docs" / "screenshots"
COLOURS = 128


@dataclass(frozen=True)
class Scene:
    """Who looks at which page of what, the element at the picture's top if not the page's own, and the window."""

    who: str
    path: str
    place: str = ""
    state: State | None = None
    top: str = ""
    width: int = WIDE
    height: int = HEIGHT

    def address(self):
        if self.state:
            found = Assessment.objects.filter(place__name=self.place, state=self.state).latest("round__opens_on")
        else:
            found = Place.objects.get(name=self.place) if self.place else System.objects.get()
        return self.path.format(found.public_id)


SCORE = "/assessments/{}/criteria/DD1/score/"
SCENES = {
    "home": Scene(MEMBER, "/", height=620),
    "assessment": Scene(MEMBER, "/assessments/{}/", "St Helens", State.SCORING, height=1100),
    "first-steps": Scene(MEMBER, SCORE, "St Helens", State.SCORING, height=800),
    "practice": Scene(MEMBER, "/assessments/{}/score/practice/", "St Helens", State.SCORING, height=950),
    "scoring": Scene(MEMBER, SCORE, "St Helens", State.SCORING, top="#item-4"),
    "scoring-on-a-phone": Scene(MEMBER, SCORE, "St Helens", State.SCORING, top="#item-5", width=NARROW, height=800),
    "score-list": Scene(
        MEMBER, "/assessments/{}/score/all/", "St Helens", State.SCORING, top=".score-list__filters", height=800
    ),
    "agreeing": Scene(
        "chair@halton.example", "/assessments/{}/criteria/LC4/agree/", "Halton", State.AGREEING, height=1150
    ),
    "signing": Scene("trust@liverpool.example", "/assessments/{}/sign/", "Liverpool", State.SIGNING, height=1000),
    "place": Scene(CHAIR, "/places/{}/", "St Helens", height=1500),
    "report": Scene(OFFICE, "/assessments/{}/report/", "St Helens", State.DECIDED, top=".report-story", height=1550),
    "system": Scene(OFFICE, "/systems/{}/", top="#matrix", height=1000),
}


@pytest.mark.parametrize("name", SCENES)
def test_take(chromium, address, name):
    scene = SCENES[name]
    person = Visitor(chromium, address, width=scene.width)
    let_in(person, scene.who)
    person.page.set_viewport_size({"width": scene.width, "height": scene.height})
    person.open(scene.address())
    person.settle()
    person.page.wait_for_load_state("networkidle")
    if scene.top:
        person.page.locator(scene.top).first.evaluate("(element) => element.scrollIntoView()")
    keep(person, name)
    assert person.complaints == []


def test_take_a_workshop(chromium, address):
    """Take a member's phone while a vote is open, then the room's screen after it."""
    assessment = Assessment.objects.get(place__name="Halton", state=State.AGREEING)
    workshop = factories.create_workshop(assessment, members=4)
    phone, screen = Visitor(chromium, address, width=NARROW), Visitor(chromium, address)
    phone.page.set_viewport_size({"width": NARROW, "height": 800})
    screen.page.set_viewport_size({"width": WIDE, "height": 720})
    let_in(phone, "council@halton.example")
    let_in(screen, "chair@halton.example")
    screen.open(f"/workshops/{workshop.public_id}/screen/")
    screen.press("Begin with the most disputed")
    screen.press("^Vote")
    phone.open(f"/workshops/{workshop.public_id}/vote/")
    phone.page.get_by_role("button", name="Evolving").click()
    phone.page.wait_for_selector(".workshop-choice--own")
    keep(phone, "workshop-on-a-phone")
    for member, level in zip(factories.board(assessment.place, 4)[1:], (2, 4, 4), strict=True):
        vote(workshop=workshop, item=Workshop.objects.get(closed_at=None).item, by=member, level=level, **UNSEEN)
    screen.press("Show the votes")
    keep(screen, "workshop")
    assert phone.complaints == screen.complaints == []


def test_take_a_workbook(chromium, address, tmp_path):
    """Take what a filled workbook would change, with a row that is refused."""
    member = Visitor(chromium, address)
    member.page.set_viewport_size({"width": WIDE, "height": 980})
    let_in(member, MEMBER)
    assessment = Assessment.objects.get(place__name="St Helens", state=State.SCORING)
    page = f"/assessments/{assessment.public_id}/score/workbook/"
    content = member.context.request.get(f"{address}{page}file").body()
    first, second = [place for place, row in enumerate(rows_of(content)) if not row[ANSWER]][:2]
    book = tmp_path / "My scores.xlsx"
    book.write_bytes(
        filled(content, {first: {ANSWER: "Evolving", COMMENT: "From the March minutes"}, second: {ANSWER: "Good"}})
    )
    member.open(page)
    member.page.locator("input[type=file]").set_input_files(book)
    member.press("See what it would change")
    keep(member, "workbook")
    assert member.complaints == []


def test_take_a_document(chromium, address, tmp_path):
    """Take what would come out of a place's own document, with something to mend."""
    lead = Visitor(chromium, address)
    lead.page.set_viewport_size({"width": WIDE, "height": 1380})
    let_in(lead, "lead@warrington.example")
    assessment = Assessment.objects.get(place__name="Warrington", state=State.PREPARING)
    rows = [
        ["Sub-domain", "Statement", "Evidence", "Date"],
        ["Clarity of purpose", "Three aims were agreed with all partners in 2024.", "Plan on a page", "27 March 2024"],
        ["Voice of our communities", "A forum of residents meets every month.", "Minutes of the forum", "Spring 2026"],
        ["Digital", "General practice and the trust read one care record.", "Record of care, user figures", ""],
    ]
    document = tmp_path / "Our submission.xlsx"
    document.write_bytes(documents.excel(Statements=rows))
    lead.open(f"/assessments/{assessment.public_id}/items/from-document/")
    lead.page.locator("input[type=file]").set_input_files(document)
    lead.press("Read it")
    lead.press("See what would be brought in")
    keep(lead, "document")
    assert lead.complaints == []


# A first vote in the second ballot, with what it takes besides the level.
UNSEEN = {"ballot": 2, "judgement": Judgement.LEVEL, "reason": "", "based_on": 0, "at": factories.AT}


def keep(person, name):
    """Save a picture of what a person has before them."""
    picture = Image.open(io.BytesIO(person.page.screenshot(animations="disabled"))).convert("RGB")
    FOLDER.mkdir(exist_ok=True)
    # A page has few colours; naming them makes the file a third as large.
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
