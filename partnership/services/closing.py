"""
Close places, by themselves or to become part of a successor; what they did stays, and is only read from then on.

The parts and partnerships there end; chosen ones go on at the successor. Higher rooms say through two settings, lists
of dotted functions, what stands against it (`HOLDS_PLACES_OPEN`, each `held_open_by(places=, lock=)`, which returns
hindrances and locks what it looked at if told to) and what stays behind (`STAYS_WITH_PLACES`, each `stays(places=)`,
which returns sentences).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from partnership import audit, idempotency, mail
from partnership.models import (
    EndedByClosing,
    Invitation,
    Membership,
    Partner,
    Place,
    PlaceChange,
    System,
    revise,
)
from partnership.roles import Role
from partnership.services.invitations import check_can_invite, withdraw
from partnership.services.people import RoleHeldAlready, give_role
from partnership.services.places import details


class ClosingRefused(Exception):
    """The places cannot be closed like this; `field` names what to mend, the text says how."""

    field = None


class WrongPlaces(ClosingRefused):
    """There are none, or one that is not an open place of the system."""

    field = "places"


class WrongSuccessor(ClosingRefused):
    """The successor is no open place of the system, or one of those that close."""

    field = "successor"


class DayToCome(ClosingRefused):
    """The day is not there yet."""

    field = "closed_on"


class NoReason(ClosingRefused):
    """Nothing says why."""

    field = "reason"


class PartnerNeeded(ClosingRefused):
    """Somebody would go on for an organisation that is no partner of the successor."""

    field = "partners"


class EffectChanged(ClosingRefused):
    """What closing does is not what was shown."""


class HeldOpen(ClosingRefused):
    """Something must be finished first; `hindrances` say what."""

    def __init__(self, hindrances):
        super().__init__("Finish first what is still going on there")
        self.hindrances = hindrances


@dataclass(frozen=True)
class Hindrance:
    """Something that must be finished before a place closes, and the address, by route, where that is done."""

    text: str
    route: str
    public_id: object


@dataclass(frozen=True)
class Closing:
    """
    What closing does: the parts and partnerships that end, the invitations withdrawn, and what stays behind.

    `chairs` are those of the successor and of the places that close, by name.
    """

    places: tuple[Place, ...]
    closed_on: date
    successor: Place | None
    memberships: tuple[Membership, ...]
    partners: tuple[Partner, ...]
    invitations: tuple[Invitation, ...]
    stays: tuple[str, ...]
    chairs: tuple[str, ...] = ()

    @property
    def organisations(self):
        """The organisations whose partnerships end, each once, by name."""
        return sorted({partner.organisation for partner in self.partners}, key=lambda each: each.name)

    @property
    def digest(self):
        """Stand for everything that was shown, so that a change in between is noticed."""
        shown = [
            [f"{place.public_id} {place.version}" for place in self.places],
            self.closed_on.isoformat(),
            str(self.successor and self.successor.public_id),
            [str(each.public_id) for each in self.memberships],
            [each.pk for each in self.partners],
            [str(each.public_id) for each in self.invitations],
            list(self.stays),
            list(self.chairs),
        ]
        return audit.digest(audit.canonical(shown))


def check_can_close(*, user, system, on=None):
    """
    Let the system's programme office pass, and an administrator.

    :raises PermissionDenied: for anybody else
    """
    check_can_invite(user=user, system=system, on=on)


def preview(*, system, places, closed_on, at, successor=None):
    """
    Return what closing would do, without doing it.

    :raises ClosingRefused: in one of its kinds
    """
    _check(system, places, closed_on, successor, at)
    if hindrances := held_open_by(places):
        raise HeldOpen(hindrances)
    return _effect(places, closed_on, successor)


def close(
    *,
    system,
    places,
    closed_on,
    reason,
    by,
    at,
    successor=None,
    memberships=(),
    organisations=(),
    shown=None,
    token=None,
):
    """
    Close places from a day on, and return what was done.

    With a successor, they become part of it: the chosen `memberships` go on there in the same role, each on a seat of
    its own, and the chosen `organisations` become its partners. `shown` is the digest of the preview that `by` saw.

    :raises PermissionDenied: if `by` neither administers the portal nor runs the system
    :raises ClosingRefused: in one of its kinds; nothing is done
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    reason = reason.strip()
    with idempotency.once(by=by, token=token, at=at) as act:
        check_can_close(user=by, system=system, on=timezone.localdate(at))
        # Assessments and invitations are locked before places, places before people, everywhere; what is opened
        # meanwhile waits for the places, or is seen.
        held_open_by(places, lock=True)
        list(Invitation.objects.open().select_for_update(no_key=True).filter(place__in=places).order_by("pk"))
        System.objects.select_for_update(no_key=True).get(pk=system.pk)
        places, successor = _locked(places, successor)
        closing = preview(system=system, places=places, closed_on=closed_on, successor=successor, at=at)
        if not reason:
            raise NoReason("Say why")
        if shown is not None and shown != closing.digest:
            raise EffectChanged("What this does changed since you looked. Read it again")
        told = {"by": by, "at": at}
        changes = {place.pk: _close(place, closing, reason, **told) for place in closing.places}
        _end(closing, changes, **told)
        gone_on = _go_on(closing, memberships, organisations, **told) if successor else {}
        for invitation in closing.invitations:
            withdraw(invitation=invitation, **told)
        _tell(closing, gone_on, at=at)
        act.result = str(system.public_id)
    return closing


