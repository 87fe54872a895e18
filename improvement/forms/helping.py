"""The forms in which a place offers help to others, or asks them for it."""

from django import forms

from improvement.models import Help
from partnership.fields import DateField, looks
from partnership.models import Organisation
from partnership.revising import OnceForm, RevisionForm

READ_BY = (
    "Read by everybody who has a part at a place of your system, and by your Integrated Care Board, whatever your "
    "rounds share otherwise."
)


class HelpFields(forms.Form):
    """What is offered or asked, whom to turn to, and until when."""

    words = looks(
        forms.CharField(
            label="What it is about",
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=f"What you did or need, and how to get in touch. {READ_BY}",
            error_messages={
                "required": "Enter what it is about",
                "max_length": "What it is about must be 2,000 characters or fewer",
            },
        ),
        count=True,
    )
    contact = forms.ModelChoiceField(
        label="Organisation to turn to",
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label="Choose a partner",
        error_messages={"required": "Choose the organisation to turn to", "invalid_choice": "Choose a partner"},
    )
    ends_on = DateField(
        label="Until (optional)",
        subject="the last day",
        required=False,
        help_text="The last day on which it holds. Leave it empty until further notice.",
    )

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = partners


class NewHelpForm(OnceForm, HelpFields):
    """Something new: `criterion` is the code of one of the place's criteria."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=Help.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you can help or ask for help"},
    )
    criterion = forms.ChoiceField(
        label="For which criterion",
        error_messages={"required": "Choose the criterion", "invalid_choice": "Choose a criterion of this framework"},
    )

    field_order = ["kind", "criterion", "words", "contact", "ends_on", "token"]

    def __init__(self, *args, criteria, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [
            ("", "Choose a criterion"),
            *((node.code, f"{node.code} {node.name}") for node in criteria),
        ]


class HelpForm(RevisionForm, HelpFields):
    """What was said, said anew, upon the version that was shown."""

    field_order = ["words", "contact", "ends_on", "based_on"]
