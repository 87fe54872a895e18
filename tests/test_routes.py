"""Every address is in a table of who may use it, and every line of the tables is an address."""

from uuid import UUID

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, include, path, reverse
from django.urls.converters import IntConverter, PathConverter, SlugConverter, StringConverter, UUIDConverter

from assessments.converters import MoveConverter
from assessments.workflow import Move
from partnership.middleware import routes
from partnership.permissions import ADMINISTRATOR, PUBLIC, TOKEN, Route, route_table
from tests import factories

# A value for each converter that an address may have.
SAMPLES = {
    UUIDConverter: UUID("00000000-0000-4000-8000-000000000000"),
    StringConverter: "made-up",
    PathConverter: "made/up",
    SlugConverter: "made-up",
    IntConverter: 1,
    MoveConverter: Move.SUBMIT,
}

# Public pages of something that the made-up value is no address of: they say so, and ask nobody to sign in.
NOT_FOUND_WITHOUT_ROWS = {"reports:summary"}


def addresses(patterns, namespaces=()):
    """Yield (name with its namespaces, pattern) of every address, but for the administration pages."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            if "admin" not in inner:
                yield from addresses(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield ":".join((*namespaces, pattern.name or "")), pattern


def unlisted(patterns, table):
    return sorted({name or "(without a name)" for name, _ in addresses(patterns)} - table.keys())


def stray(patterns, table):
    return sorted(table.keys() - {name for name, _ in addresses(patterns)})


def all_addresses():
    return dict(addresses(get_resolver().url_patterns))


def url_of(name):
    converters = all_addresses()[name].pattern.converters
    return reverse(name, kwargs={part: SAMPLES[type(converter)] for part, converter in converters.items()})


def test_every_address_is_listed():
    assert unlisted(get_resolver().url_patterns, route_table()) == []


def test_every_listed_address_exists():
    assert stray(get_resolver().url_patterns, route_table()) == []


def test_an_unlisted_address_is_found():
    page = path("secret/", lambda request: None, name="secret")
    patterns = [*get_resolver().url_patterns, path("new/", include(([page], "new")))]

    assert unlisted(patterns, route_table()) == ["new:secret"]


def test_an_address_without_a_name_is_found():
    patterns = [path("secret/", lambda request: None)]

    assert unlisted(patterns, route_table()) == ["(without a name)"]


def test_a_listed_address_that_does_not_exist_is_found():
    table = route_table() | {"partnership:gone": Route(PUBLIC)}

    assert stray(get_resolver().url_patterns, table) == ["partnership:gone"]


@pytest.mark.django_db
def test_an_unlisted_address_is_refused(client, monkeypatch):
    table = dict(routes())
    del table["partnership:privacy"]
    monkeypatch.setattr("partnership.middleware.routes", lambda: table)

    with pytest.raises(Exception, match="'partnership:privacy' is in no table"):
        client.get("/privacy/")


@pytest.mark.django_db
def test_a_page_for_administrators_is_refused_to_others(client, monkeypatch):
    table = dict(routes()) | {"partnership:privacy": Route(ADMINISTRATOR)}
    monkeypatch.setattr("partnership.middleware.routes", lambda: table)
    statuses = {}
    for name in ("chair", "administrator"):
        client.force_login(factories.create_user(name, administrator=name == "administrator"))
        statuses[name] = client.get("/privacy/").status_code

    assert statuses == {"chair": 403, "administrator": 200}


@pytest.mark.parametrize("name", sorted(all_addresses()))
@pytest.mark.django_db
def test_nobody_reads_a_page_that_is_not_public_without_signing_in(client, name):
    url, route = url_of(name), route_table()[name]

    response = client.get(url)

    if route.read is None:
        assert response.status_code == 405
    elif route.read == TOKEN:
        assert response.status_code == 401
        assert response["WWW-Authenticate"].startswith("Bearer")
    elif route.read != PUBLIC:
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('partnership:sign_in')}?next={url}"
    elif name in NOT_FOUND_WITHOUT_ROWS:
        assert response.status_code == 404
    else:
        assert response.status_code in {200, 410}


@pytest.mark.parametrize("name", sorted(all_addresses()))
@pytest.mark.django_db
def test_nobody_posts_without_signing_in_but_where_the_table_says_so(client, name):
    url, route = url_of(name), route_table()[name]

    response = client.post(url)

    if route.post is None:
        assert response.status_code == 405
    elif route.post != PUBLIC:
        assert response.status_code == 302
        assert response["Location"].startswith(f"{reverse('partnership:sign_in')}?next=/")


@pytest.mark.django_db
def test_the_administration_pages_ask_for_the_same_sign_in(client):
    for url in (reverse("admin:index"), reverse("admin:login"), "/administration/anything/"):
        assert client.get(url)["Location"] == f"{reverse('partnership:sign_in')}?next={url}"
