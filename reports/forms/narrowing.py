"""The form with which a dashboard is narrowed: it only writes the address, which says all."""

from django import forms

from partnership.fields import looks
from reports.narrowing import ONLY, STANDINGS


class NarrowingForm(forms.Form):
    """Sent by GET. What else the address says, `kept`, is sent along."""

    domain = forms.ChoiceField(required=False)
    standing = forms.ChoiceField(label="Standing", required=False, choices=[("", "Any"), *STANDINGS.items()])
    only = looks(
        forms.MultipleChoiceField(
            label="Only criteria", required=False, choices=list(ONLY.items()), widget=forms.CheckboxSelectMultiple
        ),
        small=True,
    )

    def __init__(self, *, narrowing, domains, tier, kept):
        super().__init__(initial=narrowing.query)
        self.fields["domain"].label = tier
        self.fields["domain"].choices = [("", "Any"), *((each["code"], each["name"]) for each in domains)]
        for name, value in kept.items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=value)
