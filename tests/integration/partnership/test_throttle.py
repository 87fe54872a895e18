"""The limit on tries, with threads that try at once."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

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


@pytest.mark.django_db
def test_values_and_limits_are_counted_apart():
    other = throttle.Limit("another test", 3, timedelta(minutes=15))
    for _ in range(3):
        throttle.attempt((FEW, "chair"), at=factories.AT)

    throttle.attempt((FEW, "lead"), (other, "chair"), at=factories.AT)
    with pytest.raises(throttle.TooMany):
        throttle.attempt((other, "chair"), (FEW, "chair"), at=factories.AT)

    assert Attempt.objects.count() == 5, "a try that one limit refuses counts against none"
