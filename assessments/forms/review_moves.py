"""What the moves of the review and the decision ask of the person who makes them."""

from django import forms
from django.utils import timezone

from assessments.forms.moves import MoveForm
from assessments.models import PathwayDecision
from assessments.services.deciding import ConditionSaid, PathwaySaid
from assessments.workflow import Move
from frameworks.definition import load
from partnership.fields import DateField, looks
from partnership.selectors import partners_of

TEXT_MAX = 4000
# So many conditions can be given to a pathway: the page works without a script.
CONDITIONS = 3
Outcome = PathwayDecision.Outcome
READ_BY_THE_PLACE = "Read by everybody who reads the assessment at the place, and by the ICB's reviewers."


class StartReviewForm(MoveForm):
    move = Move.START_REVIEW


class GoOnForm(MoveForm):
    move = Move.GO_ON


class QuestionForm(MoveForm):
    """Something that the place is to reply to by a day."""

    text = looks(
        forms.CharField(
            label="What do you ask?",
            help_text=READ_BY_THE_PLACE,
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 5}),
            error_messages={"required": "Enter what you ask"},
        ),
        count=True,
    )
    reply_by = DateField(
        label="Last day for the reply",
        subject="the last day for the reply",
        help_text="It ends at midnight in London. For example, 18 12 2026",
    )

    def extras(self):
        return {"text": self.cleaned_data["text"], "reply_by": self.cleaned_data["reply_by"]}


class AskForm(QuestionForm):
    move = Move.ASK

    code = forms.ChoiceField(label="What is it about?", required=False)

    field_order = ("code", "text", "reply_by")

    def __init__(self, *args, assessment, chosen=(), **kwargs):
        super().__init__(*args, assessment=assessment, **kwargs)
        criteria = load(assessment.framework_version.definition).criteria
        self.fields["code"].choices = [
            ("", "The assessment as a whole"),
            *((node.code, f"{node.code} {node.name}") for node in criteria),
        ]
        self.initial["code"] = next(iter(chosen), "")

    def extras(self):
        return super().extras() | {"code": self.cleaned_data["code"]}


class FinishReviewForm(QuestionForm):
    move = Move.FINISH_REVIEW

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.label = "What do you say to the place?"
        text.error_messages["required"] = "Enter a summary of the review for the place"
        text.help_text = f"A summary of the review. {READ_BY_THE_PLACE}"


