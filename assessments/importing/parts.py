"""What is found in a document, whatever kind it is: parts with columns and rows of texts. Pure."""

import re
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

MOST_PARTS = 20
MOST_COLUMNS = 16
MOST_ROWS = 1_000
MOST_TEXT = 400_000
LINK_MAX = 500
# Stands for a cell that holds a formula or an error.
UNREADABLE = "\ufffd"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class DocumentRefused(ValueError):
    """The document cannot be read; the text says why, and what to do."""


@dataclass(frozen=True)
class Part:
    """
    A table, a sheet or the paragraphs of a document. Each row has a text for each column.

    `numbers` says how a person finds each row: its place in the table or among the paragraphs. `links` has the words in
    each row that lead somewhere, each with the address.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    links: tuple[tuple[tuple[str, str], ...], ...]

    def packed(self):
        return [self.name, self.columns, self.rows, self.numbers, self.links]

    @classmethod
    def unpacked(cls, held):
        name, columns, rows, numbers, links = held
        rows = tuple(tuple(row) for row in rows)
        links = tuple(tuple((words, address) for words, address in row) for row in links)
        return cls(name, tuple(columns), rows, tuple(numbers), links)

    def mended(self, cells):
        """Return the part with other texts in some cells, given by row and column; what is none of its cells is not."""
        if not cells:
            return self
        rows = [
            tuple(clean(cells.get((at, column), text)) for column, text in enumerate(row))
            for at, row in enumerate(self.rows)
        ]
        return replace(self, rows=tuple(rows))


def clean(text):
    """Return a text without what no form could send, each line tidy, in at most one empty line after another."""
    lines = [" ".join(line.split()) for line in CONTROL.sub("", text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def table(name, rows, *, above, context, links=()):
    """
    Return a table as a part, or None where it has nothing beneath its headings.

    `rows` are lists of texts, the first that has two texts being the headings; `above` names the column that holds what
    the table stands under, `context`; `links` are those of each row.
    """
    start = next((place for place, row in enumerate(rows) if sum(map(bool, row)) > 1), None)
    if start is None:
        return None
    headings = rows[start]
    width = min(max(len(row) for row in rows[start:]), MOST_COLUMNS - 1)
    columns = [
        headings[place] if place < len(headings) and headings[place] else f"Column {place + 1}"
        for place in range(width)
    ]
    kept = [(number, [*row, *[""] * width][:width]) for number, row in enumerate(rows[start + 1 :], start=start + 2)]
    kept = [(number, row) for number, row in kept if any(row)]
    if not kept:
        return None
    return Part(
        name,
        (above, *(column[:80] for column in columns)),
        tuple((context, *row) for _, row in kept),
        tuple(number for number, _ in kept),
        tuple(links[number - 1] if links else () for number, _ in kept),
    )


def is_address(text):
    """Tell whether a text is an address on the web."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", text)


def bounded(parts):
    """
    Return the parts, held to what a framework could need.

    :raises DocumentRefused: if there is nothing in them, or more than anybody writes
    """
    parts = [part for part in parts if part]
    if not parts:
        raise DocumentRefused(
            "There is no table, list or paragraph in the file that could hold statements. Check it, and choose it again"
        )
    size = sum(len(text) for part in parts for row in part.rows for text in row)
    if len(parts) > MOST_PARTS or sum(len(part.rows) for part in parts) > MOST_ROWS or size > MOST_TEXT:
        raise DocumentRefused(
            f"The file has more than {MOST_PARTS} tables or sheets, {MOST_ROWS:,} rows or {MOST_TEXT:,} characters. "
            "Take out what is not needed, and choose it again"
        )
    return tuple(parts)
