"""The form in which a member scores one evidence item; a page holds one for each item of a criterion."""

import hashlib
import json
from typing import NamedTuple

from django import forms

from assessments.models import Judgement, Score
from assessments.services.scoring import COMPARED, Entry
from partnership.fields import LevelRow, looks

OTHER_CHOICES = {Judgement.CANNOT_JUDGE.value, Judgement.NOT_APPLICABLE.value}
CONFIDENCES = [("", "I would rather not say"), *Score.Confidence.choices]
TYPED = ("choice", "reason", "confidence", "comment")
NO_ERRORS = dict.fromkeys(TYPED, ())


def fingerprint(values, names=COMPARED):
    """Return a short digest of what a form shows, so that a post tells whether the person changed anything."""
    parts = ["" if values.get(name) is None else values[name] for name in names]
    text = json.dumps(parts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stored_values(score):
    """Return the values of a score as the form compares them; all empty where there is none."""
    return {name: getattr(score, name) if score else None for name in COMPARED}


def as_typed(score):
    """Return the values of a score as its form's controls hold them; all empty where there is none."""
    if not score:
        return dict.fromkeys(TYPED, "")
    choice = str(score.level if score.judgement == Judgement.LEVEL else score.judgement)
    return {"choice": choice, "reason": score.reason, "confidence": score.confidence, "comment": score.comment}


class Option(NamedTuple):
    """One of the choices of a row of radios."""

    id: str
    name: str
    value: str
    label: str
    rank: str
    checked: bool
    disabled: bool = False


class Controls(NamedTuple):
    """
    What the controls of an item show, for the template that writes them out (`assessments/_score_controls.html`).

    A page has hundreds of them. Mostly they show what is stored, for which no form is made; nor is the template pack
    asked, which would render each widget by itself. Being values alone they are rendered once, where no words of the
    person's stand in them. `wrong` pairs a field's name with what is wrong with it.
    """

    prefix: str
    legend: str
    choices: tuple[tuple[str, str], ...]
    choice: str = ""
    reason: str = ""
    confidence: str = ""
    comment: str = ""
    wrong: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def has_words(self):
        return bool(self.reason or self.comment or self.wrong)

    @property
    def errors(self):
        return NO_ERRORS | dict(self.wrong)

    @property
    def id(self):
        """What the ids of the controls begin with."""
        return f"id_{self.prefix}"

    @property
    def choice_error_id(self):
        return f"{self.id}-choice-error" if self.errors["choice"] else ""

    @property
    def options(self):
        """The levels and other judgements, as components/level_row.html takes them."""
        return self._options("choice", self.choice, self.choices)

    @property
    def confidences(self):
        return self._options("confidence", self.confidence, CONFIDENCES)

    def _options(self, name, chosen, choices):
        name = f"{self.prefix}-{name}"
        return tuple(
            Option(f"id_{name}_{place}", name, value, label, value if value.isdigit() else "", value == chosen)
            for place, (value, label) in enumerate(choices)
        )


class ScoreForm(forms.Form):
    """
    One item's judgement. Nothing is required: an item may be left for later.

    `choice` is a rank of the scale, or one of the judgements without a level. `based_on` is the version of the score
    that the page showed, and `shown` the fingerprint of its values.
    """

    compared = COMPARED
    nothing_chosen = "Choose {one}, or “cannot judge”, so that the rest can be saved with it"
    choice = looks(forms.ChoiceField(label="What you chose", required=False, widget=LevelRow), hide_label=True)
    reason = looks(
        forms.CharField(
            label="Why is it not applicable here?",
            help_text="The board reads this after the chair has closed scoring.",
            required=False,
            max_length=Score.REASON_MAX,
            widget=forms.Textarea({"rows": 2}),
            error_messages={"max_length": "Say why it is not applicable in 2,000 characters or fewer"},
        )
    )
    confidence = looks(
        forms.ChoiceField(label="How sure are you?", required=False, choices=CONFIDENCES, widget=forms.RadioSelect),
        inline=True,
        small=True,
    )
    comment = looks(
        forms.CharField(
            label="Comment for the board",
            help_text=("Read by the board, with your name, after the chair has closed scoring. Never by the ICB."),
            required=False,
            max_length=Score.COMMENT_MAX,
            widget=forms.Textarea({"rows": 3}),
            error_messages={"max_length": "The comment must be 4,000 characters or fewer"},
        )
    )
    based_on = forms.CharField(required=False, widget=forms.HiddenInput)
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, item, scale, score=None):
        self.item, self.score = item, score
        super().__init__(data, prefix=self.prefix_of(item), initial=as_typed(score))
        self.noun = "answer" if item.is_checklist else "level"
        self.fields["choice"].label = _legend(item)
        self.fields["choice"].choices = _choices(scale)
        self.fields["choice"].error_messages["invalid_choice"] = f"Choose one of the {self.noun}s"

    @staticmethod
    def prefix_of(item):
        """Return what the names of an item's fields begin with, in every criterion's page."""
        return f"item{item.number}"

    @staticmethod
    def anchor_of(item):
        """Return where on its page an item stands."""
        return f"item-{item.number}"

    @classmethod
    def shown_of(cls, score):
        """Return the fingerprint of a stored score, as far as this form asks for it."""
        return fingerprint(stored_values(score), cls.compared)

    @classmethod
    def controls_of(cls, item, scale, score):
        """Return what an item's form shows where nothing has arrived: what is stored."""
        return Controls(cls.prefix_of(item), _legend(item), _choices(scale), **as_typed(score))

    @property
    def controls(self):
        """What this form shows: what has arrived, with what is wrong with it."""
        names = [name for name in TYPED if name in self.fields]
        return Controls(
            self.prefix,
            self.fields["choice"].label,
            tuple(self.fields["choice"].choices),
            **{name: self[name].value() or "" for name in names},
            wrong=tuple((name, tuple(self.errors[name])) for name in names if name in self.errors),
        )

    @property
    def is_changed(self):
        """Whether what arrived differs from what the page had shown; what was never on the page is no change."""
        shown = (self.data.get(self.add_prefix("shown")) or "").strip()
        return fingerprint(self.typed(), self.compared) != (shown or self.shown_of(None))

    def typed(self):
        """Return what arrived, sound or not, as values of a score."""
        text = {name: (self.data.get(self.add_prefix(name)) or "").replace("\r\n", "\n").strip() for name in TYPED}
        choice = text.pop("choice")
        judgement = choice if choice in OTHER_CHOICES or not choice else Judgement.LEVEL.value
        if judgement != Judgement.NOT_APPLICABLE:
            text["reason"] = ""
        level = choice if judgement == Judgement.LEVEL else None
        return {"judgement": judgement, "level": int(level) if _is_number(level) else level, **text}

    def in_words(self):
        """Return what arrived, for a page that can only repeat it: label and text of each part that says something."""
        typed = self.typed()
        choices = dict(self.fields["choice"].choices)
        chosen = self.data.get(self.add_prefix("choice")) or ""
        parts = [
            ("Your choice", choices.get(chosen, chosen)),
            ("Why it is not applicable", typed["reason"]),
            ("How sure", dict(Score.Confidence.choices).get(typed["confidence"], "")),
            ("Your comment", typed["comment"]),
        ]
        return [(label, text) for label, text in parts if text]

    def clean(self):
        data = super().clean()
        if "choice" in data and not data["choice"]:
            one = f"{'an' if self.noun == 'answer' else 'a'} {self.noun}"
            self.add_error("choice", self.nothing_chosen.format(one=one))
        if data.get("choice") == Judgement.NOT_APPLICABLE and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say why it is not applicable")
        return data

    def entry(self):
        """Return what a sound form asks the service to record."""
        choice = self.cleaned_data["choice"]
        other = choice in OTHER_CHOICES
        based_on = self.cleaned_data["based_on"]
        return Entry(
            item=self.item,
            judgement=choice if other else Judgement.LEVEL,
            level=None if other else int(choice),
            reason=self.cleaned_data["reason"],
            **self.beside(),
            based_on=int(based_on) if _is_number(based_on) else 0,
        )

    def beside(self):
        """Return what is recorded beside the judgement itself."""
        return {name: self.cleaned_data[name] for name in ("confidence", "comment")}


class ListedScoreForm(ScoreForm):
    """One item's judgement among all items of the assessment; confidence and comment stay as they are stored."""

    compared = ("judgement", "level", "reason")

    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        del self.fields["confidence"], self.fields["comment"]

    @staticmethod
    def prefix_of(item):
        return f"{item.criterion.code}-item{item.number}"

    @staticmethod
    def anchor_of(item):
        return f"item-{item.criterion.code}-{item.number}"

    def beside(self):
        # If they have changed since the page was opened, the version that it is based on says so.
        return {name: getattr(self.score, name) if self.score else "" for name in ("confidence", "comment")}


def _legend(item):
    return f"Your answer to statement {item.name}" if item.is_checklist else f"Your level for item {item.number}"


def _choices(scale):
    return (
        *((str(level.rank), level.name) for level in scale.levels),
        (Judgement.CANNOT_JUDGE.value, Judgement.CANNOT_JUDGE.label),
        (Judgement.NOT_APPLICABLE.value, Judgement.NOT_APPLICABLE.label),
    )


def _is_number(text):
    return bool(text) and text.isascii() and text.isdigit() and len(text) < 10
