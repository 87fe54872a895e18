"""
Every form that people send for their part, found by itself, and sent twice at the same moment by one person: it acts
once, and what it leaves behind (rows, events on record, e-mails, jobs) is what one sending leaves behind.

Whole with `SOAK_SCALE=1`. In `make test` eight routes have their turn each day, others on each database.
"""

from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test import Client

from tests import factories
from tests.integration.assessments.test_moves_race import together
from tests.integration.form_walk import BusyPlace, acting_routes, forms_of_route, stored
from tests.kept import undone
from tests.page_forms import problems_of
from tests.soak.scale import Account, amount

pytestmark = pytest.mark.django_db(transaction=True)
# What other forms need stands there no more after these.
LAST = ("assessments:artefact_end", "assessments:item_remove", "assessments:move", "assessments:reopen")


def todays(routes):
    """Return the routes whose turn it is, those last that others would miss."""
    some = amount(len(routes), least=8)
    turn = date.today().toordinal() * 2 + (connection.vendor == "sqlite")  # noqa: DTZ011
    chosen = [routes[(turn * some + number) % len(routes)] for number in range(min(some, len(routes)))]
    return sorted(chosen, key=lambda route: (route in LAST, route))


def sizes():
    return {name: len(rows) for name, rows in stored().items()}


def grown(before, after):
    return {name: after[name] - before[name] for name in after if after[name] != before[name]}


def effect_of_one(client, found, data):
    """Return by how many rows each table grows where the form is sent once; nothing is left of it."""
    with undone():
        before = stored()
        client.post(found.form.action, data)
        after = stored()
        acts = before != after
        return acts, grown(*({name: len(rows) for name, rows in each.items()} for each in (before, after)))


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def test_forms_that_are_sent_twice_at_the_same_moment_act_once():
    place, account = BusyPlace(factories.create_system()), Account("forms sent together")
    for route in todays(acting_routes()):
        for found in forms_of_route(Client(), place, route):
            data, clients = found.filled(f"Words for {route} {found.name}"), [signed_in(found.person) for _ in range(2)]
            acts, effect = effect_of_one(clients[0], found, data)
            if not acts:
                # A form that was sent before this one has done it, or has taken away what it acts on.
                account.add(f"overtaken ({found.route})")
                continue
            before = sizes()
            account.add("sent")
            answers = together(*(partial(client.post, found.form.action, data) for client in clients), refusals=())
            told = f"{found} with {data}: {[(each.status_code, problems_of(each.text)) for each in answers]}"
            assert all(each.status_code < 500 for each in answers), told
            assert grown(before, sizes()) == effect, f"one sending leaves {effect}: {told}"
    account.tell()
    assert account.counts["sent"]
