"""Bodies of a place's governance, and agreements between its partners."""

from assessments.models import PartnershipAgreement
from assessments.services import agreements
from partnership.roles import Role
from partnership.services import bodies
from tests.recalled import recalled

from .people import holder
from .usual import AT, numbers


@recalled
def create_body(place, name=None, *, by=None, **values):
    """Return a body of the place's governance, added by its lead."""
    by = by or holder(Role.LEAD, place)
    return bodies.add_body(place=place, name=name or f"Body {next(numbers)}", by=by, at=AT, **values)


@recalled
def create_partnership_agreement(place, title=None, *, by=None, **values):
    """Return an agreement between a place's partners, added by its lead; a memorandum unless told."""
    by = by or holder(Role.LEAD, place)
    defaults = {"title": title or f"Agreement {next(numbers)}", "kind": PartnershipAgreement.Kind.MEMORANDUM}
    return agreements.add_agreement(place=place, by=by, at=AT, **defaults | values)
