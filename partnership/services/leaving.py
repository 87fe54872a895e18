"""
Let a person leave: their parts end, and what they had to do goes to a named successor, in one act.

What somebody did stays theirs: scores, signatures, words. What is still to be done belongs to their organisation.
Higher rooms tell of it, and hand it over, through the modules in `settings.OPEN_WORK`: each has
`open_work(memberships=, on=)`, which returns sentences, and `hand_over(pairs=, by=, at=)`, where `pairs` maps each
membership to the successor's.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from partnership import audit, idempotency, jobs, mail
from partnership.models import Membership, Place, User
from partnership.permissions import check_can_administer
from partnership.roles import DOES, Role


class LeavingRefused(Exception):
    """The person cannot leave like this; `field` names what to mend, the text says how."""

    field = None


class NothingToLeave(LeavingRefused):
    """The person has no part there that goes on."""


class NoSuchSuccessor(LeavingRefused):
    """The successor is nobody who may sign in, or the person themselves."""

    field = "successor"


class WorkChanged(LeavingRefused):
    """What is to be handed over is not what was shown."""


@dataclass(frozen=True)
class Part:
    """A part that ends, with what becomes of it."""

    membership: Membership
    held_already: bool

    @property
    def where(self):
        return self.membership.place or self.membership.system


@dataclass(frozen=True)
class Leaving:
    """What leaving does: the parts that end, the open work, and who takes it over, if anybody."""

    parts: tuple[Part, ...]
    work: tuple[str, ...]
    successor: User | None

    @property
    def digest(self):
        """Stand for everything that was shown, so that a change in between is noticed."""
        shown = [[str(part.membership.public_id), part.held_already] for part in self.parts]
        return audit.digest(audit.canonical([shown, list(self.work), str(self.successor and self.successor.public_id)]))


def open_parts(*, person, last_day):
    """Return the person's parts that go on after a day, or begin later."""
    going_on = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=last_day), user=person)
    return going_on.select_related("place__system", "system", "organisation", "user").order_by("pk")


def taken_over_on(last_day, *, at):
    """Return the day from which a successor takes over: the one after the last, and none that is past."""
    return max(last_day + timedelta(days=1), timezone.localdate(at))


def preview(*, person, last_day, successor=None, where=None):
    """
    Return what leaving would do, without doing it.

    `where` is the place or system that the person leaves; everything unless told.

    :raises LeavingRefused: in one of its kinds
    """
    parts = [
        part
        for part in open_parts(person=person, last_day=last_day)
        if where is None or where in (part.place, part.system)
    ]
    if not parts:
        raise NothingToLeave(f"{person.name} has no part there that goes on after that day")
    if successor and (successor.pk == person.pk or not successor.is_active):
        raise NoSuchSuccessor("The successor must be somebody else who may sign in")
    held = set()
    if successor:
        current = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=last_day), user=successor)
        held = set(current.values_list("role", "place", "system"))
    return Leaving(
        parts=tuple(Part(part, (part.role, part.place_id, part.system_id) in held) for part in parts),
        work=tuple(line for room in _rooms() for line in room.open_work(memberships=parts, on=last_day)),
        successor=successor,
    )


