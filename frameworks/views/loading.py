"""Checking and loading framework files."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from frameworks import selectors, services
from frameworks.forms import checked
from frameworks.forms.loading import LoadForm


@require_http_methods(["GET", "POST"])
def load(request):
    is_sent = request.method == "POST"
    form = LoadForm(request.POST, request.FILES, user=request.user) if is_sent else LoadForm(user=request.user)
    findings, prospect, examined = (), None, None
    if form.is_valid():
        examined = form.examined
        if examined.is_sound:
            prospect = selectors.prospect(examined=examined)
            examined = examined.refused(prospect.problems) if prospect.problems else examined
        findings = examined.findings
        if examined.is_sound and request.POST.get("act") == "load":
            try:
                version, outcome = services.load_version(examined=examined, by=request.user, at=timezone.now())
            except services.DefinitionRefused as refusal:
                findings = refusal.findings
            else:
                messages.success(request, _said(examined.definition, outcome))
                return redirect("frameworks:version", version.public_id)
    is_to_load = bool(examined and examined.is_sound and not findings)
    return TemplateResponse(
        request,
        "frameworks/load.html",
        {
            "form": form,
            "heading": "Check or load a framework",
            "file": form.name,
            "findings": findings,
            "examined": examined if is_to_load else None,
            "sealed": checked.seal(form.name, form.content, user=request.user) if is_to_load else "",
            "prospect": prospect,
            "hindrances": _hindrances(examined, prospect),
        },
    )


def _hindrances(examined, prospect):
    if examined is None or not examined.is_sound:
        return ()
    return (*examined.failures, *examined.located(prospect.hindrances))


def _said(definition, outcome):
    named = f"{definition.name}, version {definition.number},"
    return {
        selectors.Outcome.ADDED: f"{named} is loaded as a draft.",
        selectors.Outcome.REPLACED: f"{named} is loaded and replaces the draft that was there.",
        selectors.Outcome.UNCHANGED: f"{named} was loaded before. Nothing changed.",
    }[outcome]
