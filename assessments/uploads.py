"""
Check an uploaded file by its content, its name and its size. Pure.

A name can say anything, so that the content decides: each kind on the list below is known by its first bytes and by
what a file of that kind must hold, and the name's ending has to agree. What a browser or an office program would run
is refused.
"""

import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass

NAME_MAX = 200
PICTURE_MAX_PIXELS = 50_000_000
UNPACKED_MAX_BYTES = 300 * 1024 * 1024
UNPACKED_MAX_RATIO = 200
PARTS_MAX = 5_000
PART_READ_MAX = 1024 * 1024

DOCX, XLSX, PPTX, ODT, ODS = "docx", "xlsx", "pptx", "odt", "ods"
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    DOCX: f"{OFFICE}wordprocessingml.document",
    XLSX: f"{OFFICE}spreadsheetml.sheet",
    PPTX: f"{OFFICE}presentationml.presentation",
    ODT: "application/vnd.oasis.opendocument.text",
    ODS: "application/vnd.oasis.opendocument.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "csv": "text/csv",
    "txt": "text/plain",
}
KINDS = {
    "pdf": "a PDF document",
    DOCX: "a Word document",
    XLSX: "an Excel workbook",
    PPTX: "a PowerPoint presentation",
    ODT: "an OpenDocument text",
    ODS: "an OpenDocument spreadsheet",
    "png": "a PNG picture",
    "jpg": "a JPEG picture",
    "jpeg": "a JPEG picture",
    "csv": "plain text",
    "txt": "plain text",
}
ACCEPTED = "PDF, Word, Excel or PowerPoint (without macros), OpenDocument, PNG, JPEG, CSV or plain text"
# The part that an office document of each kind cannot do without.
MAIN_PARTS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml"}
RUNNABLE_PARTS = re.compile(r"vbaproject|vbadata|activex|(^|/)(basic|scripts)/|\.(exe|dll|js|vbs|hta)$", re.IGNORECASE)
MARKUP = re.compile(rb"\s*<\s*(!doctype|!--|\?xml|html|svg|head|body|script|iframe)", re.IGNORECASE)
# Everything below the space but tab, line feed, form feed and carriage return.
NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")


class UploadRefused(Exception):
    """The file cannot be kept; the text says why and what to do."""


@dataclass(frozen=True)
class Upload:
    """A checked file. `content` is an open binary file, `name` safe to show and to save under."""

    name: str
    media_type: str
    content: object


def check(content, *, name, max_bytes):
    """
    Let an open binary file pass that is what its name says and nothing that runs.

    :raises UploadRefused: with a sentence for the person who chose the file
    """
    name = clean_name(name)
    content.seek(0, io.SEEK_END)
    size = content.tell()
    content.seek(0)
    if not size:
        raise UploadRefused("The selected file is empty. Check it, and choose it again")
    if size > max_bytes:
        raise UploadRefused(
            f"The selected file must be smaller than {megabytes(max_bytes)}; it has {megabytes(size)}. "
            "Make it smaller, or give a link to it instead"
        )
    ending = ending_of(name)
    if ending not in MEDIA_TYPES:
        raise UploadRefused(f"The selected file must be {ACCEPTED}")
    if not CHECKS[ending](content, ending):
        raise UploadRefused(
            f"The name of the selected file ends in .{ending}, but its content is not {KINDS[ending]}. "
            "Save it again in the program that made it, and choose that"
        )
    content.seek(0)
    return Upload(name=name, media_type=MEDIA_TYPES[ending], content=content)


def clean_name(name):
    """
    Return a file's name without folders, control and direction marks, in at most `NAME_MAX` characters.

    A long name is cut before its ending. Direction marks go because they can make `gpj.exe` look like `exe.jpg`.
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", str(name))[-1])
    name = "".join(" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    name = re.sub(r'[<>:"|?*]', "_", " ".join(name.split())).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem:
        return name[:NAME_MAX] or "file"
    return stem[: NAME_MAX - len(ending) - 1].rstrip(". ") + dot + ending if len(ending) < 20 else name[:NAME_MAX]


def ending_of(name):
    """Return how a file's name ends, in small letters and without the dot; an empty text if it has no ending."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def megabytes(size):
    """Return a number of bytes as people say it."""
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def _is_pdf(content, ending):
    if content.read(5) != b"%PDF-":
        return False
    content.seek(0, io.SEEK_END)
    content.seek(max(0, content.tell() - 2048))
    if b"%%EOF" not in content.read():
        raise UploadRefused("The selected PDF is not complete: its end is missing. Save it again, and choose that")
    return True


def _is_picture(content, ending):
    from PIL import Image

    kind = "PNG" if ending == "png" else "JPEG"
    with warnings.catch_warnings():
        # Pillow warns of a huge picture before our own limit can refuse it.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            with Image.open(content, formats=[kind]) as picture:
                width, height = picture.size
                if width * height <= PICTURE_MAX_PIXELS:
                    picture.verify()
                    return True
        except Image.DecompressionBombError:
            pass
        except Exception:
            # Pillow lets through whatever its decoders raise: any of it means that this is no picture.
            return False
    raise UploadRefused("The selected picture is too large: make it smaller than 50 million pixels, and choose that")


def _is_office(content, ending):
    try:
        with zipfile.ZipFile(content) as packed:
            _check_parts(packed)
            if ending in MAIN_PARTS:
                types = _part(packed, "[Content_Types].xml")
                if b"macroEnabled" in types:
                    raise UploadRefused(_macros())
                return MAIN_PARTS[ending] in packed.namelist()
            return _part(packed, "mimetype").strip() == MEDIA_TYPES[ending].encode()
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        return False


def _check_parts(packed):
    """Judge by the list of parts alone, so that nothing large is unpacked."""
    parts = packed.infolist()
    unpacked = sum(part.file_size for part in parts)
    size = sum(part.compress_size for part in parts)
    if len(parts) > PARTS_MAX or unpacked > UNPACKED_MAX_BYTES or unpacked > UNPACKED_MAX_RATIO * max(size, 1024):
        raise UploadRefused("The selected file unpacks to far more than an office document does, so it was not opened")
    for part in parts:
        if part.flag_bits & 0x1:
            raise UploadRefused(_locked())
        if RUNNABLE_PARTS.search(part.filename):
            raise UploadRefused(_macros())


def _part(packed, name):
    with packed.open(name) as part:
        return part.read(PART_READ_MAX)


def _macros():
    return "The selected file holds macros or programs. Save it without them, or as a PDF, and choose that"


def _locked():
    return "The selected file is locked with a password. Save it without one, and choose that"


def _is_text(content, ending):
    text = content.read()
    if text.startswith((b"%PDF-", b"MZ", b"PK\x03\x04")) or MARKUP.match(text.removeprefix(b"\xef\xbb\xbf")):
        return False
    return not NOT_TEXT.search(text)


CHECKS = {
    "pdf": _is_pdf,
    "png": _is_picture,
    "jpg": _is_picture,
    "jpeg": _is_picture,
    "csv": _is_text,
    "txt": _is_text,
    **dict.fromkeys((DOCX, XLSX, PPTX, ODT, ODS), _is_office),
}
