"""Try scoring on an item that counts for nothing."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.practice import practice_item, revealed
from assessments.views.score_rows import shown_levels
from assessments.workflow import Act
from frameworks.definition import load


@require_http_methods(["GET", "POST"])
def practice(request, public_id):
    """Show the practice item; what is posted is shown as the board would see it, and stored nowhere."""
    assessment, capacity = selectors.get_for(Act.READ_PROGRESS, user=request.user, public_id=public_id)
    scale = load(assessment.framework_version.definition).scale
    row = practice_item(scale, request.POST if request.method == "POST" else None)
    outcome = revealed(scale, row.form, who=request.user.name) if row.form.is_valid() else None
    return TemplateResponse(
        request,
        "assessments/practice.html",
        {
            "assessment": assessment,
            "row": row,
            "levels": shown_levels(scale),
            "revealed": outcome,
            "form": row.form,
            "may_score": permissions.can(Act.SCORE, capacity=capacity, assessment=assessment),
        },
    )
