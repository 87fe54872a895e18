"""What re-opening asks of the chair."""

import uuid

from django import forms

from assessments.forms.moves import REASON_MAX
from partnership.fields import looks


class ReopenForm(forms.Form):
    """Asks why. `based_on` is the version of the assessment's row that the page showed."""

    reason = looks(
        forms.CharField(
            label="Why?",
            help_text="Shown to everybody who may read either version, and printed in the new version's report.",
            max_length=REASON_MAX,
            widget=forms.Textarea({"rows": 4}),
            error_messages={"required": "Say why"},
        ),
        count=True,
    )
    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, assessment):
        super().__init__(data, initial={"based_on": assessment.version, "token": uuid.uuid4()})
