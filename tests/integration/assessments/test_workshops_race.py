"""
Votes that race the reveal, and facilitators that race each other.

Real threads on a real database: SQLite as a file, PostgreSQL when the suite runs on it.
"""

import pytest

from assessments.models import Score, Step, Workshop
from assessments.services import workshops
from assessments.services.voting import VoteClosed
from partnership.models import Stale
from partnership.roles import Role
from tests import factories
from tests.integration.assessments.test_moves_race import later, together
from tests.integration.assessments.workshop_room import Room

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hooks")]


@pytest.mark.parametrize("seed", range(3))
def test_a_vote_is_shown_or_refused_and_of_two_facilitators_one_goes_on(seed):
    room = Room()
    room.voting().vote(0, 2)
    lead = factories.holder(Role.LEAD, room.assessment.place)
    shown = Workshop.objects.get().version

    first, second, *votes = together(
        *(
            later(lambda by=by: room.step(workshops.reveal, by=by, based_on=shown), seed + number)
            for number, by in enumerate((room.chair, lead))
        ),
        *(later(lambda seat=seat: room.vote(seat, 3), seed + seat) for seat in (1, 2)),
        refusals=(VoteClosed, Stale),
    )

    assert sorted([type(first), type(second)], key=str) == sorted([Workshop, Stale], key=str)
    counted = 1 + sum(isinstance(vote, Score) for vote in votes)
    assert Score.objects.filter(ballot=2).count() == counted
    assert not Score.objects.filter(ballot=3).exists()
    assert room.item.ballot == 2
    assert Step.objects.filter(kind=Step.Kind.REVEALED).count() == 1
