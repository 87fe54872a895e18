"""Which of the chair's acts a lead may do on a day, read along with their memberships."""

from django.db.models import Exists, OuterRef

from assessments.models import StandIn
from assessments.workflow import Power
from partnership.roles import Role


def with_powers(memberships, *, on):
    """Say of each membership which powers of the chair's it holds on a day, for `powers_of`; no query of its own."""
    held = StandIn.objects.in_force(on).filter(lead=OuterRef("pk"))
    return memberships.annotate(**{_name(power): Exists(held.filter(power=power)) for power in Power})


def powers_of(memberships):
    """Return the powers that these memberships hold together."""
    return frozenset(power for power in Power if any(getattr(each, _name(power)) for each in memberships))


def stand_in_for(rule, *, capacity, on):
    """Return by whose word somebody does what a rule of the workflow gives to the chair; None where it is theirs."""
    if rule.power is None or capacity.roles & rule.roles:
        return None
    found = StandIn.objects.in_force(on).filter(lead__in=capacity.memberships, power=rule.power)
    return found.select_related("chair__user", "lead__user").order_by("pk").first()


def acting_part(capacity):
    """Return the part in which somebody does what a chair does: the chair's own, or the lead's who stands in."""
    return capacity.as_role(Role.CHAIR) or capacity.as_role(Role.LEAD)


def present_stand_ins(*, place, on):
    """Return the leads that stand in for a place's chair on a day, with what they do; one query."""
    here = StandIn.objects.in_force(on).filter(lead__place=place)
    return here.select_related("chair__user", "lead__user").order_by("lead__user__name", "ends_on", "pk")


def stand_ins_of(*, place):
    """Return everything that chairs of a place ever let its leads do, newest first; one query."""
    here = StandIn.objects.filter(chair__place=place)
    return here.select_related("chair__user", "lead__user", "withdrawn_by").order_by("-pk")


def _name(power):
    return f"stands_in_{power.lower()}"
