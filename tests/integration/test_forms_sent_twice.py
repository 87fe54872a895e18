"""Every form that people send for their part at a place or in its system, sent twice: it acts once."""

import pytest
from django.db import transaction

from tests import factories
from tests.integration.form_walk import BusyPlace, acting_routes, differences, forms_of_route, stored
from tests.page_forms import problems_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def place(kept_rows):
    return BusyPlace(factories.create_system())


@pytest.fixture(params=acting_routes())
def forms(request, client, place):
    found = forms_of_route(client, place, request.param)
    assert found, f"no form of {request.param} was found: tell the walk on which page it stands"
    return found


def tell(found, data, response):
    return f"{found} with {data}: {response.status_code} {problems_of(response.text)}"


def test_a_form_that_is_sent_twice_acts_once(client, forms):
    for found in forms:
        client.force_login(found.person)
        data, before = found.filled(), stored()
        with transaction.atomic():
            first = client.post(found.form.action, data)
            once = stored()
            assert differences(before, once), f"did nothing: {tell(found, data, first)}"
            second = client.post(found.form.action, data)
            assert second.status_code < 500
            assert differences(once, stored()) == [], f"acted again: {tell(found, data, second)}"
            transaction.set_rollback(True)
