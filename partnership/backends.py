"""How a password lets somebody in, and which one never may."""

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError


def is_refused(password):
    """Tell whether this is the demo's password outside demo mode, where it must open nothing."""
    return not settings.DEMO and password == settings.DEMO_PASSWORD


class PasswordBackend(ModelBackend):
    """Lets people in by e-mail and password, but by the demo's password in demo mode only."""

    def authenticate(self, request, username=None, password=None, **kwargs):
        if password is not None and is_refused(password):
            # As slow as any other answer.
            make_password(password)
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)


class DemoPasswordValidator:
    """Refuses the demo's password as a new one, outside demo mode."""

    def validate(self, password, user=None):
        if is_refused(password):
            raise ValidationError("This password is printed in the portal's README. Choose another one.")

    def get_help_text(self):
        return "Your password cannot be the one that the README gives for the demo."
