"""What each move asks of the person who makes it."""

import uuid

from django import forms

from assessments.workflow import MOVES, Move
from partnership.fields import DateField, looks

REASON_MAX = 2000


class MoveForm(forms.Form):
    """A move that asks for nothing more than the decision. `based_on` is the version that the page showed."""

    move = None

    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, assessment, prospect, chosen=()):
        self.prospect = prospect
        super().__init__(data, initial={"based_on": assessment.version, "token": uuid.uuid4(), "items": list(chosen)})
        if MOVES[self.move].needs_reason:
            self.fields["reason"] = looks(
                forms.CharField(
                    label="Why?",
                    help_text="Kept on record with the move. Read by everybody of the place and of its ICB.",
                    max_length=REASON_MAX,
                    widget=forms.Textarea({"rows": 4}),
                    error_messages={"required": "Say why"},
                ),
                count=True,
            )

    def extras(self):
        """Return what the service asks for beside, by its names."""
        return {}


class OpenScoringForm(MoveForm):
    move = Move.OPEN_SCORING


class CloseScoringForm(MoveForm):
    move = Move.CLOSE_SCORING


class ScoreAgainForm(MoveForm):
    """Chooses items, by their public identifiers."""

    move = Move.SCORE_AGAIN

    items = forms.MultipleChoiceField(
        label="Which items?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one item", "invalid_choice": "Choose items of this assessment"},
    )

    def __init__(self, *args, items=(), **kwargs):
        """Take `items` as pairs of an item row and the sentence on how its scores lie."""
        self.offered = {str(item.public_id): item for item, _ in items}
        super().__init__(*args, **kwargs)
        field = self.fields["items"]
        field.choices = [
            (str(item.public_id), f"{item.criterion.code}.{item.name} {item.statement}") for item, _ in items
        ]
        looks(field, size="m", small=True, hints={str(item.public_id): sentence for item, sentence in items})

    def extras(self):
        return {"items": [self.offered[key] for key in self.cleaned_data["items"]]}


class PutUpForm(MoveForm):
    """Asks, where something is unsettled, to accept that it is frozen as it is."""

    move = Move.PUT_UP

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        gaps = self.prospect.gaps
        if gaps:
            self.fields["gaps"] = forms.CharField(widget=forms.HiddenInput, initial=" ".join(gap.key for gap in gaps))
            self.fields["accepted"] = forms.BooleanField(
                label="Put it up as incomplete: what is listed above has no agreed level",
                error_messages={
                    "required": "Tick the box if the assessment is to be signed as incomplete, or settle what is listed"
                },
            )

    def extras(self):
        return {"accepted_gaps": frozenset(self.cleaned_data.get("gaps", "").split())}


class TakeBackForm(MoveForm):
    move = Move.TAKE_BACK


class SealForm(MoveForm):
    """Asks where the signing was decided."""

    move = Move.SEAL

    meeting_on = DateField(
        label="When did the board meet to confirm this?",
        subject="the date of the meeting",
        help_text="For example, 10 12 2026",
    )
    minute_reference = looks(
        forms.CharField(
            label="Reference of the minute",
            help_text="As the minutes number it, such as PB/26/114",
            max_length=100,
            error_messages={"required": "Enter the reference of the minute"},
        ),
        width=20,
    )

    def extras(self):
        return {name: self.cleaned_data[name] for name in ("meeting_on", "minute_reference")}


class SubmitForm(MoveForm):
    move = Move.SUBMIT


class WithdrawForm(MoveForm):
    move = Move.WITHDRAW


FORMS = {
    form.move: form
    for form in (
        OpenScoringForm,
        CloseScoringForm,
        ScoreAgainForm,
        PutUpForm,
        TakeBackForm,
        SealForm,
        SubmitForm,
        WithdrawForm,
    )
}
