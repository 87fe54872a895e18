"""The form in which the programme office writes a help page."""

from django import forms

from partnership.fields import looks
from partnership.services.help_texts import MOST_CHARACTERS


class HelpTextForm(forms.Form):
    text = looks(
        forms.CharField(
            label="Text",
            help_text=(
                "Everybody of the system reads it. An empty line begins a paragraph, ## a heading, - a point of a "
                "list; **words** become bold, and [words](https://www.example.org) a link."
            ),
            required=False,
            max_length=MOST_CHARACTERS,
            widget=forms.Textarea({"rows": 24}),
            error_messages={"max_length": f"The text must be {MOST_CHARACTERS:,} characters or fewer"},
        )
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