def held_open_by(places, *, lock=False):
    """Return what must be finished before these places close; with `lock`, nobody begins with it anew meanwhile."""
    return [
        hindrance for path in settings.HOLDS_PLACES_OPEN for hindrance in import_string(path)(places=places, lock=lock)
    ]


def pass_on(place, successor, *, by, at):
    """Let what has become part of a place before be part of another one, or of itself again, now."""
    revise(place, based_on=place.version, part_of=successor)
    record(audit.Type.PLACE_PASSED_ON, place, by=by, at=at)


def record(type, place, *, by, at, **more):
    """Record what became of a place."""
    place = Place.objects.select_related("system", "part_of").get(pk=place.pk)
    audit.record(type, chain=place.system, by=by, at=at, target=place, **details(place), **more)


def _locked(places, successor):
    keys = [place.pk for place in places] + ([successor.pk] if successor else [])
    locked = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system").filter(pk__in=keys)
    rows = {place.pk: place for place in locked.order_by("pk")}
    return [rows[place.pk] for place in places], successor and rows[successor.pk]


def _check(system, places, closed_on, successor, at):
    if not places:
        raise WrongPlaces("Choose at least one place")
    for place in places:
        if place.system_id != system.pk or place.ended_on:
            raise WrongPlaces(f"{place.name} is not one of the system's open places now")
    if successor and (successor.system_id != system.pk or successor.ended_on):
        raise WrongSuccessor(f"{successor.name} is not one of the system's open places now")
    if successor in places:
        raise WrongSuccessor(f"{successor.name} cannot become part of itself: do not choose it among those that close")
    if closed_on > timezone.localdate(at):
        raise DayToCome("A place is closed on the day or afterwards: the day must be today or past")


def _effect(places, closed_on, successor):
    goes_on = Q(ends_on=None) | Q(ends_on__gte=closed_on)
    memberships = Membership.objects.filter(goes_on, place__in=places)
    partners = Partner.objects.filter(goes_on, place__in=places)
    invitations = Invitation.objects.open().filter(place__in=places)
    return Closing(
        places=tuple(sorted(places, key=lambda place: place.name)),
        closed_on=closed_on,
        successor=successor,
        memberships=tuple(
            memberships.select_related("user", "organisation", "place__system").order_by(
                "place__name", "user__name", "role", "pk"
            )
        ),
        partners=tuple(
            partners.select_related("organisation", "place__system").order_by("organisation__name", "place__name")
        ),
        invitations=tuple(invitations.order_by("pk")),
        stays=tuple(line for path in settings.STAYS_WITH_PLACES for line in import_string(path)(places=places)),
        chairs=_chairs([*places, successor], on=closed_on) if successor else (),
    )


def _chairs(places, *, on):
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), role=Role.CHAIR, place__in=places)
    return tuple(name for name, _ in here.order_by("user__name").values_list("user__name", "user").distinct())


