"""
Read a framework file in YAML: untrusted bytes in, plain data with line numbers out, in bounded time and memory.

The parser's events are taken one by one, so that depth and size are known before anything is built. Of YAML's readings
of plain words only those of its version 1.2 are kept, so that "no" is a word, 12:30 no number and 2026-04-01 no date. A
decimal such as 1.50 is kept exactly as it is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from frameworks.marks import LARGEST_FILE, MOST_FINDINGS, FileRefused, Finding, Mark, Source, finding_at

DEEPEST = 40
# Values and characters, each alias counted as what it stands for.
MOST_VALUES = 200_000
MOST_CHARACTERS = 2 * LARGEST_FILE

WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
WORDS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
NOTHING = {"", "~", "null", "Null", "NULL"}
# What no text of a framework needs, and XML, spreadsheets or terminals trip over.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

# What the parser says; the same for people who never saw YAML, and what they can do about it.
NO_TABS = "a tab stands where only spaces may", "Indent with spaces, never with tabs."
UNFINISHED_LIST = (
    "a list in brackets is never closed, or lacks a comma",
    "Put a comma between its entries, and the closing bracket at its end.",
)
MENDS = {
    "mapping values are not allowed": (
        "a colon stands where no field can begin",
        "Put quotes round a text that holds a colon, and check that the line is indented like its neighbours.",
    ),
    "did not find expected key": (
        "the line fits neither the lines above nor what they belong to",
        "Indent this line like the lines it belongs to; close every quote and bracket above.",
    ),
    "did not find expected '-' indicator": (
        "the line is no part of the list above it",
        "Begin each entry of a list with “- ”, exactly beneath the one before.",
    ),
    "',' or ']'": UNFINISHED_LIST,
    "',' or '}'": UNFINISHED_LIST,
    "found a tab character": NO_TABS,
    "found character '\\t'": NO_TABS,
    "found character that cannot start any token": (
        "a text begins with a character that has a meaning of its own",
        "Put quotes round a text that begins with a special character, and indent with spaces, never with tabs.",
    ),
    "could not find expected ':'": (
        "a name has no colon after it",
        "Write “name: value”, with a space after the colon, and close every quote above.",
    ),
    "found unexpected end of stream": (
        "a quote or bracket is never closed",
        "Close the quote or bracket that was opened here.",
    ),
    "found undefined alias": (
        "what begins with * is a repetition of something that is not there",
        "Remove the *, or put the text in quotes.",
    ),
}
OTHERWISE = "Compare the line and the one above with the examples in the guide to the format."


@dataclass(eq=False)
class _Open:
    """A list or mapping that is being read: what it holds so far, and where it began to count."""

    value: list | dict
    mark: Mark
    anchor: str | None
    values: int
    characters: int
    # The name that waits for its value; names already met are kept with their lines.
    name: str | None = None
    name_mark: Mark | None = None
    refuses_next: bool = False
    named: dict[str, Mark] = field(default_factory=dict)


def read_yaml(content: bytes) -> Source:
    """
    Read a framework file.

    :raises FileRefused: if it is too large, not UTF-8, not YAML, or nested or repeated beyond measure
    """
    return _Builder(_decode(content)).build()


def _decode(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        raise FileRefused(
            f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.", "A framework is text: leave out what is not."
        )
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or content[:4].count(0) > 1:
        raise FileRefused("The file is written in UTF-16 or UTF-32.", "Save it again with the encoding UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            "The file is not in UTF-8.", "Save it again with the encoding UTF-8.", f"line {line}"
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if match := UNPRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise FileRefused(f"There is a control character (U+{ord(match.group()):04X}).", "Remove it.", f"line {line}")
    return text


class _Builder:
    """Builds data and marks from the parser's events, without recursion."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[object, Mark, int, int]] = {}
        self.values = 0
        self.characters = 0
        self.findings: list[Finding] = []
        self.root: tuple[object, Mark] | None = None

    def build(self) -> Source:
        try:
            for event in self._events():
                self._take(event)
        except yaml.MarkedYAMLError as error:
            raise self._not_yaml(error) from None
        except (yaml.YAMLError, UnicodeError) as error:
            raise FileRefused(f"This is not YAML: {error}.", OTHERWISE) from None
        if self.root is None:
            raise FileRefused("The file is empty.", "Begin with the lines that the guide to the format shows.")
        data, mark = self.root
        return Source(data, mark, tuple(self.findings))

    def _events(self) -> Iterator[yaml.Event]:
        # libyaml's parser is many times as fast; the one in Python says the same where a machine lacks it.
        return yaml.parse(self.text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent() if self.root is not None:
                raise FileRefused(
                    "A second document begins here.", "Keep one framework in a file, without “---”.", f"line {line}"
                )
            case yaml.ScalarEvent():
                mark = self._mark(line)
                self._check_tag(event, mark)
                self._count(1, len(event.value), mark)
                self._place(self._scalar(event, mark), mark, event.anchor, 1, len(event.value))
            case yaml.AliasEvent():
                self._alias(event, self._mark(line))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                mark = self._mark(line)
                self._check_tag(event, mark)
                if len(self.open) == DEEPEST:
                    raise FileRefused(
                        f"This is nested more than {DEEPEST} deep.", "Take out some of the nesting.", mark.place
                    )
                value = {} if isinstance(event, yaml.MappingStartEvent) else []
                self._count(1, 0, mark)
                self.open.append(_Open(value, mark, event.anchor, self.values - 1, self.characters))
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = self.open.pop()
                self._place(
                    done.value, done.mark, done.anchor, self.values - done.values, self.characters - done.characters
                )

    def _mark(self, line: int) -> Mark:
        return Mark(f"line {line}", (line,))

    def _place(self, value: object, mark: Mark, anchor: str | None, values: int, characters: int) -> None:
        """Put a finished value where it belongs, and remember it if it may be repeated."""
        if anchor:
            self.anchors[anchor] = value, mark, values, characters
        if not self.open:
            self.root = value, mark
            return
        holder = self.open[-1]
        if isinstance(holder.value, list):
            holder.value.append(value)
            holder.mark.entries.append(mark)
        elif holder.name is None and not holder.refuses_next:
            self._name(holder, value, mark)
        else:
            if not holder.refuses_next:
                # A value that is not there is marked by its name: an empty one may lie on a later line.
                holder.value[holder.name] = value
                holder.mark.fields[holder.name] = holder.name_mark if value is None else mark
            holder.name, holder.refuses_next = None, False

    def _name(self, holder: _Open, value: object, mark: Mark) -> None:
        if isinstance(value, (dict, list)):
            self._find(mark, "A list or a set of fields stands where a name should.", "Put the name in quotes.")
            holder.refuses_next = True
        elif value in holder.named:
            first = holder.named[value].place
            self._find(mark, f"The field “{value}” is here twice, first in {first}.", "Remove one of the two.")
            holder.refuses_next = True
        else:
            holder.name, holder.name_mark = str(value), mark
            holder.named[value] = mark

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> object:
        text = event.value
        if UNPRINTABLE.search(text):
            self._find(mark, "There is a control character in this text.", "Remove it.")
            text = UNPRINTABLE.sub("", text)
        if self._awaits_name() or not event.implicit[0]:
            return text
        if text in NOTHING:
            return None
        if text in WORDS:
            return WORDS[text]
        return int(text) if WHOLE.fullmatch(text) else text

    def _awaits_name(self) -> bool:
        """Tell whether the next value is a name: those are always text, as they are written."""
        return (
            bool(self.open)
            and isinstance(self.open[-1].value, dict)
            and not (self.open[-1].name is not None or self.open[-1].refuses_next)
        )

    def _alias(self, event: yaml.AliasEvent, mark: Mark) -> None:
        if event.anchor not in self.anchors:
            raise FileRefused(
                f"*{event.anchor} repeats what is not finished or not there.",
                "Write the text out, or put it in quotes if the * belongs to it.",
                mark.place,
            )
        value, _, values, characters = self.anchors[event.anchor]
        self._count(values, characters, mark)
        # Problems within are named where they can be mended: at what is repeated.
        self._place(value, self.anchors[event.anchor][1], None, values, characters)

    def _check_tag(self, event: yaml.Event, mark: Mark) -> None:
        if event.tag is not None:
            self._find(mark, f"This has the tag {event.tag[:60]}.", "Remove the word that begins with “!”.")

    def _count(self, values: int, characters: int, mark: Mark) -> None:
        self.values += values
        self.characters += characters
        if self.values > MOST_VALUES or self.characters > MOST_CHARACTERS:
            raise FileRefused(
                f"The file holds more than {MOST_VALUES} values, or repeats itself beyond measure.",
                "Leave out what does not belong to the framework, and write repeated parts (* and &) out.",
                mark.place,
            )

    def _find(self, mark: Mark, what: str, mend: str) -> None:
        if len(self.findings) == MOST_FINDINGS:
            raise FileRefused("The file has too many problems to name.", "Begin again from the example.", mark.place)
        self.findings.append(finding_at(mark, what, mend))

    def _not_yaml(self, error: yaml.MarkedYAMLError) -> FileRefused:
        said = error.problem or "it breaks off"
        plain, mend = next((told for words, told in MENDS.items() if words in said), (said, OTHERWISE))
        mark = error.problem_mark or error.context_mark
        # An unclosed quote shows at the end, a missing colon on a later line: both are mended where they began.
        if error.context_mark and ("end of stream" in said or "expected ':'" in said):
            mark = error.context_mark
        place = f"line {mark.line + 1}" if mark else "the file"
        return FileRefused(f"This is not YAML: {plain}.", mend, place)
