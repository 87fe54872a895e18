"""Evidence items, and the artefacts in a place's register."""

from assessments.models import Artefact
from assessments.services import items, register
from frameworks.models import Node
from partnership.roles import Role
from tests.recalled import recalled

from .people import holder
from .usual import AT, numbers


@recalled
def create_item(assessment, *, code="SO1", statement=None, by=None):
    """Return an evidence item of the criterion with this code, written by the place's lead."""
    return items.add_item(
        assessment=assessment,
        criterion=Node.objects.get(version=assessment.framework_version, code=code),
        statement=statement or f"Statement {next(numbers)}",
        by=by or holder(Role.LEAD, assessment.place),
        at=AT,
    )


@recalled
def create_artefact(place, *, item=None, locator="", by=None, **values):
    """
    Return an artefact in the place's register, added by its lead; a document that a link leads to, unless told.

    Where an item is given, the artefact is cited for it.
    """
    by = by or holder(Role.LEAD, place)
    number = next(numbers)
    defaults = {"title": f"Artefact {number}", "kind": Artefact.Kind.DOCUMENT}
    if not values.keys() & {"url", "note", "upload"}:
        defaults["url"] = f"https://documents.example/{number}"
    artefact = register.add_artefact(place=place, by=by, at=AT, **defaults | values)
    if item:
        register.link_artefact(artefact=artefact, item=item, locator=locator, by=by, at=AT)
    return artefact