def _close(place, closing, reason, *, by, at):
    """Close one place and all that has become part of it before, and return how that is kept."""
    revise(place, based_on=place.version, ended_on=closing.closed_on, part_of=closing.successor)
    record(audit.Type.PLACE_CLOSED, place, by=by, at=at, reason=audit.digest(reason))
    if closing.successor:
        for earlier in place.predecessors.order_by("pk"):
            pass_on(earlier, closing.successor, by=by, at=at)
    return PlaceChange.objects.create(
        place=place,
        kind=PlaceChange.Kind.CLOSED,
        day=closing.closed_on,
        successor=closing.successor,
        reason=reason,
        at=at,
        by=by,
    )


def _end(closing, changes, *, by, at):
    """End the parts and partnerships of the places, and keep which they were."""
    last_day = closing.closed_on - timedelta(days=1)
    kept = []
    for each in closing.memberships + closing.partners:
        ends_on = max(last_day, each.starts_on)
        type(each).objects.filter(pk=each.pk).update(ends_on=ends_on)
        told = {"chain": each.place.system, "by": by, "at": at, "ends_on": ends_on.isoformat()}
        row = {"change": changes[each.place_id], "until": each.ends_on}
        if isinstance(each, Membership):
            audit.record(audit.Type.MEMBERSHIP_ENDED, target=each, **told)
            kept.append(EndedByClosing(membership=each, **row))
        else:
            where = str(each.place.public_id)
            audit.record(audit.Type.PARTNER_ENDED, target=each.organisation, place=where, **told)
            kept.append(EndedByClosing(partner=each, **row))
    EndedByClosing.objects.bulk_create(kept)


def _go_on(closing, memberships, organisations, *, by, at):
    """Let the chosen parts and partnerships go on at the successor; return the new parts by the old ones' keys."""
    successor, first_day = closing.successor, closing.closed_on
    chosen = {organisation.pk for organisation in organisations}
    for organisation in closing.organisations:
        if organisation.pk in chosen:
            start_partner(place=successor, organisation=organisation, starts_on=first_day, by=by, at=at)
    present = Partner.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first_day), place=successor)
    present = set(present.values_list("organisation", flat=True))
    keys, gone_on = {each.pk for each in memberships}, {}
    going = [each for each in closing.memberships if each.pk in keys]
    if missing := sorted({each.organisation.name for each in going if each.organisation_id not in present}):
        raise PartnerNeeded(
            f"Let {', '.join(missing)} go on as a partner of {successor.name}, too, or let its people not go on"
        )
    for each in going:
        try:
            gone_on[each.pk] = give_role(
                user=each.user,
                role=each.role,
                place=successor,
                organisation=each.organisation,
                starts_on=max(first_day, each.starts_on),
                ends_on=each.ends_on,
                by=by,
                at=at,
            )
        except RoleHeldAlready:
            # There or, from another of these places, a moment ago.
            gone_on[each.pk] = None
    return gone_on


def start_partner(*, place, organisation, starts_on, by, at, until=None):
    """Make an organisation a partner of a place, where it is none at that time; the caller has locked the place."""
    same = Partner.objects.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), place=place, organisation=organisation)
    if same.exists():
        return
    Partner.objects.create(place=place, organisation=organisation, starts_on=starts_on, ends_on=until)
    audit.record(
        audit.Type.PARTNER_STARTED,
        chain=place.system,
        by=by,
        at=at,
        target=organisation,
        place=str(place.public_id),
        starts_on=starts_on.isoformat(),
        ends_on=until and until.isoformat(),
    )


def _tell(closing, gone_on, *, at):
    """Tell each person whose part ends what becomes of it, in one e-mail."""
    by_person = {}
    for each in closing.memberships:
        by_person.setdefault(each.user, []).append((each, each.pk in gone_on))
    for person, parts in by_person.items():
        if person.is_active:
            text = mail.written(
                "partnership/mail/place_closed.txt",
                person=person,
                parts=parts,
                places=sorted({each.place.name for each, _ in parts}),
                closed_on=closing.closed_on,
                successor=closing.successor,
                address=settings.BASE_URL,
            )
            mail.send_later(to=person.email, at=at, **text)
