"""
Find what a Word document holds, from untrusted bytes: its lists and paragraphs under their headings, and its tables.

Of the package only the text and the styles are read, in bounded size and without a document type, so that nothing can
grow, be fetched or run. Deleted text is left out, inserted text is taken.
"""

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

from assessments.importing.guessing import resembling
from assessments.importing.parts import DocumentRefused, Part, bounded, clean, table
from assessments.importing.relations import KEY, address_of, addresses
from frameworks.marks import FileRefused
from frameworks.packages import DOCUMENT, read_parts

STYLES, RELATIONS = "word/styles.xml", "word/_rels/document.xml.rels"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAMAGED = "The document is damaged. Save it again as a Word document (.docx)"
HEADING = re.compile(r"^(?:heading|title|subtitle)\s*(\d*)", re.IGNORECASE)
LIST = re.compile(r"^list\b", re.IGNORECASE)
TYPED_NUMBER = re.compile(r"^\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z])[.)]\s+", re.IGNORECASE)
# Headings that stand within a criterion's part, however they are styled, and do not end it.
WITHIN = re.compile(
    r"^(?:our |the )?(?:evidence|statements?|narrative|comments?|rationale|next steps)\b", re.IGNORECASE
)
LONGEST_HEADING = 120
# Of fields within fields these many take up the words; more lie within each other only to hurt.
MOST_NESTED = 4
ABOVE, TEXT = "Heading above", "Text"
LISTED, OTHER = "Numbered and bulleted paragraphs", "Other paragraphs"


@dataclass
class _Style:
    heading: int | None = None
    is_list: bool = False
    based_on: str = ""


@dataclass
class _Field:
    """A field whose end is still to come: what it is told to be, and the words that it shows."""

    code: list = field(default_factory=list)
    words: list = field(default_factory=list)


@dataclass
class _Found:
    """What was found so far; `above` is the heading that things stand under, of level `level`."""

    names: tuple[str, ...]
    addresses: dict[str, str]
    above: str = ""
    level: int = 0
    number: int = 0
    listed: list = field(default_factory=list)
    other: list = field(default_factory=list)
    tables: list = field(default_factory=list)

    def links(self, element):
        """Return the words in an element that lead to an address on the web, each with it."""
        each = [(_text(link), self.addresses.get(link.get(KEY), "")) for link in element.iter(f"{W}hyperlink")]
        each += [(_text(simple), address_of(simple.get(f"{W}instr", ""))) for simple in element.iter(f"{W}fldSimple")]
        each += [(words, address_of(code)) for code, words in _fields(element)]
        return tuple((words, address) for words, address in each if words and address)

    def take_heading(self, text, level):
        is_within = level > self.level or bool(WITHIN.match(text))
        if resembling(text, self.names) or not is_within or not resembling(self.above, self.names):
            self.above, self.level = text, level


def read_word(content, *, names):
    """
    Return the parts of a document; a short line that resembles one of `names` is a heading, however it is styled.

    :raises DocumentRefused: if it cannot be read, or holds nothing or too much
    """
    try:
        held = read_parts(content, DOCUMENT, (DOCUMENT.main, STYLES, RELATIONS))
    except FileRefused as refusal:
        raise DocumentRefused(f"{refusal.finding.what} {refusal.finding.mend.rstrip('.')}") from refusal
    body = _parsed(held[DOCUMENT.main]).find(f"{W}body")
    if body is None:
        raise DocumentRefused("The document has no text. Check it, and choose it again")
    styles = _styles(held.get(STYLES))
    found = _Found(names, _addresses(held.get(RELATIONS)))
    _walk(body, styles, found)
    return bounded([_paragraphs(LISTED, found.listed), _paragraphs(OTHER, found.other), *found.tables])


def _paragraphs(name, rows):
    if not rows:
        return None
    numbers, texts, links = zip(*rows, strict=True)
    return Part(name, (ABOVE, TEXT), texts, numbers, links)


def _parsed(content):
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, RecursionError) as error:
        raise DocumentRefused(DAMAGED) from error


