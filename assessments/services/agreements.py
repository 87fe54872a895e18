"""Keep the agreements between a place's partners: add, change and end them; none is ever deleted."""

from django.utils import timezone

from assessments.models import Artefact, PartnershipAgreement
from partnership import audit, idempotency
from partnership.models import Stale, revise
from partnership.selectors import organisations_around
from partnership.services.bodies import lock_place


class AgreementRefused(Exception):
    """An agreement cannot be kept like this; `field` names what to mend, the text says how."""

    field = None


class NoTitle(AgreementRefused):
    """Nobody could tell it from the others, or another has the same title."""

    field = "title"


class NotAround(AgreementRefused):
    """A party has no part in the place, nor in its system."""

    field = "parties"


class EndsTooEarly(AgreementRefused):
    """Its last day lies before its first."""

    field = "ends_on"


class HeldTwice(AgreementRefused):
    """An artefact and another place are both named."""

    field = "held_at"


class NotInRegister(AgreementRefused):
    """The artefact is not in the place's evidence register."""

    field = "artefact"


class AgreementEnded(Exception):
    """The agreement has ended, so it stays as it is."""


def add_agreement(*, place, title, kind, by, at, parties=(), token=None, **values):
    """
    Add an agreement; `values` are the other fields of `PartnershipAgreement` that people write.

    :raises PermissionDenied: if `by` does not keep this here
    :raises AgreementRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        place = lock_place(place, by=by, at=at)
        values = _checked(PartnershipAgreement(place=place), parties, title=title, kind=kind, **values)
        made = PartnershipAgreement.objects.create(place=place, **values)
        made.parties.set(parties)
        _record(audit.Type.AGREEMENT_ADDED, made, by=by, at=at)
        act.result = str(made.public_id)
    return made


def change_agreement(*, agreement, based_on, title, kind, by, at, parties=(), **values):
    """
    Write an agreement anew.

    :raises PermissionDenied: if `by` does not keep this here
    :raises AgreementEnded: if it was ended
    :raises AgreementRefused: in one of its kinds, if the values do not fit together
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    with idempotency.once(by=by, token=None, at=at):
        lock_place(agreement.place, by=by, at=at)
        current = _present(agreement, based_on, on=timezone.localdate(at))
        values = _checked(current, parties, title=title, kind=kind, **values)
        agreement = revise(current, based_on=based_on, **values)
        agreement.parties.set(parties)
        _record(audit.Type.AGREEMENT_CHANGED, agreement, by=by, at=at)
    return agreement


def end_agreement(*, agreement, based_on, ends_on, by, at):
    """
    Say which day is, or was, the last on which an agreement holds. It stays on record.

    :raises PermissionDenied: if `by` does not keep this here
    :raises AgreementEnded: if it has ended before
    :raises EndsTooEarly: if the last day lies before the first
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    with idempotency.once(by=by, token=None, at=at):
        lock_place(agreement.place, by=by, at=at)
        current = _present(agreement, based_on, on=timezone.localdate(at))
        if current.starts_on and ends_on < current.starts_on:
            raise EndsTooEarly("The last day must not lie before the first")
        agreement = revise(current, based_on=based_on, ends_on=ends_on)
        _record(audit.Type.AGREEMENT_ENDED, agreement, by=by, at=at)
    return agreement


def has_ended(agreement, *, on):
    """Tell whether an agreement's last day lies behind, or is the day itself and so cannot be put off."""
    return bool(agreement.ends_on and agreement.ends_on <= on)


def _present(agreement, based_on, *, on):
    current = PartnershipAgreement.objects.select_related("place__system").get(pk=agreement.pk)
    if current.version != based_on:
        raise Stale(current)
    if has_ended(current, on=on):
        raise AgreementEnded("The agreement has ended, so it stays as it is")
    return current


def _checked(
    agreement,
    parties,
    *,
    title,
    kind,
    status=PartnershipAgreement.Status.NOT_STATED,
    starts_on=None,
    ends_on=None,
    review_by=None,
    artefact=None,
    held_at="",
    note="",
):
    """Return the values as they are to be stored, once they are sound."""
    title, held_at, place = title.strip(), held_at.strip(), agreement.place
    if not title:
        raise NoTitle("Enter a title")
    if PartnershipAgreement.objects.filter(place=place, title=title).exclude(pk=agreement.pk).exists():
        raise NoTitle(f"{place} has an agreement with this title already")
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsTooEarly("The last day must not lie before the first")
    if artefact and held_at:
        raise HeldTwice("Choose the artefact that holds it, or say where it is held, not both")
    if artefact and not Artefact.objects.filter(pk=artefact.pk, place=place).exists():
        raise NotInRegister("Choose an artefact of this place's evidence register")
    known = set(organisations_around(place=place).values_list("pk", flat=True))
    if agreement.pk:
        known |= set(agreement.parties.values_list("pk", flat=True))
    if strange := sorted(party.name for party in parties if party.pk not in known):
        raise NotAround(f"{', '.join(strange)} has no part in {place}")
    return {
        "title": title,
        "kind": PartnershipAgreement.Kind(kind),
        "status": PartnershipAgreement.Status(status),
        "starts_on": starts_on,
        "ends_on": ends_on,
        "review_by": review_by,
        "artefact": artefact,
        "held_at": held_at,
        "note": note.strip(),
    }


def _record(type, agreement, *, by, at):
    audit.record(type, chain=agreement.place.system, by=by, at=at, target=agreement, **details(agreement))


def details(agreement):
    """Return what the record says of an agreement as it is now; the words that people wrote as digests."""
    dates = {name: getattr(agreement, name) for name in ("starts_on", "ends_on", "review_by")}
    return {
        "place": str(agreement.place.public_id),
        "title": audit.digest(agreement.title),
        "kind": str(agreement.kind),
        "status": str(agreement.status),
        "parties": sorted(str(party.public_id) for party in agreement.parties.all()),
        "artefact": agreement.artefact and str(agreement.artefact.public_id),
        "held_at": audit.digest(agreement.held_at),
        "note": audit.digest(agreement.note),
    } | {name: day and day.isoformat() for name, day in dates.items()}
