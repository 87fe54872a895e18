"""Forms for evidence items, and for citing artefacts in them."""

from django import forms

from assessments.models import Artefact, EvidenceItem
from partnership.fields import looks
from partnership.revising import OnceForm, RevisionForm


def _statement():
    return looks(
        forms.CharField(
            label="Statement",
            max_length=EvidenceItem.STATEMENT_MAX,
            widget=forms.Textarea({"rows": 6}),
            help_text="One thing that the place has done or has in place, in words that a board member can judge. "
            "Read by everybody who works on the assessment and, once it is submitted, by all who read its report.",
            error_messages={"required": "Enter a statement"},
        ),
        count=True,
    )


class NewItemForm(OnceForm):
    statement = _statement()


class ItemForm(RevisionForm):
    statement = _statement()
    number = looks(
        forms.IntegerField(
            label="Place in the list",
            min_value=1,
            help_text="The other items make way for it.",
            error_messages={
                "required": "Enter the place that the item takes in the list, such as 1",
                "invalid": "The place in the list must be a whole number, such as 1",
                "min_value": "The place in the list must be 1 or more",
            },
        ),
        width=2,
    )


class AccountForm(RevisionForm):
    """What a place does about a statement of the framework; left empty, it says nothing."""

    account = looks(
        forms.CharField(
            label="What the place does about it",
            required=False,
            max_length=EvidenceItem.STATEMENT_MAX,
            widget=forms.Textarea({"rows": 6}),
            help_text="What is done or in place, in words that help a board member to answer. Read "
            "beside the statement by everybody who works on the assessment, and printed in the report.",
        ),
        count=True,
    )


class RemovalForm(RevisionForm):
    """Nothing but the version that was shown."""


class CitationForm(forms.Form):
    """Which artefact of the place's register an item cites, and where in it."""

    artefact = forms.ModelChoiceField(
        label="Artefact",
        queryset=Artefact.objects.none(),
        to_field_name="public_id",
        empty_label="Choose an artefact",
        error_messages={
            "required": "Choose an artefact",
            "invalid_choice": "Choose an artefact that is in the register now",
        },
    )
    locator = looks(
        forms.CharField(
            label="Page or section (optional)",
            max_length=100,
            required=False,
            help_text="For example “page 12” or “section 3.1”.",
        ),
        width=20,
    )

    def __init__(self, *args, artefacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["artefact"].queryset = artefacts
        self.fields["artefact"].label_from_instance = lambda artefact: artefact.title
