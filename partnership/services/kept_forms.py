"""
Keep a form that arrived after its sender's sign-in had run out, until they have signed in again.

It is kept for that person alone, for a day, and nowhere but here: not in the address, and not in the browser. What was
typed acts only when its sender sends it again, by the same page as before. No record is made of it: nothing was done.
"""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.db import transaction

from partnership.models import KeptForm
from partnership.sent_names import in_words

LASTS = timedelta(days=1)
MOST = 5
LARGEST = 512 * 1024
SALT = "partnership.kept_forms"
# What a page says of itself: nobody chose or typed it.
OWN_MARK = re.compile(r"(^|-)(based_on|shown|token|digest|version|next|then|act|step|read|kept_form)$")


@dataclass(frozen=True)
class Sent:
    """A form as it was sent: names and values in their order, and the names of the files that came with it."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def words(self):
        """What was typed, as far as a person would know it again: pairs of what the page calls it and a text."""
        return in_words(self.path, [(name, value) for name, value in self.fields if _is_text(value)])

    @property
    def others(self):
        """What was chosen, and what else is no text: pairs of what the page calls it and a value, in its words."""
        filled = [(name, value) for name, value in self.fields if value.strip() and not _is_text(value)]
        return in_words(self.path, [(name, value) for name, value in filled if not OWN_MARK.search(name)])

    @property
    def is_to_send_again(self):
        """Whether it may wait on a page to be sent: not with a password in it, nor with more than anybody types."""
        is_secret = any("password" in name for name, _ in self.fields)
        return not is_secret and sum(len(name) + len(value) for name, value in self.fields) <= LARGEST


@dataclass(frozen=True)
class Kept(Sent):
    """A form that is kept, under an identifier."""

    public_id: object


@transaction.atomic
def keep(*, person, path, fields, files, at):
    """
    Keep what was sent to `path`, and return it; None where it holds a password, or more than anybody types.

    Of one person the newest few are kept; whatever is older than a day goes, whoever sent it.
    """
    if not Sent(path, tuple(fields), tuple(files)).is_to_send_again:
        return None
    KeptForm.objects.filter(kept_at__lt=at - LASTS).delete()
    before = KeptForm.objects.filter(user=person).order_by("-kept_at", "-pk")
    KeptForm.objects.filter(pk__in=list(before.values_list("pk", flat=True)[MOST - 1 :])).delete()
    sealed = signing.dumps({"path": path, "fields": fields, "files": files}, salt=SALT, compress=True)
    row = KeptForm.objects.create(user=person, sealed=sealed, kept_at=at)
    return _opened(row)


def find(*, person, public_id, at):
    """Return what is kept for a person under an identifier; None where nothing is, or no longer."""
    row = KeptForm.objects.filter(user=person, public_id=public_id, kept_at__gte=at - LASTS).first()
    return row and _opened(row)


def forget(*, person, public_id):
    """Remove what is kept for a person under an identifier, if anything is."""
    KeptForm.objects.filter(user=person, public_id=public_id).delete()


def forget_all(*, person):
    """Remove everything that is kept for a person, as when they sign out."""
    KeptForm.objects.filter(user=person).delete()


def forget_old(*, subject, at):
    """Remove what nobody came back for; the worker's daily job."""
    KeptForm.objects.filter(kept_at__lt=at - LASTS).delete()


def _opened(row):
    held = signing.loads(row.sealed, salt=SALT)
    fields = tuple((name, value) for name, value in held["fields"])
    return Kept(held["path"], fields, tuple(held["files"]), row.public_id)


def _is_text(value):
    """Tell a text from a choice, or a page's own mark: it has a blank or a line's end in it."""
    return len(value.split()) > 1
