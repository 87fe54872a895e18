"""
What the API has: its resources, each a table with the same columns as in the exports, and how it reads a page of one.

A token reads what its system's programme office reads on the pages: what places have submitted, by the same functions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q

from assessments.models import Round
from assessments.workflow import SHARED_WITH_ICB
from partnership.models import Place
from partnership.permissions import Capacity
from partnership.roles import Role
from reports.exports import content_sheets, gathering
from reports.exports.as_json import records
from reports.exports.columns import DAY, TEXT, WHOLE, Sheet, column

LEAST, USUAL, MOST = 1, 20, 50

ROUNDS = Sheet(
    "rounds",
    "An assessment cycle of the system",
    (
        column("round", TEXT, "Its identifier"),
        column("name", TEXT, "Its name"),
        column("opens_on", DAY, "Its first day"),
        column("scoring_closes_on", DAY, "The last day of scoring"),
        column("signing_closes_on", DAY, "The last day of signing"),
        column("minimum_signatures", WHOLE, "How many signatures it asks for"),
        column("visibility", TEXT, "Who reads its results: PLACE, ICB, PEERS or PUBLISHED"),
        column("framework", TEXT, "The framework's code"),
        column("framework_version", TEXT, "Its version"),
        column("places", WHOLE, "How many places take part"),
        column("submitted", WHOLE, "How many have submitted"),
    ),
    where=(),
)
PLACES = Sheet(
    "places",
    "A place of the system",
    (
        column("place", TEXT, "Its identifier"),
        column("name", TEXT, "Its name"),
        column("partnership", TEXT, "What the partnership calls itself"),
        column("board", TEXT, "What it calls its board"),
        column("ended_on", DAY, "Its last day, where it has ended"),
        column("submitted", WHOLE, "In how many rounds it has submitted"),
    ),
    where=(),
)


class Unusable(Exception):
    """What the program asked for cannot be understood; the text says how to mend it."""


@dataclass(frozen=True)
class Asked:
    """What a program asks for: at most so many at a time, after one that it had, of one round or place."""

    limit: int = USUAL
    after: UUID | None = None
    round: UUID | None = None
    place: UUID | None = None


@dataclass(frozen=True)
class Page:
    """A page of rows, and the `after` of the next one, None where there is none."""

    rows: list
    after: UUID | None


@dataclass(frozen=True)
class Resource:
    """
    A table that the API gives. `read` returns a page of it for a token.

    `pages_of` says what `limit` counts, and `filters` by what it can be narrowed.
    """

    name: str
    sheet: Sheet
    read: Callable
    pages_of: str
    filters: tuple[str, ...]


def capacity_of(token):
    """Return what a token is for its system: its programme office, without being a person."""
    return Capacity(user=None, memberships=(), named_as=frozenset({Role.PROGRAMME_OFFICE}))


def asked(query, resource):
    """
    Return what the query of an address asks for.

    :raises Unusable: if it asks for what there is not
    """
    known = {"limit", "after", *resource.filters}
    if stray := sorted(query.keys() - known):
        raise Unusable(f"“{stray[0]}” cannot be asked for here. Use {', '.join(sorted(known))}.")
    values = {name: _identifier(name, query[name]) for name in known - {"limit"} if name in query}
    limit = query.get("limit", str(USUAL))
    if not (limit.isascii() and limit.isdigit() and len(limit) < 4 and LEAST <= int(limit) <= MOST):
        raise Unusable(f"limit must be a number from {LEAST} to {MOST}.")
    return Asked(limit=int(limit), **values)


def _identifier(name, text):
    try:
        return UUID(text)
    except ValueError:
        what = "the “next” of the page before" if name == "after" else f"the {name}s"
        raise Unusable(f"{name} must be an identifier, as it stands in {what}.") from None


def _rounds(token, wanted):
    rows = Round.objects.filter(system=token.system).annotate(
        places=Count("assessments__place", distinct=True),
        submitted=Count("assessments__place", distinct=True, filter=Q(assessments__state__in=SHARED_WITH_ICB)),
        framework=F("framework_version__framework__code"),
        number=F("framework_version__number"),
    )
    found, after = _page(rows, wanted, "name")
    return Page([_told(each, ROUNDS, round=each.public_id, framework_version=each.number) for each in found], after)


def _places(token, wanted):
    submitted = Count("assessments__round", distinct=True, filter=Q(assessments__state__in=SHARED_WITH_ICB))
    found, after = _page(Place.objects.filter(system=token.system).annotate(submitted=submitted), wanted, "name")
    named = ((each, {"partnership": each.partnership_name, "board": each.board_name}) for each in found)
    return Page([_told(each, PLACES, place=each.public_id, **values) for each, values in named], after)


def _told(row, sheet, **values):
    return values | {each.name: getattr(row, each.name) for each in sheet.own if each.name not in values}


def _of_assessments(sheet):
    """Return a reader of a sheet whose pages hold the rows of so many assessments, by the place's name."""

    def read(token, wanted):
        capacity = capacity_of(token)
        rows = gathering.submitted().filter(system=token.system)
        if wanted.round:
            rows = rows.filter(round__public_id=wanted.round)
        if wanted.place:
            rows = rows.filter(place__public_id=wanted.place)
        rows = rows.select_related("round", "place__system", "framework_version__framework", "superseded_by")
        found, after = _page(rows, wanted, "place__name")
        contents = gathering.read_sealed(found, capacity=capacity) if found else []
        return Page(gathering.rows_of(sheet, contents, capacity)[0], after)

    return read


def _page(rows, wanted, name):
    """
    Return so many rows by name, after the one that the program had last, and the `after` of the next page.

    :raises Unusable: if there is no such row
    """
    if wanted.after:
        last = rows.filter(public_id=wanted.after).values_list(name, "pk").first()
        if last is None:
            raise Unusable("after is of no page of this list. Begin again without it.")
        rows = rows.filter(Q(**{f"{name}__gt": last[0]}) | Q(**{name: last[0], "pk__gt": last[1]}))
    found = list(rows.order_by(name, "pk")[: wanted.limit + 1])
    if len(found) <= wanted.limit:
        return found, None
    return found[:-1], found[-2].public_id


def table(resource, page):
    """Return the rows of a page as JSON has them."""
    return records(resource.sheet.table(page.rows))


def _sheet(name):
    return next(each for each in gathering.SHEETS if each.name == name)


# Each by its name in the address.
OF_ASSESSMENTS = {
    "assessments": gathering.ASSESSMENTS,
    "levels": content_sheets.NODES,
    "items": content_sheets.ITEMS,
    "counts": content_sheets.COUNTS,
    "coverage": content_sheets.COVERAGE,
    "artefacts": content_sheets.ARTEFACTS,
    "citations": content_sheets.CITATIONS,
    "verdicts": content_sheets.PATHWAYS,
    "gates": content_sheets.GATES,
    "scales": content_sheets.LEVELS,
    "reviews": _sheet("reviews"),
    "decisions": _sheet("pathway_decisions"),
    "conditions": _sheet("conditions"),
    "targets": _sheet("targets"),
    "actions": _sheet("actions_now"),
    "action-changes": _sheet("action_changes"),
    "signatures": _sheet("signatures"),
}
RESOURCES = {
    "rounds": Resource("rounds", ROUNDS, _rounds, "rounds", ()),
    "places": Resource("places", PLACES, _places, "places", ()),
} | {
    name: Resource(name, sheet, _of_assessments(sheet), "assessments", ("round", "place"))
    for name, sheet in OF_ASSESSMENTS.items()
}
