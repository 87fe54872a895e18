"""In a real browser: a member scores in a workbook, with scripts and without, and a lead brings in a Word document."""

from pathlib import Path

import pytest

from assessments.models import Assessment, Score
from assessments.workbook.rows import ANSWER, COMMENT, STATEMENT
from assessments.workflow import State
from tests import written_documents as documents
from tests.filled_workbooks import filled, rows_of

from .portal import let_in
from .visitor import Visitor

MEMBER, LEAD = "member@sthelens.example", "lead@warrington.example"


@pytest.mark.parametrize("script", [True, False])
def test_a_member_scores_in_a_workbook(chromium, address, tmp_path, script):
    visitor = Visitor(chromium, address, script=script)
    let_in(visitor, MEMBER)
    assessment = Assessment.objects.get(place__name="St Helens", state=State.SCORING)
    visitor.open(f"/assessments/{assessment.public_id}/")
    visitor.follow("Score away from the portal")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name="Download my workbook").or_(
            visitor.page.get_by_role("button", name="Download my workbook")
        ).first.click()
    content = Path(download.value.path()).read_bytes()
    first, second, third = [place for place, row in enumerate(rows_of(content)) if not row[ANSWER]][:3]
    changes = {
        first: {ANSWER: "Evolving", COMMENT: "Typed on a train"},
        second: {ANSWER: "Splendid"},
        third: {ANSWER: "Evolving", STATEMENT: "Other words"},
    }
    book = tmp_path / "scores.xlsx"
    book.write_bytes(filled(content, changes))
    visitor.page.locator("input[type=file]").set_input_files(book)
    visitor.press("See what it would change")
    assert "1 new" in visitor.text
    assert "2 refused" in visitor.text
    visitor.look()
    visitor.press("Record 1 score")
    assert "1 score from the workbook is saved" in visitor.text
    assert Score.objects.filter(item__assessment=assessment, comment="Typed on a train").count() == 1
    visitor.look()
    assert not visitor.complaints


def test_a_lead_brings_statements_out_of_a_document(chromium, address, tmp_path):
    visitor = Visitor(chromium, address)
    let_in(visitor, LEAD)
    assessment = Assessment.objects.get(place__name="Warrington", state=State.PREPARING)
    document = tmp_path / "Submission.docx"
    document.write_bytes(documents.submission("Clarity of purpose", "Voice of our communities"))
    visitor.open(f"/assessments/{assessment.public_id}/")
    visitor.follow("Bring in statements from a document")
    visitor.look()
    visitor.page.locator("input[type=file]").set_input_files(document)
    visitor.press("Read it")
    visitor.look()
    visitor.press("See what would be brought in")
    assert "5 statements to bring in" in visitor.text
    visitor.look()
    visitor.press("Bring in 5 statements")
    assert "5 items with 2 new artefacts came out of Submission.docx" in visitor.text
    assert not visitor.complaints
