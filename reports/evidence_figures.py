"""How far evidence reaches, by criterion, worked out once for chart, table and download. Pure."""

from dataclasses import dataclass

from assessments import reading
from frameworks.wording import counted


@dataclass(frozen=True)
class CoverageRow:
    """
    How many items of a criterion have evidence, of those that apply.

    `in_date` items have some that counts, `old` ones cite some of which none counts any more or has any strength, the
    `bare` ones cite none.
    """

    code: str
    name: str
    in_date: int
    old: int
    bare: int
    noun: str = "item"

    @property
    def applicable(self):
        return self.in_date + self.old + self.bare

    @property
    def sentence(self):
        some = counted(self.applicable, self.noun, f"{self.noun}s")
        told = f"{self.name}: evidence in date for {self.in_date} of {some}"
        return f"{told}, out of date or without a strength for {self.old}" if self.old else told


@dataclass(frozen=True)
class Coverage:
    """Evidence coverage by criterion, in the framework's order, with its total."""

    message: str
    description: str
    rows: tuple[CoverageRow, ...]
    total: CoverageRow
    noun: str = "item"

    @property
    def is_folded(self):
        """Say whether there are too many criteria for one chart."""
        return len(self.rows) > reading.MOST_UNFOLDED

    def by_domain(self, document):
        """Yield each domain's name with the coverage of it alone."""
        rows = {row.code: row for row in self.rows}
        for domain in document["domains"]:
            yield domain["name"], _coverage([rows[code] for code in domain["criteria"]], self.noun)


def coverage(document) -> Coverage:
    """Return the evidence coverage that an assessment's document shows."""
    noun, items = reading.noun_of(document), {criterion["code"]: [] for criterion in document["criteria"]}
    for item in document["items"]:
        items[item["criterion"]].append(item)
    return _coverage([_covered(each, items[each["code"]], noun) for each in document["criteria"]], noun)


def _coverage(rows, noun):
    total = CoverageRow(
        "", "All criteria", *(sum(getattr(row, kind) for row in rows) for kind in ("in_date", "old", "bare")), noun
    )
    none = sum(bool(row.applicable) and not row.in_date for row in rows)
    percent = f" ({100 * total.in_date // total.applicable}%)" if total.applicable else ""
    some = counted(total.applicable, f"{noun} has", f"{noun}s have")
    message = f"{total.in_date} of {some} evidence in date{percent}"
    if none:
        message += f"; {counted(none, 'criterion has', 'criteria have')} none at all"
    description = f"{noun.capitalize()}s by criterion, with evidence in date, with what does not count, and without"
    return Coverage(message, description, tuple(rows), total, noun)


def _covered(criterion, items, noun):
    applying = [item for item in items if reading.counts(item)]
    in_date = sum(item["strength"] > 0 for item in applying)
    old = sum(bool(item["cited"]) and not item["strength"] for item in applying)
    return CoverageRow(criterion["code"], criterion["name"], in_date, old, len(applying) - in_date - old, noun)
