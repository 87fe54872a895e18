"""
Every form that people send for their part at a place or in its system, found by itself, and sent as it must not be.

Sent twice it acts once. From a stale page it overwrites nothing, and both are shown. Where the assessment has moved on
meanwhile it changes nothing. What was typed is still there, with a sentence that says what happened. Sent by somebody
who may not, it changes nothing and repeats nothing; to people of elsewhere the address does not exist.
"""

import pytest
from django.test import Client

from assessments.workflow import SEALED, Move
from partnership.permissions import route_table
from partnership.roles import Role
from tests import factories
from tests.integration.addresses import KINDS, of_help_page, of_invitation, of_round, of_system
from tests.integration.form_walk import (
    WITHOUT_STATE,
    WORDS_IN_HISTORY,
    BusyPlace,
    Changes,
    acting_routes,
    forms_of_route,
)
from tests.kept import undone
from tests.page_forms import problems_of

pytestmark = pytest.mark.django_db
ABOUT_THE_SYSTEM = {of_help_page, of_invitation, of_round, of_system}
MINE, THEIRS = "Words that I typed", "Words of somebody else"


@pytest.fixture(scope="module")
def place(kept_rows):
    return BusyPlace(factories.create_system())


@pytest.fixture(scope="module", params=acting_routes())
def forms(request, place):
    found = forms_of_route(Client(), place, request.param)
    assert found, f"no form of {request.param} was found: tell the walk on which page it stands"
    return found


@pytest.fixture(scope="module")
def strangers(place):
    """People of another place of the system, and of another system."""
    # Their names come last in every list, too.
    other, elsewhere = factories.create_place("Zetland", system=place.place.system), factories.create_place()
    council = factories.create_organisation("Zetland council", place=other)
    factories.create_membership(role=Role.CHAIR, place=other, organisation=council)
    chairs = [factories.holder(Role.CHAIR, each) for each in (other, elsewhere)]
    return [*chairs, factories.holder(Role.PROGRAMME_OFFICE, elsewhere)]


@pytest.fixture
def client():
    """A browser that is shown a failure as people are, so that each walk says by itself what must not be."""
    return Client(raise_request_exception=False)


def tell(found, data, response):
    failure = getattr(response, "exc_info", None)
    told = repr(failure[1]) if failure else problems_of(response.text)
    return f"{found} with {data}: {response.status_code} {told}"


def test_a_form_that_is_sent_twice_acts_once(client, forms):
    for found in forms:
        client.force_login(found.person)
        data = found.filled()
        with undone():
            with Changes() as changes:
                first = client.post(found.form.action, data)
            assert first.status_code < 500, tell(found, data, first)
            assert changes.models, f"did nothing: {tell(found, data, first)}"
            with Changes() as changes:
                second = client.post(found.form.action, data)
            assert second.status_code < 500, tell(found, data, second)
            assert changes.models == [], f"acted again: {tell(found, data, second)}"


def test_a_save_from_a_stale_page_overwrites_nothing_and_shows_both(client, forms):
    for found in forms:
        if not found.based_on:
            continue
        client.force_login(found.person)
        with undone():
            client.post(found.form.action, found.filled(THEIRS))
            data = found.filled(MINE) | found.another_token
            with Changes() as changes:
                response = client.post(found.form.action, data)
            told = tell(found, data, response)
            assert changes.models == [], f"overwrote: {told}"
            if not found.texts and response.status_code in {302, 404}:
                # What was to be done is done: there is nothing to compare.
                continue
            assert response.status_code == 409 or found.route in WORDS_IN_HISTORY, told
            assert problems_of(response.text) or response.status_code == 302, told
            if found.texts and response.status_code == 409:
                assert MINE in response.text, f"what was typed is gone: {told}"
                assert THEIRS in response.text or found.route in WORDS_IN_HISTORY, (
                    f"what is stored is not shown: {told}"
                )


def test_a_save_that_comes_after_the_assessment_moved_on_changes_nothing_and_keeps_what_was_typed(client, place, forms):
    for found in forms:
        if found.route in WITHOUT_STATE:
            continue
        client.force_login(found.person)
        with undone():
            move_on(place.assessment_of(found))
            data = found.filled(MINE)
            with Changes() as changes:
                response = client.post(found.form.action, data)
            told = tell(found, data, response)
            assert changes.models == [], f"acted: {told}"
            if response.status_code == 302 and not found.texts:
                response = client.get(response.url)
                assert 'class="nhsuk-notification-banner' in response.text, f"did nothing silently: {told}"
                continue
            assert response.status_code == 409, told
            assert problems_of(response.text), told
            assert not found.texts or MINE in response.text, f"what was typed is gone: {told}"


def test_somebody_who_may_not_send_it_changes_nothing_and_is_told_nothing(client, place, strangers, forms):
    with Changes() as changes:
        for found in forms:
            kept_out = [person for role, person in place.people.items() if role not in route_table()[found.route].post]
            data, at_home = found.filled(MINE), KINDS.get(found.route, of_system) in ABOUT_THE_SYSTEM
            for person in (*strangers, *kept_out):
                client.force_login(person)
                response = client.post(found.form.action, data)
                # Whoever is of the system knows its addresses, and is refused.
                allowed = {403, 404} if person in kept_out or at_home and person == strangers[0] else {404}
                assert response.status_code in allowed, (person.memberships.all(), tell(found, data, response))
                assert MINE not in response.text
    # Who signed in when is told by the row of the person.
    assert set(changes.models) <= {"User"}


def move_on(assessment):
    """Let it go where nothing may be done with it any more but read it: withdrawn, or superseded."""
    if assessment.state in SEALED:
        factories.reopened(assessment)
    else:
        factories.move(assessment, Move.WITHDRAW, reason="The partnership is being reorganised")
