"""The tokens for the API: made and revoked on a page, shown once, kept as digests."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnership import audit_rows
from partnership.models import AuditEvent
from partnership.roles import Role
from reports import services
from reports.models import ApiToken
from tests import factories
from tests.page_forms import forms_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(place):
    return factories.holder(Role.PROGRAMME_OFFICE, place)


def address(place):
    return reverse("reports:tokens", args=[place.system.public_id])


def filled(client, place, **values):
    """Return what a person sends who fills the form in."""
    day = timezone.localdate() + timedelta(days=30)
    typed = {"name": "Power BI", "expires_on_day": day.day, "expires_on_month": day.month, "expires_on_year": day.year}
    form = next(form for form in forms_of(client.get(address(place)).text, address(place)) if "name" in form.controls)
    return form.values(**typed | values)


def make(place, office, **values):
    defaults = {"name": "Power BI", "expires_on": timezone.localdate() + timedelta(days=30)}
    return services.make_token(system=place.system, by=office, at=timezone.now(), **defaults | values)


def test_a_token_is_shown_once_and_kept_as_a_digest(client, place, office):
    client.force_login(office)
    sent = filled(client, place)
    response = client.post(address(place), sent)
    token = ApiToken.objects.get()
    secret = response.context["secret"]

    assert secret in response.text
    assert "no-store" in response["Cache-Control"]
    assert token.digest == services.token_digest(secret)
    assert secret not in str(ApiToken.objects.values().get())
    assert secret not in client.get(address(place)).text
    assert token.beginning in client.get(address(place)).text
    again = client.post(address(place), sent, follow=True)
    assert ApiToken.objects.count() == 1
    assert "made before and shown once" in again.text


@pytest.mark.parametrize(
    "values, says",
    [
        ({"name": " "}, "Enter what the token is for"),
        ({"expires_on_year": "2020"}, "The last day must be today or later, and within a year"),
        ({"expires_on_year": "2090"}, "The last day must be today or later, and within a year"),
        ({"expires_on_day": ""}, "The last day must include a day"),
        ({"name": "Taken"}, "There is a token of this name"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, place, office, values, says):
    make(place, office, name="Taken")
    client.force_login(office)
    response = client.post(address(place), filled(client, place, **values))

    assert says in response.text
    assert response.text.count('value="Power BI"') == ("name" not in values)
    assert ApiToken.objects.count() == 1


def test_a_revoked_token_says_who_did_it_and_frees_its_name(client, place, office):
    token, _ = make(place, office)
    client.force_login(office)
    url = reverse("reports:token_revoke", args=[token.public_id])
    text = client.post(url, follow=True).text

    assert "it works no longer" in text
    assert f"revoked by {office.name}" in text
    assert "was revoked before" in client.post(url, follow=True).text
    make(place, office)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PROGRAMME_OFFICE}))
def test_nobody_else_makes_or_revokes_one(client, place, office, role):
    token, _ = make(place, office)
    client.force_login(factories.holder(role, place))

    assert client.get(address(place)).status_code == 403
    assert client.post(reverse("reports:token_revoke", args=[token.public_id])).status_code == 403
    with pytest.raises(PermissionDenied):
        services.revoke_token(token=token, by=factories.holder(role, place), at=timezone.now())


def test_the_office_of_another_system_finds_nothing_and_an_administrator_all(client, place, office):
    token, _ = make(place, office)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, factories.create_place()))
    assert client.get(address(place)).status_code == 404
    assert client.post(reverse("reports:token_revoke", args=[token.public_id])).status_code == 404

    client.force_login(factories.create_user(administrator=True))
    assert client.get(address(place)).status_code == 200


def test_both_acts_are_on_record_and_the_rows_are_held_to_it(place, office):
    token, secret = make(place, office)
    services.revoke_token(token=token, by=office, at=timezone.now())
    events = AuditEvent.objects.filter(target=str(token.public_id)).order_by("sequence")

    assert [event.type for event in events] == ["API_TOKEN_MADE", "API_TOKEN_REVOKED"]
    assert secret not in "".join(event.details for event in events)
    assert audit_rows.faults() == []
    ApiToken.objects.filter(pk=token.pk).update(revoked_at=None, revoked_by=None)
    assert [fault.what for fault in audit_rows.faults()]


def test_what_a_token_opens_is_never_changed(place, office):
    token, _ = make(place, office)

    for values in ({"digest": "0" * 64}, {"expires_on": timezone.localdate() + timedelta(days=900)}, {"name": "Other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
    with pytest.raises(DatabaseError), transaction.atomic():
        token.delete()


@pytest.mark.parametrize("number", [1, 4])
def test_the_page_takes_as_many_queries_for_many_tokens_as_for_one(
    client, place, office, number, django_assert_num_queries
):
    for each in range(number):
        make(place, office, name=f"Tool {each}")
    client.force_login(office)

    with django_assert_num_queries(5):
        client.get(address(place))
