"""Name a deputy who may sign in a signatory's place, and withdraw that."""

from django.utils import timezone

from assessments.models import Delegation
from assessments.services import notices
from assessments.services.locking import lock_for
from assessments.workflow import ACTS, Act
from partnership import audit, idempotency
from partnership.models import Membership
from partnership.roles import Role


class DelegationRefused(Exception):
    """The deputy cannot be named like this; `field` names what to mend, the text says how."""

    field = None


class NotTheirOrganisation(DelegationRefused):
    """The deputy has no part for the signatory's organisation here."""

    field = "deputy"


class SignsAnyway(DelegationRefused):
    """The deputy signs at this place already, as signatory or as somebody's deputy."""

    field = "deputy"


class DatesWrong(DelegationRefused):
    """The days are in the wrong order, or over."""

    field = "ends_on"


class WithdrawnAlready(Exception):
    """The delegation was withdrawn before; nothing was added."""


def possible_deputies(*, signatory, on):
    """Return the people of the signatory's organisation at the place who may be named: one membership each."""
    here = Membership.objects.current(on).filter(place=signatory.place_id).select_related("user", "organisation")
    signatories = here.filter(role=Role.SIGNATORY).values("user")
    parts = here.filter(organisation=signatory.organisation_id, role__in=ACTS[Act.SIGN_AS_DEPUTY].roles)
    people = {part.user_id: part for part in parts.exclude(user__in=signatories).order_by("-pk")}
    return sorted(people.values(), key=lambda part: part.user.name)


def delegations_of(*, organisation, assessment):
    """Return what an organisation's signatories at a place ever delegated that touches the assessment, newest first."""
    covering = Delegation.objects.covering(assessment).filter(signatory__organisation=organisation)
    return covering.select_related("signatory__user", "deputy__user", "withdrawn_by").order_by("-pk")


def name_deputy(*, assessment, deputy, starts_on, ends_on, by, at, token=None):
    """
    Let `deputy`, a membership, sign in the place of the signatory `by`, and return the delegation.

    It holds for this assessment alone or, where days are given, for all of the place on these days.

    :raises PermissionDenied: if `by` is no signatory at this place
    :raises permissions.WrongState: if the signing is over
    :raises DelegationRefused: in one of its kinds
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    day = timezone.localdate(at)
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, capacity = lock_for(Act.NAME_DEPUTY, assessment.pk, by=by, at=at)
        signatory = capacity.as_role(Role.SIGNATORY)
        if deputy.pk not in {part.pk for part in possible_deputies(signatory=signatory, on=day)}:
            raise NotTheirOrganisation(
                f"Choose somebody with a part for {signatory.organisation.name} here who does not sign already."
            )
        # Another assessment of the place may be the page on which the same is said right now.
        deputy = (
            Membership.objects.select_for_update(no_key=True, of=("self",)).select_related("user").get(pk=deputy.pk)
        )
        if (starts_on or ends_on) and not (starts_on and ends_on and max(starts_on, day) <= ends_on):
            raise DatesWrong("Give a first and a last day, the last one today or later and not before the first.")
        held = Delegation.objects.filter(deputy__user=deputy.user_id, withdrawn_at=None).covering(assessment)
        if held.exclude(ends_on__lt=starts_on or day).exclude(starts_on__gt=ends_on or day).exists():
            raise SignsAnyway(f"{deputy.user.name} is a deputy at that time already. Withdraw that first.")
        delegation = Delegation.objects.create(
            signatory=signatory,
            deputy=deputy,
            assessment=None if starts_on else assessment,
            starts_on=starts_on,
            ends_on=ends_on,
            named_at=at,
        )
        audit.record(
            audit.Type.DEPUTY_NAMED,
            chain=assessment,
            by=by,
            at=at,
            target=delegation,
            organisation=str(signatory.organisation.public_id),
            deputy=str(deputy.user.public_id),
            starts_on=starts_on and starts_on.isoformat(),
            ends_on=ends_on and ends_on.isoformat(),
            withdrawn=False,
        )
        notices.deputy_named(delegation=delegation, assessment=assessment, at=at)
        act.result = str(delegation.public_id)
    return delegation


def withdraw_delegation(*, assessment, delegation, by, at):
    """
    Take back that a deputy may sign; what they have signed stands. Any signatory of the organisation may.

    :raises PermissionDenied: if `by` is no signatory of that organisation at this place
    :raises permissions.WrongState: if the signing is over
    :raises WithdrawnAlready: if it was withdrawn before
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, capacity = lock_for(Act.NAME_DEPUTY, assessment.pk, by=by, at=at)
        organisation = capacity.as_role(Role.SIGNATORY).organisation
        delegation = delegations_of(organisation=organisation, assessment=assessment).get(pk=delegation.pk)
        if not Delegation.objects.filter(pk=delegation.pk, withdrawn_at=None).update(withdrawn_at=at, withdrawn_by=by):
            raise WithdrawnAlready
        audit.record(
            audit.Type.DEPUTY_WITHDRAWN,
            chain=assessment,
            by=by,
            at=at,
            target=delegation,
            organisation=str(organisation.public_id),
            withdrawn=True,
        )
    delegation.refresh_from_db()
    return delegation
