"""A signatory's deputies: who may sign in their place."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments import permissions, selectors
from assessments.forms.delegating import DeputyForm
from assessments.permissions import WrongState
from assessments.services import delegating as services
from assessments.workflow import Act
from partnership.idempotency import AlreadyDone
from partnership.revising import show_overtaken
from partnership.roles import Role


@require_http_methods(["GET", "POST"])
def deputies(request, public_id):
    """Show whom the organisation's signatories named, and name somebody."""
    assessment, signatory, closed = _signatory(request, public_id)
    people = services.possible_deputies(signatory=signatory, on=timezone.localdate())
    form = DeputyForm(request.POST, people=people) if request.method == "POST" else DeputyForm(people=people)
    if form.is_valid():
        try:
            made = services.name_deputy(assessment=assessment, by=request.user, at=timezone.now(), **form.said())
        except WrongState as error:
            show_overtaken(form, str(error))
        except services.DelegationRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone:
            return redirect("assessments:deputies", assessment.public_id)
        else:
            messages.success(request, f"{made.deputy.user.name} may sign in your place.")
            return redirect("assessments:deputies", assessment.public_id)
    today = timezone.localdate()
    return TemplateResponse(
        request,
        "assessments/deputies.html",
        {
            "assessment": assessment,
            "organisation": signatory.organisation,
            "delegations": services.delegations_of(organisation=signatory.organisation, assessment=assessment),
            "today": today,
            "form": form if people and not closed or form.is_bound else None,
            "closed": closed,
        },
    )


@require_POST
def deputy_withdraw(request, public_id, delegation_id):
    """Take back that a deputy may sign."""
    assessment, signatory, _ = _signatory(request, public_id)
    mine = services.delegations_of(organisation=signatory.organisation, assessment=assessment)
    delegation = get_object_or_404(mine, public_id=delegation_id)
    try:
        services.withdraw_delegation(assessment=assessment, delegation=delegation, by=request.user, at=timezone.now())
    except WrongState as error:
        messages.error(request, str(error))
    except services.WithdrawnAlready:
        messages.info(request, f"That {delegation.deputy.user.name} may sign was withdrawn before.")
    else:
        messages.success(request, f"{delegation.deputy.user.name} may no longer sign in your place.")
    return redirect("assessments:deputies", assessment.public_id)


def _signatory(request, public_id):
    """Return the assessment, the reader's part as signatory, and why no deputy can be named now, "" if one can."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    closed = permissions.why_closed(Act.NAME_DEPUTY, capacity=capacity, assessment=assessment)
    return assessment, capacity.as_role(Role.SIGNATORY), closed
