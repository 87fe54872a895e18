"""The route tables as a page of the docs."""

from partnership.permissions import route_table
from partnership.roles import Role

HEAD = """\
# Who may open which address

Written by `manage.py print_routes` from each room's `permissions.ROUTES`: change the tables there, then run
`manage.py print_routes > docs/routes.md`. A test holds the two equal, and another holds every row to what the pages do.

Whoever has no part at the place in the address, nor in its system, is told that there is no such page. What may be done
in which state of an assessment is in [its own tables](assessment-states.md).

| Address | May open it | May send its form |
| --- | --- | --- |
"""


def page() -> str:
    """Return the whole page as Markdown."""
    rows = (f"| {name} | {_who(route.read)} | {_who(route.post)} |" for name, route in sorted(route_table().items()))
    return HEAD + "\n".join(rows) + "\n"


def _who(roles) -> str:
    if roles is None:
        return "–"
    if isinstance(roles, str):
        return roles
    if roles == frozenset(Role):
        return "everybody with a part there"
    return ", ".join(role.label for role in Role if role in roles)
