"""
The evidence of an assessment as one zip: the files that it cites, under safe names, with a manifest of all artefacts.

It is written piece by piece while it is sent, so that it never stands in memory or on the disk as a whole.
"""

import hashlib
import json
import zipfile
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.utils.text import slugify

from assessments.models import Artefact, ArtefactLink
from assessments.uploads import MEDIA_TYPES, ending_of
from partnership import storage
from partnership.models import StoredFile
from reports.tables import Table, csv_text

MEDIA_TYPE = "application/zip"
MANIFEST_CSV, MANIFEST_JSON, SUMS = "manifest.csv", "manifest.json", "SHA256SUMS"
MOST_BYTES = 2 * 1024 * 1024 * 1024
NOT_YOURS = "It is not for you to read"
NO_FILE = "It is a link or a note, without a file"
LOST = "The file is missing from storage: tell an administrator"


class TooLarge(Exception):
    """The files are more than one zip may hold; the text says so to the user."""


@dataclass(frozen=True)
class Entry:
    """An artefact as the manifest tells it; `file` is None where the zip does not have it, and `why_not` says why."""

    artefact: str
    title: str
    kind: str
    sensitivity: str
    strength: int | None
    in_date: bool
    url: str
    file_name: str
    cited_by: tuple[str, ...]
    file: StoredFile | None = None
    why_not: str = ""

    @property
    def path(self):
        """The file's name in the zip: its title in plain letters, its hash, and an ending that is known."""
        if self.file is None:
            return ""
        ending = ending_of(self.file_name)
        name = f"files/{slugify(self.title)[:60] or 'artefact'}-{self.file.sha256[:12]}"
        return f"{name}.{ending}" if ending in MEDIA_TYPES else name

    @property
    def told(self):
        return {
            **{name: getattr(self, name) for name in ("artefact", "title", "kind", "sensitivity", "strength")},
            "in_date": self.in_date,
            "url": self.url,
            "file_name": self.file_name,
            "cited_by": ", ".join(self.cited_by),
            "path": self.path,
            "sha256": self.file.sha256 if self.file else "",
            "size": self.file.size if self.file else None,
            "why_not": self.why_not,
        }


def files_of(*, assessment, user):
    """Return the files of the artefacts that an assessment cites and a person may read now; a queryset."""
    cited = ArtefactLink.objects.filter(item__assessment=assessment).values("artefact")
    readable = Artefact.objects.visible_to(user).filter(pk__in=cited)
    return StoredFile.objects.filter(pk__in=readable.values("file"))


def entries(*, document, user) -> list[Entry]:
    """
    Return the artefacts that a document cites, in its order, with the files that a person may read; two queries.

    What the content says of a file was sealed with it, even where the register has another since.
    """
    keys = [artefact["id"] for artefact in document["artefacts"]]
    readable = {str(each.public_id): each for each in Artefact.objects.visible_to(user).filter(public_id__in=keys)}
    hashes = [artefact["sha256"] for artefact in document["artefacts"] if artefact["sha256"]]
    kept = {each.sha256: each for each in StoredFile.objects.filter(sha256__in=hashes)}
    return [_entry(artefact, readable.get(artefact["id"]), kept) for artefact in document["artefacts"]]


def archive(*, title, found):
    """
    Yield the zip in pieces; `found` are the entries.

    :raises TooLarge: before the first piece, if the files are more than `MOST_BYTES`
    """
    if sum(file.size for file in _files(found).values()) > MOST_BYTES:
        raise TooLarge(
            "Together the files are larger than 2 GB, which is too much for one zip. Open them one by one in the "
            "evidence register."
        )
    return _pieces(title, found)


def _entry(artefact, row, kept):
    told = {name: artefact[name] for name in ("kind", "sensitivity", "strength", "in_date")}
    told |= {"artefact": artefact["id"], "cited_by": tuple(artefact["items"])}
    if row is None:
        return Entry(title=artefact["title"], url="", file_name="", why_not=NOT_YOURS, **told)
    # The content keeps what is for the board to itself; the board's own register does not.
    told |= {"title": row.title, "url": row.url, "file_name": artefact["file_name"] or row.file_name}
    if not artefact["sha256"]:
        return Entry(why_not=NO_FILE, **told)
    file = kept.get(artefact["sha256"])
    if file is None or not default_storage.exists(storage.name_of(file.sha256)):
        return Entry(why_not=LOST, **told)
    return Entry(file=file, **told)


def _files(found):
    """Return the files by their path: several artefacts may have the same one."""
    return {entry.path: entry.file for entry in found if entry.file}


class _Outlet:
    """What the zip is written to: it keeps a piece only until that is taken. It cannot seek, as no response can."""

    def __init__(self):
        self.pieces = []

    def write(self, piece):
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self):
        """Nothing waits here to be written."""

    def take(self):
        piece, self.pieces = b"".join(self.pieces), []
        return piece


def _pieces(title, found):
    outlet, files = _Outlet(), _files(found)
    told = [entry.told for entry in found]
    names = tuple(Entry("", "", "", "", 0, False, "", "", ()).told)
    manifest = {"title": title, "artefacts": told}
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as package:
        package.writestr(MANIFEST_CSV, csv_text(Table(names, tuple(tuple(each.values()) for each in told))))
        package.writestr(MANIFEST_JSON, json.dumps(manifest, ensure_ascii=False, indent=1))
        package.writestr(SUMS, "".join(f"{file.sha256}  {path}\n" for path, file in files.items()))
        yield outlet.take()
        for path, file in files.items():
            # Most evidence is compressed already.
            with storage.open_stored(file) as content, package.open(path, "w") as target:
                yield from _copy(content, target, outlet, file)
            yield outlet.take()
    yield outlet.take()


def _copy(content, target, outlet, file):
    """
    Copy a stored file, yielding the zip's pieces on the way.

    :raises partnership.storage.FileLost: if the content is not what was stored; the zip then ends in the middle
    """
    hasher = hashlib.sha256()
    while chunk := content.read(storage.CHUNK):
        hasher.update(chunk)
        target.write(chunk)
        yield outlet.take()
    if hasher.hexdigest() != file.sha256:
        raise storage.FileLost(f"The stored file {file.sha256} is not what it was")
