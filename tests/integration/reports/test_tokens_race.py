"""A token is made while its maker is being pseudonymised: refused, or revoked with the rest."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.utils import timezone

from partnership.models import User
from partnership.services import pseudonyms
from reports import services
from reports.models import ApiToken
from tests import factories
from tests.integration.assessments.test_moves_race import later, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seed", range(2))
def test_no_token_of_whoever_is_pseudonymised_goes_on_working(seed):
    place = factories.create_place()
    leaver, other = (factories.create_user(administrator=True) for _ in range(2))
    now = timezone.now()

    def make(number):
        told = {"name": f"Tool {number}", "expires_on": timezone.localdate() + timedelta(days=9)}
        return services.make_token(system=place.system, by=leaver, at=now, **told)

    *_, pseudonymised = together(
        *(later(lambda number=number: make(number), seed + number) for number in range(3)),
        later(lambda: pseudonyms.pseudonymise(person=leaver, confirmation=leaver.email, by=other, at=now), seed + 9),
        refusals=(PermissionDenied,),
    )

    assert User.objects.get(pk=leaver.pk).pseudonymised_at == pseudonymised.pseudonymised_at
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    with pytest.raises(PermissionDenied):
        make(9)


def impatient(act, results):
    """Do an act in this thread without waiting long for a lock; note what came of it."""
    soon = "SET lock_timeout = '100ms'" if connection.vendor == "postgresql" else "PRAGMA busy_timeout = 100"
    try:
        with connection.cursor() as cursor:
            cursor.execute(soon)
        results.append(act())
    except OperationalError as error:
        results.append(error)
    finally:
        connection.close()


def test_whoever_makes_a_token_is_not_pseudonymised_before_it_is_there_to_be_revoked(monkeypatch):
    place = factories.create_place()
    leaver, other = (factories.create_user(administrator=True) for _ in range(2))
    now, record, results = timezone.now(), services._record_token, []

    def pseudonymise():
        return pseudonyms.pseudonymise(person=leaver, confirmation=leaver.email, by=other, at=now)

    def meanwhile(*args, **values):
        thread = threading.Thread(target=impatient, args=(pseudonymise, results))
        thread.start()
        thread.join()
        record(*args, **values)

    monkeypatch.setattr(services, "_record_token", meanwhile)
    services.make_token(system=place.system, name="Tool", expires_on=timezone.localdate(), by=leaver, at=now)
    monkeypatch.undo()

    (waited,) = results
    assert isinstance(waited, OperationalError), waited
    pseudonymise()
    assert not ApiToken.objects.filter(revoked_at=None).exists()
