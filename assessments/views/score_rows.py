"""Items as a member scores them on a page: what stands in each row, and what becomes of the rows that are sent."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from assessments.forms.scoring import Controls, ScoreForm
from assessments.models import Score
from assessments.notes import Blank, Kept
from assessments.permissions import WrongState
from assessments.score_sheet import SheetItem, ShownItem
from assessments.services.scoring import Outcome, record_scores
from assessments.views import autosaving
from partnership.models import Stale


class Plain(NamedTuple):
    """
    What is shown of a row in which no words of the person's own stand: values alone, so that it is rendered once.

    It has what the template of an item asks for, under the same names; of what is not named here there is nothing.
    """

    sheet: ShownItem
    controls: Controls
    heading: str
    kept_as: str
    stored: str
    based_on: int
    shown: str
    extra: str
    saved_at: str
    notes: tuple[Blank, ...]


@dataclass(frozen=True)
class Row:
    """
    One item on the page.

    `form` holds what arrived, where it is kept on the page; where the item `is_open`, what is stored can be changed.
    Else nothing can be chosen any more. `problem` says why what was typed is not stored; `unsaved` repeats it where
    there is no form to keep it in. `is_conflict` when the stored score is shown beside it. `notes` are what the
    person's partners keep on the item.
    """

    sheet: SheetItem
    form: ScoreForm | None = None
    form_class: type[ScoreForm] = ScoreForm
    is_open: bool = False
    problem: str = ""
    unsaved: list | None = None
    is_conflict: bool = False
    notes: tuple[Kept, ...] = ()

    @property
    def score(self) -> Score | None:
        return self.sheet.score

    @property
    def can_choose(self):
        return self.is_open or self.form is not None

    @cached_property
    def controls(self):
        """What the item is scored with; None where nothing can be chosen."""
        if self.form is not None:
            return self.form.controls
        sheet = self.sheet
        return self.form_class.controls_of(sheet.item, sheet.scale, sheet.score) if self.is_open else None

    @cached_property
    def plain(self):
        """All that is shown of it, where that is what is stored and holds no words of the person's; else None."""
        controls = None if self.form or self.problem else self.controls
        if controls is None or controls.has_words or any(note.text for note in self.notes):
            return None
        told = (self.heading, self.kept_as, self.stored, self.based_on, self.shown, self.extra, self.saved_at)
        return Plain(self.sheet.values, controls, *told, tuple(note.blank for note in self.notes))

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
    def prefix(self):
        return self.form_class.prefix_of(self.sheet.item)

    @property
    def anchor(self):
        """Where on the page the item stands."""
        return self.form_class.anchor_of(self.sheet.item)

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
        return self._stored["shown"]

    @property
    def _keeps_what_arrived(self):
        return self.form is not None and not self.is_conflict

    @property
    def saved_at(self):
        """When what is stored was saved, as words after "Saved"; empty where that is not what the page shows."""
        return "" if self.problem else self._stored["saved"]

    @property
    def kept_as(self):
        """The name under which the person's browser keeps what has not reached the portal."""
        return f"{self.sheet.item.public_id}.{self.sheet.item.ballot}"

    @property
    def stored(self):
        """What is stored, for the page's script."""
        return json.dumps(self._stored)

    @cached_property
    def _stored(self):
        return autosaving.stored(self.score, self.form_class)

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
            return [(f"{number}: {self.problem}", self.anchor)]
        # Of radios, the first is led to.
        return [
            (f"{number}: {text}", self.form[name].auto_id + ("_0" if name in {"choice", "confidence"} else ""))
            for name, texts in self.form.errors.items()
            for text in texts
        ]


@dataclass(frozen=True)
class Saving:
    """
    What became of the rows that were sent: `changed` are their forms by the item's key, `closed` why none was saved.

    `outcomes` are of those that were sound.
    """

    form_class: type[ScoreForm]
    at: datetime
    changed: dict = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)
    closed: str = ""

    @property
    def refusals(self):
        return {outcome.entry.item.pk: outcome.refusal for outcome in self.outcomes if outcome.refusal}

    @property
    def is_whole(self):
        """Whether everything that had changed is stored."""
        return len(self.outcomes) == len(self.changed) and not self.refusals

    @property
    def saved(self):
        return [outcome.entry.item for outcome in self.outcomes if not outcome.refusal]

    def rows(self, items):
        """Return the rows of a page that says so, of items that were read again since."""
        if self.closed:
            return [self._late(each) for each in items]
        refusals = self.refusals
        return [
            make_row(
                each,
                self.form_class,
                is_open=True,
                form=self.changed.get(each.item.pk),
                refusal=refusals.get(each.item.pk),
            )
            for each in items
        ]

    def _late(self, each):
        form = self.changed.get(each.item.pk)
        if form is None:
            return Row(each, form_class=self.form_class)
        problem = "Scoring closed before this arrived"
        return Row(each, form_class=self.form_class, problem=problem, unsaved=form.in_words())


def record(request, assessment, items, form_class):
    """Record what was sent of these items, as far as it is sound and has changed."""
    forms = {
        each.item.pk: form_class(request.POST, item=each.item, scale=each.scale, score=each.score) for each in items
    }
    changed = {pk: form for pk, form in forms.items() if form.is_changed}
    sound = [form for form in changed.values() if form.is_valid()]
    at = timezone.now()
    try:
        outcomes = record_scores(
            assessment=assessment, entries=[form.entry() for form in sound], by=request.user, at=at
        )
    except WrongState as error:
        return Saving(form_class, at, changed, closed=str(error))
    return Saving(form_class, at, changed, outcomes)


def make_row(each, form_class, *, is_open, form=None, refusal=None):
    """Return an item's row: with what was typed where that is not stored, else with what is."""
    is_open = is_open and each.item.open_for_scoring
    if isinstance(refusal, Stale):
        problem = "This was changed elsewhere after you opened the page"
        return Row(each, form, form_class, problem=problem, is_conflict=True)
    if refusal:
        kept = form if is_open else None
        return Row(each, kept, form_class, problem=str(refusal), unsaved=form.in_words())
    if form and form.errors:
        return Row(each, form, form_class, problem="Not saved yet")
    return Row(each, form_class=form_class, is_open=is_open)


class ShownLevel(NamedTuple):
    """A level as components show it; nothing in it changes, so that what shows it can be kept."""

    rank: int
    place: int
    number: int | str
    name: str
    text: str


def shown_levels(scale, texts=None, *, is_numbered=True):
    """Return a scale as templates/components show it; `texts` say what its levels mean, by rank."""
    return tuple(
        ShownLevel(
            level.rank,
            place,
            level.rank if is_numbered else "",
            level.name,
            (texts or {}).get(level.rank, "") or level.meaning,
        )
        for place, level in enumerate(scale.levels, start=1)
    )
