"""Scoring a criterion alone, and what comes when all of them are scored."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions, progress, selectors, visibility
from assessments.forms.scoring import ScoreForm, fingerprint, stored_values
from assessments.models import Score
from assessments.permissions import WrongState
from assessments.score_sheet import SheetItem, load_sheet
from assessments.services.scoring import record_scores
from assessments.workflow import Act
from frameworks.definition import load
from partnership.models import Stale


@dataclass(frozen=True)
class Row:
    """
    One item on the page.

    `form` is None where nothing can be chosen any more. `problem` says why what was typed is not stored; `unsaved`
    repeats it where there is no form to keep it in. `is_conflict` when the stored score is shown beside it.
    """

    sheet: SheetItem
    form: ScoreForm | None = None
    problem: str = ""
    unsaved: list | None = None
    is_conflict: bool = False

    @property
    def score(self) -> Score | None:
        return self.sheet.score

    @property
    def based_on(self):
        """The version that a save from this page is based on: the stored one, once the person has been shown it."""
        if self._keeps_what_arrived:
            return self.form.data.get(self.form.add_prefix("based_on"), "")
        return self.score.version if self.score else 0

    @property
    def shown(self):
        if self._keeps_what_arrived:
            return self.form.data.get(self.form.add_prefix("shown"), "")
        return fingerprint(stored_values(self.score))

    @property
    def _keeps_what_arrived(self):
        return self.form is not None and self.form.is_bound and not self.is_conflict

    @property
    def saved_at(self):
        """When what is stored was saved, as words after "Saved"; empty where that is not what the page shows."""
        return moment(self.score.scored_at) if self.score and not self.problem else ""

    @property
    def extra(self):
        """What confidence and comment hold, in one line for the folded part."""
        if not self.score or not (self.score.confidence or self.score.comment):
            return ""
        sure = f"Confidence: {self.score.get_confidence_display().lower()}" if self.score.confidence else ""
        return " · ".join(filter(None, [sure, "Comment for the board" if self.score.comment else ""]))

    @property
    def extra_is_open(self):
        """Whether the folded part must be seen: something in it needs mending, or is not stored."""
        return bool(self.problem and self.form and (self.form["comment"].value() or self.form["confidence"].errors))

    @property
    def errors(self):
        """Each thing to mend, with the id of the control to mend it in."""
        number = f"Item {self.sheet.item.number}"
        if not self.problem:
            return []
        if self.form is None or self.is_conflict or not self.form.errors:
            return [(f"{number}: {self.problem}", f"item-{self.sheet.item.number}")]
        targets = {"choice": f"{self.form['choice'].auto_id}_0", "confidence": f"{self.form['confidence'].auto_id}_0"}
        return [
            (f"{number}: {text}", targets.get(name, self.form[name].auto_id))
            for name, texts in self.form.errors.items()
            for text in texts
        ]


def moment(at):
    """Return an instant in London time: "14:02" today, "on 3 December 2026 at 14:02" before."""
    local = timezone.localtime(at)
    time = date_format(local, "H:i")
    return time if local.date() == timezone.localdate() else f"on {date_format(local, 'j F Y')} at {time}"


@require_http_methods(["GET", "POST"])
def score(request, public_id, code):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    try:
        permissions.check(Act.SCORE, capacity=capacity, assessment=assessment)
        closed = ""
    except WrongState as error:
        closed = str(error)
    sheet = load_sheet(assessment=assessment, code=code, user=request.user)
    if request.method == "POST":
        return _save(request, assessment, sheet)
    rows = [_row(each, sheet, is_open=not closed) for each in sheet.items]
    return _page(request, assessment, sheet, rows, closed=closed)


def _save(request, assessment, sheet):
    scale = sheet.definition.scale
    forms = {
        each.item.pk: ScoreForm(request.POST, item=each.item, scale=scale, score=each.score) for each in sheet.items
    }
    changed = {pk: form for pk, form in forms.items() if form.is_changed}
    sound = [form for form in changed.values() if form.is_valid()]
    at = timezone.now()
    try:
        outcomes = record_scores(
            assessment=assessment, entries=[form.entry() for form in sound], by=request.user, at=at
        )
    except WrongState as error:
        return _too_late(request, assessment, sheet, changed, closed=str(error))
    refusals = {outcome.entry.item.pk: outcome.refusal for outcome in outcomes if outcome.refusal}
    if len(sound) == len(changed) and not refusals:
        _tell(request, sheet, len(outcomes), at)
        return _onwards(request, assessment, sheet)
    # What is stored now is read again, so that the page says what is true.
    sheet = load_sheet(assessment=assessment, code=sheet.criterion.code, user=request.user)
    rows = [
        _row(each, sheet, is_open=True, form=changed.get(each.item.pk), refusal=refusals.get(each.item.pk))
        for each in sheet.items
    ]
    saved = [outcome.entry.item.number for outcome in outcomes if not outcome.refusal]
    return _page(request, assessment, sheet, rows, saved=saved)


def _row(each, sheet, *, is_open, form=None, refusal=None):
    """Return an item's row: with what was typed where that is not stored, else with what is."""
    unbound = ScoreForm(item=each.item, scale=sheet.definition.scale, score=each.score)
    may_choose = is_open and each.item.open_for_scoring
    if isinstance(refusal, Stale):
        return Row(each, form, problem="This was changed elsewhere after you opened the page", is_conflict=True)
    if refusal:
        return Row(each, form if may_choose else None, problem=str(refusal), unsaved=form.in_words())
    if form and form.errors:
        return Row(each, form, problem="Not saved yet")
    return Row(each, unbound if may_choose else None)


