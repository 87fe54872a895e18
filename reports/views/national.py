"""All systems in numbers, for those who watch one and for administrators."""

from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from reports import plotly_bars, stack_bars, tables
from reports.forms.national import NationalForm
from reports.national import overview, systems_watched


@require_GET
def national(request):
    """Show each system's newest round, and how the levels of its places lie, in counts alone."""
    watched = systems_watched(user=request.user)
    found = _overview(request)
    links = {
        str(line.system.public_id): reverse("reports:system", args=[line.system.public_id])
        for line in found.lines
        if line.system.pk in watched
    }
    context = {
        "found": found,
        "lines": [_line(line, found, links) for line in found.lines],
        "form": NationalForm(found),
        "query": "?" + urlencode(_query(found)),
    }
    if found.figure:
        context["chart"] = {
            "figure": found.figure,
            "svg": mark_safe(stack_bars.stacks(found.figure, links=links)),
            "narrow": mark_safe(stack_bars.narrow_stacks(found.figure, links=links)),
            "plotly": plotly_bars.stacks(found.figure, links=links),
            "table": tables.stacks(found.figure, of="System"),
            "links": links,
        }
    return TemplateResponse(request, "reports/national.html", context)


@require_GET
def chart(request, kind):
    """Give the chart of all systems as a file: its picture or its numbers."""
    systems_watched(user=request.user)
    found = _overview(request)
    if found.figure is None or kind not in ("svg", "csv"):
        raise Http404("No such chart")
    if kind == "svg":
        media_type, text = "image/svg+xml", stack_bars.stacks(found.figure)
    else:
        media_type, text = "text/csv; charset=utf-8", tables.csv_text(tables.stacks(found.figure, of="System"))
    disposition = f'attachment; filename="systems.{kind}"'
    return HttpResponse(
        text,
        content_type=media_type,
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
    )


def _overview(request):
    return overview(framework=request.GET.get("framework", ""), code=request.GET.get("of", ""))


def _line(line, found, links):
    counts = line.verdicts or ((),) * len(found.pathways)
    told = (", ".join(f"{number} {words}" for words, number in each) for each in counts)
    verdicts = list(zip(found.pathways, told, strict=True))
    return {"row": line, "href": links.get(str(line.system.public_id)), "verdicts": verdicts}


def _query(found):
    return {"framework": found.framework.code if found.framework else "", "of": found.code}
