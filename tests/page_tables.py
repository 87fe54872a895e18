"""The tables of a page, as a reader goes through them: caption, headings, and each row's cells in words."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageTable:
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)

    @property
    def records(self):
        """The rows below the headings, each by the headings' words; rows with cells that span several are left out."""
        heading, *rows = self.rows
        return [dict(zip(heading, row, strict=True)) for row in rows if len(row) == len(heading)]


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tables, self.open, self.words = [], [], None

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.open.append(PageTable())
            self.tables.append(self.open[-1])
        elif tag == "tr" and self.open:
            self.open[-1].rows.append([])
        elif tag in ("td", "th", "caption"):
            self.words = []
        # What is only seen on a phone repeats the heading.
        elif tag == "span" and self.words is not None and dict(attrs).get("class", "").startswith("nhsuk-table-resp"):
            self.words.append("\0")

    def handle_endtag(self, tag):
        if tag == "table":
            self.open.pop()
        elif tag in ("td", "th") and self.open:
            self.open[-1].rows[-1].append(self._said())
        elif tag == "caption" and self.open:
            self.open[-1].caption = self._said()

    def handle_data(self, data):
        if self.words is not None:
            if self.words and self.words[-1] == "\0":
                self.words.pop()
            else:
                self.words.append(data)

    def _said(self):
        said, self.words = " ".join("".join(self.words or "").split()), None
        return said


def tables_of(page):
    """Return a page's tables by caption."""
    reader = _Reader()
    reader.feed(page)
    return {table.caption: table for table in reader.tables}
