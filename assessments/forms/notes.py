"""The form in which a partner writes a note for its own people."""

from django import forms

from partnership.fields import looks

TEXT_MAX = 4000


class NoteForm(forms.Form):
    """A partner's own note on an item. `based_on` is the version that the page showed, 0 for none."""

    text = looks(
        forms.CharField(
            required=False,
            max_length=TEXT_MAX,
            widget=forms.Textarea({"rows": 6}),
        ),
        size="m",
    )
    based_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, data=None, *, kept):
        note = kept.note
        initial = {"text": kept.text, "based_on": note.version if note else 0}
        super().__init__(data, prefix=f"note{kept.organisation.pk}", initial=initial)
        name = kept.organisation.name
        self.fields["text"].label = f"Notes of {name}"
        self.fields["text"].help_text = (
            f"Only people who work on the assessment here for {name} read this. No other partner, not the chair or the "
            "lead unless it is their own organisation, not the ICB and no administrator sees it, and no report or "
            "export holds it."
        )

    def show_meanwhile(self, current):
        """Base the next save on what somebody of the partner wrote meanwhile, once the page has shown it."""
        self.data = self.data.copy()
        self.data[self.add_prefix("based_on")] = str(current.version)
        self.add_error("text", "Somebody changed these notes after you opened the page. Save again to replace them")
