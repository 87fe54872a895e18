"""The forms with which an author tries a framework: how strong made-up evidence is, and what gates ask for besides."""

from django import forms

from frameworks.parsing_golden import MOST_COUNTED
from frameworks.scale import STRENGTHS
from partnership.fields import looks


class StrengthForm(forms.Form):
    """How strong the best evidence of one made-up item is."""

    strength = looks(
        forms.TypedChoiceField(
            choices=[(number, f"{number}, {words}") for number, words in enumerate(STRENGTHS)], coerce=int
        )
    )

    def __init__(self, data=None, *, number, strength=0):
        super().__init__(data, prefix=f"item{number}", initial={"strength": strength})
        self.fields["strength"].label = f"To try: the best evidence of item {number}"


class CountsForm(forms.Form):
    """What gates ask for besides items."""

    unsettled_splits = looks(
        forms.IntegerField(label="Splits left unsettled", min_value=0, max_value=MOST_COUNTED, initial=0), width=4
    )
    open_conditions = looks(
        forms.IntegerField(label="Conditions still open", min_value=0, max_value=MOST_COUNTED, initial=0), width=4
    )
