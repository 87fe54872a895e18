"""Choose which e-mails to get, signed in or by the link that stands in each of them."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import TextChoices
from django.urls import reverse

from partnership import audit
from partnership.models import User

SALT = "partnership.preferences"


class Kind(TextChoices):
    """What can be switched off; the value names the person's field without its beginning."""

    REMINDERS = "reminders", "reminders before deadlines"
    DIGEST = "digest", "the weekly summary"
    REVIEWS = "reviews", "news of reviews"

    @property
    def field(self):
        return f"wants_{self.value}"


class LinkBroken(Exception):
    """The link is not one that the portal made."""


@transaction.atomic
def choose(*, person, wanted, by, at):
    """Write which kinds of e-mails a person gets; only they choose, or whoever holds the link in one of them."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    values = {kind.field: kind in wanted for kind in Kind}
    if all(getattr(person, name) == value for name, value in values.items()):
        return person
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=[*values])
    audit.record(audit.Type.PREFERENCES_CHANGED, chain=None, by=by, at=at, target=person, **values)
    return person


def wanted_by(person):
    """Return the kinds of e-mails that a person gets."""
    return {kind for kind in Kind if getattr(person, kind.field)}


def link(person, kind):
    """Return the address that switches one kind of e-mails off for a person, without a sign-in."""
    token = signing.dumps([str(person.public_id), Kind(kind).value], salt=SALT)
    return settings.BASE_URL.rstrip("/") + reverse("partnership:unsubscribe", args=[token])


def of_link(token):
    """
    Return the person and the kind of e-mails that a link is for.

    :raises LinkBroken: if the portal did not make it
    """
    try:
        public_id, kind = signing.loads(token, salt=SALT)
        return User.objects.get(public_id=public_id), Kind(kind)
    except (signing.BadSignature, User.DoesNotExist, ValueError):
        raise LinkBroken from None


@transaction.atomic
def switch_off(*, token, at):
    """
    Switch off what a link is for; done again, it changes nothing.

    :raises LinkBroken: if the portal did not make it
    """
    person, kind = of_link(token)
    # The other kinds stay as they are, which another link may be changing right now.
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    choose(person=person, wanted=wanted_by(person) - {kind}, by=person, at=at)
    return person, kind
