"""
Put first steps away that somebody has read.

Whether a person still wants to be led in is theirs alone and no part of any work, so that it leaves no trace in the
record.
"""

from django.db import transaction

from partnership.guides import Guide
from partnership.models import User


@transaction.atomic
def put_away(*, guide, by):
    """Show a person these first steps only when they ask for them; done again, it changes nothing."""
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    gone = set(person.guides_put_away.split()) | {Guide(guide).value}
    person.guides_put_away = " ".join(sorted(gone))
    person.save(update_fields=["guides_put_away"])
    return person
