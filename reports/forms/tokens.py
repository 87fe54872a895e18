"""The form in which a token for the API is made."""

from uuid import uuid4

from django import forms

from partnership.fields import DateField, looks


class TokenForm(forms.Form):
    name = forms.CharField(
        label="What is it for?",
        help_text="The tool or the team that will use it, such as “Power BI, performance team”",
        max_length=100,
        error_messages={
            "required": "Enter what the token is for",
            "max_length": "What the token is for must be 100 characters or fewer",
        },
    )
    expires_on = looks(
        DateField(
            label="Last day",
            subject="the last day",
            help_text="It works until the end of this day, a year from now at most",
            error_messages={"required": "Enter the last day"},
        )
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
