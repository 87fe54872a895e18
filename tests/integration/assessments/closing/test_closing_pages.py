"""The pages on which a place closes and is opened again: what they show, ask and refuse."""

from uuid import uuid4

import pytest
from django.urls import reverse

from assessments.workflow import State
from partnership.models import PlaceChange
from partnership.roles import Role
from tests import factories
from tests.integration.assessments.closing.conftest import close, current, refreshed, today
from tests.page_forms import forms_of

pytestmark = pytest.mark.django_db


def address(system, **query):
    return reverse("partnership:close_places", args=[system.public_id], query=query)


def asked(*places, into=None, **changes):
    values = {"places": [str(place.public_id) for place in places], "successor": into and str(into.public_id) or ""}
    values |= {"closed_on_day": today().day, "closed_on_month": today().month, "closed_on_year": today().year}
    return values | {"reason": "The boroughs merged"} | changes


def confirming(response, url):
    return next(form for form in forms_of(response.text, url) if "shown" in form.controls)


def test_closing_is_shown_before_it_is_done_and_everybody_goes_on_unless_unticked(client, ashby, tarn, office):
    lead = factories.create_membership(role=Role.LEAD, place=ashby)
    other = factories.create_membership(place=ashby)
    client.force_login(office)
    url = address(ashby.system, place=ashby.public_id)
    (form,) = [form for form in forms_of(client.get(url).text, url) if "places" in form.controls]
    assert form.controls["places"].chosen == [str(ashby.public_id)]

    response = client.post(url, asked(ashby, into=tarn))
    assert not refreshed(ashby).ended_on
    form = confirming(response, url)
    assert set(form.controls["memberships"].chosen) == {str(lead.public_id), str(other.public_id)}
    response = client.post(url, form.values(memberships=[str(lead.public_id)], organisations=[]))
    assert "as a partner of Tarn, too" in response.text
    form = confirming(response, url)
    assert form.controls["memberships"].chosen == [str(lead.public_id)]
    values = form.values(organisations=[str(lead.organisation.public_id)])
    done = client.post(url, values, follow=True)

    assert "Ashby closed. What was done there is kept." in done.text
    assert current(tarn) == {(lead.user, Role.LEAD)}
    assert client.post(url, values).status_code in (200, 302)
    assert PlaceChange.objects.count() == 1


def test_it_is_said_where_more_than_one_would_chair_the_successor(client, ashby, tarn, office):
    factories.create_membership(role=Role.CHAIR, place=ashby, user=factories.create_user("Ada Oakes"))
    client.force_login(office)
    assert "would chair" not in client.post(address(ashby.system), asked(ashby, into=tarn)).text

    factories.create_membership(role=Role.CHAIR, place=tarn, user=factories.create_user("Ben Pike"))
    told = client.post(address(ashby.system), asked(ashby, into=tarn)).text

    assert "Ada Oakes and Ben Pike would chair Tarn" in told
    assert "would chair" not in client.post(address(ashby.system), asked(ashby)).text


def test_a_form_that_changed_what_it_does_meanwhile_is_shown_again(client, ashby, office):
    client.force_login(office)
    url = address(ashby.system)
    form = confirming(client.post(url, asked(ashby)), url)
    factories.create_membership(place=ashby)

    assert "changed since you looked" in client.post(url, form.values()).text
    assert not refreshed(ashby).ended_on


def test_mistakes_are_told_and_nothing_typed_is_lost(client, ashby, tarn, office):
    client.force_login(office)
    url = address(ashby.system)
    for values, said in (
        (asked(), "Choose at least one place"),
        (asked(ashby, into=ashby), "cannot become part of itself"),
        (asked(ashby, closed_on_year=today().year + 1), "must be today or past"),
        (asked(ashby, closed_on_day=""), "must include a day"),
        (asked(factories.create_place()), "Choose open places of this system"),
    ):
        response = client.post(url, values)
        assert said in response.text
        assert "<title>Error: " in response.text
        assert "The boroughs merged" in response.text
    assert "Say why" in client.post(url, asked(ashby, reason="")).text


def test_what_stands_against_it_is_linked_for_those_who_may_go_there(client, ashby, office, administrator):
    assessment = factories.create_assessment(place=ashby, state=State.SCORING)
    link = reverse("assessments:assessment", args=[assessment.public_id])
    for person, leads in ((office, True), (administrator, False)):
        client.force_login(person)
        text = client.post(address(ashby.system), asked(ashby)).text
        assert "withdraw it, or let the board sign and submit it" in text
        assert (f'href="{link}"' in text) == leads


def test_an_administrator_opens_a_place_again_on_its_page(client, ashby, office, administrator):
    close(ashby, by=office)
    url = reverse("partnership:open_place_again", args=[ashby.public_id])
    client.force_login(office)
    assert client.get(url).status_code == 403
    assert url not in client.get(reverse("partnership:places", args=[ashby.system.public_id])).text
    client.force_login(administrator)
    assert url in client.get(reverse("partnership:places", args=[ashby.system.public_id])).text
    assert "Say why" in client.post(url, {"based_on": 2, "token": str(uuid4())}).text

    values = {"reason": "A mistake", "based_on": 2, "token": str(uuid4())}
    client.post(url, values)
    client.post(url, values)

    assert not refreshed(ashby).ended_on
    assert ashby.changes.count() == 2


@pytest.mark.parametrize("places", [2, 30])
def test_the_list_of_places_asks_as_much_for_few_as_for_many(
    client, ashby, system, office, places, django_assert_num_queries
):
    for _ in range(places):
        close(factories.create_place(system=system), into=ashby, by=office)
    client.force_login(office)

    # session, user, system, capacity, whether places may be opened, places, their changes
    with django_assert_num_queries(7):
        client.get(reverse("partnership:places", args=[system.public_id]))
