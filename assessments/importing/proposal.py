"""What would come of a document, row by row, with everything that is wrong named. Pure."""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from assessments.importing.guessing import Holds
from assessments.importing.parts import LINK_MAX, UNREADABLE, is_address

STATEMENT_MAX, TITLE_MAX, LOCATOR_MAX, NOTE_MAX = 2000, 200, 100, 2000
MOST_BROUGHT = 300
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y")
MONTHS = ("%B %Y", "%b %Y", "%m/%Y", "%m.%Y", "%Y-%m")
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


@dataclass(frozen=True)
class Problem:
    """
    Why something is not brought in. Where other words would mend it, `cell` is their part, row and column.

    Those are counted from 0; `holds` is what stands there. `written` are its words, or those offered in their place.
    """

    text: str
    cell: tuple[int, int, int] | None = None
    holds: Holds = Holds.NOTHING
    written: str = ""


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
    problems: list[Problem] = field(default_factory=list)
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


@dataclass(frozen=True)
class _Line:
    """A row that says something: its texts by what they are, where they stand, and the words in it that lead on."""

    where: str
    texts: dict
    cells: dict
    links: tuple

    def problem(self, holds, text):
        """Say that something is wrong with what stands in one of its cells."""
        return Problem(text, self.cells[holds], holds, self.texts[holds])


def names_in(parts, columns):
    """Return the names that stand for criteria in what is taken of the document, each once, in order."""
    lines = (line for place, part in enumerate(parts) for line in _lines(place, part, columns[place]))
    return list(dict.fromkeys(line.texts[Holds.CRITERION] for line in lines))


def propose(parts, columns, meant, *, with_brackets):
    """
    Return what would come of the parts.

    `columns` says what each column of each part holds, `meant` gives the `Criterion` by name, None to leave it out.
    With `with_brackets` what a statement cites, such as “(see our Plan on a page)”, is evidence, too, and what it links
    to.
    """
    rows, left_out, first = [], 0, {}
    for place, (part, holds) in enumerate(zip(parts, columns, strict=True)):
        above = None
        for line in _lines(place, part, holds):
            criterion = meant.get(line.texts[Holds.CRITERION])
            if criterion is None:
                left_out += 1
                continue
            evidence, problems = _evidence(line)
            if not line.texts[Holds.STATEMENT]:
                above = _add_to(above, criterion, line, evidence, problems, rows)
                continue
            above = Proposed(line.where, criterion, line.texts[Holds.STATEMENT], problems=problems)
            above.evidence += [evidence] if evidence else []
            if with_brackets:
                known = {each.title for each in above.evidence}
                above.evidence += [each for each in _cited(line) if each.title not in known]
            _judge(above, line, first)
            rows.append(above)
    return Proposal(tuple(rows), left_out)


def cited_in(statement):
    """Return the titles that a statement cites in brackets, each once."""
    return list(dict.fromkeys(title.strip(" .;") for title in IN_BRACKETS.findall(statement)))


def same(statement):
    """Return a statement as it is compared with others."""
    return " ".join(statement.split()).casefold()


def _lines(place, part, holds):
    """Yield the rows of a part that say something; a name of a criterion holds until the next."""
    if Holds.STATEMENT not in holds:
        return
    name, noun = "", "paragraph" if len(part.columns) == 2 else "row"
    for at, row in enumerate(part.rows):
        texts = dict.fromkeys(Holds, "") | dict(zip(holds, row, strict=True))
        texts[Holds.CRITERION] = name = texts[Holds.CRITERION] or name
        if texts[Holds.STATEMENT] or texts[Holds.TITLE] or texts[Holds.LINK]:
            cells = {each: (place, at, column) for column, each in enumerate(holds)}
            yield _Line(f"{part.name}, {noun} {part.numbers[at]}", texts, cells, part.links[at])


