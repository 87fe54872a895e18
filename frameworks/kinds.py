"""The kinds of value that a written framework is made of, as `frameworks.vocabulary` uses them."""

from dataclasses import dataclass

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
        """Return the fields of every variant, each name once."""
        found = {field.name: field for field in self.fields}
        for _, fields in self.variants:
            found |= {field.name: field for field in fields if field.name not in found}
        return tuple(found.values())

    def field(self, name: str) -> Field | None:
        return next((field for field in self.all_fields() if field.name == name), None)