def _too_late(request, assessment, sheet, changed, *, closed):
    """Show what was typed beside what is stored, since nothing of it could be saved."""
    assessment.refresh_from_db(fields=["state", "state_since"])
    rows = []
    for each in sheet.items:
        form = changed.get(each.item.pk)
        rows.append(
            Row(each, problem="Scoring closed before this arrived", unsaved=form.in_words()) if form else Row(each)
        )
    return _page(request, assessment, sheet, rows, closed=closed, is_late=bool(changed))


def _page(request, assessment, sheet, rows, *, closed="", saved=(), is_late=False):
    return TemplateResponse(
        request,
        "assessments/score.html",
        {
            "assessment": assessment,
            "sheet": sheet,
            "levels": [
                {"rank": level.rank, "name": level.name, "text": sheet.criterion.descriptors.get(level.rank, "")}
                for level in sheet.definition.scale.levels
            ],
            "rows": rows,
            "can_save": any(row.form for row in rows),
            "closed": closed,
            "is_late": is_late,
            "saved": item_numbers(saved),
            "unsaved": item_numbers([row.sheet.item.number for row in rows if row.problem]),
            "errors": [error for row in rows for error in row.errors],
        },
    )


def item_numbers(numbers):
    """Name items in a sentence: "item 2", "items 1, 2 and 4"; empty for none."""
    if len(numbers) < 2:
        return "".join(f"item {number}" for number in numbers)
    return f"items {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def _tell(request, sheet, count, at):
    """Leave word for the next page of what was stored, and what is left."""
    row = sheet.row
    name = sheet.criterion.name
    if count:
        messages.success(request, f"{name}: {count} {'item' if count == 1 else 'items'} saved at {moment(at)}.")
    else:
        left = f" {row.left} left to score there." if row.left else ""
        messages.info(request, f"{name}: nothing was changed, so nothing was saved.{left}")


def _onwards(request, assessment, sheet):
    if request.POST.get("then") == "stay":
        return redirect("assessments:score", assessment.public_id, sheet.criterion.code)
    if sheet.next:
        return redirect("assessments:score", assessment.public_id, sheet.next.criterion.code)
    return redirect("assessments:scored", assessment.public_id)


@require_GET
def scored(request, public_id):
    """Say how far the person has come with all criteria, and what happens next."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    try:
        permissions.check(Act.SCORE, capacity=capacity, assessment=assessment)
        closed = ""
    except WrongState as error:
        closed = str(error)
    tasks = progress.task_list(
        assessment=assessment,
        definition=load(assessment.framework_version.definition),
        scored=visibility.own_scored_items(user=request.user, assessment=assessment),
    )
    return TemplateResponse(
        request, "assessments/scored.html", {"assessment": assessment, "tasks": tasks, "closed": closed}
    )
