"""The form in which a person chooses which e-mails to get."""

from django import forms

from partnership.fields import looks
from partnership.services.preferences import Kind


class PreferencesForm(forms.Form):
    kinds = looks(
        forms.MultipleChoiceField(
            label="Send me",
            choices=[
                (Kind.REMINDERS.value, "Reminders before a deadline"),
                (Kind.DIGEST.value, "A weekly summary of what waits for me"),
                (Kind.REVIEWS.value, "News of reviews"),
            ],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        ),
        size="m",
        hints={
            Kind.REMINDERS.value: "A week before something of yours is due, and again the day before",
            Kind.DIGEST.value: "At the beginning of the week, if anything waits for you",
            Kind.REVIEWS.value: "When a place submits, a question is asked or answered, a review is shared or the ICB "
            "decides. What waits for you is always on your home page, too",
        },
    )
