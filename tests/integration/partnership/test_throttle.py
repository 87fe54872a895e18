"""The limit on tries, with threads that try at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from partnership import throttle
from partnership.models import Attempt
from tests import factories

FEW = throttle.Limit("test", 3, timedelta(minutes=15))


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_no_more_than_the_limit_get_through():
    together = threading.Barrier(8)
    results, troubles = [], []

    def one_try():
        try:
            together.wait(timeout=30)
            throttle.attempt((FEW, "chair"), at=factories.AT)
            results.append("let through")
        except throttle.TooMany:
            results.append("refused")
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one_try) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert len(results) == 8
    assert results.count("let through") <= 3
    assert Attempt.objects.count() == results.count("let through")


@pytest.mark.django_db(transaction=True)
def test_two_who_come_in_at_once_under_one_name_wait_for_neither():
    tries = [throttle.attempt((FEW, "chair"), at=factories.AT) for _ in range(2)]
    taken, troubles = [threading.Event(), threading.Event()], []

    def come_in(number):
        try:
            with transaction.atomic():
                throttle.take_back(tries[number])
                taken[number].set()
                # On SQLite the second can begin only when the first has ended.
                taken[1 - number].wait(timeout=1)
                throttle.forget(FEW, "chair")
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=come_in, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert not Attempt.objects.exists()


@pytest.mark.django_db
def test_values_and_limits_are_counted_apart():
    other = throttle.Limit("another test", 3, timedelta(minutes=15))
    for _ in range(3):
        throttle.attempt((FEW, "chair"), at=factories.AT)

    throttle.attempt((FEW, "lead"), (other, "chair"), at=factories.AT)
    with pytest.raises(throttle.TooMany):
        throttle.attempt((other, "chair"), (FEW, "chair"), at=factories.AT)

    assert Attempt.objects.count() == 5, "a try that one limit refuses counts against none"
