"""The API: what the programme office reads on the pages, for a program with a token, as its description says."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker

from assessments.workflow import State
from partnership import throttle
from partnership.audit import Type
from partnership.models import AuditEvent
from partnership.roles import Role
from reports import services
from reports.api.openapi import ROOT, description
from reports.api.resources import OF_ASSESSMENTS, RESOURCES
from reports.models import ApiToken
from tests import factories

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[3] / "docs" / "openapi.json"


def make_token(system, place, **values):
    office = factories.holder(Role.PROGRAMME_OFFICE, place)
    defaults = {"name": "Power BI", "expires_on": timezone.localdate() + timedelta(days=30)}
    return services.make_token(system=system, by=office, at=timezone.now(), **defaults | values)


class World:
    """Three places of a round: one decided on, two submitted, and one that is still at it; a token for their system."""

    def __init__(self):
        self.system = factories.create_system("Vale")
        names = ("Mossley", "Amber", "Nether", "Crake")
        self.places = [factories.create_place(name, system=self.system) for name in names]
        self.opened = factories.create_round(places=self.places, name="Autumn")
        mine, amber, nether, crake = (self.opened.assessments.get(place=place) for place in self.places)
        factories.create_action(mine, title="Write it down")
        self.decided = factories.decided(mine)
        factories.submitted(amber)
        factories.submitted(nether)
        factories.in_agreeing(crake)
        self.kept = factories.create_assessment(place=self.places[1], state=State.SUBMITTED, visibility="PLACE")
        self.token, self.secret = make_token(self.system, self.places[0])


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("django.conf.settings.ON_SEALED", [])
            yield World()
        transaction.set_rollback(True)


def get(client, path, secret, **headers):
    address = path if path.startswith("/") else f"{ROOT}{path}"
    return client.get(address, headers={"Authorization": f"Bearer {secret}"} | headers)


def rows(client, path, secret):
    response = get(client, path, secret)
    assert response.status_code == 200, response.text
    return response.json()["data"]


# What it gives


def test_every_answer_is_as_the_description_says(client, world):
    described = description()
    assert json.loads(DOCS.read_text()) == described, "run `manage.py print_openapi > docs/openapi.json`"
    assert client.get(reverse("reports:api_description")).json() == described
    for path, operations in described["paths"].items():
        response = get(client, path, world.secret)
        schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        check = Draft202012Validator(schema | {"components": described["components"]}, format_checker=FormatChecker())
        check.validate(response.json())
        assert response["Content-Type"] == "application/json"
    names = {path.removeprefix(ROOT).rstrip("/") for path in described["paths"]} - {""}
    assert names == set(RESOURCES) == get(client, "", world.secret).json()["resources"].keys()


def test_the_description_bites(client, world):
    schema = description()["components"]["schemas"]["rounds-row"]
    (row,) = [row for row in rows(client, "rounds/", world.secret) if row["name"] == "Autumn"]

    assert Draft202012Validator(schema).is_valid(row)
    assert not Draft202012Validator(schema).is_valid(row | {"submitted": "3"})
    assert not Draft202012Validator(schema).is_valid(row | {"secret": 1})


def test_the_page_of_the_description_is_printed_by_a_command(capsys):
    call_command("print_openapi")

    assert json.loads(capsys.readouterr().out) == description()


def test_levels_come_with_all_their_standings_and_the_decision_with_its_conditions(client, world):
    (level,) = [
        row for row in rows(client, "levels/", world.secret) if (row["place"], row["node"]) == ("Mossley", "SO1")
    ]
    found = [level[f"{standing}_level"] for standing in ("claimed", "supported", "reviewed")]

    assert found == [2, 2, 2]
    assert {row["outcome"] for row in rows(client, "decisions/", world.secret)} == {"CONDITIONS"}
    assert rows(client, "conditions/", world.secret)[0]["text"] == "Condition 1"
    assert "Write it down" in {row["title"] for row in rows(client, "actions/", world.secret)}


def test_what_was_not_submitted_or_stays_at_its_place_is_nowhere(client, world):
    for name in OF_ASSESSMENTS:
        text = get(client, f"{name}/", world.secret).text
        assert "Crake" not in text, name
        assert str(world.kept.public_id) not in text, name
    assert [row["place"] for row in rows(client, "assessments/", world.secret)] == ["Amber", "Mossley", "Nether"]
    assert {row["name"]: row["submitted"] for row in rows(client, "rounds/", world.secret)}["Autumn"] == 3
    assert "Crake" in get(client, "places/", world.secret).text


def test_another_systems_token_sees_nothing_of_it(client, world):
    place = factories.create_place()
    _, secret = make_token(place.system, place)

    for name in RESOURCES:
        expected = [place.name] if name == "places" else []
        assert [row["name"] for row in rows(client, f"{name}/", secret)] == expected, name
    assert rows(client, f"items/?place={world.places[0].public_id}", secret) == []


# Pages, ETags, limits


def test_lists_come_in_pages_by_name_and_can_be_narrowed(client, world):
    seen, path = [], "assessments/?limit=2"
    while path:
        page = get(client, path, world.secret).json()
        seen.append([row["place"] for row in page["data"]])
        path = page["next"] and page["next"].partition("8000")[2]

    assert seen == [["Amber", "Mossley"], ["Nether"]]
    narrowed = rows(client, f"gates/?place={world.places[2].public_id}&round={world.opened.public_id}", world.secret)
    assert {row["place"] for row in narrowed} == {"Nether"}
    assert [row["name"] for row in rows(client, "places/?limit=1", world.secret)] == ["Amber"]


def test_no_row_is_missed_or_told_twice_where_a_place_has_several(client, world, settings):
    settings.ON_SEALED = []
    place = factories.create_place()
    for month in (1, 4, 7):
        opens_on = date(2026, month, 1)
        factories.create_assessment(place=place, state=State.SUBMITTED, name=f"Round {month}", opens_on=opens_on)
    _, secret = make_token(place.system, place)
    seen, path = [], "assessments/?limit=1"
    while path:
        page = get(client, path, secret).json()
        seen += [row["round"] for row in page["data"]]
        path = page["next"] and page["next"].partition("8000")[2]

    assert len(seen) == len(set(seen)) == 3


@pytest.mark.parametrize(
    "query, says",
    [
        ("limit=0", "limit must be a number from 1 to 50."),
        ("limit=many", "limit must be a number from 1 to 50."),
        ("limit=²", "limit must be a number from 1 to 50."),
        ("round=autumn", "round must be an identifier, as it stands in the rounds."),
        ("after=3", "after must be an identifier, as it stands in the “next” of the page before."),
        ("after=00000000-0000-4000-8000-000000000000", "after is of no page of this list. Begin again without it."),
        ("sort=level", "“sort” cannot be asked for here. Use after, limit, place, round."),
    ],
)
def test_what_cannot_be_understood_is_answered_with_how_to_mend_it(client, world, query, says):
    response = get(client, f"levels/?{query}", world.secret)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["detail"] == says


def test_a_cursor_of_another_system_leads_nowhere(client, world):
    place = factories.create_place()
    _, secret = make_token(place.system, place)

    assert get(client, f"places/?after={world.places[0].public_id}", secret).status_code == 400


def test_what_did_not_change_is_not_sent_again(client, world):
    first = get(client, "levels/", world.secret)
    again = get(client, "levels/", world.secret, **{"If-None-Match": first["ETag"]})
    other = get(client, "items/", world.secret, **{"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert other.status_code == 200
    assert first["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first["Vary"]
    assert "Access-Control-Allow-Origin" not in first


def test_a_token_may_be_used_so_often_in_a_minute(client, world, monkeypatch):
    limit = throttle.Limit("few", 2, timedelta(minutes=1))
    monkeypatch.setattr(throttle, "READ_BY_TOKEN", limit)
    _, other = make_token(world.system, world.places[0], name="Another")
    statuses = [get(client, "", world.secret).status_code for _ in range(3)]
    refused = get(client, "", world.secret)

    assert statuses == [200, 200, 429]
    assert refused["Retry-After"] == "60"
    assert "2 times in 60 seconds" in refused.json()["detail"]
    assert get(client, "", other).status_code == 200


# Who comes in


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer pmt_guessed", "Basic cG10Xw==", "bearer"])
def test_without_a_token_that_is_known_nobody_comes_in(client, world, header):
    response = client.get(reverse("reports:api_levels"), headers={"Authorization": header} if header else {})

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="API"'
    assert "programme office" in response.json()["detail"]


def test_no_session_opens_it(client, world):
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, world.places[0]))

    assert client.get(reverse("reports:api_levels")).status_code == 401


def test_a_token_opens_no_page(client, world):
    assert get(client, reverse("reports:home"), world.secret).status_code == 302
    assert get(client, reverse("reports:data", args=[world.decided.public_id]), world.secret).status_code == 302


def test_a_token_that_was_revoked_or_ran_out_says_so(client, world):
    office = factories.holder(Role.PROGRAMME_OFFICE, world.places[0])
    revoked, first = make_token(world.system, world.places[0], name="Revoked")
    services.revoke_token(token=revoked, by=office, at=timezone.now())
    _, second = services.make_token(
        system=world.system, name="Old", expires_on=date(2026, 1, 31), by=office, at=factories.AT.replace(2026, 1, 1)
    )

    assert "“Revoked” was revoked" in get(client, "", first).json()["detail"]
    assert "“Old” worked until 31 January 2026" in get(client, "", second).json()["detail"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_it_only_reads(client, world, method):
    response = getattr(client, method)(
        reverse("reports:api_levels"), headers={"Authorization": f"Bearer {world.secret}"}
    )

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "only reads" in response.json()["detail"]


def test_an_address_that_is_not_there_is_answered_as_json(client, world):
    response = get(client, "league-table/", world.secret)

    assert response.status_code == 404
    assert "/api/v1/ lists all" in response.json()["detail"]


def test_the_last_use_is_noted_once_a_minute(client, world):
    token, secret = make_token(world.system, world.places[0], name="Noted")
    get(client, "", secret)
    noted = ApiToken.objects.get(pk=token.pk).last_used_at
    get(client, "", secret)

    assert noted is not None
    assert ApiToken.objects.get(pk=token.pk).last_used_at == noted


def test_the_record_says_on_which_days_a_token_was_used(world):
    token, _ = make_token(world.system, world.places[0], name="Told")
    hours = [timedelta(hours=hours) for hours in (0, 1, 23, 24, 25)]
    noon = timezone.now().replace(hour=12)

    for each in hours:
        token.refresh_from_db()
        services.note_use(token=token, at=noon + each)

    used = AuditEvent.objects.filter(type=Type.API_TOKEN_USED, target=str(token.public_id))
    assert [event.at - noon for event in used.order_by("sequence")] == [hours[0], hours[2]]


def test_of_two_first_uses_at_once_the_record_tells_one(world):
    token, _ = make_token(world.system, world.places[0], name="Raced")
    now = timezone.now()

    # Both requests read the token before either noted its use.
    for _ in range(2):
        services.note_use(token=token, at=now)

    assert AuditEvent.objects.filter(type=Type.API_TOKEN_USED, target=str(token.public_id)).count() == 1


@pytest.mark.parametrize("name", RESOURCES)
@pytest.mark.parametrize("limit", [1, 3])
def test_a_page_takes_as_many_queries_for_many_as_for_one(client, world, name, limit, django_assert_max_num_queries):
    get(client, "", world.secret)

    # The token, what the limit counts (3), the page; seals, decisions, findings, and the table's own rows.
    with django_assert_max_num_queries(5 if name in {"rounds", "places"} else 9):
        get(client, f"{name}/?limit={limit}", world.secret)
