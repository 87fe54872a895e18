"""Scoring all items in one list: few key presses an item, with filters that stand in the address."""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.forms.scoring import ListedScoreForm
from assessments.notes import kept_notes
from assessments.score_list import FLAGGED, UNSCORED, load_list
from assessments.views import autosaving
from assessments.views.autosaving import flag, moment
from assessments.views.score_rows import make_row, record
from assessments.views.scoring import lead_in_to_scoring, put_first_steps_away
from assessments.workflow import Act
from frameworks.wording import counted
from partnership.negotiation import wants_json


@require_http_methods(["GET", "POST"])
def score_all(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    if request.method == "POST" and wants_json(request):
        return autosaving.answer(request, assessment, ListedScoreForm)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    closed = permissions.why_closed(Act.SCORE, capacity=capacity, assessment=assessment)
    listed = _listed(request, assessment)
    if request.method == "POST":
        return _save(request, assessment, listed)
    rows = [] if closed else [make_row(each, ListedScoreForm, is_open=True) for each in listed.items]
    return _page(request, assessment, listed, rows, closed=closed, capacity=capacity)


def _listed(request, assessment):
    sent = {name: request.GET.get(name, "") for name in ("criterion", "show")}
    return load_list(assessment=assessment, user=request.user, code=sent["criterion"], show=sent["show"])


def _save(request, assessment, listed):
    put_first_steps_away(request)
    # Whatever was on the page, though it may be scored by now, and so no longer pass the filter.
    sent = [each for each in listed.all_items if f"{ListedScoreForm.prefix_of(each.item)}-shown" in request.POST]
    saving = record(request, assessment, sent, ListedScoreForm)
    if saving.closed:
        assessment.refresh_from_db(fields=["state", "state_since"])
        rows = [row for row in saving.rows(sent) if row.problem]
        return _page(request, assessment, listed, rows, closed=saving.closed)
    flag(request, {ListedScoreForm.prefix_of(each.item): each.item for each in listed.all_items})
    if saving.is_whole:
        if saving.outcomes:
            words = counted(len(saving.outcomes), "item", "items")
            messages.success(request, f"{words} saved at {moment(saving.at)}.")
        elif request.POST.get("then") == "save":
            messages.info(request, "Nothing had changed since it was saved.")
        return redirect(_address(assessment, listed.code, listed.show))
    listed = _listed(request, assessment)
    shown = {each.item.pk for each in sent}
    rows = saving.rows([each for each in listed.all_items if each.item.pk in shown])
    return _page(request, assessment, listed, rows)


def _address(assessment, code, show):
    query = {name: value for name, value in (("criterion", code), ("show", show)) if value}
    return reverse("assessments:score_all", args=[assessment.public_id], query=query)


def _page(request, assessment, listed, rows, *, closed="", capacity=None):
    rows = _with_notes(rows, capacity or permissions.capacity(user=request.user, assessment=assessment), assessment)
    filters = [
        ("", "All", len(listed.of_criterion)),
        (UNSCORED, "Not scored", listed.unscored),
        (FLAGGED, "Flagged", listed.flagged),
    ]
    return TemplateResponse(
        request,
        "assessments/score_all.html",
        {
            "assessment": assessment,
            "listed": listed,
            "groups": _groups(listed, rows),
            "rows": rows,
            "filters": [
                {"text": text, "count": count, "show": show, "href": _address(assessment, listed.code, show)}
                for show, text, count in filters
            ],
            "closed": closed,
            "errors": [error for row in rows for error in row.errors],
            "first_steps": None if closed else lead_in_to_scoring(request, assessment, listed.definition, listed.tasks),
        },
        # Something came first: somebody's other device, or the end of scoring.
        status=409 if request.method == "POST" and (closed or any(row.is_conflict for row in rows)) else 200,
    )


def _with_notes(rows, capacity, assessment):
    """Return the rows with what the person's partners have noted; where nothing is, the list stays short."""
    items = [row.sheet.item.public_id for row in rows]
    notes = kept_notes(capacity=capacity, assessment=assessment, items=items)
    return [
        replace(row, notes=tuple(each for each in notes.get(str(row.sheet.item.public_id), ()) if each.note))
        for row in rows
    ]


def _groups(listed, rows):
    """Return the rows by criterion, in order."""
    by_code = {}
    for row in rows:
        by_code.setdefault(row.sheet.item.criterion.code, []).append(row)
    return [(listed.definition.node(code), some) for code, some in by_code.items()]
