"""A place's page and the pages of its levels, and who opens them."""

from datetime import date

from django.urls import reverse

from assessments.workflow import Move, State
from partnership.roles import Role
from tests import factories
from tests.factories import AT

FIRST = {"opens_on": date(2026, 4, 1), "scoring_closes_on": date(2026, 5, 1), "signing_closes_on": date(2026, 6, 1)}


def create_assessment(place, state=State.SUBMITTED, **values):
    return factories.create_assessment(place=place, state=state, **{"name": "Autumn round"} | values)


def page(place, assessment=None, **query):
    query |= {"round": assessment.public_id} if assessment else {}
    return reverse("reports:place", args=[place.public_id], query=query)


def level_page(assessment, code="SO1"):
    return reverse("reports:level", args=[assessment.public_id, code])


def read(client, role, place, url=None):
    client.force_login(factories.holder(role, place) if isinstance(role, Role) else role)
    return client.get(url or page(place))


def rich(place):
    """Return a submitted assessment with evidence, a split item and one that does not apply."""
    assessment = create_assessment(place, State.PREPARING)
    items = [factories.create_item(assessment, code=code) for code in ("SO1", "SO1", "SO2", "PE1", "PE2a", "PE2b")]
    factories.create_artefact(place, item=items[0], strength=3)
    factories.in_agreeing(assessment, 1, 1, 4, 4)
    for number, item in enumerate(items):
        factories.create_agreement(item, level=number % 3 + 2, reason="The board talked it over.")
    put_up = factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(put_up, by=factories.create_signatory(place))
    sealed = factories.move(put_up, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")
    return factories.move(sealed, Move.SUBMIT)
