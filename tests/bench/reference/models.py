"""What the reference views read and write."""

from django.conf import settings
from django.db import models


class Line(models.Model):
    """One of the rows that the page shows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    def __str__(self):
        return self.text


class Tally(models.Model):
    """A number that a save changes, one for each person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.count)


class Entry(models.Model):
    """A row that a save adds."""

    tally = models.ForeignKey(Tally, on_delete=models.PROTECT, related_name="+")
    count = models.PositiveIntegerField()

    def __str__(self):
        return str(self.count)
