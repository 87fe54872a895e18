"""The forms of the agreeing page: settle a level, record dissent, accept what nobody disputes."""

import re
import uuid

from django import forms

from assessments.models import Judgement
from assessments.services.agreeing import Entry
from partnership.fields import LevelRow, looks

TEXT_MAX = 4000
LEVEL_CHOICE_MISSING = "Choose a level, or that the item does not apply"
ANSWER_CHOICE_MISSING = "Choose an answer, or that the statement does not apply"


class AgreeForm(forms.Form):
    """What the board settles on for one item. `based_on` is the version of the agreement that the page showed."""

    choice = forms.ChoiceField(label="Agreed level", error_messages={"required": LEVEL_CHOICE_MISSING})
    reason = looks(
        forms.CharField(
            label="Rationale",
            required=False,
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 2}),
            help_text="Printed in the report. Needed where the scores are split, and where the level differs from "
            "the lower median or is “not applicable”.",
        ),
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data=None, *, number, scale, agreement=None, median=None, is_checklist=False):
        initial = {"based_on": 0, "choice": median}
        if agreement:
            choice = agreement.judgement if agreement.level is None else agreement.level
            initial = {"based_on": agreement.version, "choice": choice, "reason": agreement.reason}
        super().__init__(data, prefix=f"agree{number}", initial=initial)
        field = self.fields["choice"]
        field.widget = LevelRow()
        field.choices = [
            *((str(level.rank), level.name) for level in scale.levels),
            (Judgement.NOT_APPLICABLE.value, Judgement.NOT_APPLICABLE.label),
        ]
        self.stored = (str(initial["choice"]), initial["reason"]) if agreement else ("", "")
        if is_checklist:
            field.label = "Agreed answer"
            looks(field, hide_label=True)
        missing = ANSWER_CHOICE_MISSING if is_checklist else LEVEL_CHOICE_MISSING
        field.error_messages |= {"required": missing, "invalid_choice": missing}

    @property
    def is_new(self):
        """Say whether what was sent is to be recorded: what nobody chose or typed anything for stays as it is."""
        choice, reason = (self[name].value() or "" for name in ("choice", "reason"))
        return (choice, reason.splitlines()) != (self.stored[0], self.stored[1].splitlines())

    def settled(self):
        """Return the judgement and level that were chosen."""
        choice = self.cleaned_data["choice"]
        if choice == Judgement.NOT_APPLICABLE:
            return {"judgement": Judgement.NOT_APPLICABLE, "level": None}
        return {"judgement": Judgement.LEVEL, "level": int(choice)}

    def entry(self, item):
        """Return what was chosen for an item, as the service takes it."""
        return Entry(item, reason=self.cleaned_data["reason"], based_on=self.cleaned_data["based_on"], **self.settled())


class DissentForm(forms.Form):
    """A member's disagreement with what was agreed."""

    text = forms.CharField(
        label="What do you disagree with, and why?",
        help_text="Printed in the report beside the agreed level. It cannot be changed later. While "
        "the board is agreeing, you can withdraw it.",
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say what you disagree with, and why"},
    )
    attributed = forms.TypedChoiceField(
        label="How should it be recorded?",
        help_text="Without a name, no page or report says who wrote it. The portal's audit record, which no page "
        "shows, keeps it in either case.",
        choices=[("yes", "Under my organisation's name"), ("no", "Without a name")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether your organisation is named"},
    )
    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, number, agreement):
        initial = {"based_on": agreement.version if agreement else 0, "token": uuid.uuid4()}
        super().__init__(data, prefix=f"dissent{number}", initial=initial)


class LeaveOutForm(forms.Form):
    """Leaves out an optional part. `shown` gives the versions of what is agreed on its items, by their keys."""

    reason = forms.CharField(
        label="Why does this part not apply to the place?",
        help_text="Printed in the report beside each of its items.",
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why the part does not apply"},
    )
    shown = forms.CharField(required=False, max_length=100_000, widget=forms.HiddenInput)

    def __init__(self, data=None, *, shown):
        super().__init__(data, initial={"shown": " ".join(f"{key}:{version}" for key, version in shown.items())})

    def clean_shown(self):
        pairs = re.findall(r"(\d{1,18}):(\d{1,9})", self.cleaned_data["shown"])
        return {int(key): int(version) for key, version in pairs}


class WithdrawForm(forms.Form):
    """A member takes back a dissent of theirs."""

    look = forms.TypedChoiceField(
        label="What should become of it?",
        help_text="The board reads it on this page, and everybody who reads the report there. Neither says who "
        "withdrew a dissent without a name.",
        choices=[("show", "Go on showing it, and say that it was withdrawn"), ("leave", "Leave it out everywhere")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether it is shown as withdrawn or left out"},
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, key):
        super().__init__(data, prefix=f"withdraw{key}", initial={"token": uuid.uuid4()})


class UndisputedForm(forms.Form):
    """Accepts what nobody disputes; the page lists it."""

    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None):
        super().__init__(data, initial={"token": uuid.uuid4()})
