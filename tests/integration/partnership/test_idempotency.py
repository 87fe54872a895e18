"""A form that arrives twice acts once."""

import threading
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from partnership import idempotency
from partnership.models import FormToken, System
from tests import factories


def make(*, by, token, name="Made once"):
    with idempotency.once(by=by, token=token, at=factories.AT) as act:
        system = System.objects.create(name=name, board_name="")
        act.result = str(system.public_id)
    return system


@pytest.mark.django_db
def test_a_repeat_is_led_to_what_the_first_made():
    chair, token = factories.create_user(), uuid4()
    system = make(by=chair, token=token)

    with pytest.raises(idempotency.AlreadyDone) as repeat:
        make(by=chair, token=token, name="Made twice")

    assert repeat.value.result == str(system.public_id)
    assert System.objects.count() == 1


@pytest.mark.django_db
def test_a_token_is_its_users_own():
    token = uuid4()
    make(by=factories.create_user(), token=token)

    make(by=factories.create_user(), token=token, name="Made by another")

    assert System.objects.count() == 2


@pytest.mark.django_db
def test_an_act_that_fails_leaves_the_token_unspent():
    chair, token = factories.create_user(), uuid4()
    System.objects.create(name="Made once", board_name="")

    with pytest.raises(IntegrityError), transaction.atomic():
        make(by=chair, token=token)

    assert not FormToken.objects.exists()
    make(by=chair, token=token, name="Made later")


@pytest.mark.django_db
def test_without_a_token_nothing_is_remembered():
    make(by=factories.create_user(), token=None)

    assert not FormToken.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_twins_that_arrive_at_once_one_acts():
    chair, token = factories.create_user(), uuid4()
    together = threading.Barrier(4)
    results, troubles = [], []

    def one_post(number):
        try:
            together.wait(timeout=30)
            results.append(str(make(by=chair, token=token, name=f"Made by post {number}").public_id))
        except idempotency.AlreadyDone as repeat:
            results.append(repeat.result)
        except Exception as error:  # A thread's exception would be lost otherwise.
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=one_post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert troubles == []
    assert results == [str(System.objects.get().public_id)] * 4
