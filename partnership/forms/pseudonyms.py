"""The form with which an administrator pseudonymises somebody."""

from uuid import uuid4

from django import forms

from partnership.fields import looks


class PseudonymForm(forms.Form):
    """Asks for the person's address as a confirmation, and what becomes of words that can be erased."""

    erase_words = looks(
        forms.BooleanField(
            label="Erase the words that can be erased, too", required=False, help_text="Nothing else goes with them."
        ),
        small=True,
    )
    confirmation = forms.CharField(
        label="Type their e-mail address to confirm",
        max_length=254,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Type their e-mail address"},
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args, can_erase, **kwargs):
        super().__init__(*args, **kwargs)
        if not can_erase:
            del self.fields["erase_words"]
