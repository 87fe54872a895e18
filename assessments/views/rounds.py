"""Rounds, for the programme office."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments.forms.rounds import RoundForm
from assessments.round_table import get_round, get_system, load_rows
from assessments.services import rounds as services
from frameworks.definition import load
from partnership.idempotency import AlreadyDone
from partnership.permissions import system_capacity
from partnership.roles import OF_SYSTEM


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
    return TemplateResponse(
        request,
        "assessments/round.html",
        {
            "round": opened,
            "rows": load_rows(opened=opened, day=timezone.localdate()),
            "has_changes": load(opened.framework_version.definition).changes_from is not None,
        },
    )
