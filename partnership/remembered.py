"""
Parts of pages that were made before, for whoever would be shown the very same again.

What is kept here is no cache that something must remember to empty. A part is kept under all that it follows from: the
heads of the audit chains that its rows are written under (`partnership.stamps`), the day, and what its reader may see,
without who they are (`Capacity.faceless`). Where any of these is another, it is another part. Three rules make it so:

- the stamp is read before anything else, so that what is made is never older than what it is kept under;
- whoever makes a part has no person before them: neither the request nor the user;
- what a person's own rights decide row by row is asked anew each time, and the answer is among the key.
"""

from collections import OrderedDict
from threading import Lock

from django.conf import settings
from django.http import QueryDict
from django.utils.safestring import mark_safe


class Memory:
    """Markup by key, at most so many bytes of it; what was asked for longest ago goes first."""

    # What a key and its place among the others take, beside the text.
    EACH = 2_000

    def __init__(self, most):
        self.most, self.taken = most, 0
        self._texts, self._lock = OrderedDict(), Lock()
        # What is being made just now, by key.
        self._making = {}

    def __len__(self):
        return len(self._texts)

    def part(self, key, make):
        """
        Return the markup that was made for a key or, if none was yet or it is gone again, what `make` gives now.

        Threads that ask for the same at once wait for the first: what it makes is as new as what they would.
        """
        kept = self._kept(key)
        if kept is None:
            kept = self._made(key, make)
        return mark_safe(kept.decode())

    def _kept(self, key):
        with self._lock:
            if (kept := self._texts.get(key)) is not None:
                self._texts.move_to_end(key)
            return kept

    def _made(self, key, make):
        with self._lock:
            making = self._making.setdefault(key, Lock())
        try:
            with making:
                # Whoever waited finds it, unless making it failed.
                if (kept := self._kept(key)) is None:
                    kept = make().encode()
                    self._keep(key, kept)
                return kept
        finally:
            with self._lock:
                self._making.pop(key, None)

    def _keep(self, key, text):
        with self._lock:
            self._drop(key)
            self._texts[key] = text
            self.taken += len(text) + self.EACH
            while self.taken > self.most:
                self._drop(next(iter(self._texts)))

    def _drop(self, key):
        if (text := self._texts.pop(key, None)) is not None:
            self.taken -= len(text) + self.EACH

    def forget(self):
        """Begin anew, with nothing."""
        with self._lock:
            self._texts.clear()
            self.taken = 0


PARTS = Memory(settings.REMEMBERED_BYTES)


def asked(query, names):
    """Return what an address says under some names alone: what else stands there makes no other part."""
    found = QueryDict(mutable=True)
    for name in names:
        if name in query:
            found.setlist(name, query.getlist(name))
    return found
