import hashlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage

from partnership import storage
from partnership.models import StoredFile
from tests import factories

pytestmark = pytest.mark.django_db

CONTENT = b"Minutes of the board, made up for a test"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    """A storage of the test's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "partnership.storage.ContentStorage", "OPTIONS": {"location": str(tmp_path)}},
    }
    return tmp_path


def keep(content=CONTENT):
    return storage.keep(BytesIO(content), media_type="text/plain", at=factories.AT)


def files(folder):
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_is_kept_under_its_hash_and_read_back(folder):
    stored = keep()

    assert (stored.sha256, stored.size, stored.media_type) == (DIGEST, len(CONTENT), "text/plain")
    assert files(folder) == {f"{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST}"}
    with storage.open_stored(stored) as file:
        assert file.read() == CONTENT


def test_a_file_is_kept_whole_from_wherever_it_was_read_to():
    content = BytesIO(CONTENT)
    content.read(10)

    assert storage.keep(content, media_type="text/plain", at=factories.AT).size == len(CONTENT)


def test_the_same_content_is_one_file_and_one_row(folder):
    assert keep() == keep()
    assert StoredFile.objects.count() == 1
    assert len(files(folder)) == 1


def test_a_file_left_by_a_rolled_back_act_is_taken_up(folder):
    default_storage.save(storage.name_of(DIGEST), BytesIO(CONTENT))

    assert keep().sha256 == DIGEST
    assert len(files(folder)) == 1


def test_a_stored_file_is_never_overwritten(folder):
    keep()
    default_storage.save(storage.name_of(DIGEST), BytesIO(b"something else"))

    assert (folder / storage.name_of(DIGEST)).read_bytes() == CONTENT


def test_a_save_that_breaks_off_leaves_nothing_behind(folder):
    class Broken(BytesIO):
        def chunks(self, size=None):
            yield b"half of it"
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        storage.ContentStorage(location=folder)._save("ab/cd/abcd", Broken())

    assert files(folder) == set()


def test_a_file_that_went_missing_says_so_and_is_put_back_when_it_comes_again(folder):
    stored = keep()
    (folder / storage.name_of(DIGEST)).unlink()

    with pytest.raises(storage.FileLost):
        storage.open_stored(stored)

    assert keep() == stored
    with storage.open_stored(stored) as file:
        assert file.read() == CONTENT


def test_a_file_of_another_size_is_not_taken_for_the_content(folder):
    keep()
    (folder / storage.name_of(DIGEST)).write_bytes(b"cut")

    with pytest.raises(storage.FileLost):
        keep()
