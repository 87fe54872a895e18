"""
Limit how often something may be tried and fail, such as a sign-in.

Each try is one row, written before the try is made and counted after: of any number of tries at once, in any number of
processes, no more than the limit get through. A success takes its rows back, so that only failures count; a try that is
refused leaves none, so that nobody lengthens their own wait. The window slides: as failures grow old, tries come free.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from partnership.models import Attempt

LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """So many failures within a time, for each value of what is named; `within` is at most an hour."""

    name: str
    most: int
    within: timedelta


# A board's members may share one address; one person seldom needs ten tries.
SIGN_IN_AS = Limit("sign in as", 10, timedelta(minutes=15))
SIGN_IN_FROM = Limit("sign in from", 100, timedelta(minutes=15))
# A reset's success is a mail, so here each request counts.
RESET_OF = Limit("reset the password of", 3, timedelta(hours=1))
RESET_FROM = Limit("reset passwords from", 50, timedelta(hours=1))

# Enough for a tool that fetches everything each few minutes; each request counts.
READ_BY_TOKEN = Limit("read by token", 120, timedelta(minutes=1))
JOIN_WORKSHOP = Limit("join a workshop as", 10, timedelta(minutes=15))


class TooMany(Exception):
    """It was tried too often; `wait` is how long to wait at most."""

    def __init__(self, wait):
        super().__init__("Tried too often")
        self.wait = wait


def attempt(*limited, at):
    """
    Count one try against each (limit, value) of `limited`, and return its rows, for `take_back`.

    Call it outside a transaction: others must see the rows at once.

    :raises TooMany: if that is more than one of the limits allows; the try then does not count
    """
    _delete(Attempt.objects.filter(at__lte=at - LONGEST))
    rows = Attempt.objects.bulk_create(Attempt(key=key_of(limit, value), at=at) for limit, value in limited)
    for row, (limit, _) in zip(rows, limited, strict=True):
        if Attempt.objects.filter(key=row.key, at__gt=at - limit.within).count() > limit.most:
            take_back(rows)
            raise TooMany(limit.within)
    return rows


def take_back(rows):
    """Let a try not count, as after a success."""
    _delete(Attempt.objects.filter(pk__in=[row.pk for row in rows]))


def forget(limit, value):
    """Let no earlier failure of this value count, as once its owner has come in."""
    _delete(Attempt.objects.filter(key=key_of(limit, value)))


def _delete(rows):
    """
    Delete some rows but for those that somebody else is deleting.

    Two who come in at once under one name delete each other's rows: each waiting for the other's would be a deadlock.
    """
    # One statement needs no savepoint of its own.
    with transaction.atomic(savepoint=False):
        free = rows.select_for_update(skip_locked=True)
        Attempt.objects.filter(pk__in=free.values("pk")).delete()


def key_of(limit, value):
    """Return under which key attempts are counted: a digest, so that no table lists names that were tried."""
    return salted_hmac("partnership.throttle", f"{limit.name} {value}", algorithm="sha256").hexdigest()
