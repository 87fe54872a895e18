"""
Look into an office file from untrusted bytes: a zip of XML parts.

Its directory is checked before anything is unpacked, and the parts before they are parsed, without trusting what the
directory says of sizes.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

from frameworks.marks import LARGEST_FILE, FileRefused

LARGEST_UNPACKED = 24 * 1024 * 1024
# A document type could define entities that grow when they are read; an office file never has one.
DOCUMENT_TYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UTF_8 = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml[^>]*encoding=[\"']utf-8[\"'][^>]*\?>|\?xml(?![^>]*encoding)|[^?])", re.I
)


@dataclass(frozen=True)
class Kind:
    """
    A kind of office file: what it is called, in full and in short, its main part, and how to save one.

    `refused` matches the parts that none may have, named in the words `refused_words`.
    """

    called: str
    noun: str
    main: str
    again: str
    refused: re.Pattern[str]
    refused_words: str
    most_parts: int

    def refusal(self, what: str, mend: str = "") -> FileRefused:
        return FileRefused(what, mend or self.again)


WORKBOOK = Kind(
    "an Excel workbook",
    "workbook",
    "xl/workbook.xml",
    "Save it again as an Excel workbook (.xlsx) from your spreadsheet program.",
    re.compile(r"vbaproject|activex|embeddings|externallinks|macrosheets|dialogsheets", re.IGNORECASE),
    "macros, links or embedded files",
    200,
)
# Of a document only its text is read, so that charts and pictures in it do no harm.
DOCUMENT = Kind(
    "a Word document",
    "document",
    "word/document.xml",
    "Save it again as a Word document (.docx) from your word processor.",
    re.compile(r"vbaproject|vbadata|activex", re.IGNORECASE),
    "macros",
    2_000,
)


def check(content: bytes, kind: Kind) -> None:
    """
    Check every part.

    :raises FileRefused: if the file is too large, of another kind, or holds what is dangerous
    """
    with _opened(content, kind) as package:
        left = LARGEST_UNPACKED
        for part in package.infolist():
            left -= len(_part(package, part, left, kind))


def read_parts(content: bytes, kind: Kind, names: Iterable[str]) -> dict[str, bytes]:
    """
    Return those of the named parts that there are, checked; the others are not unpacked.

    :raises FileRefused: if the file is too large, of another kind, or holds what is dangerous
    """
    found, left = {}, LARGEST_UNPACKED
    with _opened(content, kind) as package:
        there = {part.filename: part for part in package.infolist()}
        for name in names:
            if name in there:
                found[name] = _part(package, there[name], left, kind)
                left -= len(found[name])
    return found


def _opened(content: bytes, kind: Kind) -> zipfile.ZipFile:
    if len(content) > LARGEST_FILE:
        raise kind.refusal(
            f"The file is larger than {LARGEST_FILE // 1024 // 1024} MB.", "Remove pictures and empty rows."
        )
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise kind.refusal(f"This is not {kind.called}.") from None
    names = [part.filename for part in package.infolist()]
    if len(names) > kind.most_parts or len(set(names)) < len(names):
        raise kind.refusal(f"The {kind.noun} has too many parts, or two of a name.")
    if kind.main not in names:
        raise kind.refusal(f"This is not {kind.called}.")
    if any(kind.refused.search(name) for name in names):
        ending = kind.again.partition("(")[2].partition(")")[0]
        raise kind.refusal(f"The {kind.noun} holds {kind.refused_words}.", f"Save it without them, as {ending}.")
    return package


def _part(package: zipfile.ZipFile, part: zipfile.ZipInfo, most: int, kind: Kind) -> bytes:
    """Return a part unpacked; refuse it where it is too large, or XML that could grow."""
    try:
        with package.open(part) as file:
            content = file.read(most + 1)
    except Exception as error:
        raise kind.refusal(f"The {kind.noun} is damaged ({type(error).__name__}).") from error
    if len(content) > most:
        raise kind.refusal(
            f"The {kind.noun} unpacks to more than {LARGEST_UNPACKED // 1024 // 1024} MB.",
            "Remove pictures and empty rows.",
        )
    if part.filename.lower().endswith((".xml", ".rels", ".vml")):
        if not UTF_8.match(content[:500]) or b"\x00" in content[:100]:
            raise kind.refusal(f"A part of the {kind.noun} is not in UTF-8.")
        if DOCUMENT_TYPE.search(content):
            raise kind.refusal(f"A part of the {kind.noun} declares a document type.")
    return content
