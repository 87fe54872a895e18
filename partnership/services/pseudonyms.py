"""
Let a pseudonym stand wherever the portal holds a person's name and address.

Rows keep who did what: they refer to the person, never to a name, and so does the audit record, which holds nothing
personal and stays as it is. Sealed documents and reports are never changed.
"""

import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Count, IntegerField, Value
from django.utils import timezone
from django.utils.module_loading import import_string

from partnership import audit, idempotency, personal, throttle
from partnership.models import Invitation, OutgoingMail, User, Versioned, revise
from partnership.permissions import check_can_administer
from partnership.services import kept_forms, preferences
from partnership.services.invitations import withdraw
from partnership.services.leaving import open_parts

# Reserved by RFC 2606: no mail ever goes there.
NOWHERE = "erased.invalid"


class PseudonymRefused(Exception):
    """The person cannot be pseudonymised like this; the text says how to mend it."""


class HasParts(PseudonymRefused):
    """The person has parts that go on."""


class OneSelf(PseudonymRefused):
    """An administrator cannot pseudonymise themselves."""


class WrongConfirmation(PseudonymRefused):
    """What was typed to confirm it is not the person's address."""


class PseudonymisedAlready(PseudonymRefused):
    """It was done before."""


@dataclass(frozen=True)
class Stays:
    """How many rows with words of a person there are of one kind, and whether they can be erased."""

    name: str
    count: int
    can_be_erased: bool


def pseudonym(person):
    """Return the name that stands for a person from then on, always the same."""
    return f"Former member {person.public_id.hex[:4]}"


def words_of(person):
    """Return where words that the person wrote are, in the order of the tables; one query."""
    kinds = personal.words()
    counted = [
        kind.of(person)
        .order_by()
        .annotate(listed_as=Value(number, output_field=IntegerField()))
        .values_list("listed_as")
        .annotate(n=Count("pk"))
        for number, kind in enumerate(kinds)
    ]
    found = dict(counted[0].union(*counted[1:], all=True))
    return [
        Stays(kind.name, found[number], kind.erase is not None)
        for number, kind in enumerate(kinds)
        if found.get(number)
    ]


def check_can_be_pseudonymised(*, person, by, on):
    """
    Let a person pass who has no part any more, and is not `by`.

    :raises PseudonymRefused: in one of its kinds
    """
    if person.pseudonymised_at:
        raise PseudonymisedAlready(f"{person.name} was pseudonymised before")
    if by and person.pk == by.pk:
        raise OneSelf("Nobody pseudonymises themselves: ask another administrator")
    if open_parts(person=person, last_day=on).exists():
        raise HasParts(f"{person.name} still has a part: end it first, and hand over what is open")


def pseudonymise(*, person, confirmation, by, at, erase_words=False, token=None):
    """
    Let a pseudonym stand for the person's name and address everywhere, end their sign-in, and return the person.

    `confirmation` is their e-mail address, typed by `by`. With `erase_words`, what they wrote is taken out where the
    row allows that. It cannot be undone.

    :raises PermissionDenied: if `by` is not an administrator
    :raises PseudonymRefused: in one of its kinds; nothing is done
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    check_can_administer(user=by)
    with idempotency.once(by=by, token=token, at=at) as act:
        # What they wrote hangs on assessments, which are locked before people.
        erased = _erase(person, by=by, at=at) if erase_words else 0
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        check_can_be_pseudonymised(person=person, by=by, on=timezone.localdate(at))
        if confirmation.strip().lower() != person.email:
            raise WrongConfirmation("That is not the person's e-mail address")
        _let_nothing_wait(person, by=by, at=at)
        replaced = {
            each.model._meta.label: n for each in personal.named() if (n := _replace(each, person, by=by, at=at))
        }
        throttle.forget(throttle.SIGN_IN_AS, person.email)
        throttle.forget(throttle.RESET_OF, person.email)
        person = revise(
            person,
            based_on=person.version,
            name=pseudonym(person),
            email=f"{person.public_id.hex}@{NOWHERE}",
            password=make_password(None),
            is_active=False,
            is_staff=False,
            is_superuser=False,
            **{kind.field: False for kind in preferences.Kind},
            last_login=None,
            pseudonymised_at=at,
        )
        _end_sessions(person)
        for path in settings.ENDS_WITH_SIGN_IN:
            import_string(path)(person=person, by=by, at=at)
        kept_forms.forget_all(person=person)
        audit.record(
            audit.Type.PERSON_PSEUDONYMISED,
            chain=None,
            by=by,
            at=at,
            target=person,
            replaced=replaced,
            words_erased=erased,
        )
        act.result = str(person.public_id)
    return person


def _erase(person, *, by, at):
    return sum(kind.erase(person, by=by, at=at) for kind in personal.words() if kind.erase)


def _let_nothing_wait(person, *, by, at):
    """Withdraw open invitations of the address, and send nothing more to it."""
    for invitation in Invitation.objects.open().filter(email=person.email).order_by("pk"):
        withdraw(invitation=invitation, by=by, at=at)
    mine = OutgoingMail.objects.filter(to=person.email)
    mine.filter(sent_at=None, failed_at=None).update(failed_at=at, problem="Its reader was pseudonymised.")
    mine.update(body="", unsubscribe_url="")


def _replace(each, person, *, by, at):
    """Replace name and address in one table; return in how many rows."""
    # Looked through here and not by the database: SQLite knows no case of letters such as Â.
    swap = _Swap(person)
    found = []
    for row in each.model._base_manager.filter(each.rows(person)).order_by("pk").iterator(chunk_size=500):
        values = {name: swap(getattr(row, name), row._meta.get_field(name)) for name in each.fields}
        if values := {name: value for name, value in values.items() if value != getattr(row, name)}:
            found.append((row, values))
    for row, values in found:
        if isinstance(row, Versioned):
            row = revise(row, based_on=row.version, **values)
        else:
            each.model._base_manager.filter(pk=row.pk).update(**values)
        if each.record:
            each.record(row, by=by, at=at)
    return len(found)


class _Swap:
    """Puts the pseudonym where the name stands as a word of its own, and the address that leads nowhere likewise."""

    def __init__(self, person):
        self.pairs = [
            (_as_word(person.email), f"{person.public_id.hex}@{NOWHERE}"),
            (_as_word(person.name), pseudonym(person)),
        ]

    def __call__(self, text, field):
        for pattern, value in self.pairs:
            text = pattern.sub(value, text)
        return text[: field.max_length] if isinstance(field, models.CharField) else text


def _as_word(text):
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)


def _end_sessions(person):
    """Delete the person's sessions; a session does not say whose it is but inside."""
    for session in Session.objects.all().iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
