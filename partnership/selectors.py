"""Reads of people and places that more than one caller needs, or that need joins."""

from collections import Counter

from django.db.models import Prefetch

from partnership.models import Membership, User

DEMO_DOMAIN = ".example"


def demo_people():
    """
    Return the made-up people of the demo, as [(where, [(person, roles)])]; two queries.

    The place with the most people comes first, since most can be tried there; the rest go by name, and those without
    a part anywhere come last, under "". No real address ends in `.example`.
    """
    current = Membership.objects.current().select_related("place", "system").order_by("pk")
    people = (
        User.objects.filter(is_active=True, email__endswith=DEMO_DOMAIN)
        .prefetch_related(Prefetch("memberships", queryset=current))
        .order_by("pk")
    )
    groups = {}
    for person in people:
        memberships = list(person.memberships.all())
        where = str(memberships[0].place or memberships[0].system) if memberships else ""
        roles = [membership.get_role_display() for membership in memberships]
        groups.setdefault(where, []).append((person, roles or ["Administrator" if person.is_superuser else "No role"]))
    sizes = Counter({where: len(members) for where, members in groups.items()})
    return sorted(groups.items(), key=lambda group: (group[0] == "", -sizes[group[0]], group[0]))
