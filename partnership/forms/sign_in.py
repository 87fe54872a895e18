"""The forms of sign-in and passwords."""

from django import forms
from django.contrib.auth import password_validation

from partnership.fields import looks

LEAST = "At least 12 characters: three words that mean something only to you are easy to remember."


def email_field():
    field = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "spellcheck": "false"}),
        error_messages={
            "required": "Enter your e-mail address",
            "invalid": "Enter an e-mail address in the correct form, like name@example.com",
        },
    )
    return looks(field)


def password_field(label, *, autocomplete, required, help_text=""):
    # Never stripped: a space may be part of a password. A long one would only cost time to hash.
    field = forms.CharField(
        label=label,
        max_length=1000,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput({"autocomplete": autocomplete, "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": required, "max_length": "A password can have 1,000 characters at most"},
    )
    return looks(field)


class SignInForm(forms.Form):
    email = email_field()
    password = password_field("Password", autocomplete="current-password", required="Enter your password")


class ResetForm(forms.Form):
    email = email_field()


class NewPasswordForm(forms.Form):
    """Asks `person` for a new password once; it can be shown while it is typed."""

    password = password_field(
        "New password", autocomplete="new-password", required="Enter a new password", help_text=LEAST
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self):
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password


class ChangePasswordForm(NewPasswordForm):
    present = password_field(
        "Present password", autocomplete="current-password", required="Enter your present password"
    )

    field_order = ["present", "password"]
