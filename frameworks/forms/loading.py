"""The form that takes a framework file."""

from django import forms

from frameworks.forms import checked
from frameworks.loading import examine
from frameworks.marks import LARGEST_FILE
from partnership.fields import FileField

NOT_CHOSEN = "Choose a framework file"


class LoadForm(forms.Form):
    """
    A framework file, or in `read` one that was checked before, as `frameworks.forms.checked` sealed it for this person.

    `name` is the file's, `content` what is in it and `examined` what came of it; None where there is no file.
    """

    file = FileField(
        label="Framework file",
        help_text=f"YAML or an Excel workbook (.xlsx), up to {LARGEST_FILE // 1024 // 1024} MB.",
        required=False,
        widget=forms.FileInput({"accept": ".yaml,.yml,.xlsx"}),
    )
    name, content, examined = "", None, None

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_file(self):
        if file := self.cleaned_data["file"]:
            # However large it is, no more than this is read.
            self._take(file.name, file.read(LARGEST_FILE + 1))
        elif sealed := self.data.get("read"):
            try:
                self._take(*checked.unseal(sealed, user=self.user))
            except checked.NotKept as error:
                raise forms.ValidationError(str(error)) from error
        else:
            raise forms.ValidationError(NOT_CHOSEN, code="required")
        return file

    def _take(self, name, content):
        self.name, self.content, self.examined = name, content, examine(content)
