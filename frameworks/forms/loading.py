"""The form that takes a framework file."""

from django import forms

from frameworks.loading import examine
from frameworks.marks import LARGEST_FILE


class LoadForm(forms.Form):
    """A framework file; `examined` says what came of it."""

    file = forms.FileField(
        label="Framework file",
        help_text=f"YAML or an Excel workbook (.xlsx), up to {LARGEST_FILE // 1024 // 1024} MB.",
        error_messages={
            "required": "Choose a framework file",
            "empty": "The selected file is empty. Check it, and choose it again",
            "invalid": "The file did not arrive. Choose it again",
            "missing": "The file did not arrive. Choose it again",
        },
        widget=forms.FileInput({"accept": ".yaml,.yml,.xlsx"}),
    )
    examined = None

    def clean_file(self):
        file = self.cleaned_data["file"]
        # However large it is, no more than this is read.
        self.examined = examine(file.read(LARGEST_FILE + 1))
        return file
