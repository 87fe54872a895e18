"""Make a form that arrives twice act once."""

import uuid
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from partnership.models import FormToken


class AlreadyDone(Exception):
    """The form was acted on before; `result` is the public identifier of what it made."""

    def __init__(self, result):
        super().__init__("The form was sent before")
        self.result = result


def is_done(*, by, token):
    """Tell whether `by` has sent the form with `token`, a UUID as text, before; text that is none was never sent."""
    try:
        return FormToken.objects.filter(user=by, token=uuid.UUID(token)).exists()
    except (TypeError, ValueError):
        return False


class Act:
    """What the guarded block tells about itself: the public identifier of what it made."""

    result = ""


@contextmanager
def once(*, by, token, at=None):
    """
    Run the block in a transaction unless `by` has sent the form with `token` before; None never repeats.

    The block sets `act.result`, so that a repeat can be led to the same page.

    :raises AlreadyDone: if the form was sent before, or if its twin won the race; nothing is written
    """
    if token is None:
        with transaction.atomic():
            yield Act()
        return
    if spent := FormToken.objects.filter(user=by, token=token).first():
        raise AlreadyDone(spent.result)
    try:
        with transaction.atomic():
            # The row comes first: on PostgreSQL a twin waits here until this transaction ends.
            spending = FormToken.objects.create(user=by, token=token, spent_at=at or timezone.now())
            act = Act()
            yield act
            FormToken.objects.filter(pk=spending.pk).update(result=act.result)
    except IntegrityError:
        if spent := FormToken.objects.filter(user=by, token=token).first():
            raise AlreadyDone(spent.result) from None
        raise
