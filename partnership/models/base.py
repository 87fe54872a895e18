"""What every row that people can address has in common."""

import uuid
from functools import cache

from django.db import models

from partnership.prepared import prepared


class Addressable(models.Model):
    """A row with an identifier that may stand in addresses and exports; the key inside stays inside."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """
    A row that people edit: a save says which version it was based on, and a stale one is refused.

    Services write it with `revise`, never with `save()`.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Stale(Exception):
    """The row changed after the page was opened; `current` is what is stored now."""

    def __init__(self, current):
        super().__init__("The row was changed elsewhere")
        self.current = current


def revise(row, *, based_on, **values):
    """
    Write `values` to `row` if it still is at version `based_on`, and return it refreshed.

    The version is compared in the UPDATE itself, so that of two writers exactly one wins.

    :raises Stale: if somebody else wrote it meanwhile; nothing is written
    :raises DoesNotExist: of the row's model, if it is there no more
    """
    model = type(row)
    written = model._base_manager.filter(pk=row.pk, version=based_on).update(version=based_on + 1, **values)
    for current in _reader(model)(pk=row.pk):
        if not written:
            raise Stale(current)
        return current
    raise model.DoesNotExist("The row that was to be written is there no more")


@cache
def _reader(model):
    """Return what reads a row by its key."""
    return prepared(lambda *, pk: model._base_manager.filter(pk=pk))
