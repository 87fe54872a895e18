"""The charts of an assessment as files: the picture as SVG, its numbers as CSV."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from assessments import selectors
from assessments.kept_back import scoring_first
from assessments.workflow import REVEALED, Act
from reports import age_bars, bars, evidence_figures, figures, radar, svg, tables
from reports.evidence_age import evidence_age
from reports.narrowing import Narrowing, narrowed
from reports.shown import shown, with_present_plans


@dataclass(frozen=True)
class Chart:
    """What a chart shows of a document, how it is drawn, and its numbers. `of_levels` where there must be some."""

    figure: Callable
    draw: Callable
    table: Callable
    of_levels: bool = True


CHARTS = {
    "profile": Chart(figures.profile, svg.profile, tables.profile),
    "radar": Chart(figures.profile, radar.radar, tables.profile),
    "coverage": Chart(evidence_figures.coverage, bars.coverage, tables.coverage, of_levels=False),
    "evidence": Chart(evidence_age, age_bars.evidence_age, tables.evidence_age, of_levels=False),
}
KINDS = {
    "svg": ("image/svg+xml", lambda chart, figure: chart.draw(figure)),
    "csv": ("text/csv; charset=utf-8", lambda chart, figure: tables.csv_text(chart.table(figure))),
}


@require_GET
def chart(request, public_id, name, kind):
    """Give a chart of an assessment as a file, narrowed as the address says, to those who see it on the page."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    if name not in CHARTS or kind not in KINDS:
        raise Http404("No such chart")
    found = CHARTS[name]
    if found.of_levels and assessment.state not in REVEALED:
        raise PermissionDenied("Levels come once the board has agreed them.")
    if scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        raise PermissionDenied("Levels of an earlier round are shown once you have scored all of the present one.")
    media_type, write = KINDS[kind]
    what = with_present_plans(shown(assessment=assessment, capacity=capacity, on=timezone.localdate()))
    document = narrowed(what.document, Narrowing.of(request.GET, what.document))
    if not document["criteria"]:
        raise Http404("No criterion answers to that")
    file_name = f"{slugify(f'{assessment.place.name} {assessment.round.name} {name}')}.{kind}"
    return HttpResponse(
        write(found, found.figure(document)),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{file_name}"', "X-Content-Type-Options": "nosniff"},
    )
