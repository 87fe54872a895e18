"""The scoring page writes its controls out by itself, as the template pack would print them."""

import lxml.html
import pytest
from django.template import Context, Template
from django.template.loader import render_to_string

from assessments.forms.scoring import ScoreForm
from assessments.models import EvidenceItem, Judgement, Score
from assessments.score_sheet import SheetItem
from assessments.views.score_rows import Row
from frameworks.scale import Level, Scale

from .markup import outline

SCALE = Scale((Level(1, "Emerging", "", 0), Level(2, "Evolving & more", "", 0)))
ITEM = EvidenceItem(number=3, statement="Residents walk.")
STATEMENT = EvidenceItem(number=3, statement="Residents walk.", statement_code="W1")
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
