"""
Hand a file that was checked to the page that says what came of it, sealed, so that loading it takes one press.

The portal keeps nothing meanwhile. The seal says whose it is and when it was made; what it holds is examined again when
it comes back. Only sound files are sealed, up to a size.
"""

import base64
import zlib

from django.core import signing

SALT = "frameworks.checked"
LASTS = 24 * 60 * 60
# Of what a page carries there and back; a file that needs more is chosen again.
LARGEST_SEAL = 1024 * 1024


class NotKept(Exception):
    """What came back is no file that this person checked within the last day; the text says what to do."""

    def __init__(self):
        super().__init__("The file that was checked did not arrive whole, or is too old by now. Choose it again")


def seal(name, content, *, user):
    """Return a file's name and content as text for a page, signed for one person; "" where it is too large for that."""
    packed = base64.b85encode(zlib.compress(content)).decode()
    sealed = signing.dumps([str(user.public_id), name, packed], salt=SALT)
    return sealed if len(sealed) <= LARGEST_SEAL else ""


def unseal(sealed, *, user):
    """
    Return the name and the content of a file that was sealed for a person.

    :raises NotKept: if it was sealed for somebody else or too long ago, or was changed
    """
    try:
        person, name, packed = signing.loads(sealed, salt=SALT, max_age=LASTS)
    except signing.BadSignature as error:
        raise NotKept from error
    if person != str(user.public_id):
        raise NotKept
    return name, zlib.decompress(base64.b85decode(packed))
