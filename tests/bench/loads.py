"""
The load of a large portal at once: members who save while they give scores, and a board that holds a workshop.

Every member saves one item each five seconds, as the scoring page's script does; every device in the workshop asks each
second whether something changed, and reads its page when it did, as `static/js/workshop.js` does. The workshop goes on
each ten seconds. Nothing may fail, and what was acknowledged last must be what is stored.
"""

import os
import statistics
import threading
import time
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from assessments.services import workshops
from partnership import audit
from partnership.models import Membership
from partnership.roles import Role
from tests.bench.clients import Client, drive

MEMBERS = 80
SAVE_EVERY, ASK_EVERY, GO_ON_EVERY = 5, 1, 10
SECONDS = 600 * float(os.environ.get("LOAD") or 0.1)


@dataclass
class Account:
    """How long each answer took, and each step until a device showed it; what went wrong."""

    saves: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    noticed: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    # When the workshop came to a version.
    moved: dict = field(default_factory=dict)


def measure(world, portal):
    """Return what came of the load: counts, and times in seconds."""
    account = Account()
    until = time.perf_counter() + SECONDS
    savers = [world.saver(*world.member(world.scoring, number), port=portal.port) for number in range(MEMBERS)]
    held = _open(world.agreeing[0])
    devices = [_Device(world, portal.port, held, user) for user in _room(held)]
    threads = [
        *_each(savers, SAVE_EVERY, until, account, account.saves),
        *_each([lambda each=each: each.ask(account) for each in devices], ASK_EVERY, until, account, account.asked),
    ]
    for thread in threads:
        thread.start()
    _go_on(held, until, account)
    for thread in threads:
        thread.join()
    references = [act for act in world.acts() if act.name == act.against]
    rates = {
        act.name: drive([act.make(number, portal.port) for number in range(8)], seconds=2).rate for act in references
    }
    lost = sum(not saver.is_kept() for saver in savers)
    chains = {audit.chain_key(each) for each in world.scoring}
    return {
        "seconds": SECONDS,
        "saves": len(account.saves),
        "asked": len(account.asked),
        "steps": len(account.moved),
        "noticed": len(account.noticed),
        "members": len(savers),
        "devices": len(devices),
        "errors": account.errors[:5],
        "references": rates,
        "failed": len(account.errors),
        "lost": lost,
        "faults": sum(len(list(audit.faults(chain))) for chain in chains),
        "times": {name: _spread(getattr(account, name)) for name in ("saves", "asked", "noticed")},
    }


def _spread(times):
    """Return the median, the 99th of a hundred and the longest of some times."""
    cut = statistics.quantiles(times, n=100)
    return [statistics.median(times), cut[98], max(times)]


def _each(acts, every, until, account, times):
    """Return a thread for each act, which does it every so many seconds; they begin one after another within these."""
    arguments = [(act, every, every * number / len(acts), until, account, times) for number, act in enumerate(acts)]
    return [threading.Thread(target=_repeat, args=each, daemon=True) for each in arguments]


def _repeat(act, every, wait, until, account, times):
    due = time.perf_counter() + wait
    while due < until:
        time.sleep(max(0, due - time.perf_counter()))
        begun = time.perf_counter()
        try:
            act()
        except Exception as error:
            account.errors.append(f"{type(error).__name__}: {error}")
        times.append(time.perf_counter() - begun)
        due += every


class _Device:
    """A board member's device in the workshop's room: it asks for the pulse, and for its page when that changed."""

    def __init__(self, world, port, held, user):
        self.client = Client(port, world.session(user))
        self.pulse = reverse("assessments:workshop_pulse", args=[held.public_id])
        votes = user.memberships.filter(role=Role.MEMBER).exists()
        self.page = reverse(f"assessments:{'workshop_vote' if votes else 'workshop_screen'}", args=[held.public_id])
        self.etag, self.version = "", None

    def ask(self, account):
        answer = self.client.get(self.pulse, **({"If-None-Match": self.etag} if self.etag else {}))
        if answer.status == 304:
            return
        if answer.status != 200:
            raise ConnectionError(f"{self.pulse} gives {answer.status}")
        version = answer.json()["version"]
        page = self.client.get(self.page)
        if page.status != 200:
            raise ConnectionError(f"{self.page} gives {page.status}")
        if self.version is not None and version in account.moved:
            account.noticed.append(time.perf_counter() - account.moved[version])
        self.etag, self.version = answer.headers["etag"], version


def _open(assessment):
    """Return a workshop that the chair opened, with all members of the board in it."""
    memberships = Membership.objects.filter(place=assessment.place).select_related("user").order_by("pk")
    chair = memberships.get(role=Role.CHAIR).user
    held = workshops.open_workshop(assessment=assessment, by=chair, at=timezone.now())
    for member in memberships.filter(role=Role.MEMBER):
        workshops.join_workshop(code=held.shown_code, by=member.user, at=timezone.now())
    return held


def _room(held):
    """Return whose devices watch the workshop: its members', the lead's and the chair's, who has the screen besides."""
    watching = Membership.objects.filter(place=held.assessment.place, role__in=[Role.MEMBER, Role.LEAD, Role.CHAIR])
    return [*(each.user for each in watching.select_related("user").order_by("pk")), held.opened_by]


def _go_on(held, until, account):
    """Put one item after another on the screen, and show how its scores lie."""
    chair, items = held.opened_by, list(held.assessment.items.order_by("pk"))
    number = 0
    while time.perf_counter() < until - GO_ON_EVERY:
        time.sleep(GO_ON_EVERY)
        step = {"based_on": held.version, "by": chair, "at": timezone.now()}
        if number % 2:
            held = workshops.reveal(workshop=held, **step)
        else:
            held = workshops.take_item(workshop=held, item=items[number // 2], **step)
        account.moved[held.version] = time.perf_counter()
        number += 1
