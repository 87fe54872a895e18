"""
What the charts show, worked out once from an assessment's document.

Pure. The server's SVG, the browser's Plotly figure and the table of numbers are all made from these,
so that they cannot differ.
"""

from dataclasses import dataclass

STATUS_WORDS = {
    "incomplete": "Incomplete",
    "not_applicable": "Not applicable",
    "none_supported": "No level supported",
    "no_level": "No level by design",
}


@dataclass(frozen=True)
class Mark:
    """A level as a chart shows it: its rank, None where there is none, and its name or the reason for none."""

    level: int | None
    words: str


@dataclass(frozen=True)
class ProfileRow:
    """
    One criterion of the profile.

    `counts` are the members' scores summed over its items, lowest level first, None while hidden.
    `split` names the items over which the board was split. `previous` is None where no round before
    can be compared.
    """

    code: str
    name: str
    claimed: Mark
    supported: Mark
    previous: Mark | None
    in_date: int
    applicable: int
    counts: tuple[int, ...] | None
    split: tuple[str, ...]

    @property
    def is_short_of_evidence(self):
        """Say whether the evidence supports less than the board agreed."""
        if self.claimed.level is None:
            return False
        return self.supported.level is None or self.supported.level < self.claimed.level


@dataclass(frozen=True)
class ProfileGroup:
    """A domain with the rows of its criteria."""

    code: str
    name: str
    rows: tuple[ProfileRow, ...]


@dataclass(frozen=True)
class Profile:
    """
    The profile of a place: one row per criterion, by domain, over the levels of the framework.

    `levels` are pairs of rank and name, lowest first.
    """

    message: str
    description: str
    levels: tuple[tuple[int, str], ...]
    groups: tuple[ProfileGroup, ...]
    previous_round: str

    @property
    def rows(self):
        return tuple(row for group in self.groups for row in group.rows)


def profile(document) -> Profile:
    """Return the profile that an assessment's document shows."""
    levels = tuple((level["rank"], level["name"]) for level in document["framework"]["levels"])
    previous = document["previous"] if document["previous"] and document["previous"]["comparable"] else None
    criteria = {criterion["code"]: criterion for criterion in document["criteria"]}
    groups = tuple(
        ProfileGroup(
            code=domain["code"],
            name=domain["name"],
            rows=tuple(_row(criteria[code], dict(levels), previous) for code in domain["criteria"]),
        )
        for domain in document["domains"]
    )
    return Profile(
        message=_message([row for group in groups for row in group.rows]),
        description=_description(document, len(criteria)),
        levels=levels,
        groups=groups,
        previous_round=previous["round"] if previous else "",
    )


def _row(criterion, names, previous):
    before = previous["criteria"].get(criterion["code"]) if previous else None
    return ProfileRow(
        code=criterion["code"],
        name=criterion["name"],
        claimed=mark(criterion["claimed"], names),
        supported=mark(criterion["supported"], names),
        previous=mark(before["claimed"], names) if before else None,
        in_date=criterion["coverage"]["in_date"],
        applicable=criterion["coverage"]["applicable"],
        counts=None if criterion["counts"] is None else tuple(criterion["counts"]),
        split=tuple(criterion["split"]),
    )


def mark(result, names) -> Mark:
    """Return a result of the document as a mark; `names` gives the levels' names by rank."""
    if result["level"] is None:
        return Mark(None, STATUS_WORDS[result["status"]])
    return Mark(result["level"], names[result["level"]])


def _message(rows):
    """Say in a sentence what the profile shows."""
    rated = [row for row in rows if row.claimed.level is not None]
    if not rated:
        return "No criterion has an agreed level yet"
    short = sum(row.is_short_of_evidence for row in rated)
    incomplete = sum(row.claimed.words == STATUS_WORDS["incomplete"] for row in rows)
    tail = f"; {incomplete} of {len(rows)} are incomplete" if incomplete else ""
    if not short:
        return f"The evidence supports what the board agreed in all {len(rated)} criteria{tail}"
    if short == len(rated):
        return f"In all {short} criteria the evidence supports less than the board agreed{tail}"
    return f"In {short} of {len(rated)} criteria the evidence supports less than the board agreed{tail}"


def _description(document, criteria):
    assessors = document["agreement"]["assessors"]
    members = f", {assessors} {'member' if assessors == 1 else 'members'}" if assessors else ""
    return f"Level by criterion, {criteria} criteria{members}"