class DecideForm(MoveForm):
    """
    What is decided for each pathway, with the functions, the reasons and up to three conditions.

    Fields are named by the pathway's place in the framework: `outcome1`, `functions1`, `reasons1`, `condition1_1`, …
    """

    move = Move.DECIDE
    fields_template = "assessments/_decide_fields.html"

    decided_on = DateField(
        label="When was it decided?", subject="the day of the decision", help_text="For example, 10 12 2026"
    )

    def __init__(self, *args, assessment, **kwargs):
        super().__init__(*args, assessment=assessment, **kwargs)
        self.pathways = load(assessment.framework_version.definition).pathways
        partners = partners_of(place=assessment.place, on=timezone.localdate())
        self.partners = {str(partner.public_id): partner for partner in partners}
        for place, pathway in enumerate(self.pathways, start=1):
            self._add_pathway(place, pathway)

    def _add_pathway(self, place, pathway):
        self.fields[f"outcome{place}"] = looks(
            forms.ChoiceField(
                label="What is decided?",
                choices=[
                    (Outcome.ACCEPT, "Accept"),
                    (Outcome.CONDITIONS, "Accept with conditions"),
                    (Outcome.NOT_YET, "Not yet"),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": f"{pathway.name}: choose what is decided"},
            )
        )
        self.fields[f"functions{place}"] = forms.CharField(
            label="Functions delegated",
            help_text="One on each line. Leave it empty for “not yet”.",
            required=False,
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 3}),
        )
        self.fields[f"reasons{place}"] = forms.CharField(
            label="Reasons",
            help_text="Sealed with the decision. Read by everybody who reads the assessment at the place.",
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 4}),
            error_messages={"required": f"{pathway.name}: enter the reasons"},
        )
        gates = [("", "Choose a gate"), *((gate.code, f"{gate.code} {gate.name}".strip()) for gate in pathway.gates)]
        owners = [("", "Choose a partner"), *((key, partner.name) for key, partner in self.partners.items())]
        for number in range(1, CONDITIONS + 1):
            self.fields[f"condition{place}_{number}"] = forms.CharField(
                label=f"Condition {number}", help_text="What must be done", required=False, max_length=300
            )
            self.fields[f"gate{place}_{number}"] = forms.ChoiceField(
                label="For which gate?", choices=gates, required=False
            )
            self.fields[f"owner{place}_{number}"] = forms.ChoiceField(
                label="Which partner does it?", choices=owners, required=False
            )
            self.fields[f"due{place}_{number}"] = DateField(
                label="By when?", subject="the day by which the condition is to be met", required=False
            )

    @property
    def sections(self):
        """The bound fields by pathway, for the page."""
        for place, pathway in enumerate(self.pathways, start=1):
            yield {
                "pathway": pathway,
                "outcome": self[f"outcome{place}"],
                "functions": self[f"functions{place}"],
                "reasons": self[f"reasons{place}"],
                "is_open": any(
                    self[f"{name}{place}_{number}"].errors or self[f"condition{place}_{number}"].value()
                    for name in ("condition", "gate", "owner", "due")
                    for number in range(1, CONDITIONS + 1)
                ),
                "conditions": [
                    [self[f"{name}{place}_{number}"] for name in ("condition", "gate", "owner", "due")]
                    for number in range(1, CONDITIONS + 1)
                ],
            }

    def clean(self):
        data = super().clean()
        for place, _ in enumerate(self.pathways, start=1):
            outcome = data.get(f"outcome{place}")
            if outcome in (Outcome.ACCEPT, Outcome.CONDITIONS) and not data.get(f"functions{place}"):
                self.add_error(f"functions{place}", "Name the functions that are delegated, one on each line")
            if outcome == Outcome.NOT_YET and data.get(f"functions{place}"):
                self.add_error(f"functions{place}", "Nothing is delegated yet: remove the functions")
            given = [number for number in range(1, CONDITIONS + 1) if self._is_given(data, place, number)]
            if outcome == Outcome.CONDITIONS and not given:
                self.add_error(f"condition{place}_1", "Enter at least one condition")
            if outcome in (Outcome.ACCEPT, Outcome.NOT_YET) and given:
                self.add_error(
                    f"condition{place}_{given[0]}", "Remove the condition, or choose to accept with conditions"
                )
            for number in given:
                self._complete(data, place, number)
        return data

    def _is_given(self, data, place, number):
        return any(data.get(f"{name}{place}_{number}") for name in ("condition", "gate", "owner", "due"))

    def _complete(self, data, place, number):
        missing = {
            "condition": "Enter what must be done",
            "gate": "Choose the gate that the condition is for",
            "owner": "Choose the partner that does it",
            "due": "Enter the day by which it must be done",
        }
        for name, words in missing.items():
            field = f"{name}{place}_{number}"
            if not data.get(field) and field not in self.errors:
                self.add_error(field, words)

    def extras(self):
        data = self.cleaned_data
        return {
            "decided_on": data["decided_on"],
            "pathways": [
                PathwaySaid(
                    pathway=pathway.code,
                    outcome=data[f"outcome{place}"],
                    functions=data[f"functions{place}"],
                    reasons=data[f"reasons{place}"],
                    conditions=tuple(
                        ConditionSaid(
                            text=data[f"condition{place}_{number}"],
                            gate=data[f"gate{place}_{number}"],
                            owner=self.partners[data[f"owner{place}_{number}"]],
                            due_on=data[f"due{place}_{number}"],
                        )
                        for number in range(1, CONDITIONS + 1)
                        if self._is_given(data, place, number)
                    ),
                )
                for place, pathway in enumerate(self.pathways, start=1)
            ],
        }


FORMS = {form.move: form for form in (StartReviewForm, AskForm, FinishReviewForm, GoOnForm, DecideForm)}
