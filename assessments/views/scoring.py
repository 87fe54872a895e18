"""Scoring a criterion alone, and what comes when all of them are scored."""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods

from assessments import first_steps, permissions, progress, selectors
from assessments.criterion_items import grouped
from assessments.forms.scoring import ScoreForm
from assessments.notes import kept_notes
from assessments.score_sheet import load_sheet
from assessments.views import autosaving
from assessments.views.autosaving import asks_for_flag, flag, moment
from assessments.views.score_rows import make_row, record, shown_levels
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.wording import counted, listed
from partnership.guides import lead_in, put_away_with
from partnership.negotiation import wants_json
from partnership.services import guides


@require_http_methods(["GET", "POST"])
def score(request, public_id, code):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    if request.method == "POST" and wants_json(request):
        return autosaving.answer(request, assessment, ScoreForm, code=code)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    closed = permissions.why_closed(Act.SCORE, capacity=capacity, assessment=assessment)
    sheet = load_sheet(assessment=assessment, code=code, user=request.user)
    if request.method == "POST":
        return _save(request, assessment, sheet)
    rows = [make_row(each, ScoreForm, is_open=not closed) for each in sheet.items]
    return _page(request, assessment, sheet, rows, capacity=capacity, closed=closed)


def _save(request, assessment, sheet):
    put_first_steps_away(request)
    saving = record(request, assessment, sheet.items, ScoreForm)
    if saving.closed:
        return _too_late(request, assessment, sheet, saving)
    flag(request, {ScoreForm.prefix_of(each.item): each.item for each in sheet.items})
    if saving.is_whole:
        _tell(request, sheet, len(saving.outcomes), saving.at)
        return _onwards(request, assessment, sheet)
    # What is stored now is read again, so that the page says what is true.
    sheet = load_sheet(assessment=assessment, code=sheet.criterion.code, user=request.user)
    return _page(request, assessment, sheet, saving.rows(sheet.items), saved=saving.saved)


def _too_late(request, assessment, sheet, saving):
    """Show what was typed beside what is stored, since nothing of it could be saved."""
    assessment.refresh_from_db(fields=["state", "state_since"])
    rows = saving.rows(sheet.items)
    return _page(request, assessment, sheet, rows, closed=saving.closed, is_late=bool(saving.changed))


def _keys(sheet):
    """Say which number keys choose what; they are the numbers that stand before the levels or answers."""
    ranks = [rank for each in sheet.items for rank in each.scale.ranks if rank < 10]
    return f"{min(ranks)} to {max(ranks)}" if ranks else ""


def _page(request, assessment, sheet, rows, *, capacity=None, closed="", saved=(), is_late=False):
    capacity = capacity or permissions.capacity(user=request.user, assessment=assessment)
    items = [row.sheet.item.public_id for row in rows]
    notes = kept_notes(capacity=capacity, assessment=assessment, items=items)
    rows = [replace(row, notes=tuple(notes.get(str(row.sheet.item.public_id), ()))) for row in rows]
    return TemplateResponse(
        request,
        "assessments/score.html",
        {
            "assessment": assessment,
            "sheet": sheet,
            "levels": shown_levels(sheet.described, sheet.criterion.descriptors) if sheet.described else (),
            "answers": sheet.answers,
            "rows": rows,
            "groups": grouped((row.sheet.group, row) for row in rows),
            "keys": _keys(sheet),
            "decided_words": f"{counted(sheet.decided, 'statement', 'statements')} below can stay open: your answers "
            "to the others decide the level. You can still give one.",
            "empty_words": "The framework gives this criterion no weight, so nobody is asked about it."
            if sheet.criterion.is_checklist
            else "The place has made no statement against this criterion, so there is nothing to judge.",
            "can_save": any(row.can_choose for row in rows),
            "closed": closed,
            "is_late": is_late,
            "saved": item_numbers(saved),
            "unsaved": item_numbers([row.sheet.item for row in rows if row.problem]),
            "errors": [error for row in rows for error in row.errors],
            "first_steps": None if closed else lead_in_to_scoring(request, assessment, sheet.definition, sheet.tasks),
        },
        # Something came first: somebody's other device, or the end of scoring.
        status=409 if request.method == "POST" and (closed or any(row.is_conflict for row in rows)) else 200,
    )


def lead_in_to_scoring(request, assessment, definition, tasks):
    """Return the first steps of scoring, as this page has them."""
    first = first_steps.scoring(
        left=tasks.left,
        noun=definition.noun,
        scale=definition.scale,
        closes=date_format(assessment.scoring_closes_on, "l j F Y"),
        practice=reverse("assessments:practice", args=[assessment.public_id]),
    )
    return lead_in(request, first)


def put_first_steps_away(request):
    """Put the first steps away where the button for it sent the page's scores along."""
    if guide := put_away_with(request):
        guides.put_away(guide=guide, by=request.user)


def item_numbers(items):
    """Name items of a criterion in a sentence: "item 2", "statements F1, F2 and P1"; empty for none."""
    if not items:
        return ""
    return f"{items[0].noun}{'' if len(items) == 1 else 's'} {listed([item.name for item in items])}"


def _tell(request, sheet, count, at):
    """Leave word for the next page of what was stored, and what is left."""
    row = sheet.row
    name = sheet.criterion.name
    if not count and put_away_with(request):
        return
    if count:
        one = sheet.criterion.noun
        messages.success(request, f"{name}: {counted(count, one, f'{one}s')} saved at {moment(at)}.")
    else:
        said = f"{row.left} left to score there" if row.left else f"all {row.asked} are saved"
        messages.info(request, f"{name}: nothing had changed since it was saved; {said}.")


def _onwards(request, assessment, sheet):
    if request.POST.get("then") == "stay" or asks_for_flag(request) or put_away_with(request):
        return redirect("assessments:score", assessment.public_id, sheet.criterion.code)
    if sheet.next:
        return redirect("assessments:score", assessment.public_id, sheet.next.criterion.code)
    return redirect("assessments:scored", assessment.public_id)


@require_GET
def scored(request, public_id):
    """Say how far the person has come with all criteria, and what happens next."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    closed = permissions.why_closed(Act.SCORE, capacity=capacity, assessment=assessment)
    definition = load(assessment.framework_version.definition)
    tasks = progress.own_tasks(user=request.user, assessment=assessment, definition=definition)
    return TemplateResponse(
        request,
        "assessments/scored.html",
        {"assessment": assessment, "noun": definition.noun, "tasks": tasks, "closed": closed},
    )
