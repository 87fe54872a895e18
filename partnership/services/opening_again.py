"""Open a place again that was closed by mistake, and give back what its closing ended."""

from django.db.models import Q
from django.utils import timezone

from partnership import audit, idempotency
from partnership.models import Membership, Place, PlaceChange, revise
from partnership.permissions import check_can_administer
from partnership.services.closing import NoReason, pass_on, record, start_partner


class NotClosed(Exception):
    """The place is open."""


def open_again(*, place, reason, based_on, by, at, token=None):
    """
    Open a closed place again from today on, and return it.

    Parts and partnerships that its closing ended are given anew, each part on its old seat, where the person may still
    sign in and does not hold it again. What went on at a successor stays there.

    :raises PermissionDenied: if `by` is not an administrator
    :raises NotClosed: if the place is open
    :raises NoReason: if nothing says why
    :raises partnership.models.Stale: if somebody changed the place since version `based_on`
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    check_can_administer(user=by)
    reason, day = reason.strip(), timezone.localdate(at)
    with idempotency.once(by=by, token=token, at=at) as act:
        place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
        if not place.ended_on:
            raise NotClosed
        if not reason:
            raise NoReason("Say why")
        closing = _last_closing(place)
        before = [each for each in Place.objects.filter(part_of=place.part_of).order_by("pk") if _came_by(each, place)]
        revise(place, based_on=based_on, ended_on=None, part_of=None)
        PlaceChange.objects.create(
            place=place,
            kind=PlaceChange.Kind.OPENED_AGAIN,
            day=day,
            successor=place.part_of,
            reason=reason,
            at=at,
            by=by,
        )
        record(audit.Type.PLACE_OPENED_AGAIN, place, by=by, at=at, reason=audit.digest(reason))
        place = Place.objects.select_related("system").get(pk=place.pk)
        for earlier in before:
            pass_on(earlier, place, by=by, at=at)
        ended = closing.ended.select_related("membership__user", "membership__organisation", "partner__organisation")
        for each in ended.exclude(until__lt=day).order_by("pk"):
            if each.partner:
                told = {"starts_on": day, "until": each.until, "by": by, "at": at}
                start_partner(place=place, organisation=each.partner.organisation, **told)
            else:
                _give_back(each.membership, place, day, each.until, by=by, at=at)
        act.result = str(place.public_id)
    return place


def _last_closing(place):
    return place.changes.filter(kind=PlaceChange.Kind.CLOSED).latest("pk")


def _came_by(earlier, place):
    """Tell whether a closed place became part of what it is part of now by way of `place`."""
    while earlier.ended_on and earlier.pk != place.pk:
        earlier = _last_closing(earlier).successor
        if earlier is None:
            return False
        if earlier.pk == place.pk:
            return True
    return False


def _give_back(old, place, day, until, *, by, at):
    """Give a part anew on its old seat."""
    held = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=old.user, place=place, role=old.role)
    if not old.user.is_active or held.exists():
        return
    new = Membership.objects.create(
        user=old.user,
        role=old.role,
        place=place,
        organisation=old.organisation,
        starts_on=day,
        ends_on=until,
        seat=old.seat,
    )
    audit.record(
        audit.Type.MEMBERSHIP_STARTED,
        chain=place.system,
        by=by,
        at=at,
        target=new,
        person=str(old.user.public_id),
        role=new.role,
        where=str(place.public_id),
        organisation=str(old.organisation.public_id),
        starts_on=day.isoformat(),
        ends_on=until and until.isoformat(),
        takes_over=str(old.public_id),
    )
