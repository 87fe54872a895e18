"""What lets a client ask for a page as it is after a change: made anew, whatever was remembered of it."""

from contextvars import ContextVar
from itertools import count

from partnership import remembered

HEADER = "X-Anew"
WANTED = ContextVar("wanted", default=False)
numbers = count()


def middleware(get_response):
    """Keep the parts of pages under a key of their own where it is asked for; what all pages share stays as it is."""
    part = remembered.PARTS.part

    def made(key, make):
        # Parts of one page begin with their name, and those that say the same to everybody with their place.
        return part((key, next(numbers)) if WANTED.get() and isinstance(key[0], str) else key, make)

    remembered.PARTS.part = made

    def answer(request):
        token = WANTED.set(HEADER in request.headers)
        try:
            return get_response(request)
        finally:
            WANTED.reset(token)

    return answer
