"""
A round's submitted places by criterion: what evidence supports, with a mark where more was agreed or the board split.

Pure; by name, never by level: it is no league table.
"""

from dataclasses import dataclass

from assessments.standing import BUT_SPLIT
from reports import verdicts
from reports.figures import Mark, profile


@dataclass(frozen=True)
class Cell:
    """One place's criterion. `agreed` is set where the board agreed more than the evidence supports."""

    code: str
    supported: Mark
    agreed: Mark | None
    split: tuple[str, ...]

    @property
    def sentence(self):
        told = [f"supported {self.supported.words}"]
        if self.agreed:
            told.append(f"agreed {self.agreed.words}")
        if self.split:
            told.append(BUT_SPLIT)
        return ", ".join(told)


@dataclass(frozen=True)
class PlaceRow:
    """
    One place: the identifiers that addresses take, a cell for each criterion, and a verdict for each pathway.

    `note` says which of several assessment versions it is, and that the place has closed; "" where neither.
    """

    place: str
    note: str
    place_id: str
    assessment_id: str
    cells: tuple[Cell, ...]
    verdicts: tuple[dict, ...]


@dataclass(frozen=True)
class Matrix:
    """Places by criteria. `domains` are pairs of a name and how many columns it spans; all in the framework's order."""

    levels: tuple[tuple[int, str], ...]
    domains: tuple[tuple[str, int], ...]
    criteria: tuple[tuple[str, str], ...]
    pathways: tuple[str, ...]
    rows: tuple[PlaceRow, ...]


def matrix(documents, notes=None) -> Matrix | None:
    """
    Return the matrix of documents of one round, None where there is none; they share a framework version.

    `notes` says by assessment, in words, which of several versions it is, and that the place has closed.
    """
    if not documents:
        return None
    figures = [profile(document) for document in documents]
    first, document = figures[0], documents[0]
    return Matrix(
        levels=first.levels,
        domains=tuple((group.name, len(group.rows)) for group in first.groups),
        criteria=tuple((row.code, row.name) for row in first.rows),
        pathways=tuple(pathway["name"] for pathway in document["improvement"]["pathways"]),
        rows=tuple(
            sorted(
                (_row(document, figure, notes or {}) for document, figure in zip(documents, figures, strict=True)),
                key=lambda row: row.place,
            )
        ),
    )


def _row(document, figure, notes):
    return PlaceRow(
        note=notes.get(document["assessment"]["id"], ""),
        place=document["place"]["name"],
        place_id=document["place"]["id"],
        assessment_id=document["assessment"]["id"],
        cells=tuple(
            Cell(
                code=row.code,
                supported=row.supported,
                agreed=row.claimed if row.is_short_of_evidence else None,
                split=row.split,
            )
            for row in figure.rows
        ),
        verdicts=tuple(
            {
                "code": pathway["code"],
                "words": verdicts.VERDICTS[pathway["verdict"]],
                "failing": [gate["code"] for gate in verdicts.failing(pathway)],
            }
            for pathway in document["improvement"]["pathways"]
        ),
    )
