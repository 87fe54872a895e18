"""The readiness report as a page and as a file, and the page that checks one."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions
from assessments.kept_back import scoring_first
from assessments.models import Seal
from assessments.selectors import get_assessment, get_seal, is_published, shared_by_peers, versions_of
from assessments.workflow import SHARED_WITH_ICB, Act
from partnership import jobs
from reports import readiness_report, sealed, svg
from reports.forms.verify import VerifyForm
from reports.reviewed import Reviewed, reviewed_of
from reports.views.papers import awaiting, kept_back, served


@require_GET
def report(request, public_id):
    assessment, is_shared = _find(request, public_id)
    if is_shared:
        # What reviewers found and decided is between the place and its ICB.
        shown, found = sealed.of_seal(get_seal(assessment=assessment)), Reviewed()
        back = {"href": reverse("reports:shared"), "text": "Reports of other places"}
    else:
        capacity = permissions.capacity(user=request.user, assessment=assessment)
        shown = sealed.shown(assessment=assessment, capacity=capacity)
        if first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
            return TemplateResponse(request, "assessments/kept_back.html", {"assessment": assessment, "first": first})
        found = reviewed_of(assessment=assessment, capacity=capacity)
        back = {"href": reverse("assessments:assessment", args=[public_id]), "text": assessment.title}
    if shown is None:
        return TemplateResponse(request, "reports/no_report.html", {"assessment": assessment})
    built = readiness_report.build(shown.document, identity=shown.identity, seal=shown.seal)
    narrow_chart = readiness_report.data_uri(svg.narrow_profile(built["profile"])) if built["chart"] else ""
    return TemplateResponse(
        request,
        "reports/report.html",
        {
            "assessment": assessment,
            "versions": () if is_shared else versions_of(assessment=assessment),
            "report": built,
            "narrow_chart": narrow_chart,
            "folds": True,
            "back": back,
            "is_shared": is_shared,
            "successor_is_shared": assessment.is_superseded and assessment.superseded_by.state in SHARED_WITH_ICB,
            "is_published": is_published(assessment),
            "demonstration": settings.DEMO,
            "reviewed": found,
            "review_lines": found.lines(shown.document),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def report_pdf(request, public_id):
    assessment, is_shared = _find(request, public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    if not is_shared:
        permissions.check(Act.READ, capacity=capacity, assessment=assessment)
        if kept_back(request, capacity=capacity, assessment=assessment):
            # The page says why.
            return redirect("reports:report", public_id)
    made = sealed.report_of(assessment)
    if made is None:
        # An assessment that is not sealed has its page only.
        back = {"href": reverse("reports:report", args=[public_id]), "text": "The report as a page"}
        job = jobs.queued(kind="make_report", of=Seal.objects.filter(assessment=assessment))
        return awaiting(request, job, assessment, capacity, what="Readiness report", again="report", back=back)
    version = f" version {assessment.number}" if assessment.number > 1 else ""
    return served(request, made.file, f"{assessment.place.name} readiness report {assessment.round.name}{version}.pdf")


def _find(request, public_id):
    """
    Return the assessment, and whether it is another place's that shares its report.

    :raises Http404: if it is neither the person's to see nor shared with them
    """
    try:
        return get_assessment(user=request.user, public_id=public_id), False
    except Http404:
        shared = shared_by_peers(user=request.user).select_related("place__system", "round", "superseded_by")
        return get_object_or_404(shared, public_id=public_id), True


@require_http_methods(["GET", "POST"])
def verify(request):
    finding = looked = None
    if request.method == "POST":
        form = VerifyForm(request.POST, request.FILES)
        if form.is_valid():
            looked = form.cleaned_data["digest"]
            finding = sealed.find(user=request.user, digest=looked)
    else:
        form = VerifyForm(initial={"digest": request.GET.get("hash", "")})
    return TemplateResponse(request, "reports/verify.html", {"form": form, "finding": finding, "looked": looked})
