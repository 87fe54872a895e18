"""Forms of a place's bodies and agreements."""

from django import forms

from assessments.models import Artefact, PartnershipAgreement
from partnership.fields import DateField, looks
from partnership.models import Body, Membership, Organisation
from partnership.revising import OnceForm, RevisionForm

NOT_STATED = "Leave it empty where no date is stated."
READ_BY = "Read by everybody of the place and of its ICB, and printed in the report."


class Whoever(forms.ModelChoiceField):
    """A choice among people, each by role and organisation."""

    def label_from_instance(self, membership):
        return f"{membership.get_role_display()}, {membership.organisation.name} ({membership.user.name})"


class BodyFields(forms.Form):
    """What is said of a body."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the body's name"})
    purpose = looks(
        forms.CharField(
            label="What it is for (optional)",
            max_length=2000,
            required=False,
            widget=forms.Textarea({"rows": 3}),
            help_text=READ_BY,
        ),
        count=True,
    )
    parent = forms.ModelChoiceField(
        label="Comes under",
        queryset=Body.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="No other body: it stands at the top",
        error_messages={"invalid_choice": "Choose a present body of this place"},
    )
    form = forms.ChoiceField(
        label="Form",
        choices=Body.Form.choices,
        initial=Body.Form.NOT_STATED,
        widget=forms.RadioSelect,
        help_text="In which form it decides, as its terms of reference or the scheme of delegation state it.",
        error_messages={"required": "Choose its form, or that it is not stated"},
    )
    chair = Whoever(
        label="Chaired by somebody with a part here",
        queryset=Membership.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="Nobody, or a post that is named below",
        error_messages={"invalid_choice": "Choose somebody with a present part at this place"},
    )
    chair_post = forms.CharField(
        label="Chaired by the holder of a post (optional)",
        max_length=200,
        required=False,
        help_text="Such as “Director of public health”. Name no person here.",
    )
    answers_to_body = forms.ModelChoiceField(
        label="Also answers to the body",
        queryset=Body.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="No other body",
        help_text="Beside the body that it comes under.",
        error_messages={"invalid_choice": "Choose a present body of this place"},
    )
    answers_to_organisation = forms.ModelChoiceField(
        label="Also answers to the organisation",
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="No organisation",
        error_messages={"invalid_choice": "Choose a partner, or the Integrated Care Board"},
    )
    starts_on = DateField(label="There since", subject="the first day", required=False, help_text=NOT_STATED)

    def __init__(self, *args, bodies, people, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = self.fields["answers_to_body"].queryset = bodies
        self.fields["chair"].queryset = people
        self.fields["answers_to_organisation"].queryset = organisations

    def clean(self):
        values = super().clean()
        if values.get("chair") and values.get("chair_post"):
            self.add_error("chair_post", "Choose the person who chairs, or write the post, not both")
        if values.get("answers_to_body") and values.get("answers_to_organisation"):
            self.add_error("answers_to_organisation", "Choose the body or the organisation, not both")
        return values


class NewBodyForm(OnceForm, BodyFields):
    """A body that is added."""


class BodyForm(RevisionForm, BodyFields):
    """A body that is changed."""


class AgreementFields(forms.Form):
    """What is said of an agreement."""

    title = forms.CharField(label="Title", max_length=200, error_messages={"required": "Enter a title"})
    kind = forms.ChoiceField(
        label="What it is",
        choices=PartnershipAgreement.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is"},
    )
    status = forms.ChoiceField(
        label="How it stands",
        choices=PartnershipAgreement.Status.choices,
        initial=PartnershipAgreement.Status.NOT_STATED,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it stands, or that it is not stated"},
    )
    parties = forms.ModelMultipleChoiceField(
        label="Who agreed (optional)",
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose partners of the place, or the Integrated Care Board"},
    )
    starts_on = DateField(label="Holds since", subject="the first day", required=False, help_text=NOT_STATED)
    ends_on = DateField(
        label="Holds until", subject="the last day", required=False, help_text="Leave it empty where no end is agreed."
    )
    review_by = DateField(
        label="Review by",
        subject="the day of review",
        required=False,
        help_text="The place lead and contributors are reminded on their home page before this day.",
    )
    artefact = forms.ModelChoiceField(
        label="Held in the evidence register as",
        queryset=Artefact.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label="Not in the register",
        error_messages={"invalid_choice": "Choose an artefact of this place's register"},
    )
    held_at = forms.CharField(
        label="Held elsewhere (optional)",
        max_length=200,
        required=False,
        help_text="Such as “Council's legal services”.",
    )
    note = looks(
        forms.CharField(
            label="Note (optional)",
            max_length=2000,
            required=False,
            widget=forms.Textarea({"rows": 3}),
            help_text=READ_BY,
        ),
        count=True,
    )

    def __init__(self, *args, organisations, artefacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parties"].queryset = organisations
        self.fields["artefact"].queryset = artefacts
        self.fields["artefact"].label_from_instance = lambda artefact: artefact.title

    def clean(self):
        values = super().clean()
        starts_on, ends_on = values.get("starts_on"), values.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day must not lie before the first")
        if values.get("artefact") and values.get("held_at"):
            self.add_error("held_at", "Choose the artefact that holds it, or say where it is held, not both")
        return values


class NewAgreementForm(OnceForm, AgreementFields):
    """An agreement that is added."""


class AgreementForm(RevisionForm, AgreementFields):
    """An agreement that is changed."""


class EndForm(RevisionForm):
    """The last day of a body or an agreement."""

    ends_on = DateField(
        label="Last day",
        subject="the last day",
        help_text="For example 31 3 2027.",
    )
