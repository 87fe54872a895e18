"""The forms in which actions are planned and followed."""

from django import forms

from frameworks.definition import Definition
from improvement.models import Action
from partnership.fields import DateField, looks
from partnership.models import Organisation
from partnership.revising import OnceForm, RevisionForm

GATE = "gate:"
CRITERION = "criterion:"


class ActionFields(forms.Form):
    """What every action has: what is to be done, by whom, until when."""

    title = looks(
        forms.CharField(
            label="What is to be done",
            max_length=300,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="So that others can tell whether it was done. Read by everybody who may see the "
            "assessment, and printed in the report.",
            error_messages={
                "required": "Enter what is to be done",
                "max_length": "What is to be done must be 300 characters or fewer",
            },
        ),
        count=True,
    )
    owner = forms.ModelChoiceField(
        label="Organisation responsible",
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label="Choose a partner",
        error_messages={"required": "Choose the organisation responsible", "invalid_choice": "Choose a partner"},
    )
    owner_name = forms.CharField(
        label="Person or post responsible (optional)",
        max_length=200,
        required=False,
        help_text="A post, such as “Director of finance”, outlasts whoever holds it.",
    )
    due_on = DateField(label="To be done by", subject="the day by which it is to be done")

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = partners


class NewActionForm(OnceForm, ActionFields):
    """An action for a criterion or for a gate of a pathway; what it is for is one choice, such as "criterion:AV1"."""

    purpose = forms.ChoiceField(
        label="What it is for",
        error_messages={
            "required": "Choose the criterion or the readiness gate that the action is for",
            "invalid_choice": "Choose a criterion or a gate of this framework",
        },
    )
    expected_level = forms.TypedChoiceField(
        label="Level that it is to reach (optional)", required=False, coerce=int, empty_value=None
    )

    field_order = ["title", "purpose", "expected_level", "owner", "owner_name", "due_on", "token"]

    def __init__(self, *args, definition: Definition, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [
            ("", "Choose a criterion or a gate"),
            *(
                (f"Gates: {pathway.name}", [(gate_value(pathway, gate), _gate_name(gate)) for gate in pathway.gates])
                for pathway in definition.pathways
            ),
            *(
                (domain.name, [(CRITERION + node.code, f"{node.code} {node.name}") for node in _criteria(domain)])
                for domain in definition.domains
            ),
        ]
        levels = [(level.rank, level.name) for level in definition.scale.levels]
        self.fields["expected_level"].choices = [("", "No particular level"), *levels]

    @property
    def gate(self):
        """The codes of pathway and gate that the action is for, or None."""
        purpose = self.cleaned_data["purpose"]
        return tuple(purpose.removeprefix(GATE).split(":")) if purpose.startswith(GATE) else None

    @property
    def criterion_code(self):
        purpose = self.cleaned_data["purpose"]
        return purpose.removeprefix(CRITERION) if purpose.startswith(CRITERION) else None


class ActionForm(RevisionForm, ActionFields):
    """An action as it stands; saved upon the version that was shown."""

    status = forms.ChoiceField(
        label="How it stands",
        choices=Action.Status.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how it stands"},
    )
    note = looks(
        forms.CharField(
            label="What happened (optional)",
            max_length=2000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text="Kept with the day and your name in the action's history, read by all who see the action.",
        ),
        count=True,
    )

    field_order = ["status", "note", "title", "owner", "owner_name", "due_on", "based_on"]


def gate_value(pathway, gate):
    return f"{GATE}{pathway.code}:{gate.code}"


def _gate_name(gate):
    return f"{gate.code} {gate.name}"


def _criteria(domain):
    return [node for node in domain.walk() if node.is_criterion]
