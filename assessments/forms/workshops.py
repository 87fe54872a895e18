"""The forms of a workshop: join it, hold it, vote in it."""

from django import forms

from assessments.forms.agreeing import TEXT_MAX, AgreeForm
from assessments.models import Judgement
from partnership.fields import looks

NOT_APPLICABLE, CANNOT_JUDGE = Judgement.NOT_APPLICABLE.value, Judgement.CANNOT_JUDGE.value


class JoinForm(forms.Form):
    """The code that stands on the screen in the room."""

    code = looks(
        forms.CharField(
            label="Code",
            help_text="Six letters and numbers, from the screen in the room. Capitals and the hyphen do not matter.",
            max_length=20,
            widget=forms.TextInput(
                {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "workshop-code"}
            ),
            error_messages={"required": "Enter the code that is on the screen in the room"},
        ),
        size="m",
        width=10,
    )


class NameForm(forms.Form):
    """Which member holds the workshops beside chair and lead; `people` are memberships, `named` who does now."""

    facilitator = forms.ChoiceField(
        label="Who else may hold the workshop?",
        help_text="One member of the board. The place lead and the chair always may.",
        required=False,
        error_messages={"invalid_choice": "Choose somebody from the list"},
    )

    def __init__(self, data=None, *, people, named):
        self.people = {str(each.public_id): each for each in people}
        super().__init__(data, initial={"facilitator": named and str(named.membership.public_id)})
        names = [(key, f"{each.user.name} ({each.organisation.name})") for key, each in self.people.items()]
        self.fields["facilitator"].choices = [("", "Nobody else"), *names]

    def membership(self):
        """Return the membership of whoever was chosen, or None."""
        return self.people.get(self.cleaned_data["facilitator"])


class StepForm(forms.Form):
    """What the facilitator does next; `based_on` is the version of the workshop that the screen showed."""

    act = forms.ChoiceField(choices=[(act, act) for act in ("take", "vote", "call_off", "reveal", "next", "close")])
    based_on = forms.IntegerField(min_value=1)
    item = forms.UUIDField(required=False)


class SettleForm(AgreeForm):
    """What the room agreed, with its rationale and the dissent that was voiced."""

    dissent = forms.CharField(
        label="Dissent, if any: printed in the report without a name, and final",
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, data=None, **options):
        super().__init__(data, **options)
        # Short, so that the room has the item and the form before it at once.
        self.fields["reason"].label, self.fields["reason"].help_text = "Rationale: printed in the report", ""


class VoteForm(forms.Form):
    """
    A member's vote: one of the buttons is the choice.

    `item` and `ballot` are those of the vote that the page showed, `based_on` the version of the own vote in it.
    """

    choice = forms.CharField(error_messages={"required": "Choose one of the buttons"})
    reason = forms.CharField(
        label="Why is it not applicable here?",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="Read by the board, with your name, once the vote is revealed. Never by the ICB.",
        error_messages={"max_length": "Say why it is not applicable in 2,000 characters or fewer"},
    )
    item = forms.UUIDField(widget=forms.HiddenInput)
    ballot = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def voted(self):
        """Return the judgement, level and reason that were chosen; what is no number is taken as a judgement."""
        choice = self.cleaned_data["choice"]
        level = int(choice) if choice.isascii() and choice.isdigit() and len(choice) < 3 else None
        judgement = choice if level is None else Judgement.LEVEL
        return {"judgement": judgement, "level": level, "reason": self.cleaned_data["reason"]}
