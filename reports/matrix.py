"""
A round's submitted places by criterion: what evidence supports, with a mark where more was agreed or the board split.

Pure; by name, never by level: it is no league table.
"""

from dataclasses import dataclass, replace

from assessments.standing import BUT_SPLIT
from reports import verdicts
from reports.figures import Mark, mark, profile

STANDINGS = {
    "short": "Agreed higher than evidence supports",
    "split": "Scores were split",
    "differs": "Reviewed at another level than agreed",
    "none": "No level",
}


@dataclass(frozen=True)
class Cell:
    """
    One place's criterion: what the board agreed, what evidence supports and, where the reader sees it, what reviewers
    found.
    """

    code: str
    claimed: Mark
    supported: Mark
    split: tuple[str, ...]
    is_short: bool = False
    reviewed: Mark | None = None

    @property
    def agreed(self):
        """What the board agreed, where that is more than the evidence supports."""
        return self.claimed if self.is_short else None

    @property
    def look(self):
        """All that it shows, for those that look alike."""
        return self.supported, self.agreed, self.reviewed, bool(self.split)

    @property
    def sentence(self):
        told = [f"supported {self.supported.words}"]
        if self.agreed:
            told.append(f"agreed {self.agreed.words}")
        if self.reviewed:
            told.append(f"reviewed {self.reviewed.words}")
        if self.split:
            told.append(BUT_SPLIT)
        return ", ".join(told)

    def stands(self, standing):
        """Say whether it stands like one of `STANDINGS`."""
        return {
            "short": self.is_short,
            "split": bool(self.split),
            "differs": self.reviewed is not None and self.reviewed.level != self.claimed.level,
            "none": self.supported.level is None,
        }[standing]


@dataclass(frozen=True)
class Part:
    """A domain or a tier between, or the place as a whole, at one place: what was agreed and what is supported."""

    code: str
    claimed: Mark
    supported: Mark

    @property
    def look(self):
        """All that it shows, for those that look alike."""
        return self.supported, self.claimed


@dataclass(frozen=True)
class PlaceRow:
    """
    One place: the identifiers that addresses take, a cell for each criterion (None where it does not answer to what is
    asked for), its parts above them, and each pathway with a verdict and its gates.

    `note` says which of several assessment versions it is, and that the place has closed; "" where neither.
    """

    place: str
    note: str
    place_id: str
    assessment_id: str
    cells: tuple[Cell | None, ...]
    parts: tuple[Part, ...]
    pathways: tuple[dict, ...]


@dataclass(frozen=True)
class Matrix:
    """
    Places by criteria, all in the framework's order.

    `tier` is what the framework calls its domains; `domains` are their codes, names and how many columns each spans;
    `parts` what stands above the criteria, as pairs of code and name; `pathways` have a name and gates.
    """

    levels: tuple[tuple[int, str], ...]
    tier: str
    domains: tuple[tuple[str, str, int], ...]
    criteria: tuple[tuple[str, str], ...]
    parts: tuple[tuple[str, str], ...]
    pathways: tuple[dict, ...]
    rows: tuple[PlaceRow, ...]

    @property
    def alone(self):
        """The codes of domains that are criteria themselves: one head of a column says both."""
        return {code for code, _, _ in self.domains} & {code for code, _ in self.criteria}

    @property
    def has_reviewed(self):
        return any(cell and cell.reviewed for row in self.rows for cell in row.cells)


def matrix(documents, notes=None, reviewed=None) -> Matrix | None:
    """
    Return the matrix of documents of one round, None where there is none; they share a framework version.

    `notes` says by assessment, in words, which of several versions it is, and that the place has closed; `reviewed`
    gives by assessment the reviewers' levels by criterion.
    """
    if not documents:
        return None
    document = documents[0]
    first = profile(document)
    rows = (
        _row(each, (notes or {}).get(each["assessment"]["id"], ""), (reviewed or {}).get(each["assessment"]["id"], {}))
        for each in documents
    )
    return Matrix(
        levels=first.levels,
        tier=document["domains"][0]["tier"],
        domains=tuple((group.code, group.name, len(group.rows)) for group in first.groups),
        criteria=tuple((row.code, row.name) for row in first.rows),
        parts=tuple((part["code"], name) for part, name in _parts(document)),
        pathways=tuple(
            {"code": pathway["code"], "name": pathway["name"], "gates": pathway["gates"]}
            for pathway in document["improvement"]["pathways"]
        ),
        rows=tuple(sorted(rows, key=lambda row: row.place)),
    )


