"""The form in which a signatory gives an organisation's word."""

import uuid

from django import forms

from assessments.models import Signature
from partnership.fields import looks

WORDS_MAX = 4000
CHOICES = [
    (Signature.Kind.SIGNED, "Sign"),
    (Signature.Kind.RESERVED, "Sign with a reservation"),
    (Signature.Kind.DECLINED, "Decline to sign"),
    (Signature.Kind.INTEREST, "Declare an interest and not sign"),
]
HINTS = {
    Signature.Kind.SIGNED: "Counts towards the quorum.",
    Signature.Kind.RESERVED: "Counts towards the quorum. The reservation is printed with the signature.",
    Signature.Kind.DECLINED: "Does not count. The reason is printed.",
    Signature.Kind.INTEREST: "Does not count. The interest is printed.",
}
WORDS = {
    Signature.Kind.RESERVED: ("reservation", "What is the reservation?", "Say what the reservation is"),
    Signature.Kind.DECLINED: ("refusal", "Why does the organisation decline?", "Say why the organisation declines"),
    Signature.Kind.INTEREST: ("interest", "What is the interest?", "Say what the interest is"),
}
SEEN_BY = "Read at once by everybody who works on the assessment, and printed in the report for all who read that."


class SignForm(forms.Form):
    """
    One organisation's word on the content with `digest`; each kind but a plain signature asks for words.

    `answer` is what the organisation has said so far, None for nothing: another one takes its place.
    """

    kind = looks(
        forms.ChoiceField(
            choices=CHOICES, widget=forms.RadioSelect, error_messages={"required": "Choose how to answer"}
        ),
        size="m",
        hints={kind.value: hint for kind, hint in HINTS.items()},
        reveals={kind.value: name for kind, (name, _, _) in WORDS.items()},
    )
    digest = forms.CharField(max_length=64, widget=forms.HiddenInput)
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, digest, organisation, answer=None):
        initial = {"digest": digest, "token": uuid.uuid4(), "based_on": answer.number if answer else 0}
        super().__init__(data, initial=initial)
        self.about = {"digest": digest, "organisation": organisation, "answer": answer}
        self.fields["kind"].label = f"What does {organisation.name} say?"
        for name, label, _ in WORDS.values():
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=WORDS_MAX,
                widget=forms.Textarea({"rows": 3}),
                help_text=SEEN_BY,
            )

    def clean(self):
        data = super().clean()
        if asked := WORDS.get(data.get("kind")):
            name, _, missing = asked
            if not data.get(name) and name not in self.errors:
                self.add_error(name, missing)
        return data

    def begun(self):
        """Return the form with what was given in it, as before it is sent."""
        form = SignForm(**self.about)
        form.initial |= {name: self.data.get(name, "") for name in form.fields if name not in form.initial}
        return form

    def words(self):
        """Return the words that go with the chosen kind."""
        asked = WORDS.get(self.cleaned_data["kind"])
        return self.cleaned_data[asked[0]] if asked else ""