def _styles(content):
    if content is None:
        return {}
    found = {}
    for style in _parsed(content).iter(f"{W}style"):
        name, outline = style.find(f"{W}name"), style.find(f"{W}pPr/{W}outlineLvl")
        called = name.get(f"{W}val", "") if name is not None else ""
        heading = HEADING.match(called)
        based_on = style.find(f"{W}basedOn")
        found[style.get(f"{W}styleId", "")] = _Style(
            heading=int(heading[1] or 0) if heading else _outline(outline),
            is_list=bool(LIST.match(called)) or style.find(f"{W}pPr/{W}numPr") is not None,
            based_on=based_on.get(f"{W}val", "") if based_on is not None else "",
        )
    return found


def _addresses(content):
    """Return where links lead to on the web, by the key that the text has for each."""
    try:
        return addresses(content)
    except ElementTree.ParseError as error:
        raise DocumentRefused(DAMAGED) from error


def _outline(element):
    value = element.get(f"{W}val", "") if element is not None else ""
    return int(value) + 1 if value.isdigit() and int(value) < 9 else None


def _walk(parent, styles, found):
    for element in parent:
        if element.tag == f"{W}p":
            _take_paragraph(element, styles, found)
        elif element.tag == f"{W}tbl":
            lines = element.findall(f"{W}tr")
            rows = [[_text(cell) for cell in row.iterfind(f"{W}tc")] for row in lines]
            links = [found.links(row) for row in lines]
            number = len(found.tables) + 1
            name = f"Table {number}" + (f", under “{found.above[:60]}”" if found.above else "")
            found.tables.append(table(name, rows, above=ABOVE, context=found.above, links=links))
        elif element.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins"}:
            _walk(element, styles, found)


def _take_paragraph(paragraph, styles, found):
    text = _text(paragraph)
    if not text:
        return
    found.number += 1
    heading, is_list = _look(paragraph, styles)
    is_list = is_list or bool(TYPED_NUMBER.match(text))
    is_short = len(text) <= LONGEST_HEADING and "\n" not in text
    if heading is not None and is_short:
        found.take_heading(text, heading)
    elif is_short and not is_list and (resembling(text, found.names) or _is_bold(paragraph)):
        found.take_heading(text, 9)
    else:
        rows = found.listed if is_list else found.other
        text = TYPED_NUMBER.sub("", text) if is_list else text
        rows.append((found.number, (found.above, text), found.links(paragraph)))


def _look(paragraph, styles):
    """Return the level of a paragraph's heading, or None, and whether it stands in a list."""
    given = paragraph.find(f"{W}pPr/{W}pStyle")
    heading, is_list = _outline(paragraph.find(f"{W}pPr/{W}outlineLvl")), False
    key, seen = given.get(f"{W}val", "") if given is not None else "", set()
    while key in styles and key not in seen:
        seen.add(key)
        heading = styles[key].heading if heading is None else heading
        is_list = is_list or styles[key].is_list
        key = styles[key].based_on
    number = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
    if number is not None:
        is_list = number.get(f"{W}val") != "0"
    return heading, is_list and heading is None


def _is_bold(paragraph):
    runs = [
        run for run in paragraph.iterfind(f"{W}r") if "".join(text.text or "" for text in run.iterfind(f"{W}t")).strip()
    ]
    marks = [run.find(f"{W}rPr/{W}b") for run in runs]
    return bool(runs) and all(mark is not None and mark.get(f"{W}val", "1") not in {"0", "false"} for mark in marks)


def _fields(element):
    """Yield the code of each field that begins and ends within a paragraph or a cell, and the words that it shows."""
    fields = []
    for each in element.iter():
        kind = each.get(f"{W}fldCharType") if each.tag == f"{W}fldChar" else None
        if kind == "begin":
            fields.append(_Field())
        elif kind == "end" and fields:
            ended = fields.pop()
            yield "".join(ended.code), clean("".join(ended.words))
        elif each.tag == f"{W}instrText" and fields:
            fields[-1].code.append(each.text or "")
        elif each.tag == f"{W}t":
            for around in fields[-MOST_NESTED:]:
                around.words.append(each.text or "")


def _text(element):
    """Return the text of a paragraph or a cell, a line for each paragraph."""
    written = []
    for each in element.iter():
        if each.tag == f"{W}t":
            written.append(each.text or "")
        elif each.tag in {f"{W}tab", f"{W}noBreakHyphen"}:
            written.append(" " if each.tag == f"{W}tab" else "-")
        elif each.tag in {f"{W}br", f"{W}cr"} or (each.tag == f"{W}p" and each is not element):
            written.append("\n")
    return clean("".join(written))
