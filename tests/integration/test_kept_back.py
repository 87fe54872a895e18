"""A member who has still to score a later round sees no earlier level anywhere, and nobody else is kept from one."""

import pytest
from django.urls import reverse

from assessments import permissions
from assessments.kept_back import scoring_first
from assessments.services import workshops
from assessments.services.notes import write_note
from assessments.workflow import MOVES, REVEALED, SEALED, UNDER_REVIEW, Move, State
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration.addresses import (
    KINDS,
    of_assessment,
    of_chart,
    of_criterion,
    of_data,
    of_item,
    of_pathway,
    of_place,
    of_workshop,
)

pytestmark = pytest.mark.django_db
CANARY = "Everybody saw the minutes"
NOTE = "We would rather not say this aloud"
LEVEL = ("portal-level--4-of-4", "Thriving, ")
WALKED = (of_assessment, of_item, of_criterion, of_chart, of_data, of_pathway, of_workshop, of_place)
NAMES = sorted(name for name, kind in KINDS.items() if kind in WALKED)


class Earlier:
    """A place with a decided round in which the board agreed the highest level, and a later one in scoring."""

    def __init__(self):
        self.place = factories.create_place()
        assessment = factories.create_assessment(place=self.place, opens_on=AT.date().replace(month=1))
        item = factories.create_item(assessment)
        factories.in_agreeing(assessment, 4, 4, 4)
        member = factories.board(self.place, 1)[0]
        own = member.memberships.get().organisation
        write_note(item=item, organisation=own, text=NOTE, based_on=0, by=member, at=AT)
        self.workshop = factories.create_workshop(assessment)
        workshops.close_workshop(workshop=self.workshop, based_on=1, by=factories.holder(Role.CHAIR, self.place), at=AT)
        factories.create_agreement(item, level=4, reason=CANARY)
        factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
        factories.create_signature(assessment, by=factories.create_signatory(self.place))
        factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")
        factories.move(assessment, Move.SUBMIT)
        factories.move(assessment, Move.START_REVIEW)
        factories.create_finding(assessment, level=4)
        factories.decided_after_review(assessment)
        self.later = factories.in_scoring(factories.create_assessment(place=self.place))
        self.assessments = {State.DECIDED: assessment, State.SCORING: self.later}
        self.items = {state: each.items.get() for state, each in self.assessments.items()}

    @property
    def decided(self):
        return self.assessments[State.DECIDED].public_id

    def addresses(self, state=State.DECIDED):
        for name in NAMES:
            values = KINDS[name](self, state)
            moves = [move for move in Move if not MOVES[move].follows] if name == "assessments:move" else []
            yield from (reverse(name, kwargs=values | more) for more in [{"move": move} for move in moves] or [{}])
        charts = [(name, kind) for name in ("profile", "radar") for kind in ("csv", "svg")]
        shown = self.assessments[state].public_id
        yield from (reverse("reports:chart", args=[shown, *chart]) for chart in charts)
        yield reverse("reports:place", args=[self.place.public_id], query={"round": str(shown)})

    def telling(self, client, person):
        """Return the addresses whose answers tell a person what the board agreed."""
        client.force_login(person)
        return {address for address in self.addresses() if _tells(client.get(address), address)}


def text_of(response):
    """Return all that an answer says, a file included."""
    return (response.getvalue() if response.streaming else response.content).decode(errors="ignore")


def _tells(response, address):
    text = text_of(response)
    if "/charts/" in address:
        return response.status_code == 200
    # The scoring page shows every level's meaning, and what the member gave themselves.
    return CANARY in text or (not address.endswith("/score/") and any(each in text for each in LEVEL))


@pytest.fixture
def earlier():
    return Earlier()


def test_no_page_and_no_file_tells_a_member_an_earlier_level_until_they_have_scored(client, earlier):
    member = factories.board(earlier.place, 1)[0]
    for role in (Role.SIGNATORY, Role.CONTRIBUTOR):
        factories.create_membership(user=member, place=earlier.place, role=role)

    assert earlier.telling(client, member) == set()

    report = reverse("reports:report", args=[earlier.decided])
    assert "You have 1 item of" in client.get(report).text
    assert client.get(reverse("reports:report_pdf", args=[earlier.decided])).url == report
    for item in earlier.later.items.all():
        factories.create_score(item, by=member)
    told = earlier.telling(client, member)
    pages = ("reports:report", "assessments:signoff", "assessments:agreeing", "assessments:review")
    assert {reverse(name, args=[earlier.decided]) for name in pages} <= told


def test_an_earlier_level_is_kept_from_nobody_who_does_not_score(client, earlier):
    for role in set(Role) - {Role.MEMBER}:
        client.force_login(factories.holder(role, earlier.place))
        assert CANARY in client.get(reverse("reports:report", args=[earlier.decided])).text, role


@pytest.mark.parametrize("state", sorted(REVEALED))
@pytest.mark.parametrize("role", [Role.MEMBER, Role.LEAD, Role.CHAIR, Role.SIGNATORY])
def test_what_must_be_done_with_an_earlier_assessment_comes_before_scoring(role, state):
    place = factories.create_place()
    earlier = factories.create_assessment(place=place, state=state)
    member = factories.board(place, 1)[0]
    if role != Role.MEMBER:
        factories.create_membership(user=member, place=place, role=role)
    factories.in_scoring(factories.create_assessment(place=place))
    capacity = permissions.capacity(user=member, assessment=earlier)

    first = scoring_first(user=member, capacity=capacity, assessment=earlier)

    answers = role in {Role.LEAD, Role.CHAIR} and state in UNDER_REVIEW
    submits = role == Role.CHAIR and state == State.SIGNED
    assert (first is None) == (state not in SEALED or answers or submits)
