"""Rounds, for the programme office."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.deadline_history import round_history
from assessments.forms.rounds import DatesForm, PlaceForm, RoundForm
from assessments.round_table import get_round, load_rows
from assessments.services import deadlines
from assessments.services import rounds as services
from frameworks.definition import load
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.permissions import system_capacity
from partnership.roles import OF_SYSTEM
from partnership.selectors import get_system


@require_http_methods(["GET", "POST"])
def round_open(request, public_id):
    system = get_system(user=request.user, public_id=public_id)
    services.check_can_open(user=request.user, system=system)
    form = RoundForm(request.POST, system=system) if request.method == "POST" else RoundForm(system=system)
    if form.is_valid():
        try:
            opened = services.open_round(system=system, by=request.user, at=timezone.now(), **form.said)
        except services.RoundRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone as error:
            return redirect("assessments:round", error.result)
        else:
            messages.success(request, f"The round “{opened.name}” is open. The places can write their evidence items.")
            return redirect("assessments:round", opened.public_id)
    return TemplateResponse(
        request,
        "assessments/round_open.html",
        {"system": system, "form": form, "heading": "Open a round", "caption": system.name, "button": "Open the round"},
    )


@require_GET
def round(request, public_id):
    opened = get_round(user=request.user, public_id=public_id)
    capacity = system_capacity(user=request.user, system=opened.system)
    capacity.check(OF_SYSTEM, "Only the ICB's programme office and reviewers watch a whole round.")
    runs_it = bool(capacity.roles & services.OPENERS)
    definition = load(opened.framework_version.definition)
    return TemplateResponse(
        request,
        "assessments/round.html",
        {
            "criterion": definition.criteria[0],
            "round": opened,
            "rows": load_rows(opened=opened, day=timezone.localdate()),
            "events": round_history(round=opened),
            "runs_it": runs_it,
            "has_changes": definition.changes_from is not None,
        },
    )


@require_http_methods(["GET", "POST"])
def round_dates(request, public_id):
    opened = get_round(user=request.user, public_id=public_id)
    services.check_can_open(user=request.user, system=opened.system)
    stored = None
    if request.method == "POST":
        form = DatesForm(request.POST)
    else:
        days = {name: getattr(opened, name) for name in ("scoring_closes_on", "signing_closes_on")}
        form = DatesForm(initial=days | {"based_on": opened.version})
    if form.is_valid():
        try:
            deadlines.change_dates(round=opened, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.RoundRefused as error:
            form.add_error(error.field, str(error))
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "The round's dates were changed.")
            return redirect("assessments:round", public_id)
    return _page(
        request,
        "round_dates",
        opened,
        {
            "form": form,
            "stored": stored,
            "is_ahead": opened.opens_on > timezone.localdate(),
            "heading": "Change the dates",
            "button": "Change the dates",
        },
    )


@require_http_methods(["GET", "POST"])
def round_place(request, public_id):
    opened = get_round(user=request.user, public_id=public_id)
    services.check_can_open(user=request.user, system=opened.system)
    form = PlaceForm(request.POST if request.method == "POST" else None, round=opened)
    if form.is_valid():
        try:
            services.take_in(round=opened, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.RoundRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, f"{form.cleaned_data['place'].name} is in the round.")
            return redirect("assessments:round", public_id)
    return _page(
        request,
        "round_place",
        opened,
        {
            "form": form,
            "nobody_left": not form.fields["place"].queryset.exists(),
            "heading": "Take a place in",
            "button": "Take it into the round",
        },
    )


def _page(request, template, opened, values):
    back = {"href": reverse("assessments:round", args=[opened.public_id]), "text": "The round"}
    caption = f"{opened.system.name} · {opened.name}"
    return TemplateResponse(
        request,
        f"assessments/{template}.html",
        {"round": opened, "caption": caption, "back": back, "cancel_href": back["href"]} | values,
    )
