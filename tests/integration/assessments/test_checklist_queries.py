"""Pages of checklists take the same few queries for ten statements and for a thousand."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.workflow import Move
from partnership.roles import Role
from tests import factories, whole_round
from tests.published_shapes import best, framework, levels

pytestmark = pytest.mark.django_db
CRITERIA = 10


def ladders(rungs):
    """Ten ladders of so many statements each, asked no further than they are climbed."""
    statements = [{"code": f"S{n}", "of_level": 2, "text": f"Statement {n} is so."} for n in range(rungs)]
    return framework(
        f"ladders-{rungs}",
        "Ladders",
        tiers=["Practice"],
        scale=levels("Ground", "First", "Second"),
        rule={"kind": "minimum"},
        nodes=[
            {
                "code": f"L{n}",
                "name": f"Ladder {n}",
                "scoring": "checklist",
                "rule": {"kind": "cumulative_gate", "unanswered": "until_decided"},
                "statements": statements,
            }
            for n in range(CRITERIA)
        ],
        golden=best({f"L{n}": {each["code"]: "Yes" for each in statements} for n in range(CRITERIA)}, {"": 2}),
    )


def costs(rungs):
    """Return what each page costs in queries, by name."""
    assessment = whole_round.opened(whole_round.published(ladders(rungs)))
    member = factories.board(assessment.place, 1)[0]
    chair, office = (factories.holder(role, assessment.place) for role in (Role.CHAIR, Role.PROGRAMME_OFFICE))
    found = {}

    def look(client, user, name, *args):
        client.force_login(user)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name, args=args)).status_code == 200
        found[assessment.state, user == member, name] = len(queries)

    client, pk = Client(), assessment.public_id
    assessment = whole_round.scored(assessment, members=1)
    look(client, member, "assessments:assessment", pk)
    look(client, member, "assessments:score", pk, "L0")
    look(client, member, "assessments:items", pk, "L0")
    look(client, member, "reports:home")
    look(client, office, "assessments:round", assessment.round.public_id)
    assessment = factories.move(assessment, Move.CLOSE_SCORING)
    for item in assessment.items.filter(number=1):
        factories.create_agreement(item, level=1, reason="As it is.")
    look(client, chair, "assessments:assessment", pk)
    look(client, chair, "assessments:agreeing", pk)
    look(client, chair, "assessments:agree", pk, "L0")
    look(client, chair, "reports:home")
    look(client, chair, "reports:place", assessment.place.public_id)
    look(client, office, "assessments:round", assessment.round.public_id)
    return found


def test_a_thousand_statements_cost_as_many_queries_as_ten():
    few, many = costs(1), costs(100)

    assert many == few
    for page, most in (("reports:home", 8), ("assessments:assessment", 10)):
        assert max(number for (*_, name), number in few.items() if name == page) <= most
    assert max(few.values()) <= 16
