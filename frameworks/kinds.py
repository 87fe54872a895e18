"""The kinds of value that a written framework is made of, as `frameworks.vocabulary` uses them."""

from dataclasses import dataclass, replace
from functools import cached_property

# A page of text; what is longer is no description that anybody reads while scoring.
LONGEST_TEXT = 5_000


@dataclass(frozen=True)
class Text:
    """Words. `longest` is in characters."""

    longest: int = LONGEST_TEXT


@dataclass(frozen=True)
class Code:
    """A short name for referring to something; `pattern` is a regular expression for the whole of it, "" for any."""

    pattern: str = ""
    longest: int = 40


@dataclass(frozen=True)
class Choice:
    """One of some words."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Whole:
    """A whole number between two others, both included."""

    lowest: int
    highest: int


@dataclass(frozen=True)
class Number:
    """An exact number of 0 or more: a whole number, a decimal such as 1.5, or a fraction such as "3/2"."""


@dataclass(frozen=True)
class Flag:
    """True or false."""


@dataclass(frozen=True)
class Texts:
    """A list of texts."""

    longest: int = LONGEST_TEXT
    most: int = 100


@dataclass(frozen=True)
class One:
    """A record of its own, by its name in the vocabulary."""

    record: str


@dataclass(frozen=True)
class Many:
    """A list of records."""

    record: str
    most: int


@dataclass(frozen=True)
class Keyed:
    """Values of one kind by names that the author chooses; `keys` says what the names are."""

    keys: str
    of: "Kind"
    most: int = 5_000


@dataclass(frozen=True)
class Either:
    """A value of any one of several kinds."""

    kinds: tuple["Kind", ...]


Kind = Text | Code | Choice | Whole | Number | Flag | Texts | One | Many | Keyed | Either


@dataclass(frozen=True)
class Field:
    """A named value of a record: what it means, and whether it has to be there."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Record:
    """
    A set of named values.

    `variants` are further fields by the value of the field `kind`.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    variants: tuple[tuple[str, tuple[Field, ...]], ...] = ()

    def all_fields(self) -> tuple[Field, ...]:
        """Return the fields of every variant, each name once, with all that it means."""
        return tuple(self._by_name.values())

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        # A file may ask this of a hundred thousand names.
        every = (*self.fields, *(field for _, fields in self.variants for field in fields))
        first = {field.name: field for field in reversed(every)}
        names = dict.fromkeys(field.name for field in every)
        return {name: replace(first[name], meaning=self._meaning(name)) for name in names}

    def told(self, name: str) -> dict[Field, tuple[str, ...]]:
        """Return the fields of a name: what each means differs by the values of `kind` that are given with it."""
        found: dict[Field, tuple[str, ...]] = {field: () for field in self.fields if field.name == name}
        for kind, fields in self.variants:
            found |= {field: (*found.get(field, ()), kind) for field in fields if field.name == name}
        return found

    def _meaning(self, name: str) -> str:
        told = self.told(name)
        if len(told) == 1:
            return next(iter(told)).meaning
        return " ".join(f"For {', '.join(kinds)}: {field.meaning}" for field, kinds in told.items())

    def field(self, name: str) -> Field | None:
        return self._by_name.get(name)
