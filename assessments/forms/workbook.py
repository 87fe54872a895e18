"""The form that takes a scoring workbook back."""

from django import forms

from frameworks.marks import LARGEST_FILE
from partnership.fields import FileField


class WorkbookForm(forms.Form):
    file = FileField(
        label="Your filled workbook",
        help_text=f"An Excel workbook (.xlsx), up to {LARGEST_FILE // 1024 // 1024} MB.",
        error_messages={"required": "Choose your filled workbook"},
        widget=forms.FileInput({"accept": ".xlsx"}),
    )

    @property
    def content(self):
        """What the file holds; however large it is, no more than this is read."""
        return self.cleaned_data["file"].read(LARGEST_FILE + 1)
