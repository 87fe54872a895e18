"""
Keep files under the hash of their content: the same content is one file, and none is ever overwritten.

The file comes first and its row second, so that a row always has its file. A crash between the two, or an act that is
rolled back, leaves a file without a row; it does no harm and is found again when the same content comes back.
"""

import hashlib
import os
import tempfile
from contextlib import suppress

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from partnership.models import StoredFile

CHUNK = 64 * 1024


class FileLost(Exception):
    """A stored file is missing or has another size than it had: the storage was tampered with or damaged."""


class ContentStorage(FileSystemStorage):
    """A folder in which a file appears whole or not at all, and stays as it is once it is there."""

    def get_available_name(self, name, max_length=None):
        return name

    def _save(self, name, content):
        path = self.path(name)
        folder = os.path.dirname(path)
        os.makedirs(folder, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=folder, prefix="unfinished-")
        try:
            with open(handle, "wb") as file:
                for chunk in content.chunks(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            # Unlike a rename, a link refuses to replace; whoever was first wrote the same content.
            with suppress(FileExistsError):
                os.link(unfinished, path)
        finally:
            os.unlink(unfinished)
        _sync_folder(folder)
        return name


def keep(content, *, media_type, at):
    """
    Store the content of an open binary file and return its row, the earlier one if it was stored before.

    Call it before the act's transaction where possible: on SQLite others wait while a long file is written.

    A file that went missing from storage is put back by this.

    :raises FileLost: if what storage holds under this hash has another size
    """
    digest, size = _measure(content)
    name = name_of(digest)
    if not default_storage.exists(name):
        content.seek(0)
        default_storage.save(name, File(content))
    if default_storage.size(name) != size:
        raise FileLost(f"The stored file {digest} has another size than its content")
    with transaction.atomic():
        stored, _ = StoredFile.objects.get_or_create(
            sha256=digest, defaults={"size": size, "media_type": media_type, "stored_at": at}
        )
    return stored


def open_stored(stored):
    """
    Open a stored file for reading, as bytes.

    :raises FileLost: if it is missing
    """
    try:
        return default_storage.open(name_of(stored.sha256), "rb")
    except FileNotFoundError as error:
        raise FileLost(f"The stored file {stored.sha256} is missing from storage") from error


def name_of(digest):
    """Return where content is stored: two folder levels, so that no folder grows too long to list."""
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def _measure(content):
    """Return the SHA-256 of a file's content, in hexadecimal, and its length in bytes."""
    content.seek(0)
    hasher, size = hashlib.sha256(), 0
    while chunk := content.read(CHUNK):
        hasher.update(chunk)
        size += len(chunk)
    return hasher.hexdigest(), size


def _sync_folder(folder):
    """Have the operating system write the folder's new entry down, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
