"""Signatures, and who gives them for somebody else."""

from datetime import timedelta

from assessments.models import Signature
from assessments.services import delegating, signing, standing_in
from assessments.workflow import Power
from partnership.roles import Role
from tests.recalled import recalled

from .people import create_membership, holder
from .usual import AT


@recalled
def create_signature(assessment, *, by, kind=Signature.Kind.SIGNED, words="", based_on=0, at=AT):
    """Return a signatory's signature, or a deputy's, on what is up now."""
    digest = signing.current_snapshot(assessment).digest
    return signing.sign(assessment=assessment, kind=kind, words=words, digest=digest, based_on=based_on, by=by, at=at)


@recalled
def create_delegation(assessment, *, by, role=Role.CONTRIBUTOR, starts_on=None, ends_on=None):
    """Return a delegation of the signatory `by` to a new person of the same organisation with that role."""
    organisation = by.memberships.get(role=Role.SIGNATORY).organisation
    deputy = create_membership(role=role, place=assessment.place, organisation=organisation)
    return delegating.name_deputy(
        assessment=assessment, deputy=deputy, starts_on=starts_on, ends_on=ends_on, by=by, at=AT
    )


@recalled
def create_stand_ins(assessment, *, powers=tuple(Power), lead=None, by=None, at=AT, days=400):
    """Return what the place's chair lets its lead do in their place: everything there is, from `at` on, unless told."""
    lead = lead or holder(Role.LEAD, assessment.place)
    return standing_in.let_stand_in(
        assessment=assessment,
        lead=lead.memberships.get(role=Role.LEAD, place=assessment.place),
        powers=powers,
        starts_on=at.date(),
        ends_on=at.date() + timedelta(days=days),
        by=by or holder(Role.CHAIR, assessment.place),
        at=at,
    )