def _parts(document):
    """Yield what stands above the criteria, with its name: domains that are none themselves, tiers, and the whole."""
    criteria = {each["code"] for each in document["criteria"]}
    for part in [*document["domains"], *document.get("tiers", ())]:
        if part["code"] not in criteria and part["supported"]["status"] != "no_level":
            yield part, part["name"]
    if document.get("whole"):
        yield document["whole"], "The place as a whole"


def _row(document, note, reviewed):
    figure = profile(document, reviewed)
    names = dict(figure.levels)
    return PlaceRow(
        note=note,
        place=document["place"]["name"],
        place_id=document["place"]["id"],
        assessment_id=document["assessment"]["id"],
        cells=tuple(
            Cell(
                code=row.code,
                claimed=row.claimed,
                supported=row.supported,
                split=row.split,
                is_short=row.is_short_of_evidence,
                reviewed=row.reviewed,
            )
            for row in figure.rows
        ),
        parts=tuple(
            Part(part["code"], mark(part["claimed"], names), mark(part["supported"], names))
            for part, _ in _parts(document)
        ),
        pathways=tuple(_pathway(pathway) for pathway in document["improvement"]["pathways"]),
    )


def _pathway(pathway):
    return {
        "code": pathway["code"],
        "words": verdicts.VERDICTS[pathway["verdict"]],
        "failing": [gate["code"] for gate in verdicts.failing(pathway)],
        "gates": [gate | {"outcome": verdicts.OUTCOMES[gate["status"]].lower()} for gate in pathway["gates"]],
    }


@dataclass(frozen=True)
class Wanted:
    """What of a matrix is shown, as an address says: a domain's criteria, and cells in a standing (of `STANDINGS`)."""

    domain: str = ""
    standing: str = ""

    @classmethod
    def of(cls, query, matrix):
        """Read it from an address; what the matrix does not know narrows nothing."""
        domain, standing = query.get("domain", ""), query.get("standing", "")
        known = {code for code, _, _ in matrix.domains} if matrix else ()
        return cls(domain if domain in known else "", standing if standing in STANDINGS else "")

    def __bool__(self):
        return bool(self.domain or self.standing)

    @property
    def query(self):
        return {name: value for name, value in (("domain", self.domain), ("standing", self.standing)) if value}

    def says(self, matrix):
        """Say in words what is shown."""
        names = {code: name for code, name, _ in matrix.domains}
        return "; ".join(filter(None, [names.get(self.domain, ""), STANDINGS.get(self.standing, "")]))


def narrowed(matrix: Matrix, wanted: Wanted) -> Matrix | None:
    """Return the columns, cells and places that answer to what is wanted; None where nothing does."""
    if not wanted:
        return matrix
    domain_of = [code for code, _, columns in matrix.domains for _ in range(columns)]
    kept = [place for place, code in enumerate(domain_of) if wanted.domain in ("", code)]
    rows = [replace(row, cells=tuple(_wanted(row.cells[place], wanted) for place in kept)) for row in matrix.rows]
    if wanted.standing:
        found = [place for place in range(len(kept)) if any(row.cells[place] for row in rows)]
        kept = [kept[place] for place in found]
        rows = [replace(row, cells=tuple(row.cells[place] for place in found)) for row in rows]
        rows = [row for row in rows if any(row.cells)]
    if not kept or not rows:
        return None
    columns = [domain_of[place] for place in kept]
    return replace(
        matrix,
        domains=tuple((code, name, columns.count(code)) for code, name, _ in matrix.domains if code in columns),
        criteria=tuple(matrix.criteria[place] for place in kept),
        rows=tuple(rows),
    )


def _wanted(cell, wanted):
    return cell if not wanted.standing or cell.stands(wanted.standing) else None
