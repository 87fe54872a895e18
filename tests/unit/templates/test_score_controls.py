"""
The scoring page writes its controls out by itself, as the template pack would print them, and items from values alone.
"""

from datetime import UTC, date, datetime
from uuid import UUID

import lxml.html
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from assessments.forms.scoring import ScoreForm
from assessments.models import Artefact, ArtefactLink, EvidenceItem, Judgement, PartnerNote, Score
from assessments.notes import Kept
from assessments.score_sheet import Cited, SheetItem
from assessments.views.score_rows import Row
from frameworks.scale import Level, Scale
from partnership import rendered
from partnership.models import Organisation

from .markup import outline

SCALE = Scale((Level(1, "Emerging", "", 0), Level(2, "Evolving & more", "", 0)))
ITEM = EvidenceItem(number=3, statement="Residents walk.")
STATEMENT = EvidenceItem(number=3, statement="Residents walk.", statement_code="W1")
SCORED = Score(
    judgement=Judgement.LEVEL, level=2, confidence="SURE", version=4, scored_at=datetime(2026, 3, 2, tzinfo=UTC)
)
STORED = Score(judgement=Judgement.LEVEL, level=2, confidence="SURE", comment="<b>Seen</b>\nit", version=4)
WRONG = {
    "item3-choice": "9",
    "item3-reason": "y" * 2001,
    "item3-confidence": "VERY",
    "item3-comment": "<b>" * 2000,
}
TYPED = {"item3-choice": "NOT_APPLICABLE", "item3-reason": "", "item3-comment": "Said “so”"}
PACK = Template("{% load crispy_forms_tags %}{{ field|as_crispy_field }}")


@pytest.mark.parametrize("item", [ITEM, STATEMENT])
@pytest.mark.parametrize("score", [None, STORED])
@pytest.mark.parametrize("data", [None, {}, WRONG, TYPED])
def test_the_controls_are_those_of_the_template_pack(item, score, data):
    form = ScoreForm(data, item=item, scale=SCALE, score=score)
    row = Row(SheetItem(item, SCALE, (), None, ""), form=form) if data is not None else None
    if row is None:
        row = Row(SheetItem(item, SCALE, (), score, ""), is_open=True)

    page = lxml.html.fragment_fromstring(render_to_string("assessments/_score_item.html", {"row": row}))
    groups = [
        lxml.html.tostring(each, with_tail=False, encoding="unicode") for each in page.find_class("nhsuk-form-group")
    ]

    names = ["choice", "reason", "confidence", "comment"]
    assert [outline(group) for group in groups] == [outline(PACK.render(Context({"field": form[n]}))) for n in names]


PARTNER = Organisation(name="Mersey & Dee")
CITED = Cited(
    ArtefactLink(artefact=Artefact(title="Map <1>", note="Seen", dated_on=date(2026, 1, 5)), locator="p. 4"), True
)


@pytest.mark.parametrize("item", [ITEM, STATEMENT])
@pytest.mark.parametrize("score", [None, SCORED])
@pytest.mark.parametrize("cited", [(), (CITED,)])
@pytest.mark.parametrize("more", [{}, {"is_decided": True, "is_scored_before": True}, {"is_flagged": True}])
def test_an_item_that_is_rendered_once_shows_all_that_its_row_does(item, score, cited, more):
    item.account, item.ballot = "Each <spring>.", 2
    row = Row(SheetItem(item, SCALE, cited, score, "Agreed: 2", **more), is_open=True, notes=(Kept(PARTNER, None),))
    around = {"assessment": UUID(int=7), "lang": "en-GB"}

    shown, kept = [
        render_to_string("assessments/_score_item.html", around | {"row": each}) for each in (row, row.plain)
    ]

    assert kept == shown
    assert rendered.key_of(row.plain)


@pytest.mark.parametrize(
    "row",
    [
        Row(SheetItem(ITEM, SCALE, (), STORED, ""), is_open=True),
        Row(SheetItem(ITEM, SCALE, (), None, ""), is_open=True, notes=(Kept(PARTNER, PartnerNote(text="Ours")),)),
        Row(SheetItem(ITEM, SCALE, (), None, ""), form=ScoreForm(TYPED, item=ITEM, scale=SCALE)),
        Row(SheetItem(ITEM, SCALE, (), None, ""), is_open=True, problem="Not saved"),
    ],
    ids=["comment", "note", "typed", "problem"],
)
def test_an_item_with_words_of_the_persons_own_is_not_kept(row):
    assert row.plain is None
