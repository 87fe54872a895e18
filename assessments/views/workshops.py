"""Around a workshop: open it, name who holds it, join it, hear what changed, read its record."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions, selectors
from assessments.forms.workshops import JoinForm, NameForm
from assessments.kept_back import scoring_first
from assessments.models import Facilitator
from assessments.permissions import WrongState
from assessments.services import workshops as services
from assessments.workflow import Act
from assessments.workshop_record import load_record
from assessments.workshop_room import count_words, get_pulse, get_workshop
from partnership import throttle
from partnership.roles import BOARD


@require_http_methods(["GET", "POST"])
def workshop(request, public_id):
    """Say what a workshop is and who may hold it; open one, or name a member who may; lead to the earlier ones."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    capacity.check(BOARD, "Only the board takes part in its workshops.")
    may_name = permissions.can(Act.FACILITATE, capacity=capacity, assessment=assessment)
    named = _named(assessment)
    people = services.possible_facilitators(assessment=assessment, on=timezone.localdate()) if may_name else []
    form = NameForm(people=people, named=named)
    problem = ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "open":
                made = services.open_workshop(assessment=assessment, by=request.user, at=timezone.now())
                return redirect("assessments:workshop_screen", made.public_id)
            permissions.check(Act.FACILITATE, capacity=capacity, assessment=assessment)
            form = NameForm(request.POST, people=people, named=named)
            if form.is_valid():
                services.name_facilitator(
                    assessment=assessment, membership=form.membership(), by=request.user, at=timezone.now()
                )
                chosen = form.membership()
                who = f"{chosen.user.name}, the place lead" if chosen else "Only the place lead"
                messages.success(request, f"{who} and the chair may hold the workshop.")
                return redirect("assessments:workshop", assessment.public_id)
        except (WrongState, services.WorkshopRefused) as error:
            problem = str(error)
    held = list(assessment.workshops.select_related("opened_by").order_by("-pk"))
    return TemplateResponse(
        request,
        "assessments/workshop.html",
        {
            "assessment": assessment,
            "open": next((each for each in held if not each.closed_at), None),
            "closed": [each for each in held if each.closed_at],
            "named": named,
            "form": form if may_name else None,
            "may_hold": permissions.can_facilitate(capacity=capacity, assessment=assessment),
            "may_vote": permissions.can(Act.VOTE, capacity=capacity, assessment=assessment),
            "problem": problem,
        },
        status=409 if problem else 200,
    )


@require_http_methods(["GET", "POST"])
def join(request):
    """Let a member into the workshop whose code they type in."""
    form = JoinForm(request.POST) if request.method == "POST" else JoinForm(initial={"code": request.GET.get("code")})
    if form.is_bound and form.is_valid():
        try:
            joined = services.join_workshop(code=form.cleaned_data["code"], by=request.user, at=timezone.now())
        except (services.UnknownCode, WrongState, PermissionDenied) as error:
            form.add_error("code", str(error))
        except throttle.TooMany as error:
            minutes = round(error.wait.total_seconds() / 60)
            form.add_error("code", f"That was tried too often. Wait {minutes} minutes, then try the code again.")
        else:
            return redirect("assessments:workshop_vote", joined.public_id)
    return TemplateResponse(
        request, "assessments/workshop_join.html", {"form": form, "heading": "Join a workshop", "button": "Join"}
    )


@require_GET
def pulse(request, public_id):
    """Tell whether something changed: nothing but a 304 if not, else the version, the counts and whether it is over."""
    workshop = get_pulse(user=request.user, public_id=public_id)
    if workshop is None:
        # Whoever is not of the board is told apart here: nothing of it is seen by the others.
        workshop = get_workshop(user=request.user, public_id=public_id)
        capacity = permissions.capacity(user=request.user, assessment=workshop.assessment)
        capacity.check(BOARD, "Only the board takes part in its workshops.")
    etag = f'"{workshop.version}-{workshop.voted}-{workshop.present}"'
    told = {"version": workshop.version, "count": count_words(workshop), "closed": workshop.closed_at is not None}
    response = JsonResponse(told, headers={"ETag": etag})
    return get_conditional_response(request, etag=etag, response=response)


@require_GET
def record(request, public_id):
    """Show what happened in a workshop: who was there, what was voted on, agreed and objected to."""
    workshop = get_workshop(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=workshop.assessment)
    try:
        permissions.check(Act.SEE_SPREAD, capacity=capacity, assessment=workshop.assessment)
    except WrongState as error:
        context = {"assessment": workshop.assessment, "why": str(error)}
        context["last_change"] = selectors.last_state_change(assessment=workshop.assessment)
        return TemplateResponse(request, "assessments/agreeing_hidden.html", context, status=409)
    if first := scoring_first(user=request.user, capacity=capacity, assessment=workshop.assessment):
        context = {"assessment": workshop.assessment, "first": first}
        return TemplateResponse(request, "assessments/kept_back.html", context)
    return TemplateResponse(
        request,
        "assessments/workshop_record.html",
        {"assessment": workshop.assessment, "workshop": workshop, "record": load_record(workshop)},
    )


def _named(assessment):
    """Return who was named to hold the assessment's workshops, or None."""
    held = Facilitator.objects.filter(assessment=assessment, ended_at=None)
    return held.select_related("membership__user", "membership__organisation").first()
