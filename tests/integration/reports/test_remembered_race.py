"""
A save by somebody else while a page is made: whoever asks next is shown it.

Real threads on a real database: SQLite as a file, PostgreSQL when the suite runs on it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import ModuleType

import pytest
from django.db import connection
from django.urls import reverse

from assessments.services import deadlines
from assessments.views import agreeing
from partnership import audit
from partnership.remembered import PARTS
from partnership.roles import Role
from reports.views import places, systems
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def settle(assessment):
    factories.create_agreement(assessment.items.get(), level=4, reason="So be it")


def postpone(assessment):
    opened, days = assessment.round, {"scoring_closes_on": date(2027, 1, 8), "signing_closes_on": date(2027, 2, 9)}
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    deadlines.change_dates(round=opened, based_on=opened.version, reason="Snow", by=office, at=factories.AT, **days)


@dataclass(frozen=True)
class Page:
    """A remembered page: who reads it, what is done meanwhile, the words by which it is seen, and what reads rows."""

    address: Callable
    reader: Role
    act: Callable
    words: str
    view: ModuleType
    read: str


PAGES = {
    "a place's": Page(
        lambda assessment: reverse("reports:place", args=[assessment.place.public_id]),
        Role.CHAIR,
        settle,
        "So be it",
        places,
        "shown",
    ),
    "a system's": Page(
        lambda assessment: reverse("reports:system", args=[assessment.system.public_id]),
        Role.PROGRAMME_OFFICE,
        postpone,
        "9 February 2027",
        systems,
        "load_progress",
    ),
    "the agreeing page": Page(
        lambda assessment: reverse("assessments:agree", args=[assessment.public_id, "SO1"]),
        Role.MEMBER,
        settle,
        "So be it",
        agreeing,
        "load_table",
    ),
}


class Saving(threading.Thread):
    """Does an act in a thread of its own, which holds its transaction open until it is told to `commit`."""

    def __init__(self, act):
        super().__init__()
        self.act, self.recorded, self.commit = act, threading.Event(), threading.Event()

    def run(self):
        record = audit.record

        def wait(*args, **values):
            made = record(*args, **values)
            if threading.current_thread() is self:
                self.recorded.set()
                self.commit.wait(20)
            return made

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(audit, "record", wait)
            try:
                self.act()
            finally:
                self.recorded.set()
                connection.close()

    def finish(self):
        self.commit.set()
        self.join()


@pytest.mark.parametrize("moment", ["before the rows are read", "after they were read", "after the page was kept"])
@pytest.mark.parametrize("name", PAGES)
def test_what_was_saved_while_a_page_was_made_is_on_the_next(client, monkeypatch, name, moment):
    page = PAGES[name]
    assessment = factories.in_agreeing(factories.create_assessment(), 1, 2, 4)
    client.force_login(factories.holder(page.reader, assessment.place))
    # Whoever acts is there before, so that the act is all that is written.
    factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    address = page.address(assessment)
    saving, read = Saving(lambda: page.act(assessment)), getattr(page.view, page.read)
    saving.start()
    # The new heads of the chains are written, and nobody sees them yet.
    saving.recorded.wait(20)

    def reading(*args, **values):
        if moment == "before the rows are read":
            saving.finish()
        found = read(*args, **values)
        if moment == "after they were read":
            saving.finish()
        return found

    monkeypatch.setattr(page.view, page.read, reading)
    first = client.get(address).text
    saving.finish()

    assert (page.words in first) == (moment == "before the rows are read")
    assert page.words in client.get(address).text
    PARTS.forget()
    assert page.words in client.get(address).text
