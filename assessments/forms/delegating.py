"""The form in which a signatory names a deputy."""

import uuid

from django import forms

from partnership.fields import DateField

THIS, DAYS = "THIS", "DAYS"
ONLY_DAYS = "Only where your deputy is named from one day to another."


class DeputyForm(forms.Form):
    """Who may sign in the signatory's place, and for how long; `people` are memberships."""

    deputy = forms.ChoiceField(
        label="Deputy",
        help_text="People with a part for your organisation at this place. Everybody at the place sees whom you name.",
        error_messages={"required": "Choose your deputy", "invalid_choice": "Choose somebody from the list"},
    )
    scope = forms.ChoiceField(
        label="What may they sign?",
        choices=[(THIS, "This assessment"), (DAYS, "Whatever is up for signature from one day to another")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what your deputy may sign"},
    )
    starts_on = DateField(label="First day", subject="the first day", required=False, help_text=ONLY_DAYS)
    ends_on = DateField(label="Last day", subject="the last day", required=False, help_text=ONLY_DAYS)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, people):
        super().__init__(data, initial={"token": uuid.uuid4(), "scope": THIS})
        self.people = {str(part.public_id): part for part in people}
        names = [(key, f"{part.user.name} ({part.get_role_display().lower()})") for key, part in self.people.items()]
        self.fields["deputy"].choices = [("", "Choose a person"), *names]

    def clean(self):
        data = super().clean()
        if data.get("scope") == DAYS:
            for name, missing in (("starts_on", "Enter the first day"), ("ends_on", "Enter the last day")):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        else:
            data["starts_on"] = data["ends_on"] = None
        return data

    def said(self):
        """Return what `services.delegating.name_deputy` asks for."""
        data = self.cleaned_data
        return {
            "deputy": self.people[data["deputy"]],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "token": data["token"],
        }
