"""The form of the page that checks a report."""

import hashlib

from django import forms
from django.conf import settings

from partnership.fields import FileField, looks
from reports.readiness_report import SHORT
from reports.sealed import HASH

GIVE_ONE = "Enter a hash, or choose the report’s file"


class VerifyForm(forms.Form):
    """A hash as it stands in a report, or the report itself; `cleaned_data["digest"]` is what to look for."""

    digest = looks(
        forms.CharField(
            label="Hash",
            required=False,
            help_text=f"The content hash stands at the foot of every page; its first {SHORT} characters are enough.",
            widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
        ),
        width=30,
    )
    file = FileField(
        label="Or the report’s file",
        required=False,
        help_text="The PDF as it was downloaded. It is compared and not kept.",
    )

    def clean_digest(self):
        digest = "".join(self.cleaned_data["digest"].split()).lower()
        if digest and not HASH.fullmatch(digest):
            raise forms.ValidationError(
                f"Enter {SHORT} to 64 characters, digits and the letters a to f, as they stand in the report"
            )
        return digest

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("This file is larger than any report. Enter the hash instead")
        return file

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        if bool(cleaned["digest"]) == bool(cleaned["file"]):
            self.add_error("digest", "Enter a hash or choose a file, not both" if cleaned["file"] else GIVE_ONE)
        elif cleaned["file"]:
            cleaned["digest"] = hashlib.file_digest(cleaned["file"], "sha256").hexdigest()
        return cleaned
