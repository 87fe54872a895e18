"""The last days of one place: how they were moved, and asking for or giving more time."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.deadline_history import history
from assessments.forms.rounds import AnswerForm, AskForTimeForm
from assessments.models import TimeRequest
from assessments.permissions import WrongState
from assessments.round_table import is_late
from assessments.services import deadlines as services
from assessments.workflow import ACTS, DEADLINES, Act
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.revising import show_overtaken


@require_http_methods(["GET", "POST"])
def deadlines(request, public_id):
    assessment, capacity = selectors.get_for(Act.READ_PROGRESS, user=request.user, public_id=public_id)
    act = part_in_time(capacity)
    if request.method == "POST":
        capacity.check(ACTS[Act.ASK_FOR_TIME].roles | ACTS[Act.GIVE_TIME].roles, ACTS[Act.ASK_FOR_TIME].role_sentence)
    asked = TimeRequest.objects.filter(assessment=assessment, answered_at=None).select_related("asked_by").first()
    form = None
    if act == Act.GIVE_TIME:
        initial = {"based_on": assessment.version, "until": asked and asked.wanted_on}
        form = AnswerForm(request.POST if request.method == "POST" else None, asked=asked, initial=initial)
    elif act == Act.ASK_FOR_TIME:
        form = AskForTimeForm(request.POST if request.method == "POST" else None)
    if form and form.is_valid():
        try:
            text = ANSWERS[act](assessment, dict(form.cleaned_data), by=request.user, at=timezone.now())
        except AlreadyDone:
            return redirect("assessments:deadlines", public_id)
        except Stale as error:
            form.show_conflict(error.current)
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was changed")
        except services.TimeRefused as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, text)
            return redirect("assessments:deadlines", public_id)
    open_for_it = form and (form.is_bound or permissions.can(act, capacity=capacity, assessment=assessment))
    return TemplateResponse(
        request,
        "assessments/deadlines.html",
        {
            "assessment": assessment,
            "form": form if open_for_it else None,
            "asks": act == Act.ASK_FOR_TIME,
            "asked": asked if assessment.deadline else None,
            "late": is_late(assessment, timezone.localdate()),
            "kind": assessment.deadline and DEADLINES[assessment.state].label,
            "events": history(assessment=assessment),
        },
    )


def part_in_time(capacity):
    """Return what a person does about a place's time, giving it or asking for it, or None."""
    return next((act for act in (Act.GIVE_TIME, Act.ASK_FOR_TIME) if capacity.roles & ACTS[act].roles), None)


def _ask(assessment, values, *, by, at):
    services.ask_for_time(assessment=assessment, by=by, at=at, **values)
    return "The ICB's programme office was asked for more time."


def _answer(assessment, values, *, by, at):
    if values.pop("answer", AnswerForm.GIVE) == AnswerForm.GIVE:
        given = services.give_time(assessment=assessment, by=by, at=at, **values)
        return f"{assessment.place.name} has until {given.until:%-d %B %Y}."
    services.decline_time(assessment=assessment, reason=values["reason"], by=by, at=at)
    return f"{assessment.place.name} was told that it gets no more time."


ANSWERS = {Act.ASK_FOR_TIME: _ask, Act.GIVE_TIME: _answer}
