"""The blank score sheet to print."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from assessments import permissions, selectors
from assessments.paper import CONFIDENCES, NAME_MAX, load_paper
from assessments.workflow import Act


@require_GET
def paper(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    permissions.check(Act.READ, capacity=capacity, assessment=assessment)
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