def leave(*, person, last_day, by, at, successor=None, where=None, shown=None, token=None):
    """
    End a person's parts on a day, hand their open work over, and return what was done.

    The successor gets each part that they do not hold already, for the same organisation, from the day after. Whoever
    has no part left signs in no more: at once if the last day is today or past, otherwise when it is over. `shown` is
    the digest of the preview that `by` was looking at.

    :raises PermissionDenied: if `by` is not an administrator
    :raises LeavingRefused: in one of its kinds; nothing is done
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    check_can_administer(user=by)
    with idempotency.once(by=by, token=token, at=at) as act:
        # Whoever closes one of the places holds the same lock, and takes it before those of people, too.
        places = Place.objects.select_for_update(no_key=True).order_by("pk")
        list(places.filter(pk__in=person.memberships.values("place")))
        people = User.objects.select_for_update(no_key=True).order_by("pk")
        list(people.filter(pk__in=[each.pk for each in (person, successor) if each]))
        person = User.objects.get(pk=person.pk)
        leaving = preview(person=person, last_day=last_day, successor=successor, where=where)
        if shown is not None and shown != leaving.digest:
            raise WorkChanged("What is to be handed over changed since you looked. Read the list again")
        first_day = taken_over_on(last_day, at=at)
        pairs = {
            part.membership: _pass_on(part, successor, last_day, first_day, by=by, at=at) for part in leaving.parts
        }
        if successor:
            for room in _rooms():
                room.hand_over(pairs=pairs, by=by, at=at)
            _tell(successor, leaving, first_day, at=at)
        audit.record(
            audit.Type.PERSON_LEFT,
            chain=None,
            by=by,
            at=at,
            target=person,
            memberships=[str(part.membership.public_id) for part in leaving.parts],
            successor=successor and str(successor.public_id),
            last_day=last_day.isoformat(),
        )
        if not open_parts(person=person, last_day=last_day).exists():
            _end_access(leaving.parts[-1].membership, last_day, by=by, at=at)
        act.result = str(person.public_id)
    return leaving


@transaction.atomic
def end_sign_in(*, subject, at):
    """Let somebody sign in no more whose last part is over: the job for a last day that was yet to come."""
    person = Membership.objects.select_related("user").get(public_id=subject).user
    if not open_parts(person=person, last_day=timezone.localdate(at) - timedelta(days=1)).exists():
        _shut_out(person, by=None, at=at)


def _pass_on(part, successor, last_day, first_day, *, by, at):
    """End a membership, and return the successor's: a new one on the same seat, or the one that they hold already."""
    old = part.membership
    Membership.objects.filter(pk=old.pk).update(ends_on=max(last_day, old.starts_on))
    old.refresh_from_db(fields=["ends_on"])
    chain = old.system or old.place.system
    audit.record(audit.Type.MEMBERSHIP_ENDED, chain=chain, by=by, at=at, target=old, ends_on=old.ends_on.isoformat())
    if successor is None:
        return None
    same = {"user": successor, "role": old.role, "place": old.place, "system": old.system}
    if part.held_already:
        return Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=last_day), **same).latest("pk")
    new = Membership.objects.create(
        **same, organisation=old.organisation, starts_on=max(first_day, old.starts_on), seat=old.seat
    )
    audit.record(
        audit.Type.MEMBERSHIP_STARTED,
        chain=chain,
        by=by,
        at=at,
        target=new,
        person=str(successor.public_id),
        role=new.role,
        where=str((old.place or old.system).public_id),
        organisation=str(old.organisation.public_id),
        starts_on=new.starts_on.isoformat(),
        ends_on=None,
        takes_over=str(old.public_id),
    )
    return new


def _end_access(membership, last_day, *, by, at):
    if last_day <= timezone.localdate(at):
        _shut_out(membership.user, by=by, at=at)
    else:
        midnight = datetime.combine(last_day + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))
        jobs.enqueue(kind="end_sign_in", subject=membership.public_id, at=midnight.astimezone(UTC))


def _shut_out(person, *, by, at):
    """End every session at once: a session is of no use without an active person."""
    if not person.is_active or person.is_superuser:
        return
    User.objects.filter(pk=person.pk).update(is_active=False, version=F("version") + 1)
    audit.record(audit.Type.SIGN_IN_ENDED, chain=None, by=by, at=at, target=person)


def _tell(successor, leaving, first_day, *, at):
    text = mail.written(
        "partnership/mail/handed_over.txt",
        person=successor,
        parts=[_part_words(part) for part in leaving.parts],
        work=leaving.work,
        first_day=first_day,
        address=settings.BASE_URL,
    )
    mail.send_later(to=successor.email, at=at, **text)


def _part_words(part):
    held = part.membership
    does = DOES[Role(held.role)]
    return f"{held.get_role_display()} at {part.where}, for {held.organisation.name}: {does[0].lower()}{does[1:]}"


def _rooms():
    return [import_module(path) for path in settings.OPEN_WORK]
