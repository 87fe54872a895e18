"""Forms of the evidence register."""

from django import forms
from django.conf import settings

from assessments import uploads
from assessments.models import Artefact
from partnership.fields import DateField, FileField, looks
from partnership.models import Organisation
from partnership.revising import OnceForm, RevisionForm, show_overtaken

STRENGTH_HINTS = {
    "0": "It shows nothing yet, or is out of date",
    "1": "A plan, a strategy or terms of reference",
    "2": "Minutes, guidance or a procedure that people follow",
    "3": "Figures that show a result",
    "4": "An inspection, audit or evaluation by somebody else",
}
SENSITIVITY_HINTS = {
    "PUBLIC": "It is published, or could be",
    "PARTNERSHIP": "The place reads it, and the ICB once an assessment that cites it is submitted",
    "BOARD": "Only the board reads it: its chair, members, signatories and the place lead",
}
CHOOSE_AGAIN = "Choose the file again: browsers do not keep it when a page comes back"


class ArtefactForm(forms.Form):
    """
    What is said of an artefact, and where it is held.

    `has_file` where it holds one already; `proposes` where the person may say how strong it is. What was proposed can
    be changed, not taken back.
    """

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter a title"})
    kind = forms.ChoiceField(
        label="What it is",
        choices=Artefact.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    file = FileField(label="File", required=False)
    no_patients = forms.BooleanField(
        label="This file holds no information about patients or service users",
        required=False,
        help_text="Needed with a file. Never upload anything that names or describes one.",
    )
    url = forms.URLField(
        label="Link, if it is held elsewhere",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="An address that begins with https:// – a file or a link, not both.",
        error_messages={"invalid": "Enter a link in full, such as https://www.example.org/report"},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="Without a file or a link, say here where it is held. Read by those who may see "
        "the artefact, which depends on its mark; printed in reports that cite it, unless it is for the board only.",
    )
    owner = forms.ModelChoiceField(
        label="Organisation that owns it",
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="Not stated",
        error_messages={"invalid_choice": "Choose an organisation that is a partner of the place"},
    )
    dated_on = DateField(
        label="Date of the document",
        required=False,
        help_text="For example 27 3 2026. Leave it empty where the document states no date.",
    )
    review_by = DateField(
        label="Review by",
        required=False,
        help_text="The last day on which it counts as up to date. Leave it empty if there is none.",
    )
    sensitivity = looks(
        forms.ChoiceField(
            label="Who may read it",
            choices=Artefact.Sensitivity.choices,
            widget=forms.RadioSelect,
            initial=Artefact.Sensitivity.PARTNERSHIP,
            error_messages={"required": "Choose who may read it"},
        ),
        hints=SENSITIVITY_HINTS,
    )
    strength = looks(
        forms.TypedChoiceField(
            label="How strong it is as evidence",
            choices=[("", "Not yet proposed"), *Artefact.Strength.choices],
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            help_text="Until it is proposed, the artefact counts as no evidence.",
        ),
        hints=STRENGTH_HINTS,
    )

    def __init__(self, *args, partners, proposes, has_file=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_file = has_file
        self.fields["owner"].queryset = partners
        self.fields["file"].help_text = f"{uploads.ACCEPTED}, up to {uploads.megabytes(settings.UPLOAD_MAX_BYTES)}." + (
            " It replaces the file that is kept now." if has_file else ""
        )
        if not proposes:
            del self.fields["strength"]
        elif self.initial.get("strength") is not None:
            self.fields["strength"].choices = Artefact.Strength.choices

    def full_clean(self):
        super().full_clean()
        if self.is_bound and self._errors:
            self._ask_for_file_again()

    def clean_file(self):
        chosen = self.cleaned_data["file"]
        if not chosen:
            return None
        try:
            return uploads.check(chosen.file, name=chosen.name, max_bytes=settings.UPLOAD_MAX_BYTES)
        except uploads.UploadRefused as error:
            raise forms.ValidationError(str(error)) from error

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url and not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError("The link must begin with https:// or http://")
        return url

    def clean(self):
        values = super().clean()
        chosen = "file" in self.files
        if chosen and not values.get("no_patients"):
            self.add_error("no_patients", "Tick to say that the file holds nothing about patients or service users")
        if chosen and values.get("url"):
            self.add_error("url", "Give a file or a link, not both")
        nowhere = not (chosen or values.get("url") or values.get("note") or self.has_file)
        if nowhere and not {"url", "note"} & self.errors.keys():
            self.add_error("file", "Choose a file, or give a link, or say in the note where it is held")
        dated_on, review_by = values.get("dated_on"), values.get("review_by")
        if dated_on and review_by and review_by < dated_on:
            self.add_error("review_by", "The review date must not lie before the date of the document")
        return values

    def refuse(self, field, text):
        """Add an error that only saving could find."""
        self.add_error(field if field in self.fields else None, text)
        self._ask_for_file_again()

    def show_overtaken(self, text):
        """Say that something came first."""
        show_overtaken(self, text)
        self._ask_for_file_again()

    @property
    def said(self):
        """What the services take."""
        left_out = {"file", "no_patients", "token", "based_on", "locator"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out} | {
            "upload": self.cleaned_data["file"]
        }

    def _ask_for_file_again(self):
        if "file" in self.files and "file" not in self._errors:
            self.add_error("file", CHOOSE_AGAIN)


class NewArtefactForm(OnceForm, ArtefactForm):
    """An artefact that is added; with a locator where it is cited at once."""

    locator = looks(
        forms.CharField(
            label="Page or section that the item cites (optional)",
            max_length=100,
            required=False,
            help_text="For example “page 12” or “section 3.1”.",
        ),
        width=20,
    )

    def __init__(self, *args, cited, **kwargs):
        super().__init__(*args, **kwargs)
        if not cited:
            del self.fields["locator"]


class ChangedArtefactForm(RevisionForm, ArtefactForm):
    """An artefact that is changed."""

    def show_conflict(self, current):
        super().show_conflict(current)
        self._ask_for_file_again()


class RegisterFilterForm(forms.Form):
    """What to show of a register; everything is optional, and nonsense in an address counts as nothing."""

    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All kinds"), *Artefact.Kind.choices])
    criterion = forms.ChoiceField(label="Cited for", required=False)
    due = looks(forms.BooleanField(label="Due for review within 60 days, or overdue", required=False), small=True)
    unproposed = looks(forms.BooleanField(label="Strength not yet proposed", required=False), small=True)
    ended = looks(forms.BooleanField(label="Show those that were ended, too", required=False), small=True)

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [
            ("", "All criteria"),
            *[(node.code, f"{node.code} {node.name}") for node in criteria],
        ]
