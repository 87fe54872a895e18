"""The forms of the review: a criterion's level, an artefact's strength, a reply, a peer, a closure."""

import uuid

from django import forms

from assessments.models import Artefact, Judgement, Score
from partnership.fields import LevelRow, looks

TEXT_MAX = 4000
CHOICE_MISSING = "Choose a level, or say that you cannot judge"
READ_LATER = (
    "Read by the ICB's reviewers now and, once the review is finished, by everybody who reads the assessment at the "
    "place. Sealed with the decision."
)


class CriterionForm(forms.Form):
    """What the reviewers find for a criterion. `based_on` is the number of the finding that the page showed."""

    choice = forms.ChoiceField(label="Reviewed level", error_messages={"required": CHOICE_MISSING})
    confidence = looks(
        forms.ChoiceField(
            label="How sure are you?",
            choices=Score.Confidence.choices,
            widget=forms.RadioSelect,
            error_messages={"required": "Choose how sure you are"},
        ),
        inline=True,
    )
    words = looks(
        forms.CharField(
            label="Why?",
            required=False,
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 4}),
            help_text=f"Needed where the level differs from the place's own. {READ_LATER}",
        ),
        count=True,
    )
    recommendation = looks(
        forms.CharField(
            label="Recommendation",
            required=False,
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 3}),
            help_text=READ_LATER,
        ),
        count=True,
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data=None, *, levels, finding=None, target=""):
        initial = {"based_on": 0}
        if finding:
            initial = {
                "based_on": finding.number,
                "choice": finding.judgement if finding.level is None else finding.level,
                "confidence": next(
                    (value for value, label in Score.Confidence.choices if label == finding.confidence), ""
                ),
                "words": finding.words,
                "recommendation": finding.recommendation,
            }
        super().__init__(data, initial=initial)
        field = self.fields["choice"]
        field.widget = LevelRow()
        field.choices = [
            *((str(rank), name) for rank, name in levels.items()),
            (Judgement.NOT_APPLICABLE.value, Judgement.NOT_APPLICABLE.label),
            (Judgement.CANNOT_JUDGE.value, Judgement.CANNOT_JUDGE.label),
        ]
        field.error_messages["invalid_choice"] = CHOICE_MISSING
        below = f" below {target}" if target else " below the target"
        self.fields[
            "recommendation"
        ].help_text = (
            f"What the place should do. Needed for a level{below} before the review can be finished. {READ_LATER}"
        )

    def found(self):
        """Return the finding by the service's names."""
        data = dict(self.cleaned_data)
        choice = data.pop("choice")
        if choice in Judgement.values:
            return data | {"judgement": choice, "level": None}
        return data | {"judgement": Judgement.LEVEL, "level": int(choice)}


class StrengthForm(forms.Form):
    """How strong the reviewers find one artefact."""

    strength = forms.TypedChoiceField(
        label="Reviewed strength",
        choices=Artefact.Strength.choices,
        coerce=int,
        error_messages={"required": "Choose how strong the artefact is"},
    )
    words = forms.CharField(
        label="Why?",
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 2}),
        help_text=READ_LATER,
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data=None, *, key, proposed, standing=None):
        initial = {"based_on": 0, "strength": proposed}
        if standing:
            initial = {"based_on": standing.number, "strength": standing.strength, "words": standing.words}
        super().__init__(data, prefix=f"artefact-{key}", initial=initial)


class ReplyForm(forms.Form):
    """What the place says to a question."""

    text = looks(
        forms.CharField(
            label="The place's reply",
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 4}),
            help_text="Read by the ICB's programme office and reviewers, and by everybody who reads the assessment at "
            "the place. It cannot be changed later; you can add another.",
            error_messages={"required": "Enter the reply"},
        ),
        count=True,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, question):
        super().__init__(data, prefix=f"question{question.number}", initial={"token": uuid.uuid4()})
        if question.kind == question.Kind.REVIEW:
            self.fields["text"].label = "What does the place say to the review?"


class PeerForm(forms.Form):
    """Somebody of another place of the system."""

    membership = forms.ChoiceField(
        label="Who is to review it?",
        help_text="People of the other places of this system, by place.",
        error_messages={"required": "Choose a person"},
    )

    def __init__(self, data=None, *, people):
        super().__init__(data)
        self.people = {str(part.public_id): part for part in people}
        self.fields["membership"].choices = [
            ("", "Choose a person"),
            *(
                (key, f"{part.place.name}: {part.user.name}, {part.get_role_display().lower()}")
                for key, part in self.people.items()
            ),
        ]

    def part(self):
        return self.people[self.cleaned_data["membership"]]


class ClosureForm(forms.Form):
    """The ICB's word that a condition is met."""

    words = forms.CharField(
        label="How is it met?",
        help_text="Read by everybody who reads the assessment at the place, and by the ICB. Cannot be changed.",
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say how the condition is met"},
    )

    def __init__(self, data=None, *, condition):
        super().__init__(data, prefix=f"condition-{condition.public_id}")
