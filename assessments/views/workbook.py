"""A member's own scoring in a workbook: the file, what a filled one would change, and its recording."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions, selectors
from assessments.forms.workbook import WorkbookForm
from assessments.permissions import WrongState
from assessments.services.scoring import record_scores
from assessments.views.autosaving import moment
from assessments.workbook.reading import RowRefused, accepted, compare, entries_of, in_words
from assessments.workbook.writing import scoring_workbook
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.marks import FileRefused
from frameworks.wording import counted
from frameworks.workbook import XLSX


@require_http_methods(["GET", "POST"])
def workbook(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    closed = _closed(request, assessment)
    if request.method == "GET":
        return _page(request, assessment, WorkbookForm(), closed=closed)
    if "accepted" in request.POST:
        return _record(request, assessment)
    form = WorkbookForm(request.POST, request.FILES)
    comparison, sealed = None, ""
    if form.is_valid() and not closed:
        try:
            comparison = compare(form.content, assessment=assessment, user=request.user)
            sealed = accepted(comparison, assessment=assessment, user=request.user)
        except FileRefused as refusal:
            form.add_error("file", f"{refusal.finding.what} {refusal.finding.mend}")
    return _page(request, assessment, form, closed=closed, comparison=comparison, sealed=sealed)


@require_GET
def workbook_file(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    try:
        permissions.check(Act.SCORE, capacity=capacity, assessment=assessment)
    except WrongState:
        # The page says why there is none now.
        return redirect("assessments:workbook", public_id)
    content = scoring_workbook(assessment=assessment, user=request.user, at=timezone.now())
    name = slugify(f"scores-{assessment.place.name}-{assessment.title}")
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    )


def _closed(request, assessment):
    """Return why nothing can be scored now, nothing if it can."""
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    return permissions.why_closed(Act.SCORE, capacity=capacity, assessment=assessment)


def _record(request, assessment):
    form, at = WorkbookForm(), timezone.now()
    try:
        entries = entries_of(request.POST["accepted"], assessment=assessment, user=request.user)
    except RowRefused as error:
        return _page(request, assessment, form, closed=_closed(request, assessment), problem=str(error))
    try:
        outcomes = record_scores(assessment=assessment, entries=entries, by=request.user, at=at)
    except WrongState as error:
        typed = [(entry, "") for entry in entries]
        return _page(request, assessment, form, closed=str(error), unsaved=_unsaved(assessment, typed))
    refused = [(outcome.entry, str(outcome.refusal)) for outcome in outcomes if outcome.refusal]
    recorded = counted(len(outcomes) - len(refused), "score from the workbook is", "scores from the workbook are")
    messages.success(request, f"{recorded} saved, as of {moment(at)}.")
    if refused:
        return _page(request, assessment, form, unsaved=_unsaved(assessment, refused))
    return redirect("assessments:workbook", assessment.public_id)


def _unsaved(assessment, refused):
    """Return what could not be recorded, for a page that repeats it: name, parts and why."""
    definition = load(assessment.framework_version.definition)
    return [
        {
            "name": f"{entry.item.criterion.name} · {entry.item.noun.capitalize()} {entry.item.name}",
            "parts": in_words(
                entry.values(), definition.node(entry.item.criterion.code).scale_of(entry.item.statement_code)
            ),
            "why": why,
        }
        for entry, why in refused
    ]


def _page(request, assessment, form, *, closed="", comparison=None, sealed="", problem="", unsaved=()):
    return TemplateResponse(
        request,
        "assessments/workbook.html",
        {
            "assessment": assessment,
            "form": form,
            "closed": closed,
            "comparison": comparison,
            "file": form.cleaned_data["file"].name if comparison else "",
            "sealed": sealed,
            "problem": problem,
            "unsaved": unsaved,
        },
        status=409 if request.method == "POST" and (closed or unsaved) else 200,
    )
