"""What is shared beyond a place and its ICB: reports among the places of a system, and published summaries."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from assessments.selectors import is_published, published, shared_by_peers
from reports import figures, sealed, verdicts


@require_GET
def shared(request):
    """List the reports that the other places of a person's system share with them."""
    rows = shared_by_peers(user=request.user).select_related("place", "round", "system")
    rows = rows.order_by("-round__opens_on", "place__name", "-number")
    return TemplateResponse(request, "reports/shared.html", {"assessments": rows})


@require_GET
def summary(request, public_id):
    """
    Show anybody the levels and verdicts of a published round's submitted assessment: no names, no evidence.

    One that was re-opened since stays where it was published, and says so.
    """
    found = published().filter(public_id=public_id).select_related("seal__snapshot", "round", "superseded_by__round")
    assessment = found.first()
    if assessment is None:
        raise Http404("No published summary")
    shown = sealed.of_seal(assessment.seal)
    document = shown.document
    return TemplateResponse(
        request,
        "reports/summary.html",
        {
            "assessment": assessment,
            "successor_is_published": assessment.is_superseded and is_published(assessment.superseded_by),
            "place": document["place"],
            "system": document["system"],
            "round": document["round"],
            "framework": document["framework"],
            "signed_at": assessment.seal.sealed_at,
            "verdicts": [verdicts.heading(pathway) for pathway in document["improvement"]["pathways"]],
            "profile": figures.profile(document),
        },
    )
