"""The blank score sheet to print."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from assessments import selectors
from assessments.paper import CONFIDENCES, NAME_MAX, load_paper
from assessments.workflow import Act


@require_GET
def paper(request, public_id):
    assessment, _ = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    return TemplateResponse(
        request,
        "assessments/paper.html",
        {
            "assessment": assessment,
            "paper": load_paper(assessment=assessment, user=request.user),
            "confidences": CONFIDENCES,
            "name": " ".join(request.GET.get("name", "").split())[:NAME_MAX],
            "name_max": NAME_MAX,
        },
    )
