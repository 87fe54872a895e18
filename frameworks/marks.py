"""Where in a written framework each value stands: lines of a YAML file, cells of a workbook."""

from dataclasses import dataclass, field

from frameworks.reading import MISSING, Problem

# A person mends a few dozen problems and checks again; a hostile file may hold many thousands.
MOST_SHOWN = 200
MOST_FINDINGS = 1_000
LONGEST_SENTENCE = 400

# No framework file is larger, in bytes, whichever kind it is.
LARGEST_FILE = 4 * 1024 * 1024


@dataclass(eq=False)
class Mark:
    """
    Where a value stands, and where the values within it do.

    `place` is in words, such as "line 12" or "sheet Nodes, cell C4"; marks sort by `order`.
    """

    place: str
    order: tuple[int, ...] = ()
    fields: dict[str, "Mark"] = field(default_factory=dict)
    entries: list["Mark"] = field(default_factory=list)

    def find(self, where: str) -> "Mark":
        """
        Return the mark of a place as problems name it, such as "nodes[0].rule.kind".

        What is missing has no mark of its own: the nearest mark around it stands in.
        """
        mark, rest = self, where
        while rest:
            if rest.startswith("["):
                number, _, rest = rest[1:].partition("]")
                if not number.isdigit() or int(number) >= len(mark.entries):
                    return mark
                mark, rest = mark.entries[int(number)], rest.removeprefix(".")
                continue
            # Codes may hold dots: the longest name that fits is meant.
            names = [name for name in _beginnings(rest) if name in mark.fields]
            if not names:
                return mark
            name = max(names, key=len)
            mark, rest = mark.fields[name], rest[len(name) :].removeprefix(".")
        return mark


def _beginnings(path: str) -> list[str]:
    """Return the parts of a path, from its beginning, that may be the name of one field."""
    ends = [index for index, character in enumerate(path) if character in ".["]
    return [path[:end] for end in (*ends, len(path)) if end]


@dataclass(frozen=True)
class Finding:
    """One problem of a written framework: where it stands in the file, what is wrong, and how to mend it."""

    place: str
    where: str
    what: str
    mend: str
    order: tuple[int, ...] = ()

    def __str__(self) -> str:
        within = f" ({self.where})" if self.where else ""
        return f"{self.place}{within}: {self.what} {self.mend}"


@dataclass(frozen=True, eq=False)
class Source:
    """
    A written framework as read: its data, where each value stands, and what could not be read.

    Names of fields are always text; values are text, whole numbers, true, false, nothing, lists and mappings of these.
    """

    data: object
    mark: Mark
    findings: tuple[Finding, ...] = ()


class FileRefused(ValueError):
    """A file that cannot be read as a framework at all; `finding` says why, and how to mend it."""

    def __init__(self, what: str, mend: str, place: str = "the file") -> None:
        self.finding = Finding(place, "", what, mend)
        super().__init__(str(self.finding))


def finding_at(mark: Mark, what: str, mend: str, where: str = "") -> Finding:
    """Return a finding at a mark, with texts cut to a length that people read."""
    return Finding(mark.place, _cut(where), _cut(what), _cut(mend), mark.order)


def locate(source: Source, problems: tuple[Problem, ...] | list[Problem]) -> list[Finding]:
    """Return all findings of a source and problems of its data, in the order of the file, as many as anybody reads."""
    found = list(source.findings)
    unread = {finding.place for finding in found}
    for problem in problems:
        # The word for the top stands for no path.
        where = "" if problem.where == "the definition" else problem.where
        finding = finding_at(source.mark.find(where), problem.what, problem.mend, where)
        # What is there and cannot be read is not missing.
        if finding.what != MISSING or finding.place not in unread:
            found.append(finding)
    ordered = sorted(dict.fromkeys(found), key=lambda finding: finding.order)
    if len(ordered) <= MOST_SHOWN:
        return ordered
    more = Finding("the file", "", f"There are {len(ordered) - MOST_SHOWN} more problems.", "Mend these first.")
    return [*ordered[:MOST_SHOWN], more]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SENTENCE else f"{text[:LONGEST_SENTENCE]}…"
