"""What a place aims for: its targets by criterion, and the days of its readiness pathways."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_http_methods

from assessments import permissions as rights
from assessments.aims import aims, target_history, targets_before
from assessments.findings import level_in
from assessments.kept_back import scoring_first
from assessments.permissions import WrongState
from assessments.selectors import get_for
from assessments.services import aims as services
from assessments.workflow import REVEALED, Act
from frameworks.definition import load
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.revising import show_overtaken
from reports.figures import mark
from reports.forms.aims import PathwayDateForm, TargetsForm
from reports.shown import shown

# In an address, instead of one of the framework's profiles.
LAST_ROUND = "last-round"


@require_http_methods(["GET", "POST"])
def targets(request, public_id):
    """Show the levels that the place aims for, and let those who plan set them anew."""
    assessment, may_plan = _find(request, public_id)
    definition = load(assessment.framework_version.definition)
    now = aims(assessment=assessment)["targets"]
    before = targets_before(assessment=assessment) if may_plan else None
    start = _start(request, definition, now, before)
    history = target_history(assessment=assessment)
    options = {
        "criteria": [(node.code, node.name) for node in definition.criteria],
        "levels": [(level.rank, level.name) for level in definition.scale.levels],
        "chosen": start["levels"],
        "reach_by": start["reach_by"],
        "number": history[0]["number"] if history else 0,
    }
    form = TargetsForm(request.POST if request.method == "POST" else None, **options) if may_plan else None
    if form and form.is_valid():
        values = form.cleaned_data
        try:
            services.set_targets(
                assessment=assessment,
                levels=form.levels,
                reach_by=values["reach_by"],
                reason=values["reason"],
                based_on=values["based_on"],
                token=values["token"],
                by=request.user,
                at=timezone.now(),
            )
        except AlreadyDone:
            return redirect(_dashboard(assessment))
        except services.AimRefused as error:
            form.add_error(error.field, str(error))
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was saved")
        except Stale as error:
            form.show_conflict(error.current.number if error.current else 0)
        else:
            messages.success(request, "The targets were set.")
            return redirect(_dashboard(assessment))
    return TemplateResponse(
        request,
        "reports/targets.html",
        {
            "assessment": assessment,
            "heading": "Targets",
            "caption": f"{assessment.place.name} · {assessment.title}",
            "back": {"href": _dashboard(assessment), "text": "The place's dashboard"},
            "form": form,
            "now": now and now | {"day": parse_date(now["reach_by"])},
            "profiles": [profile for profile in definition.targets if may_plan],
            "before": before,
            "start": start["name"],
            "domains": list(_domains(request, assessment, definition, form, now)),
            "has_levels": assessment.state in REVEALED,
            "history": list(_told(history, definition)),
        },
    )


@require_http_methods(["GET", "POST"])
def pathway(request, public_id, code):
    """Show the day that is planned for a pathway with its history, and let those who plan plan it anew."""
    assessment, may_plan = _find(request, public_id)
    definition = load(assessment.framework_version.definition)
    if code not in {each.code for each in definition.pathways}:
        raise Http404("No such pathway in this framework")
    now = aims(assessment=assessment)["pathways"].get(code)
    number, planned_on = (now["number"], parse_date(now["planned_on"])) if now else (0, None)
    form = None
    if may_plan:
        form = PathwayDateForm(request.POST if request.method == "POST" else None, number=number, planned_on=planned_on)
    if form and form.is_valid():
        values = form.cleaned_data
        try:
            services.date_pathway(assessment=assessment, pathway=code, by=request.user, at=timezone.now(), **values)
        except AlreadyDone:
            return redirect(_dashboard(assessment, code))
        except services.AimRefused as error:
            form.add_error(error.field, str(error))
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was saved")
        except Stale as error:
            form.show_conflict(error.current.number if error.current else 0)
        else:
            messages.success(request, "The day was planned.")
            return redirect(_dashboard(assessment, code))
    pathway = definition.pathway(code)
    return TemplateResponse(
        request,
        "reports/pathway.html",
        {
            "assessment": assessment,
            "pathway": pathway,
            "heading": "Plan the day anew" if number else "Plan a day",
            "caption": f"{assessment.place.name} · {pathway.name}",
            "back": {"href": _dashboard(assessment, code), "text": "The place's dashboard"},
            "button": "Save",
            "form": form,
            "planned_on": planned_on,
            "is_over": bool(planned_on and planned_on < timezone.localdate()),
            "history": [
                said | {"day": parse_date(said["planned_on"]), "at": parse_datetime(said["set_at"])}
                for said in reversed(now["history"] if now else [])
            ],
        },
    )


def _find(request, public_id):
    """
    Return the assessment, and whether the person may plan there now.

    :raises PermissionDenied: if they may not read it, or post without the right to plan
    """
    assessment, capacity = get_for(Act.READ, user=request.user, public_id=public_id)
    try:
        rights.check(Act.PLAN, capacity=capacity, assessment=assessment)
    except PermissionDenied:
        if request.method == "POST":
            raise
        return assessment, False
    except WrongState:
        # What somebody typed when the state changed is shown again beside the reason.
        return assessment, request.method == "POST"
    return assessment, True


def _start(request, definition, now, before):
    """
    Return the levels with which the form begins, and what they are named after: those of the profile that the address
    names or of the place's last round, else those set now.
    """
    wanted = request.GET.get("start")
    profile = next((each for each in definition.targets if each.code == wanted), None)
    levels = now["levels"] if now else {}
    if profile:
        found = {node.code: level_in(definition, profile, node.code) for node in definition.criteria}
        levels = {code: level for code, level in found.items() if level is not None}
    name = profile.name if profile else ""
    if wanted == LAST_ROUND and before:
        levels, name = before["levels"], before["round"]
    return {"levels": levels, "reach_by": parse_date(now["reach_by"]) if now else None, "name": name}


def _domains(request, assessment, definition, form, now):
    """Yield the domains with a line for each criterion: its levels as far as the person sees them, and its target."""
    names = definition.scale.names
    results = _results(request, assessment)
    for domain in definition.domains:
        yield {
            "name": domain.name,
            "lines": [
                {
                    "code": node.code,
                    "name": node.name,
                    "agreed": (found := results.get(node.code)) and mark(found["claimed"], names).words,
                    "supported": found and mark(found["supported"], names).words,
                    "target": names.get(now["levels"].get(node.code)) if now else "",
                    "field": form[f"level-{node.code}"] if form else None,
                }
                for node in domain.walk()
                if node.is_criterion
            ],
        }


def _results(request, assessment):
    """Return the criteria of the assessment's document by code; none while a level would lead the person."""
    capacity = rights.capacity(user=request.user, assessment=assessment)
    if assessment.state not in REVEALED:
        return {}
    if scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        return {}
    document = shown(assessment=assessment, capacity=capacity, on=timezone.localdate()).document
    return {criterion["code"]: criterion for criterion in document["criteria"]}


def _told(history, definition):
    """Yield each set of targets, the newest first, with what it changed in the one before."""
    names = definition.scale.names
    for said, before in zip(history, [*history[1:], {"levels": {}}], strict=False):
        changed = [
            f"{node.code} {node.name}: {names.get(said['levels'].get(node.code), 'no target')}"
            for node in definition.criteria
            if said["levels"].get(node.code) != before["levels"].get(node.code)
        ]
        yield said | {"changed": changed}


def _dashboard(assessment, code=""):
    address = reverse("reports:place", args=[assessment.place.public_id], query={"round": str(assessment.public_id)})
    return f"{address}#pathway-{code}" if code else f"{address}#profile"
