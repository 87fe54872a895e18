"""The forms with which an administrator lets somebody leave."""

from uuid import uuid4

from django import forms

from partnership.fields import DateField
from partnership.models import User


class LeavingForm(forms.Form):
    """When somebody leaves, what, and who takes over."""

    last_day = DateField(
        label="Last day",
        subject="the last day",
        help_text="Whoever takes over begins on the day after. If it is today or past, the person is out at once.",
    )
    where = forms.ChoiceField(label="What they leave", required=False)
    successor = forms.EmailField(
        label="E-mail address of whoever takes over (optional)",
        required=False,
        help_text="They must have been added before. Without one, nothing is handed over.",
        error_messages={"invalid": "Enter an e-mail address in the correct form, like name@example.com"},
    )

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        there = dict.fromkeys(part.place or part.system for part in parts)
        self.places = {str(where.public_id): where for where in there}
        self.fields["where"].choices = [("", "Everything"), *((key, str(where)) for key, where in self.places.items())]

    def clean_successor(self):
        email = self.cleaned_data["successor"].strip().lower()
        if not email:
            return None
        person = User.objects.filter(email=email, is_active=True).first()
        if person is None:
            raise forms.ValidationError("Nobody with this address may sign in. Add the person first")
        return person

    def clean_where(self):
        return self.places.get(self.cleaned_data["where"])


class ConfirmLeavingForm(forms.Form):
    """The word that what was shown is to be done: `shown` is its digest."""

    shown = forms.CharField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
