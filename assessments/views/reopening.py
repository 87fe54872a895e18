"""Re-open what was signed, as a new version."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.forms.reopening import ReopenForm
from assessments.permissions import WrongState
from assessments.prospects import reopening
from assessments.services import reopening as services
from assessments.workflow import Act
from partnership.idempotency import AlreadyDone
from partnership.models import Stale


@require_http_methods(["GET", "POST"])
def reopen(request, public_id):
    """Say what re-opening does, ask why, and lead to the new version."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    form = ReopenForm(request.POST, assessment=assessment) if request.method == "POST" else None
    if form is None or not form.is_valid():
        try:
            permissions.check(Act.REOPEN, capacity=capacity, assessment=assessment)
        except WrongState as error:
            return _not_now(request, assessment, error)
        return _page(request, assessment, form or ReopenForm(assessment=assessment))
    data = form.cleaned_data
    try:
        made = services.reopen(
            assessment=assessment,
            reason=data["reason"],
            based_on=data["based_on"],
            token=data["token"],
            by=request.user,
            at=timezone.now(),
        )
    except AlreadyDone as error:
        return redirect("assessments:assessment", error.result)
    except WrongState as error:
        return _not_now(request, _fresh(request, assessment), error, typed=data["reason"])
    except Stale as stale:
        return _again(request, _fresh(request, stale.current))
    messages.success(request, f"Version {made.number} is open. The board is agreeing again.")
    return redirect("assessments:assessment", made.public_id)


def _again(request, assessment):
    """Ask anew, with what was typed, somebody who was looking at what the assessment is no more."""
    data = request.POST.copy()
    data["based_on"] = str(assessment.version)
    form = ReopenForm(data, assessment=assessment)
    form.add_error(
        None,
        "The assessment has moved on since you opened this page, and is in the state "
        f"“{assessment.get_state_display()}” now. Nothing was done: decide again.",
    )
    return _page(request, assessment, form, status=409)


def _fresh(request, assessment):
    return selectors.get_assessment(user=request.user, public_id=assessment.public_id)


def _page(request, assessment, form, *, status=200):
    return TemplateResponse(
        request,
        "assessments/move.html",
        {
            "assessment": assessment,
            "prospect": (ahead := reopening(assessment=assessment)),
            "form": form,
            "heading": ahead.heading,
            "caption": f"{assessment.place.name}, {assessment.title}",
        },
        status=status,
    )


def _not_now(request, assessment, error, *, typed=""):
    """Say why it cannot be re-opened, where a later version is, and repeat what was typed."""
    return TemplateResponse(
        request,
        "assessments/reopen_not_now.html",
        {
            "assessment": assessment,
            "why": str(error),
            "typed": [typed] if typed else [],
            "versions": selectors.versions_of(assessment=assessment),
            "last_change": selectors.last_state_change(assessment=assessment),
        },
        status=409,
    )
