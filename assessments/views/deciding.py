"""The decision as it was sealed, and what became of its conditions."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.forms.reviewing import ClosureForm
from assessments.kept_back import scoring_first
from assessments.models import Condition, Decision
from assessments.permissions import WrongState
from assessments.services.deciding import AlreadyClosed, NoWords, close_condition
from assessments.workflow import Act, State


@dataclass
class Kept:
    """A condition with what became of it; `form` is for those who may close it."""

    condition: Condition
    is_late: bool
    form: ClosureForm | None = None

    @property
    def closure(self):
        return getattr(self.condition, "closure", None)


@require_http_methods(["GET", "POST"])
def decision(request, public_id):
    """Show the sealed decision with its conditions, and take the ICB's word that one is met."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    if request.method == "POST":
        _refuse_strangers(assessment, capacity)
    made = Decision.objects.filter(assessment=assessment).first()
    if made is None:
        context = {"assessment": assessment, "is_submitted": assessment.state != State.SIGNED}
        return TemplateResponse(request, "assessments/decision_awaited.html", context)
    conditions = _conditions(
        made, may_close=permissions.can(Act.CLOSE_CONDITION, capacity=capacity, assessment=assessment)
    )
    if first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        return TemplateResponse(request, "assessments/kept_back.html", {"assessment": assessment, "first": first})
    if request.method == "POST" and (answer := _close(request, assessment, capacity, conditions)):
        return answer
    sealed = json.loads(made.text)
    return TemplateResponse(
        request,
        "assessments/decision.html",
        {
            "assessment": assessment,
            "decision": made,
            "sealed": sealed | {"decided_on": parse_date(sealed["decided_on"])},
            "pathways": [
                pathway | {"kept": [conditions[each["id"]] for each in pathway["conditions"]]}
                for pathway in sealed["pathways"]
            ],
            "review": sealed["review"],
            "questions": [_with_days(question) for question in sealed["questions"]],
            "forms": [each.form for each in conditions.values() if each.form and each.form.is_bound],
            "open": sum(each.closure is None for each in conditions.values()),
        },
    )


def _conditions(made, *, may_close):
    today = timezone.localdate()
    rows = Condition.objects.filter(decided__decision=made).select_related(
        "closure__closed_by", "owner", "decided__decision"
    )
    return {
        str(row.public_id): Kept(
            row,
            is_late=row.due_on < today,
            form=ClosureForm(condition=row) if may_close and not hasattr(row, "closure") else None,
        )
        for row in rows
    }


def _refuse_strangers(assessment, capacity):
    """
    Let those pass who may close conditions in some state.

    :raises PermissionDenied: for everybody else
    """
    try:
        permissions.check(Act.CLOSE_CONDITION, capacity=capacity, assessment=assessment)
    except WrongState:
        return


def _close(request, assessment, capacity, conditions):
    """Close the posted condition and lead back to the page; None if its form says what is missing."""
    permissions.check(Act.CLOSE_CONDITION, capacity=capacity, assessment=assessment)
    kept = conditions.get(request.POST.get("condition", ""))
    if kept is None:
        raise Http404("No such condition of this decision")
    form = ClosureForm(request.POST, condition=kept.condition)
    if not form.is_valid():
        kept.form = form
        return None
    try:
        close_condition(condition=kept.condition, by=request.user, at=timezone.now(), **form.cleaned_data)
    except AlreadyClosed as error:
        messages.info(request, str(error))
    except NoWords as error:
        form.add_error("words", str(error))
        kept.form = form
        return None
    else:
        messages.success(request, "The condition is closed.")
    return redirect("assessments:decision", assessment.public_id)


def _with_days(question):
    return question | {
        "reply_by": parse_date(question["reply_by"]),
        "replies": [reply | {"replied_at": parse_datetime(reply["replied_at"])} for reply in question["replies"]],
    }
