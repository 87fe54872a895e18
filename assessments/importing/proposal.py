"""What would come of a document, row by row, with everything that is wrong named. Pure."""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit

from assessments.importing.guessing import Holds
from assessments.importing.parts import UNREADABLE

STATEMENT_MAX, TITLE_MAX, LINK_MAX, LOCATOR_MAX, NOTE_MAX = 2000, 200, 500, 100, 2000
MOST_BROUGHT = 300
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y")
IN_BRACKETS = re.compile(r"\(see (?:our |the )?([^()]{3,150})\)", re.IGNORECASE)
LENGTHS = (
    (Holds.STATEMENT, "The statement", STATEMENT_MAX),
    (Holds.TITLE, "The title of the evidence", TITLE_MAX),
    (Holds.LINK, "The link", LINK_MAX),
    (Holds.LOCATOR, "The page or section", LOCATOR_MAX),
    (Holds.NOTE, "Where the evidence is held", NOTE_MAX),
)


@dataclass(frozen=True)
class Criterion:
    """A criterion as far as it matters here; `taken` are the statements that the place has there already."""

    code: str
    name: str
    is_checklist: bool
    is_single: bool
    taken: frozenset[str]


@dataclass(frozen=True)
class Evidence:
    title: str
    url: str = ""
    dated_on: date | None = None
    locator: str = ""
    note: str = ""


@dataclass
class Proposed:
    """
    A statement with its evidence. `where` says where in the document it stands, `problems` why it is not brought in.

    It `is_there` where the place has the statement already, so that nothing need be done.
    """

    where: str
    criterion: Criterion | None
    statement: str
    evidence: list[Evidence] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_there: bool = False

    @property
    def is_brought(self):
        return not self.problems and not self.is_there


@dataclass(frozen=True)
class Proposal:
    """All of it; `left_out` counts rows that nothing was asked of."""

    rows: tuple[Proposed, ...]
    left_out: int

    @property
    def brought(self):
        return [row for row in self.rows if row.is_brought]

    @property
    def refused(self):
        return [row for row in self.rows if row.problems]

    @property
    def there(self):
        return [row for row in self.rows if row.is_there and not row.problems]

    @property
    def is_too_much(self):
        return len(self.brought) > MOST_BROUGHT

    @property
    def digest(self):
        """Tell what would be brought in from anything else."""
        held = [[row.criterion.code, row.statement, [str(each) for each in row.evidence]] for row in self.brought]
        return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:32]


def names_in(parts, columns):
    """Return the names that stand for criteria in what is taken of the document, each once, in order."""
    names = {}
    for part, holds in zip(parts, columns, strict=True):
        for _, row in _filled(part, holds):
            names.setdefault(row[Holds.CRITERION], None)
    return list(names)


def propose(parts, columns, meant, *, with_brackets):
    """
    Return what would come of the parts.

    `columns` says what each column of each part holds, `meant` gives the `Criterion` by name, None to leave it out.
    With `with_brackets` what a statement cites, such as “(see our Plan on a page)”, is evidence, too.
    """
    rows, left_out, first = [], 0, {}
    for part, holds in zip(parts, columns, strict=True):
        above = None
        for number, row in _filled(part, holds):
            criterion = meant.get(row[Holds.CRITERION])
            if criterion is None:
                left_out += 1
                continue
            where = f"{part.name}, {'paragraph' if len(part.columns) == 2 else 'row'} {number}"
            evidence, problems = _evidence(row)
            if not row[Holds.STATEMENT]:
                above = _add_to(above, criterion, where, evidence, problems, rows)
                continue
            above = Proposed(where, criterion, row[Holds.STATEMENT], problems=problems)
            above.evidence += [evidence] if evidence else []
            if with_brackets:
                known = {each.title for each in above.evidence}
                above.evidence += [Evidence(title) for title in cited_in(above.statement) if title not in known]
            _judge(above, first)
            rows.append(above)
    return Proposal(tuple(rows), left_out)


def cited_in(statement):
    """Return the titles that a statement cites in brackets, each once."""
    return list(dict.fromkeys(title.strip(" .;") for title in IN_BRACKETS.findall(statement)))


def same(statement):
    """Return a statement as it is compared with others."""
    return " ".join(statement.split()).casefold()


def _filled(part, holds):
    """Yield the rows that say something, by what each column holds; a name of a criterion holds until the next."""
    if Holds.STATEMENT not in holds:
        return
    name = ""
    for number, cells in zip(part.numbers, part.rows, strict=True):
        row = dict.fromkeys(Holds, "") | dict(zip(holds, cells, strict=True))
        row[Holds.CRITERION] = name = row[Holds.CRITERION] or name
        if row[Holds.STATEMENT] or row[Holds.TITLE] or row[Holds.LINK]:
            yield number, row


def _add_to(above, criterion, where, evidence, problems, rows):
    """Give a row without a statement, such as those beneath a merged cell, to the statement above it."""
    if above and above.criterion == criterion:
        above.problems += [f"{where}: {problem}" for problem in problems]
        above.evidence += [evidence] if evidence else []
        return above
    lost = Proposed(where, criterion, "", [evidence] if evidence else [], problems)
    lost.problems.append(
        "There is evidence, but no statement that it belongs to. Write the statement beside or above it."
    )
    rows.append(lost)
    return None


def _evidence(row):
    problems = []
    for holds, what, most in LENGTHS:
        if UNREADABLE in row[holds]:
            problems.append(f"{what} holds a formula or an error. Write what belongs there.")
        elif len(row[holds]) > most:
            problems.append(f"{what} has {len(row[holds]):,} characters. Shorten it to {most:,}.")
    link = row[Holds.LINK]
    if link and not _is_link(link):
        problems.append(f"“{link[:80]}” is no link that begins with https:// or http://. Mend it, or empty the cell.")
    day = read_date(row[Holds.DATED_ON])
    if row[Holds.DATED_ON] and day is None:
        problems.append(f"“{row[Holds.DATED_ON][:40]}” is no date. Write it like 27 March 2026, or empty the cell.")
    title = row[Holds.TITLE] or (urlsplit(link).netloc if link and _is_link(link) else "")
    if not title:
        return None, problems
    return Evidence(title, link, day, row[Holds.LOCATOR], row[Holds.NOTE]), problems


def _judge(row, first):
    """Name what stands in the way of a statement; `first` keeps where each stood first."""
    criterion, key = row.criterion, (row.criterion.code, same(row.statement))
    if criterion.is_checklist:
        row.problems.append(
            "The criterion is a checklist: the framework says what is asked there, and nothing is added."
        )
    elif key[1] in criterion.taken:
        row.is_there = True
    elif key in first:
        row.problems.append(f"The same stands already in {first[key]}. Take one of them out.")
    elif criterion.is_single and (criterion.taken or any(code == criterion.code for code, _ in first)):
        row.problems.append("The framework asks for exactly one item here, and there is one.")
    first.setdefault(key, row.where)


def _is_link(text):
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)


def read_date(text):
    """Return a day as people write it, day before month; None where it is none."""
    words = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.strip(), flags=re.IGNORECASE)
    for form in DATES:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
