"""The form that says what the page of all systems shows: it only writes the address."""

from django import forms


class NationalForm(forms.Form):
    """Sent by GET."""

    framework = forms.ChoiceField(label="Framework", required=False)
    of = forms.ChoiceField(label="Levels of", required=False)

    def __init__(self, found):
        shown = {"framework": found.framework.code if found.framework else "", "of": found.code}
        super().__init__(initial=shown)
        self.fields["framework"].choices = [(each.code, each.name) for each in found.frameworks]
        self.fields["of"].choices = [
            ("", "All criteria together"),
            *((code, f"{code} {name}") for code, name in found.nodes),
        ]
        if len(found.frameworks) < 2:
            self.fields["framework"].widget = forms.HiddenInput()
