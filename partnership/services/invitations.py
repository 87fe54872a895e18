"""Invite people to roles at places, by a link that works once and for a limited time."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnership import audit, idempotency, mail
from partnership.models import Invitation, InvitationEvent, Membership, Partner, Place, User
from partnership.permissions import system_capacity
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from partnership.services.people import RoleHeldAlready, give_role

INVITERS = frozenset({Role.PROGRAMME_OFFICE})
INVITERS_SENTENCE = "Only the ICB's programme office and administrators invite people."
Kind = InvitationEvent.Kind


class InvitationRefused(Exception):
    """Somebody cannot be invited like this; `field` names what to mend, the text says how."""

    field = None


class WrongPlace(InvitationRefused):
    """The place has ended."""

    field = "place"


class WrongRole(InvitationRefused):
    """The role is not one that is held at a place."""

    field = "role"


class NoPartner(InvitationRefused):
    """The organisation is not a partner of the place now."""

    field = "organisation"


class InvitedAlready(InvitationRefused):
    """An invitation of this address to this role waits to be accepted."""

    field = "email"


class ReasonNeeded(InvitationRefused):
    """The person holds a role in the ICB that reviews the place, and nothing says why they get one there."""

    field = "reason"


class LineRefused(InvitationRefused):
    """One of several people cannot be invited; `index` says which, from 0."""

    def __init__(self, index, why):
        super().__init__(str(why))
        self.index = index


class NotOpen(Exception):
    """The invitation was accepted or withdrawn before."""


class LinkSpent(Exception):
    """
    The link was used or withdrawn, is too old, was replaced by a newer one or was never given out.

    `invitation` is the one that it was for, None where no link leads to one any more.
    """

    def __init__(self, invitation=None):
        super().__init__("The link no longer works")
        self.invitation = invitation


class PasswordNeeded(Exception):
    """Nobody signs in with this address yet: a name and a password are needed."""


def check_can_invite(*, user, system, on=None):
    """
    Let the system's programme office pass, and an administrator.

    :raises PermissionDenied: for anybody else
    """
    if not (user.is_active and user.is_superuser):
        system_capacity(user=user, system=system, on=on).check(INVITERS, INVITERS_SENTENCE)


def invite(*, place, email, name, role, organisation, by, at, reason="", token=None):
    """
    Invite somebody, known or not, to a role at a place, and send them a link.

    :raises PermissionDenied: if `by` neither administers the portal nor runs the place's system
    :raises InvitationRefused: in one of its kinds
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        place = _locked_place(place, by=by, at=at)
        invitation = _invite(place, email, name, role, organisation, reason, by=by, at=at)
        act.result = str(invitation.public_id)
    return invitation


def invite_all(*, place, people, by, at, token=None):
    """
    Invite several people to one place, all of them or none; `people` are dicts of what `invite` takes beside.

    :raises PermissionDenied, partnership.idempotency.AlreadyDone: as `invite` does
    :raises LineRefused: for the first who cannot be invited
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        place = _locked_place(place, by=by, at=at)
        invited = []
        for index, person in enumerate(people):
            try:
                invited.append(_invite(place, **person, reason="", by=by, at=at))
            except ReasonNeeded:
                why = "This is somebody of the ICB: invite them by themselves, with a reason"
                raise LineRefused(index, why) from None
            except InvitationRefused as error:
                raise LineRefused(index, error) from None
        act.result = str(place.public_id)
    return invited


def send_again(*, invitation, by, at, token=None):
    """
    Send a new link, which holds from now; the one before works no longer.

    :raises PermissionDenied: as `invite` does
    :raises NotOpen: if it was accepted or withdrawn
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        invitation = _locked(invitation, by=by, at=at)
        _send(invitation, at=at)
        _record(invitation, Kind.SENT_AGAIN, audit.Type.INVITATION_SENT_AGAIN, by=by, at=at)
        act.result = str(invitation.public_id)
    return invitation


@transaction.atomic
def withdraw(*, invitation, by, at):
    """
    Let the link of an invitation work no longer.

    :raises PermissionDenied: as `invite` does
    :raises NotOpen: if it was accepted or withdrawn
    """
    invitation = _locked(invitation, by=by, at=at)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    _record(invitation, Kind.WITHDRAWN, audit.Type.INVITATION_WITHDRAWN, by=by, at=at)
    return invitation


def of_link(*, token, at):
    """
    Return the invitation that a link belongs to.

    :raises LinkSpent: if the link does not work
    """
    invitation = _of_token(Invitation.objects.select_related("place__system", "organisation", "invited_by"), token)
    _check_works(invitation, at)
    return invitation


def known_person(invitation):
    """Return who signs in with the invited address, or None; for the reader of the link only."""
    person = User.objects.filter(email=invitation.email).first()
    return person if person and person.has_usable_password() else None


