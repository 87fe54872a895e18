"""Levels that a framework numbers from 0 are called by those numbers on every page, never by their place among them."""

import lxml.html
import pytest
from django.urls import reverse

from partnership.roles import Role
from tests import factories
from tests.kept import kept
from tests.unit.frameworks.definitions import criterion

pytestmark = pytest.mark.django_db
NAMES = ("Absent", "Begun", "Working", "Leading")
CALLED = {name: str(rank) for rank, name in enumerate(NAMES)}


@kept
def assessment():
    """Return an assessment in review on a framework from 0, with a finding on its only criterion."""
    version = factories.create_framework_version(
        code="from-zero",
        tiers=["Domain", "Criterion"],
        scale={"levels": [{"rank": rank, "name": name, "demand": rank} for rank, name in enumerate(NAMES)]},
        nodes=[
            {
                "code": "SO",
                "name": "Soil",
                "nodes": [criterion("SO1", descriptors={rank: f"SO1 at {rank}" for rank in range(4)})],
            }
        ],
        pathways=[],
        targets=[],
        golden=[{"name": "One", "items": {"SO1": [{"level": 2}]}, "expect": {"claimed": {"SO": 2}}}],
    )
    made = factories.create_assessment(framework_version=version)
    factories.create_artefact(made.place, item=factories.create_item(made), strength=1)
    factories.in_review(made)
    factories.create_finding(made, level=1, words="A plan alone", recommendation="Do it")
    return made


def addresses(assessment):
    key = assessment.public_id
    for name in ("review", "signoff"):
        yield Role.REVIEWER, reverse(f"assessments:{name}", args=[key])
    yield Role.REVIEWER, reverse("assessments:review_criterion", args=[key, "SO1"])
    yield Role.REVIEWER, reverse("assessments:review_across", args=[assessment.round.public_id, "SO1"])
    for node in ("SO", "SO1"):
        yield Role.REVIEWER, reverse("reports:level", args=[key, node])
    yield Role.REVIEWER, reverse("reports:report", args=[key])
    yield Role.REVIEWER, reverse("reports:place", args=[assessment.place.public_id])
    yield Role.REVIEWER, reverse("reports:system", args=[assessment.place.system.public_id])
    yield Role.CHAIR, reverse("assessments:agreeing", args=[key])
    yield Role.CHAIR, reverse("assessments:agree", args=[key, "SO1"])
    yield None, reverse("assessments:trial_node", args=[assessment.framework_version.public_id, "SO1"]) + "?case=1"


def levels_on(html):
    """Yield the number and the name of each level that a page shows; None where it shows no number."""
    page = lxml.html.fromstring(html)
    for shown in page.find_class("portal-level"):
        rank = shown.find_class("portal-level__rank")
        yield (rank[0].text_content() if rank else None), shown.find_class("portal-level__name")[0].text_content()
    for heading in page.find_class("portal-descriptors__name"):
        number, _, name = heading.text_content().strip().partition(" ")
        yield number, name


def test_levels_from_nought_are_called_by_their_own_numbers_on_every_page(client, assessment):
    shown = {}
    for role, address in addresses(assessment):
        person = factories.holder(role, assessment.place) if role else factories.create_user(administrator=True)
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == 200, address
        shown[address] = list(levels_on(answer.content))

    wrong = [
        (address, number, name)
        for address, levels in shown.items()
        for number, name in levels
        if name in CALLED and number != CALLED[name]
    ]
    assert wrong == []
    assert [address for address, levels in shown.items() if not levels] == []
