"""Let the place lead stand in for the chair, and withdraw that."""

from django.utils import timezone

from assessments.models import StandIn
from assessments.services import notices
from assessments.services.locking import lock_for
from assessments.workflow import Act, Power
from partnership import audit, idempotency
from partnership.models import Membership
from partnership.roles import Role


class StandInRefused(Exception):
    """The lead cannot stand in like this; `field` names what to mend, the text says how."""

    field = None


class NotALead(StandInRefused):
    """Whoever is named does not lead the place, or is the chair themselves."""

    field = "lead"


class NothingChosen(StandInRefused):
    """Nothing is named that the lead may do."""

    field = "powers"


class StandsInAlready(StandInRefused):
    """The lead may do that at that time already."""

    field = "powers"


class DaysWrong(StandInRefused):
    """The days are in the wrong order, or over."""

    field = "ends_on"


class WithdrawnAlready(Exception):
    """It was withdrawn before; nothing was changed."""


def possible_leads(*, place, chair, on):
    """Return the memberships of those who lead the place on a day and are not its chair who asks, by name."""
    leads = Membership.objects.current(on).filter(place=place, role=Role.LEAD).exclude(user=chair)
    return list(leads.select_related("user", "organisation").order_by("user__name", "pk"))


def let_stand_in(*, assessment, lead, powers, starts_on, ends_on, by, at, token=None):
    """
    Let `lead`, a membership, do some of the chair's acts at the place on these days, and return the stand-ins.

    :raises PermissionDenied: if `by` does not chair the place
    :raises permissions.WrongState: if the assessment is submitted
    :raises StandInRefused: in one of its kinds
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    day, powers = timezone.localdate(at), [Power(power) for power in powers]
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, chair = _lock(assessment, by=by, at=at)
        if lead.pk not in {each.pk for each in possible_leads(place=assessment.place, chair=by, on=day)}:
            raise NotALead("Choose somebody who leads this place")
        # Another assessment of the place may be the page on which the same is said right now.
        locked = Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
        lead = locked.get(pk=lead.pk)
        if not powers:
            raise NothingChosen("Choose what they may do")
        if max(starts_on, day) > ends_on:
            raise DaysWrong("The last day must be today or later, and not before the first")
        held = StandIn.objects.filter(lead=lead, withdrawn_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on)
        if twice := held.filter(power__in=powers).first():
            raise StandsInAlready(f"They may do this until {twice.ends_on:%-d %B %Y} already: {twice.words}")
        made = [_let(assessment, chair, lead, power, starts_on, ends_on, by=by, at=at) for power in powers]
        notices.stands_in(stand_ins=made, assessment=assessment, at=at)
        act.result = str(assessment.public_id)
    return made


def withdraw_stand_in(*, assessment, stand_in, by, at):
    """
    Take back that a lead may do something for the chair; what they did stands. Any chair of the place may.

    :raises PermissionDenied: if `by` does not chair the place
    :raises permissions.WrongState: if the assessment is submitted
    :raises WithdrawnAlready: if it was withdrawn before
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = _lock(assessment, by=by, at=at)
        mine = StandIn.objects.filter(pk=stand_in.pk, chair__place=assessment.place)
        if not mine.filter(withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by):
            raise WithdrawnAlready
        stand_in = mine.select_related("chair__user", "lead__user").get()
        _record(audit.Type.STAND_IN_WITHDRAWN, stand_in, assessment, by=by, at=at)
        notices.stands_in_no_more(stand_in=stand_in, assessment=assessment, at=at)
    return stand_in


def _lock(assessment, *, by, at):
    """Lock the assessment: whoever moves it in the chair's place holds the same lock."""
    assessment, capacity = lock_for(Act.NAME_STAND_IN, assessment.pk, by=by, at=at)
    return assessment, capacity.as_role(Role.CHAIR)


def _let(assessment, chair, lead, power, starts_on, ends_on, *, by, at):
    made = StandIn.objects.create(
        chair=chair, lead=lead, power=power, starts_on=starts_on, ends_on=ends_on, named_at=at
    )
    _record(audit.Type.STAND_IN_NAMED, made, assessment, by=by, at=at)
    return made


def _record(type, stand_in, assessment, *, by, at):
    audit.record(type, chain=assessment, by=by, at=at, target=stand_in, **details(stand_in))


def details(stand_in):
    """Return what the record says of a stand-in as it is now."""
    return {
        "chair": str(stand_in.chair.user.public_id),
        "lead": str(stand_in.lead.user.public_id),
        "power": str(stand_in.power),
        "starts_on": stand_in.starts_on.isoformat(),
        "ends_on": stand_in.ends_on.isoformat(),
        "withdrawn": stand_in.withdrawn_at is not None,
    }