@transaction.atomic
def accept(*, token, at, name="", password=""):
    """
    Take up an invitation, and return the person and the membership, None where they held the role before.

    Who reads the address is who may accept: whoever signs in with it already needs to say nothing more.

    :raises LinkSpent: if the link does not work
    :raises PasswordNeeded: if nobody signs in with the address yet and no password came along
    """
    # The lock comes first: of two posts of the same link, one must find it spent.
    locking = Invitation.objects.select_for_update(no_key=True, of=("self",))
    invitation = _of_token(locking.select_related("place__system", "organisation"), token)
    _check_works(invitation, at)
    # Before the person, as everywhere: the place may be closing.
    place = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system")
    invitation.place = place.get(pk=invitation.place_id)
    _check_works(invitation, at)
    person = User.objects.select_for_update(no_key=True).filter(email=invitation.email).first()
    if person is None or not person.has_usable_password():
        if not (name and password):
            raise PasswordNeeded
        person = _let_in(person, invitation.email, name, password, at=at)
    elif not person.is_active:
        raise LinkSpent
    of_icb = is_of_icb(email=invitation.email, system=invitation.place.system, on=timezone.localdate(at))
    invitation.accepted_at, invitation.accepted_by = at, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _record(invitation, Kind.ACCEPTED, audit.Type.INVITATION_ACCEPTED, by=person, at=at, of_icb=of_icb)
    try:
        membership = give_role(
            user=person,
            role=invitation.role,
            place=invitation.place,
            organisation=invitation.organisation,
            starts_on=timezone.localdate(at),
            by=person,
            at=at,
        )
    except RoleHeldAlready:
        return person, None
    if of_icb:
        _tell_the_place(invitation, person, at=at)
    return person, membership


def is_of_icb(*, email, system, on):
    """Tell whether somebody who runs or reviews the system's rounds signs in with an address."""
    held = Membership.objects.current(on).filter(system=system, role__in=OF_SYSTEM)
    return held.filter(user__email=email.strip().lower()).exists()


def _locked_place(place, *, by, at):
    # A system's audit chain is written under it; the lock also keeps two invitations of one address apart.
    place = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=place.pk)
    check_can_invite(user=by, system=place.system, on=timezone.localdate(at))
    return place


def _invite(place, email, name, role, organisation, reason, *, by, at):
    email, day = email.strip().lower(), timezone.localdate(at)
    if place.ended_on:
        raise WrongPlace(f"{place.name} has ended: choose another place")
    if Role(role) not in AT_PLACE:
        raise WrongRole("Choose a role that is held at a place")
    present = Partner.objects.filter(place=place, organisation=organisation, starts_on__lte=day)
    if not present.exclude(ends_on__lt=day).exists():
        raise NoPartner(f"{organisation.name} is not a partner of {place.name}: choose one that is")
    of_icb = is_of_icb(email=email, system=place.system, on=day)
    if of_icb and not reason.strip():
        raise ReasonNeeded(
            "This is somebody of the ICB, who would get a part at a place that the ICB reviews: say why. "
            "The place is told"
        )
    invitation = Invitation(
        email=email,
        name=name,
        role=Role(role),
        place=place,
        organisation=organisation,
        reason=reason.strip() if of_icb else "",
        invited_at=at,
        invited_by=by,
    )
    try:
        with transaction.atomic():
            _send(invitation, at=at)
    except IntegrityError:
        if Invitation.objects.open().filter(email=email, place=place, role=role).exists():
            raise InvitedAlready("This address is invited to this role already: send that invitation again") from None
        raise
    _record(invitation, Kind.SENT, audit.Type.PERSON_INVITED, by=by, at=at, role=str(Role(role)), of_icb=of_icb)
    return invitation


def _send(invitation, *, at):
    """Give the invitation a new link that holds from now, keep only its digest, and put the link in the outbox."""
    token = secrets.token_urlsafe(32)
    invitation.token_digest = audit.digest(token)
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    text = mail.written(
        "partnership/mail/invitation_to_role.txt",
        invitation=invitation,
        link=settings.BASE_URL.rstrip("/") + reverse("partnership:join", args=[token]),
    )
    mail.send_later(to=invitation.email, at=at, **text)


def _locked(invitation, *, by, at):
    locking = Invitation.objects.select_for_update(no_key=True, of=("self",))
    invitation = locking.select_related("place__system", "organisation", "invited_by").get(pk=invitation.pk)
    check_can_invite(user=by, system=invitation.place.system, on=timezone.localdate(at))
    if invitation.accepted_at or invitation.withdrawn_at:
        raise NotOpen
    return invitation


def _of_token(invitations, token):
    return invitations.filter(token_digest=audit.digest(token)).first()


def _check_works(invitation, at):
    if invitation is None or invitation.state_at(at) != Invitation.State.SENT or invitation.place.ended_on:
        raise LinkSpent(invitation)


def _let_in(person, email, name, password, *, at):
    """Let somebody sign in who could not before: a new person, or one who was added without a password."""
    if person:
        person.set_password(password)
        person.save(update_fields=["password"])
        audit.record(audit.Type.PASSWORD_CHANGED, chain=None, by=person, at=at, target=person)
        return person
    try:
        with transaction.atomic():
            person = User.objects.create_user(email=email, name=name, password=password, created_at=at)
    except IntegrityError:
        # Another invitation of the same address was accepted at the same moment, with a password of its own.
        raise PasswordNeeded from None
    audit.record(audit.Type.PERSON_ADDED, chain=None, by=person, at=at, target=person, administrator=False)
    return person


def _tell_the_place(invitation, person, *, at):
    """Tell those who lead the place that somebody of the ICB that reviews it has a role there now."""
    text = mail.written("partnership/mail/role_for_icb.txt", invitation=invitation, person=person)
    told = Membership.objects.current(timezone.localdate(at)).filter(
        place=invitation.place, role__in=(Role.CHAIR, Role.LEAD), user__is_active=True
    )
    for address in sorted(set(told.exclude(user=person).values_list("user__email", flat=True))):
        mail.send_later(to=address, at=at, **text)


def _record(invitation, kind, type, *, by, at, **details):
    InvitationEvent.objects.create(invitation=invitation, kind=kind, at=at, by=by)
    # Neither name nor address: they are personal and could not be erased from the record.
    audit.record(
        type,
        chain=invitation.place.system,
        by=by,
        at=at,
        target=invitation,
        place=str(invitation.place.public_id),
        organisation=str(invitation.organisation.public_id),
        **details,
    )
