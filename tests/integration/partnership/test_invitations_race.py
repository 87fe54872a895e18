"""A link, or two to one address, accepted by several at once: one gets in, and there is one person."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from partnership.models import InvitationEvent, Membership, OutgoingMail, User
from partnership.services import invitations
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
AT = factories.AT
PASSWORD = "nine slow barges"


def together(*acts):
    """Run `acts` at the same moment in threads of their own, and return what each raised or returned."""
    barrier, found = Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        barrier.wait()
        try:
            found[index] = act()
        except Exception as error:
            found[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_of_several_at_once_one_gets_in_by_a_link():
    factories.create_invitation()
    token = factories.link_token(OutgoingMail.objects.get())

    found = together(*[lambda: invitations.accept(token=token, name="Ann", password=PASSWORD, at=AT)] * 4)

    assert sorted(type(each).__name__ for each in found) == ["LinkSpent"] * 3 + ["tuple"]
    assert Membership.objects.filter(user__name="Ann").count() == 1
    assert InvitationEvent.objects.filter(kind="ACCEPTED").count() == 1


def test_two_invitations_of_one_address_accepted_at_once_make_one_person():
    for _ in range(2):
        factories.create_invitation(email="ann@ashby.example")
    tokens = [factories.link_token(mail) for mail in OutgoingMail.objects.all()]

    found = together(
        *[lambda token=token: invitations.accept(token=token, name="Ann", password=PASSWORD, at=AT) for token in tokens]
    )

    assert User.objects.filter(email="ann@ashby.example").count() == 1
    assert all(isinstance(each, (tuple, invitations.PasswordNeeded)) for each in found)
    assert any(isinstance(each, tuple) for each in found)