def _add_to(above, criterion, line, evidence, problems, rows):
    """Give a row without a statement, such as those beneath a merged cell, to the statement above it."""
    if above and above.criterion == criterion:
        above.problems += [replace(problem, text=f"{line.where}: {problem.text}") for problem in problems]
        above.evidence += [evidence] if evidence else []
        return above
    lost = "There is evidence, but no statement that it belongs to. Write the statement."
    problems.append(line.problem(Holds.STATEMENT, lost))
    rows.append(Proposed(line.where, criterion, "", [evidence] if evidence else [], problems))
    return None


def _evidence(line):
    problems = []
    for holds, what, most in LENGTHS:
        if UNREADABLE in line.texts[holds]:
            problems.append(line.problem(holds, f"{what} holds a formula or an error. Write what belongs there."))
        elif len(line.texts[holds]) > most:
            said = f"{what} has {len(line.texts[holds]):,} characters. Shorten it to {most:,}."
            problems.append(line.problem(holds, said))
    link = _link(line)
    if link and not is_address(link):
        said = f"“{link[:80]}” is no link that begins with https:// or http://. Mend it, or leave it empty."
        problems.append(line.problem(Holds.LINK, said))
    written = line.texts[Holds.DATED_ON]
    day = read_date(written)
    if day is None and (first := read_month(written)):
        offered = f"{first:%-d %B %Y}"
        said = f"“{written[:40]}” names no day. {offered} is offered instead: keep it, change it, or leave it empty."
        problems.append(replace(line.problem(Holds.DATED_ON, said), written=offered))
    elif written and day is None:
        said = f"“{written[:40]}” is no date. Write it like 27 March 2026, or leave it empty."
        problems.append(line.problem(Holds.DATED_ON, said))
    title = line.texts[Holds.TITLE] or (urlsplit(link).netloc if link and is_address(link) else "")
    if not title:
        return None, problems
    return Evidence(title, link, day, line.texts[Holds.LOCATOR], line.texts[Holds.NOTE]), problems


def _link(line):
    """Return the link of a line: as it is written, else where the words in its place, or its title's, lead to."""
    written = line.texts[Holds.LINK]
    if is_address(written):
        return written
    shown = written or line.texts[Holds.TITLE]
    return next((address for words, address in line.links if words in shown), written)


def _cited(line):
    """Return what a statement cites in brackets, and what it links to, as evidence."""
    statement = line.texts[Holds.STATEMENT]
    links = {words: address for words, address in line.links if words in statement}
    cited = []
    for title in cited_in(statement):
        words = next((words for words in links if words in title or title in words), "")
        cited.append(Evidence(title, links.pop(words, "")))
    return cited + [
        Evidence(words if len(words) <= TITLE_MAX and not is_address(words) else urlsplit(address).netloc, address)
        for words, address in links.items()
    ]


def _judge(row, line, first):
    """Name what stands in the way of a statement; `first` keeps where each stood first."""
    criterion, key = row.criterion, (row.criterion.code, same(row.statement))
    if criterion.is_checklist:
        row.problems.append(
            Problem("The criterion is a checklist: the framework says what is asked there, and nothing is added.")
        )
    elif key[1] in criterion.taken:
        row.is_there = True
    elif key in first:
        said = f"The same stands already in {first[key]}. Write here what is different, or leave this one out."
        row.problems.append(line.problem(Holds.STATEMENT, said))
    elif criterion.is_single and (criterion.taken or any(code == criterion.code for code, _ in first)):
        row.problems.append(Problem("The framework asks for exactly one item here, and there is one."))
    first.setdefault(key, row.where)


def read_date(text):
    """Return a day as people write it, day before month; None where it is none."""
    return _read(re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", text.strip(), flags=re.IGNORECASE), DATES)


def read_month(text):
    """Return the first day of a month as people write it, with its year; None where it is none."""
    return _read(" ".join(text.replace(",", " ").split()), MONTHS)


def _read(words, forms):
    for form in forms:
        try:
            return datetime.strptime(words, form).date()  # noqa: DTZ007
        except ValueError:
            continue
    return None
