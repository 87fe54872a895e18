"""Scoring a criterion alone, and what comes when all of them are scored."""

import json
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from assessments import permissions, progress, selectors
from assessments.criterion_items import grouped
from assessments.forms.scoring import ScoreForm, fingerprint, stored_values
from assessments.models import Score
from assessments.own_work import own_work
from assessments.permissions import WrongState
from assessments.score_sheet import SheetItem, load_sheet
from assessments.services.scoring import record_scores
from assessments.views import autosaving
from assessments.views.autosaving import moment
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.wording import counted, listed
from partnership.models import Stale
from partnership.negotiation import wants_json


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
    def levels(self):
        """What the item is rated on, as the components that show a level take it."""
        return shown_levels(self.sheet.scale, is_numbered=not self.sheet.item.is_checklist)

    @property
    def noun(self):
        return "Your answer" if self.sheet.item.is_checklist else "Your level"

    @property
    def heading(self):
        return f"{self.sheet.item.noun.capitalize()} {self.sheet.item.name}"

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
    def kept_as(self):
        """The name under which the person's browser keeps what has not reached the portal."""
        return f"{self.sheet.item.public_id}.{self.sheet.item.ballot}"

    @property
    def stored(self):
        """What is stored, for the page's script."""
        return json.dumps(autosaving.stored(self.score))

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
        number = self.heading
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


@require_http_methods(["GET", "POST"])
def score(request, public_id, code):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    if request.method == "POST" and wants_json(request):
        return autosaving.answer(request, assessment, code)
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
    forms = {
        each.item.pk: ScoreForm(request.POST, item=each.item, scale=each.scale, score=each.score)
        for each in sheet.items
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
    saved = [outcome.entry.item for outcome in outcomes if not outcome.refusal]
    return _page(request, assessment, sheet, rows, saved=saved)


def _row(each, sheet, *, is_open, form=None, refusal=None):
    """Return an item's row: with what was typed where that is not stored, else with what is."""
    unbound = ScoreForm(item=each.item, scale=each.scale, score=each.score)
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


def shown_levels(scale, texts=None, *, is_numbered=True):
    """Return a scale as templates/components show it; `texts` say what its levels mean, by rank."""
    return [
        {
            "rank": level.rank,
            "place": place,
            "number": level.rank if is_numbered else "",
            "name": level.name,
            "text": (texts or {}).get(level.rank, "") or level.meaning,
        }
        for place, level in enumerate(scale.levels, start=1)
    ]


def _keys(sheet):
    """Say which number keys choose what; they are the numbers that stand before the levels or answers."""
    ranks = [rank for each in sheet.items for rank in each.scale.ranks if rank < 10]
    return f"{min(ranks)} to {max(ranks)}" if ranks else ""


def _page(request, assessment, sheet, rows, *, closed="", saved=(), is_late=False):
    return TemplateResponse(
        request,
        "assessments/score.html",
        {
            "assessment": assessment,
            "sheet": sheet,
            "levels": shown_levels(sheet.described, sheet.criterion.descriptors) if sheet.described else [],
            "answers": sheet.answers,
            "rows": rows,
            "groups": grouped((row.sheet.group, row) for row in rows),
            "keys": _keys(sheet),
            "decided_words": f"{counted(sheet.decided, 'statement', 'statements')} below can stay open: your answers "
            "to the others decide the level. You can still give one.",
            "empty_words": "The framework gives this criterion no weight, so nobody is asked about it."
            if sheet.criterion.is_checklist
            else "The place has made no statement against this criterion, so there is nothing to judge.",
            "can_save": any(row.form for row in rows),
            "closed": closed,
            "is_late": is_late,
            "saved": item_numbers(saved),
            "unsaved": item_numbers([row.sheet.item for row in rows if row.problem]),
            "errors": [error for row in rows for error in row.errors],
        },
    )


def item_numbers(items):
    """Name items of a criterion in a sentence: "item 2", "statements F1, F2 and P1"; empty for none."""
    if not items:
        return ""
    return f"{items[0].noun}{'' if len(items) == 1 else 's'} {listed([item.name for item in items])}"


def _tell(request, sheet, count, at):
    """Leave word for the next page of what was stored, and what is left."""
    row = sheet.row
    name = sheet.criterion.name
    if count:
        one = sheet.criterion.noun
        messages.success(request, f"{name}: {counted(count, one, f'{one}s')} saved at {moment(at)}.")
    else:
        said = f"{row.left} left to score there" if row.left else f"all {row.asked} are saved"
        messages.info(request, f"{name}: nothing had changed since it was saved; {said}.")


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
    definition = load(assessment.framework_version.definition)
    tasks = progress.task_list(
        assessment=assessment,
        definition=definition,
        work=own_work(user=request.user, assessment=assessment, definition=definition),
    )
    return TemplateResponse(
        request,
        "assessments/scored.html",
        {"assessment": assessment, "noun": definition.noun, "tasks": tasks, "closed": closed},
    )
