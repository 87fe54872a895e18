"""The form with which a system's page is narrowed: it only writes the address, which says all."""

from django import forms

from assessments.workflow import State
from reports.matrix import STANDINGS


class SystemForm(forms.Form):
    """Sent by GET."""

    round = forms.ChoiceField(label="Round", required=False)
    domain = forms.ChoiceField(required=False)
    standing = forms.ChoiceField(label="Standing", required=False, choices=[("", "Any"), *STANDINGS.items()])
    state = forms.ChoiceField(label="State of the assessment", required=False)

    def __init__(self, *, shown, rounds, domains, tier, states):
        super().__init__(initial=shown)
        self.fields["round"].choices = [(str(each.public_id), each.name) for each in rounds]
        self.fields["domain"].label = tier
        self.fields["domain"].choices = [("", "Any"), *domains]
        self.fields["state"].choices = [("", "Any"), *((state, State(state).label) for state in states)]
