"""The form in which a chair lets a lead stand in."""

from django import forms

from assessments.workflow import Power
from partnership.fields import DateField
from partnership.revising import OnceForm


class StandInForm(OnceForm):
    """Who may do what in the chair's place, and on which days; `leads` are memberships."""

    lead = forms.ChoiceField(
        label="Who stands in?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who stands in", "invalid_choice": "Choose somebody who leads this place"},
    )
    powers = forms.MultipleChoiceField(
        label="What may they do?",
        choices=Power.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Withdrawing the assessment and re-opening it stay yours.",
        error_messages={"required": "Choose what they may do"},
    )
    starts_on = DateField(label="First day", subject="the first day")
    ends_on = DateField(label="Last day", subject="the last day", help_text="You can withdraw it before.")

    field_order = ["lead", "powers", "starts_on", "ends_on"]

    def __init__(self, *args, leads, **kwargs):
        super().__init__(*args, **kwargs)
        self.leads = {str(part.public_id): part for part in leads}
        self.fields["lead"].choices = [(key, part.user.name) for key, part in self.leads.items()]
        if len(self.leads) == 1:
            self.fields["lead"].initial = next(iter(self.leads))

    def clean_lead(self):
        return self.leads[self.cleaned_data["lead"]]
