"""Read untrusted mappings field by field, collecting every problem instead of stopping at the first."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

# An integer, a decimal or "n/d", short enough that nobody can ask for a number of a million digits.
NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9}|/[1-9]\d{0,8})?", re.ASCII)

MISSING = "This is missing."
# Guessing what a longer word was meant to be takes time, and nobody mistypes such.
LONGEST_GUESSED = 40
# Nor does anybody mend more at once.
MOST_GUESSED = 200


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a definition: where it is, what is wrong, and how to mend it."""

    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.mend}"


def in_words(value: object) -> str:
    """Return a value as a message quotes it to an author, who does not know what data are made of."""
    match value:
        case str():
            return f"“{value}”"
        case bool():
            return "true" if value else "false"
        case list():
            return "a list"
        case Mapping():
            return "a set of named fields"
    return str(value)


def likely(word: str, known: Iterable[str]) -> str:
    """Return the known word that was most probably meant; nothing if none is like it."""
    return next(iter(difflib.get_close_matches(word[:LONGEST_GUESSED], known, n=1)), "")


class DefinitionError(ValueError):
    """A definition that cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class Reader:
    """
    A mapping of which each field is asked for once.

    A field that is missing or of the wrong kind is noted as a problem, and a harmless value stands in for it so that
    reading can go on. `close` notes the fields that nobody asked for, which are mostly misspellings.
    """

    def __init__(self, data: object, where: str, problems: list[Problem]) -> None:
        self.where = where
        self.problems = problems
        self._asked: set[str] = set()
        if not isinstance(data, Mapping):
            self.problem("This is not a set of named fields.", "Write it as “name: value” lines.")
            data = {}
        # JSON knows only text as names, YAML reads 1 as a number: both mean the same here.
        self._data = {str(name): value for name, value in data.items()}

    def problem(self, what: str, mend: str, field: str = "") -> None:
        self.problems.append(Problem(self._place(field), what, mend))

    def has_unread(self, field: str, name: str, since: int) -> bool:
        """Say whether an entry of a list has a field `name` that could not be read, by the problems from `since` on."""
        start, end = f"{self._place(field)}[", f"].{name}"
        found = (problem.where for problem in self.problems[since:])
        return any(
            where.startswith(start) and where.endswith(end) and where[len(start) : -len(end)].isdigit()
            for where in found
        )

    def close(self) -> None:
        for name in self._data:
            if name not in self._asked:
                known = ", ".join(sorted(self._asked)) or "none"
                guess = self.guess(name, self._asked)
                perhaps = f", perhaps to {guess}" if guess else ""
                self.problem(
                    "This field is not known here.",
                    f"Remove it or correct its name{perhaps}; known are: {known}.",
                    name,
                )

    def guess(self, word: str, known: Iterable[str]) -> str:
        """Return the known word that was most probably meant, as long as no more is wrong than anybody mends."""
        return likely(word, known) if len(self.problems) < MOST_GUESSED else ""

    def names(self) -> list[str]:
        return list(self._data)

    def has(self, field: str) -> bool:
        self._asked.add(field)
        return self._data.get(field) is not None

    def value(self, field: str) -> object:
        """Return a field as it stands, None if it is missing."""
        self._asked.add(field)
        return self._data.get(field)

    def text(self, field: str, *, required: bool = True) -> str:
        value = self._get(field, required, "text")
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problem(f"This is {in_words(value)}, not text.", "Put it in quotes.", field)
            return ""
        if required and not value.strip():
            self.problem("This is empty.", "Write something here.", field)
        return value.strip()

    def code(self, field: str, pattern: re.Pattern[str], meaning: str) -> str:
        value = self.text(field)
        if value and not pattern.fullmatch(value):
            self.problem(f"“{value}” cannot be a code.", f"Use {meaning}.", field)
        return value

    def choice(self, field: str, choices: Mapping[str, object] | tuple[str, ...], default: str | None = None) -> str:
        if default is not None and not self.has(field):
            return default
        value = self.text(field)
        if value and value not in choices:
            self.problem(f"“{value}” is not known.", f"Use one of: {', '.join(choices)}.", field)
            return ""
        return value

    def flag(self, field: str, *, default: bool | None = None) -> bool:
        value = self._get(field, default is None, "true or false")
        if value is None:
            return bool(default)
        if not isinstance(value, bool):
            self.problem(f"This is {in_words(value)}.", "Write true or false, without quotes.", field)
        return value is True

    def integer(self, field: str, lowest: int, highest: int, *, default: int | None = None) -> int:
        value = self._get(field, default is None, "a whole number")
        if value is None:
            return lowest if default is None else default
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            self.problem(f"This is {in_words(value)}.", f"Write a whole number from {lowest} to {highest}.", field)
            return lowest
        return value

    def rank_or_word(self, field: str, ranks: tuple[int, ...], words: tuple[str, ...]) -> int | str | None:
        """Read one of some ranks or words; None if it is neither."""
        value = self._get(field, True, "a level or a word")
        if value is None or (not isinstance(value, bool) and value in (*ranks, *words)):
            return value
        choices = ", ".join(str(choice) for choice in (*ranks, *words))
        self.problem(f"{in_words(value)} cannot be expected here.", f"Use one of: {choices}.", field)
        return None

    def number(self, field: str, *, default: int | None = None) -> Fraction:
        """Read an exact number: a whole number, or text such as "3/2" or "1.5"."""
        value = self._get(field, default is None, "a number")
        if value is None:
            return Fraction(default or 0)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole or isinstance(value, str)) or not NUMBER.fullmatch(str(value).strip()):
            self.problem(
                f"{in_words(value)} is not an exact number.",
                "Write a whole number, or “3/2” or “1.5” in quotes.",
                field,
            )
            return Fraction(default or 0)
        return Fraction(str(value).strip())

    def texts(self, field: str, *, required: bool = True) -> tuple[str, ...]:
        """Read a list of texts."""
        values = self._list(field, required)
        for index, value in enumerate(values):
            if not isinstance(value, str) or not value.strip():
                self.problem(
                    f"This is {in_words(value)}, not text.", "Write some text, in quotes.", f"{field}[{index}]"
                )
        return tuple(value.strip() for value in values if isinstance(value, str))

    def reader(self, field: str, *, required: bool = True) -> "Reader":
        """Read one nested mapping."""
        value = self._get(field, required, "a set of named fields")
        return Reader({} if value is None else value, self._place(field), self.problems)

    def readers(self, field: str, *, required: bool = True) -> Iterator["Reader"]:
        """Read a list of nested mappings."""
        for index, value in enumerate(self._list(field, required)):
            yield Reader(value, self._place(f"{field}[{index}]"), self.problems)

    def by_rank(self, field: str, ranks: Mapping[str, int]) -> "Reader":
        """
        Read a mapping by rank, `ranks` giving each level's by its name.

        A name in the place of a rank is told as such, and what stands there is read as the rank's.
        """
        inner = self.reader(field, required=False)
        for name, rank in ranks.items():
            if name and name in inner._data and str(rank) not in inner._data:
                inner.problem(f"“{name}” stands here by its name.", f"Write its rank, {rank}.", name)
                inner._data[str(rank)] = inner._data.pop(name)
        return inner

    def _list(self, field: str, required: bool) -> list[object]:
        value = self._get(field, required, "a list")
        if value is None:
            return []
        if not isinstance(value, list):
            self.problem("This is not a list.", "Write its entries as “- …” lines.", field)
            return []
        if required and not value:
            self.problem("This list is empty.", "Give at least one entry.", field)
        return value

    def _get(self, field: str, required: bool, kind: str) -> object:
        self._asked.add(field)
        value = self._data.get(field)
        if value is None and required:
            self.problem(MISSING, f"Add it: {kind}.", field)
        return value

    def _place(self, field: str) -> str:
        return ".".join(part for part in (self.where, field) if part) or "the definition"
