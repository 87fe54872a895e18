"""A token is made while its maker is being pseudonymised: refused, or revoked with the rest."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
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
