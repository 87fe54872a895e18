"""A place's actions: the list, planning one, and saying what became of it."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions as rights
from assessments.permissions import WrongState
from assessments.selectors import get_assessment
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.models import Node
from improvement import selectors
from improvement.forms.actions import CRITERION, GATE, ActionForm, NewActionForm
from improvement.models import Action
from improvement.services import actions as services
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.permissions import capacity as capacity_at
from partnership.revising import show_overtaken
from partnership.selectors import get_place, partners_of


@require_GET
def actions(request, public_id):
    """Show what a place has undertaken in all its rounds; only what the person may read."""
    place = get_place(user=request.user, public_id=public_id)
    capacity = capacity_at(user=request.user, place=place)
    today = timezone.localdate()
    rows = [
        {
            "action": action,
            "is_late": action.status == Action.Status.OPEN and action.due_on < today,
            "may_change": rights.can(Act.PLAN, capacity=capacity, assessment=action.assessment),
        }
        for action in selectors.actions_at(place)
        if rights.can(Act.READ, capacity=capacity, assessment=action.assessment)
    ]
    context = {
        "place": place,
        "rows": rows,
        "open": sum(row["action"].status == Action.Status.OPEN for row in rows),
        "late": sum(row["is_late"] for row in rows),
    }
    return TemplateResponse(request, "improvement/actions.html", context)


@require_http_methods(["GET", "POST"])
def action_add(request, public_id):
    assessment = get_assessment(user=request.user, public_id=public_id)
    capacity = rights.capacity(user=request.user, assessment=assessment)
    closed = rights.why_closed(Act.PLAN, capacity=capacity, assessment=assessment)
    if closed and request.method == "GET":
        return _closed(request, assessment, closed)
    definition = load(assessment.framework_version.definition)
    options = {
        "definition": definition,
        "partners": partners_of(place=assessment.place, on=timezone.localdate()),
    }
    if request.method == "POST":
        form = NewActionForm(request.POST, **options)
    else:
        form = NewActionForm(initial={"purpose": _asked_for(request)}, **options)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = services.add_action(
                assessment=assessment,
                title=values["title"],
                owner=values["owner"],
                owner_name=values["owner_name"],
                due_on=values["due_on"],
                criterion=_criterion(assessment, form.criterion_code),
                gate=form.gate,
                expected_level=values["expected_level"],
                token=values["token"],
                by=request.user,
                at=timezone.now(),
            )
        except services.ActionRefused as error:
            form.add_error(error.field, str(error))
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was added")
        except AlreadyDone as error:
            return _back(assessment, error.result)
        else:
            messages.success(request, "The action was planned.")
            return _back(assessment, made.public_id)
    return TemplateResponse(
        request,
        "improvement/action_add.html",
        {
            "assessment": assessment,
            "form": form,
            "heading": "Plan an action",
            "caption": f"{assessment.place.name} · {assessment.round.name}",
            "button": "Plan the action",
            "back": {"href": _dashboard(assessment), "text": "The place's dashboard"},
        },
    )


@require_http_methods(["GET", "POST"])
def action_edit(request, public_id):
    action = selectors.get_action(user=request.user, public_id=public_id)
    assessment = action.assessment
    capacity = rights.capacity(user=request.user, assessment=assessment)
    closed = rights.why_closed(Act.PLAN, capacity=capacity, assessment=assessment)
    if closed and request.method == "GET":
        return _closed(request, assessment, closed)
    partners = partners_of(place=assessment.place, on=timezone.localdate())
    # Who owned it when it was planned stays a choice after they have left.
    partners = partners | type(action.owner).objects.filter(pk=action.owner_id)
    if request.method == "POST":
        form = ActionForm(request.POST, partners=partners)
    else:
        form = ActionForm(initial=_values(action), partners=partners)
    stored = None
    if form.is_valid():
        try:
            services.change_action(action=action, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.ActionRefused as error:
            form.add_error(error.field, str(error))
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was saved")
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "The action was saved.")
            return _back(assessment, action.public_id)
    return TemplateResponse(
        request,
        "improvement/action_edit.html",
        {
            "action": action,
            "assessment": assessment,
            "form": form,
            "stored": stored,
            "changes": action.changes.select_related("changed_by").order_by("-pk"),
            "heading": "An action",
            "caption": f"{assessment.place.name} · {assessment.round.name}",
            "button": "Save",
        },
    )


def _closed(request, assessment, why):
    return TemplateResponse(request, "improvement/closed.html", {"assessment": assessment, "why": why})


def _asked_for(request):
    """Return the purpose that the address names: ?gate=full-delegation:F2 or ?criterion=DD1."""
    if gate := request.GET.get("gate"):
        return GATE + gate
    if criterion := request.GET.get("criterion"):
        return CRITERION + criterion
    return ""


def _criterion(assessment, code):
    if code is None:
        return None
    return Node.objects.get(version=assessment.framework_version_id, code=code)


def _values(action):
    return {
        "status": action.status,
        "title": action.title,
        "owner": action.owner.public_id,
        "owner_name": action.owner_name,
        "due_on": action.due_on,
        "based_on": action.version,
    }


def _dashboard(assessment):
    return reverse("reports:place", args=[assessment.place.public_id], query={"round": str(assessment.public_id)})


def _back(assessment, public_id):
    return redirect(f"{reverse('improvement:actions', args=[assessment.place.public_id])}#action-{public_id}")
