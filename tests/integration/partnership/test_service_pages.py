import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from tests import factories


@pytest.mark.parametrize("name", ["privacy", "cookies", "accessibility"])
@pytest.mark.django_db
def test_a_page_about_the_service_is_open_to_all(client, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse(f"partnership:{name}"))

    assert response.status_code == 200
    assert "<h1" in response.text


@pytest.mark.django_db
def test_health_is_well_while_the_database_answers(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get("/health")

    assert (response.status_code, response.text) == (200, "Well.\n")
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_health_says_so_when_the_database_does_not_answer(client, monkeypatch):
    def unplugged():
        raise OperationalError("no route to the database")

    monkeypatch.setattr(connection, "cursor", unplugged)

    assert client.get("/health").status_code == 503


@pytest.mark.django_db
def test_what_signed_in_people_see_is_kept_out_of_caches(client):
    client.force_login(factories.create_user())

    assert "no-store" in client.get(reverse("partnership:privacy"))["Cache-Control"]


@pytest.mark.django_db
def test_a_page_that_is_not_there_keeps_ones_bearings(client):
    client.force_login(factories.create_user("Chair of the board"))

    response = client.get("/not-there/")

    assert response.status_code == 404
    assert "Chair of the board" in response.text
    assert 'href="/"' in response.text


@pytest.mark.django_db
def test_a_page_that_is_not_ones_own_says_why_and_keeps_ones_bearings(client):
    client.force_login(factories.create_user("Chair of the board"))

    response = client.get(reverse("admin:index"))

    assert response.status_code == 403
    assert "Only an administrator may open the administration pages." in response.text
    assert "Chair of the board" in response.text
