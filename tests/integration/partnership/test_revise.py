"""A save says which version it was based on; of two based on the same, one wins."""

import threading

import pytest
from django.db import connection

from assessments.models import Round
from partnership.models import Stale, revise
from tests import factories


@pytest.mark.django_db
def test_a_save_based_on_what_is_stored_is_written():
    opened = factories.create_round(name="Spring")

    written = revise(opened, based_on=opened.version, name="Summer")

    assert (written.name, written.version) == ("Summer", opened.version + 1)


@pytest.mark.django_db
def test_a_stale_save_writes_nothing_and_shows_what_is_stored():
    opened = factories.create_round(name="Spring")
    revise(opened, based_on=opened.version, name="Summer")

    with pytest.raises(Stale) as stale:
        revise(opened, based_on=opened.version, name="Autumn")

    assert stale.value.current.name == Round.objects.get().name == "Summer"


@pytest.mark.django_db(transaction=True)
def test_of_saves_at_once_exactly_one_wins():
    opened = factories.create_round(name="Spring")
    together = threading.Barrier(4)
    won, lost, troubles = [], [], []

    def one_save(number):
        try:
            together.wait(timeout=30)
            won.append(revise(opened, based_on=opened.version, name=f"Round {number}").name)
        except Stale as stale:
            lost.append(stale)
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one_save, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert (won, len(lost)) == ([Round.objects.get().name], 3)
