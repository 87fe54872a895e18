"""Who stands in for a place's chair: everybody of the place sees it, the chair says it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments import permissions, selectors
from assessments.forms.standing_in import StandInForm
from assessments.permissions import WrongState
from assessments.services import standing_in as services
from assessments.standing_in import stand_ins_of
from assessments.workflow import Act
from partnership.idempotency import AlreadyDone
from partnership.revising import show_overtaken
from partnership.roles import AT_PLACE, Role


@require_http_methods(["GET", "POST"])
def stand_ins(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    capacity.check(AT_PLACE, "Only people of the place see who stands in for its chair.")
    today = timezone.localdate()
    closed = ""
    if request.method == "POST" or Role.CHAIR in capacity.roles:
        closed = permissions.why_closed(Act.NAME_STAND_IN, capacity=capacity, assessment=assessment)
    leads = services.possible_leads(place=assessment.place, chair=request.user, on=today)
    if request.method == "POST":
        form = StandInForm(request.POST, leads=leads)
    else:
        form = StandInForm(initial={"starts_on": today}, leads=leads)
    if form.is_valid():
        try:
            services.let_stand_in(assessment=assessment, by=request.user, at=timezone.now(), **form.cleaned_data)
        except WrongState as error:
            show_overtaken(form, str(error))
        except services.StandInRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone:
            return redirect("assessments:stand_ins", public_id)
        else:
            messages.success(request, f"{form.cleaned_data['lead'].user.name} was told by e-mail.")
            return redirect("assessments:stand_ins", public_id)
    is_chair = Role.CHAIR in capacity.roles
    return TemplateResponse(
        request,
        "assessments/stand_ins.html",
        {
            "assessment": assessment,
            "stand_ins": stand_ins_of(place=assessment.place),
            "today": today,
            "is_chair": is_chair,
            "closed": closed,
            "form": form if is_chair and (form.is_bound or leads and not closed) else None,
            "heading": "Who stands in for the chair",
            "caption": f"{assessment.place.name} · {assessment.title}",
            "back": {"href": reverse("assessments:assessment", args=[public_id]), "text": "The assessment"},
        },
    )


@require_POST
def stand_in_withdraw(request, public_id, stand_in_id):
    """Take back that a lead may stand in."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    stand_in = get_object_or_404(stand_ins_of(place=assessment.place), public_id=stand_in_id)
    try:
        services.withdraw_stand_in(assessment=assessment, stand_in=stand_in, by=request.user, at=timezone.now())
    except WrongState as error:
        messages.error(request, str(error))
    except services.WithdrawnAlready:
        messages.info(request, "That was withdrawn before.")
    else:
        messages.success(request, f"{stand_in.lead.user.name} may do this no longer.")
    return redirect("assessments:stand_ins", public_id)
