"""Where this room holds somebody's name, and words that somebody wrote."""

from django.db.models import Q

from improvement.models import Action, ActionChange, HelpChange
from partnership.personal import Named, Words


def _of_organisations(person):
    """Match the actions that organisations own for which the person had a part at the place."""
    mine = Q(pk__in=())
    for place, organisation in person.memberships.exclude(place=None).values_list("place", "organisation"):
        mine |= Q(assessment__place=place, owner=organisation)
    return mine


PERSONAL = (
    Named(Action, ("owner_name",), rows=_of_organisations),
    Words(ActionChange, ("note",), "changed_by", "notes on actions"),
    Words(HelpChange, ("words",), "changed_by", "offers of help to other places, and asks"),
)
