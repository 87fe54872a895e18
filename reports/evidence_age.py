"""How strong and how old the cited evidence is, worked out once for its chart and its table. Pure."""

from dataclasses import dataclass
from datetime import date

from frameworks.scale import STRENGTHS
from frameworks.wording import counted

AGES = {
    "young": "under a year old",
    "older": "one to two years old",
    "old": "two years old or more",
    "undated": "no date stated",
}
YEAR = 365
NOT_COUNTING = "out"


@dataclass(frozen=True)
class StrengthRow:
    """
    How many artefacts of a strength there are, by age in the order of `AGES`.

    `code` leads to them, `artefacts` are their public identifiers.
    """

    code: str
    name: str
    counts: tuple[int, ...]
    artefacts: tuple[str, ...] = ()

    @property
    def total(self):
        return sum(self.counts)

    @property
    def sentence(self):
        told = [f"{count} {age}" for count, age in zip(self.counts, AGES.values(), strict=True) if count]
        return f"{self.name}: {', '.join(told) or 'none'}"


@dataclass(frozen=True)
class EvidenceAge:
    """The artefacts that are cited, by strength, the strongest first; the last row has those that do not count."""

    message: str
    description: str
    rows: tuple[StrengthRow, ...]

    @property
    def total(self):
        return sum(row.total for row in self.rows)


def evidence_age(document) -> EvidenceAge:
    """Return how strong and how old the cited artefacts are, as at the document's day."""
    as_at, artefacts = date.fromisoformat(document["as_at"]), document["artefacts"]
    counting = {strength: [] for strength in range(len(STRENGTHS) - 1, 0, -1)}
    out = []
    for artefact in artefacts:
        (counting[artefact["strength"]] if artefact["in_date"] else out).append(artefact)
    rows = [_row(str(strength), STRENGTHS[strength], some, as_at) for strength, some in counting.items()]
    rows.append(_row(NOT_COUNTING, "Out of date, or no strength", out, as_at))
    old, undated = (sum(row.counts[place] for row in rows) for place in (2, 3))
    strong = len(counting[4]) + len(counting[3])
    message = f"{strong} of {counted(len(artefacts), 'artefact', 'artefacts')} cited show measured results or assurance"
    aged = [f"{old} {'is' if old == 1 else 'are'} two years old or more"] if old else []
    aged += [f"{undated} {'states' if undated == 1 else 'state'} no date"] if undated else []
    message = "; ".join([message, *aged])
    return EvidenceAge(message, f"Artefacts by strength and age on {as_at.day} {as_at:%B %Y}", tuple(rows))


def _row(code, name, artefacts, as_at):
    ages = [_age(artefact, as_at) for artefact in artefacts]
    name = name[0].upper() + name[1:]
    ids = tuple(artefact["id"] for artefact in artefacts)
    return StrengthRow(code, name, tuple(ages.count(age) for age in AGES), ids)


def _age(artefact, as_at):
    if not artefact["dated_on"]:
        return "undated"
    days = (as_at - date.fromisoformat(artefact["dated_on"])).days
    return "young" if days < YEAR else "older" if days < 2 * YEAR else "old"
