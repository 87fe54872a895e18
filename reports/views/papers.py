"""The papers beside the readiness report: a board summary, a decision on paper, and those of a whole round."""

import json
from contextlib import suppress

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from assessments import permissions
from assessments.kept_back import scoring_first
from assessments.models import Decision, Seal
from assessments.round_table import get_round
from assessments.selectors import get_for
from assessments.workflow import Act
from partnership import jobs, storage
from partnership.idempotency import AlreadyDone
from partnership.permissions import PROGRAMME_OFFICE, system_capacity
from partnership.roles import OF_SYSTEM, Role
from reports import paper_services, sealed
from reports.forms.papers import OrderForm
from reports.models import Paper, RoundOrder

OFFICE = "the ICB’s programme office"
# Whom to ask for what the worker gave up.
WHOM = {Role.CHAIR: "the board chair", Role.PROGRAMME_OFFICE: OFFICE}
WATCHERS = "Only the ICB's programme office and reviewers read the reports of a whole round."
# By what the manifest of a zip calls them.
PAGES = {"Readiness report": "report_pdf", "Board summary": "summary_pdf", "Decision": "decision_pdf"}
KINDS = {"system.pdf": Paper.Kind.SYSTEM, "reports.zip": Paper.Kind.BATCH}


@require_http_methods(["GET", "HEAD", "POST"])
def summary_pdf(request, public_id):
    """Give the board summary of a sealed assessment."""
    assessment, capacity = get_for(Act.READ, user=request.user, public_id=public_id)
    back = {"href": reverse("reports:report", args=[public_id]), "text": "The report as a page"}
    if kept_back(request, capacity=capacity, assessment=assessment):
        # The page says why.
        return redirect(back["href"])
    paper = Paper.objects.filter(seal__assessment=assessment).select_related("file").first()
    if paper is None:
        job = jobs.queued(kind="make_summary", of=Seal.objects.filter(assessment=assessment))
        return awaiting(request, job, assessment, capacity, what="Board summary", again="board summary", back=back)
    return served(request, paper.file, f"{assessment.place.name} board summary {assessment.title}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def decision_pdf(request, public_id):
    """Give the decision on an assessment as a PDF."""
    assessment, capacity = get_for(Act.READ, user=request.user, public_id=public_id)
    back = {"href": reverse("assessments:decision", args=[public_id]), "text": "The decision"}
    if kept_back(request, capacity=capacity, assessment=assessment):
        return redirect(back["href"])
    paper = Paper.objects.filter(decision__assessment=assessment).select_related("file").first()
    if paper is None:
        job = jobs.queued(kind="make_decision", of=Decision.objects.filter(assessment=assessment))
        return awaiting(request, job, assessment, capacity, what="Decision", again="PDF of the decision", back=back)
    return served(request, paper.file, f"{assessment.place.name} decision {assessment.title}.pdf")


@require_http_methods(["GET", "POST"])
def round_reports(request, public_id):
    """List what was made of a round, and have it made of what its places have submitted now."""
    opened, capacity = _find_round(request, public_id)
    form = OrderForm()
    if request.method == "POST":
        paper_services.check_can_order(user=request.user, system=opened.system)
        form = OrderForm(request.POST)
        if form.is_valid():
            try:
                paper_services.order_round(round=opened, by=request.user, at=timezone.now(), **form.cleaned_data)
            except paper_services.NothingSubmitted as error:
                form.add_error(None, str(error))
            except AlreadyDone:
                return redirect("reports:round_reports", public_id)
            else:
                messages.success(request, "The worker makes them now. They are listed here.")
                return redirect("reports:round_reports", public_id)
    orders = sealed.told(list(RoundOrder.objects.filter(round=opened).select_related("ordered_by").order_by("-pk")))
    return TemplateResponse(
        request,
        "reports/round_reports.html",
        {
            "round": opened,
            "form": form,
            "orders": [(each, _lacking(each)) for each in orders],
            "is_making": not all(each.is_made or each.has_failed for each in orders),
            "may_order": bool(capacity.roles & PROGRAMME_OFFICE),
            "places": len(sealed.submitted_of(opened)["places"]),
            "stays_at_places": opened.visibility == opened.Visibility.PLACE,
        },
    )


def _lacking(ordered):
    """Return what the zip of an order lacks as triples of place, file and where it can be had once it is made."""
    return [
        (each["place"], each["what"].lower(), reverse(f"reports:{PAGES[each['what']]}", args=[each["assessment"]]))
        for each in ordered.lacks
    ]


@require_safe
def round_report_file(request, public_id, kind):
    """Give the system report or the zip of an order."""
    if kind not in KINDS:
        raise Http404("No such paper")
    order = get_object_or_404(RoundOrder.objects.select_related("round"), public_id=public_id)
    opened, capacity = _find_round(request, order.round.public_id)
    paper = Paper.objects.filter(order=order, kind=KINDS[kind]).select_related("file").first()
    if paper is None:
        job = jobs.queued(kind="make_round_papers", of=RoundOrder.objects.filter(pk=order.pk))
        back = {"href": reverse("reports:round_reports", args=[opened.public_id]), "text": "Reports of the round"}
        if job is None:
            return redirect(back["href"])
        # What the places have submitted since goes into what is made there.
        again = {"again_href": back["href"] if capacity.roles & PROGRAMME_OFFICE else "", "whom": OFFICE}
        return _how_far(request, job, what="Reports of the round", caption=opened.system.name, back=back, **again)
    said = json.loads(order.text)
    what = "system report" if paper.kind == Paper.Kind.SYSTEM else "all reports"
    return served(request, paper.file, f"{said['system']} {what} {said['round']}.{kind.partition('.')[2]}")


def served(request, file, name):
    """
    Answer with a stored file under a plain name; a HEAD request learns its length only.

    Who asked for it again when it was made already is led to it.
    """
    if request.method == "POST":
        return redirect(request.path)
    stem, _, ending = name.rpartition(".")
    if request.method == "HEAD":
        response = HttpResponse(content_type=file.media_type)
    else:
        response = FileResponse(
            storage.open_stored(file), filename=f"{slugify(stem)}.{ending}", content_type=file.media_type
        )
    response["Content-Length"] = file.size
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _find_round(request, public_id):
    opened = get_round(user=request.user, public_id=public_id)
    capacity = system_capacity(user=request.user, system=opened.system)
    capacity.check(OF_SYSTEM, WATCHERS)
    return opened, capacity


def kept_back(request, *, capacity, assessment):
    """Tell whether who reads has to score another assessment first; who sends a form is told whether they may."""
    return request.method != "POST" and scoring_first(user=request.user, capacity=capacity, assessment=assessment)


def awaiting(request, job, assessment, capacity, *, what, again, back):
    """Say where the worker stands with a paper of an assessment; have it made again once it gave up."""
    if job is None:
        return redirect(back["href"])
    if request.method == "POST":
        form = OrderForm(request.POST)
        # Without a token nothing is ordered twice either: who asks a second time, or after somebody else, sees how far
        # it is.
        token = form.cleaned_data["token"] if form.is_valid() else None
        with suppress(paper_services.NotGivenUp, AlreadyDone):
            paper_services.order_again(job=job, assessment=assessment, by=request.user, at=timezone.now(), token=token)
        return redirect(request.path)
    act = paper_services.AGAIN[job.kind]
    may_order = permissions.can(act, capacity=capacity, assessment=assessment)
    others = permissions.who_may(act, assessment=assessment)
    whom = " or ".join(words for role, words in WHOM.items() if role in others)
    told = {"form": OrderForm(), "again": again if may_order else "", "whom": whom}
    return _how_far(request, job, what=what, caption=assessment.place.name, back=back, **told)


def _how_far(request, job, *, back, **told):
    """Say how far the worker is with a job."""
    context = {"awaited": jobs.awaited(job, at=timezone.now()), "back": back}
    return TemplateResponse(request, "reports/awaited.html", context | told)
