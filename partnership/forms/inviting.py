"""The forms that invite people, and the one that those fill in who come."""

from uuid import uuid4

from django import forms
from django.contrib.auth import password_validation
from django.utils import timezone

from partnership import invitation_lines
from partnership.audit import digest
from partnership.fields import looks
from partnership.forms.sign_in import LEAST, email_field, password_field
from partnership.models import Organisation, Place, User
from partnership.roles import AT_PLACE, DOES, Role
from partnership.selectors import partners_now


def place_field(system):
    return forms.ModelChoiceField(
        label="Place",
        queryset=Place.objects.filter(system=system, ended_on=None).order_by("name"),
        to_field_name="public_id",
        empty_label="Choose a place",
        error_messages={"required": "Choose a place", "invalid_choice": "Choose a place of this system"},
    )


class InviteForm(forms.Form):
    """Invites one person to a role at a place of a system."""

    name = forms.CharField(label="Name", max_length=200, error_messages={"required": "Enter the person’s name"})
    email = email_field()
    role = looks(
        forms.ChoiceField(
            label="Role",
            choices=[(role.value, role.label) for role in Role if role in AT_PLACE],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a role"},
        ),
        hints={role.value: DOES[role] for role in AT_PLACE},
    )
    organisation = forms.ModelChoiceField(
        label="For which organisation?",
        queryset=Organisation.objects.none(),
        to_field_name="public_id",
        empty_label="Choose an organisation",
        help_text="It must be a partner of the place.",
        error_messages={"required": "Choose an organisation", "invalid_choice": "Choose one of the organisations"},
    )
    reason = forms.CharField(
        label="Why, if it is somebody of the ICB? (optional)",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text="Asked for where the person runs or reviews rounds here. The place’s lead and chair are told.",
    )
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ["place", "name", "email", "role", "organisation", "reason", "token"]

    def __init__(self, *args, system, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"] = place_field(system)
        self.fields["email"].error_messages["required"] = "Enter the person’s e-mail address"
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["organisation"].queryset = partners_now(system=system, on=timezone.localdate())
        self.order_fields(self.field_order)


class SendAgainForm(forms.Form):
    """Nothing but what tells a button pressed twice from two that were meant."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4, required=False)


class SeveralForm(forms.Form):
    """Invites several people to one place, a line each, after a look at how the lines were understood."""

    lines = forms.CharField(
        label="People, a line each",
        max_length=60_000,
        widget=forms.Textarea({"rows": 10, "spellcheck": "false"}),
        help_text="Name, e-mail address, role, organisation: with commas between, or copied from a spreadsheet.",
        error_messages={"required": "Write a line for each person"},
    )
    # The lines that were looked at: what was changed since is looked at again before anything is sent.
    checked = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    field_order = ["place", "lines", "checked", "token"]

    def __init__(self, *args, system, **kwargs):
        super().__init__(*args, **kwargs)
        self.system = system
        self.fields["place"] = place_field(system)
        self.order_fields(self.field_order)
        self.read = []

    def clean(self):
        values = super().clean()
        if values.get("place") and values.get("lines"):
            partners = partners_now(system=self.system, on=timezone.localdate(), place=values["place"])
            self.read = invitation_lines.read(values["lines"], {partner.name: partner for partner in partners})
            if len(self.read) > invitation_lines.MOST_LINES:
                self.add_error("lines", f"Invite {invitation_lines.MOST_LINES} people at most at a time")
            if wrong := [str(line.number) for line in self.read if line.problems]:
                which = f"Line {wrong[0]}" if len(wrong) == 1 else f"Lines {', '.join(wrong[:-1])} and {wrong[-1]}"
                self.add_error("lines", f"{which} cannot be sent like this: what to mend stands beside each below")
        return values

    @property
    def was_looked_at(self):
        return self.cleaned_data["checked"] == fingerprint(self.cleaned_data)


def fingerprint(values):
    """Return what tells whether lines, or the place they are for, were changed since they were looked at."""
    lines = "\n".join(values["lines"].splitlines())
    return f"{values['place'].public_id} {digest(lines)}"


class JoinForm(forms.Form):
    """Asks a person who was invited for their name and a first password."""

    name = looks(
        forms.CharField(
            label="Your name",
            max_length=200,
            widget=forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
            error_messages={"required": "Enter your name"},
        )
    )
    password = password_field("Password", autocomplete="new-password", required="Enter a password", help_text=LEAST)

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self):
        values = super().clean()
        if password := values.get("password"):
            try:
                password_validation.validate_password(password, User(email=self.email, name=values.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return values
