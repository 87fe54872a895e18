"""What forms of every room that make or change a row have in common."""

from uuid import uuid4

from django import forms

CHANGED_MEANWHILE = (
    "Somebody else changed this while you were writing, so nothing was saved. "
    "Compare what is stored now with yours, and save again to replace it"
)


def show_overtaken(form, text):
    """Say on a form that something came first; `partnership.middleware.ConflictMiddleware` answers 409 for it."""
    form.is_conflict = True
    form.add_error(None, text)


class OnceForm(forms.Form):
    """A form that makes something: its token lets a second arrival find the first one's result."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class RevisionForm(forms.Form):
    """A form that changes a row: it says which version of it was shown."""

    based_on = forms.IntegerField(widget=forms.HiddenInput)

    def show_conflict(self, current):
        """Say that the row changed meanwhile; a further save, made knowing that, replaces what is stored."""
        self.data = self.data.copy()
        self.data[self.add_prefix("based_on")] = current.version
        show_overtaken(self, CHANGED_MEANWHILE)
