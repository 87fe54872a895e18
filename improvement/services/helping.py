"""Say what a place can help others of its system with, or asks of them; what was said stays on record."""

from django.utils import timezone

from assessments.models import Assessment
from improvement.models import Help, HelpChange
from improvement.permissions import check_can_offer_help
from partnership import audit, idempotency
from partnership.models import Place, Stale, revise
from partnership.selectors import partners_of


class HelpRefused(Exception):
    """It cannot be said like this; `field` names what to mend, the text says how."""

    field = None


class NoWords(HelpRefused):
    """Without words nobody knows what is offered or asked."""

    field = "words"


class NotAPartner(HelpRefused):
    """Whom to turn to is no partner of the place."""

    field = "contact"


class NoSuchCriterion(HelpRefused):
    """The place has never been assessed by a framework with this criterion."""

    field = "criterion"


class EndsTooEarly(HelpRefused):
    """The last day lies before the first."""

    field = "ends_on"


def say(*, place, criterion, kind, contact, words, by, at, ends_on=None, token=None):
    """
    Offer or ask for help with a criterion (a node), from the day of `at`.

    :raises PermissionDenied: if `by` does not speak for the place, or it has closed
    :raises HelpRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    day = timezone.localdate(at)
    with idempotency.once(by=by, token=token, at=at) as act:
        place = _lock(place, by=by, on=day)
        used = Assessment.objects.filter(place=place, framework_version=criterion.version_id)
        if not criterion.is_criterion or not used.exists():
            raise NoSuchCriterion("Choose a criterion of a framework that the place is assessed by")
        made = Help.objects.create(
            place=place,
            criterion=criterion,
            kind=Help.Kind(kind),
            contact=_partner(place, contact, day),
            words=_words(words),
            starts_on=day,
            ends_on=_last_day(ends_on, day),
        )
        _note(audit.Type.HELP_SAID, made, by=by, at=at)
        act.result = str(made.public_id)
    return made


def change(*, help, contact, words, ends_on, based_on, by, at):
    """
    Say it anew, or until when it holds; what was said before stays on record.

    :raises PermissionDenied: if `by` does not speak for the place, or it has closed
    :raises HelpRefused: in one of its kinds, if the values do not fit together
    :raises partnership.models.Stale: if somebody else changed it since version `based_on`
    """
    day = timezone.localdate(at)
    with idempotency.once(by=by, token=None, at=at):
        place = _lock(help.place, by=by, on=day)
        current = Help.objects.select_related("place__system", "contact", "criterion").get(pk=help.pk)
        if current.version != based_on:
            raise Stale(current)
        # Who was named when it was said may have left since.
        if contact.pk != current.contact_id:
            contact = _partner(place, contact, day)
        help = revise(
            current,
            based_on=based_on,
            contact=contact,
            words=_words(words),
            ends_on=_last_day(ends_on, current.starts_on),
        )
        _note(audit.Type.HELP_CHANGED, help, by=by, at=at)
    return help


def _lock(place, *, by, on):
    place = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=place.pk)
    check_can_offer_help(user=by, place=place, on=on)
    return place


def _words(words):
    if not (said := words.strip()):
        raise NoWords("Enter what it is about")
    return said


def _partner(place, contact, day):
    if contact not in partners_of(place=place, on=day):
        raise NotAPartner(f"{contact.name} is not a partner of {place.name}")
    return contact


def _last_day(ends_on, starts_on):
    if ends_on and ends_on < starts_on:
        raise EndsTooEarly("The last day must not lie before the first")
    return ends_on


def _note(type, help, *, by, at):
    HelpChange.objects.create(
        help=help, contact=help.contact, words=help.words, ends_on=help.ends_on, changed_at=at, changed_by=by
    )
    audit.record(type, chain=help.place.system, by=by, at=at, target=help, **details(help))


def details(help):
    """Return what the record says of an offer or an ask as it is now; the words as a digest."""
    return {
        "place": str(help.place.public_id),
        "criterion": help.criterion.code,
        "kind": str(help.kind),
        "contact": str(help.contact.public_id),
        "words": audit.digest(help.words),
        "ends_on": help.ends_on and help.ends_on.isoformat(),
    }
