"""What somebody typed whose sign-in had run out when they sent it."""

from django.conf import settings
from django.db import models

from .base import Addressable


class KeptForm(Addressable):
    """A form that waits for its sender to sign in again; `sealed` is what it held, signed, with its time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="kept_form_by_age")]

    def __str__(self):
        return f"form kept for {self.user_id}"
