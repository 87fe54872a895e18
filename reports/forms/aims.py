"""The forms in which a place says what it aims for: levels of its criteria by a day, and the day of a pathway."""

import uuid

from django import forms

from partnership.fields import DateField, looks
from partnership.revising import CHANGED_MEANWHILE, show_overtaken

REASON_MAX = 2000


def reason_field(**options):
    return looks(
        forms.CharField(max_length=REASON_MAX, required=False, widget=forms.Textarea({"rows": 3}), **options),
        count=True,
    )


class AimForm(forms.Form):
    """`based_on` is the number of what the page showed, 0 for nothing."""

    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, number, initial=None):
        super().__init__(data, initial={"based_on": number, "token": uuid.uuid4()} | (initial or {}))

    def show_conflict(self, number):
        """Say that somebody was quicker; a further save, made knowing that, replaces what is stored."""
        self.data = self.data.copy()
        self.data["based_on"] = number
        show_overtaken(self, CHANGED_MEANWHILE)


class TargetsForm(AimForm):
    """A level for each criterion, or none, with the day by which they are to be reached."""

    reach_by = DateField(
        label="To be reached by", subject="the day by which the targets are to be reached", required=False
    )
    reason = reason_field(
        label="What they rest on (optional)",
        help_text="A plan, a decision of the board. Shown to everybody who sees the targets, with the day and "
        "your name, and printed in the report.",
    )

    field_order = ["reach_by", "reason", "based_on", "token"]

    def __init__(self, data=None, *, criteria, levels, chosen, reach_by, number):
        """Offer `levels`, pairs of rank and name, for each criterion; `chosen` are the ranks to begin with by code."""
        super().__init__(data, number=number, initial={"reach_by": reach_by})
        for code, name in criteria:
            self.fields[f"level-{code}"] = forms.TypedChoiceField(
                label=f"Target for {code} {name}",
                choices=[("", "No target"), *levels],
                coerce=int,
                empty_value=None,
                required=False,
                initial=chosen.get(code),
                widget=forms.Select({"class": "nhsuk-select"}),
                error_messages={"invalid_choice": f"Choose one of the framework’s levels for {code}"},
            )

    @property
    def levels(self):
        """The chosen ranks by criterion."""
        given = {name.removeprefix("level-"): rank for name, rank in self.cleaned_data.items() if "level-" in name}
        return {code: rank for code, rank in given.items() if rank is not None}

    def clean(self):
        cleaned = super().clean()
        if not self.errors and self.levels and not cleaned["reach_by"]:
            self.add_error("reach_by", "Enter the day by which the targets are to be reached")
        return cleaned


class PathwayDateForm(AimForm):
    """The day on which a place means to go down a pathway; a day that is planned anew needs a reason."""

    planned_on = DateField(label="Planned for", subject="the day that is planned")
    reason = reason_field(
        label="Why",
        help_text="Shown to everybody who sees the day, with your name, in its history, and printed in the report.",
    )

    field_order = ["planned_on", "reason", "based_on", "token"]

    def __init__(self, data=None, *, number, planned_on=None):
        super().__init__(data, number=number, initial={"planned_on": planned_on})
        if not number:
            self.fields["reason"].label = "What it rests on (optional)"
