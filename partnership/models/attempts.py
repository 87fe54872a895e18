"""What sign-in and password reset count, so that nobody can guess without end."""

from django.db import models


class Attempt(models.Model):
    """
    One try at something that is limited, such as a sign-in, not yet followed by a success.

    `key` is a keyed digest of what is counted: neither an address nor what somebody typed can be read from it.
    """

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["key", "at"], name="attempt_by_key")]

    def __str__(self):
        return self.key
