"""
A save by somebody else while a page is made: whoever asks next is shown it.

Real threads on a real database: SQLite as a file, PostgreSQL when the suite runs on it.
"""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from assessments.services import agreeing
from partnership.remembered import PARTS
from partnership.roles import Role
from reports.views import places
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "So be it"


class Saving(threading.Thread):
    """Settles a level in a thread of its own, which holds its transaction open until it is told to `commit`."""

    def __init__(self, item):
        super().__init__()
        self.item, self.recorded, self.commit = item, threading.Event(), threading.Event()

    def run(self):
        record = agreeing.audit.record

        def wait(*args, **values):
            made = record(*args, **values)
            if threading.current_thread() is self:
                self.recorded.set()
                self.commit.wait(20)
            return made

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(agreeing.audit, "record", wait)
            try:
                factories.create_agreement(self.item, level=4, reason=WORDS)
            finally:
                self.recorded.set()
                connection.close()


@pytest.mark.parametrize("moment", ["before the rows are read", "after they were read", "after the page was kept"])
def test_what_was_saved_while_a_page_was_made_is_on_the_next(client, monkeypatch, moment):
    assessment = factories.in_agreeing(factories.create_assessment(), 1, 2, 4)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))
    address = reverse("reports:place", args=[assessment.place.public_id])
    saving, read = Saving(assessment.items.get()), places.shown
    saving.start()
    # The new heads of the chains are written, and nobody sees them yet.
    saving.recorded.wait(20)

    def reading(**values):
        if moment == "before the rows are read":
            _finish(saving)
        found = read(**values)
        if moment == "after they were read":
            _finish(saving)
        return found

    monkeypatch.setattr(places, "shown", reading)
    first = client.get(address).text
    _finish(saving)

    assert (WORDS in first) == (moment == "before the rows are read")
    assert WORDS in client.get(address).text
    PARTS.forget()
    assert WORDS in client.get(address).text


def _finish(saving):
    saving.commit.set()
    saving.join()
