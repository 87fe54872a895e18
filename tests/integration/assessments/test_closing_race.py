"""A place that closes while something begins there: either comes first, and the other is told."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Assessment
from assessments.permissions import PlaceClosed
from assessments.services import rounds
from assessments.workflow import State
from partnership.models import Invitation, Membership, OutgoingMail, Place, PlaceChange
from partnership.roles import Role
from partnership.services import closing, invitations, leaving, people
from tests import factories
from tests.audited import no_faults
from tests.integration.assessments.test_moves_race import later
from tests.integration.assessments.test_moves_race import together as moves_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hooks")]
ROUNDS = 3
REFUSALS = (
    PermissionDenied,
    PlaceClosed,
    closing.ClosingRefused,
    rounds.WrongPlaces,
    invitations.LinkSpent,
    people.RoleElsewhere,
    leaving.NothingToLeave,
)
together = partial(moves_together, refusals=REFUSALS)


def close(place, by, **values):
    today = timezone.localdate()
    defaults = {"closed_on": today, "reason": "Merged", "by": by, "at": timezone.now()}
    return lambda: closing.close(system=place.system, places=[place], **defaults | values)


def is_closed(place):
    return Place.objects.get(pk=place.pk).ended_on is not None


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_place_is_taken_into_a_round_or_closed_never_both(seed):
    place = factories.create_place()
    opened = factories.create_round(places=[factories.create_place(system=place.system)])
    office = factories.holder(Role.PROGRAMME_OFFICE, place)

    together(
        later(close(place, office), seed),
        later(lambda: rounds.take_in(round=opened, place=place, by=office, at=factories.AT), seed + 1),
    )

    assert is_closed(place) != Assessment.objects.filter(place=place).exists()
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_what_was_signed_is_re_opened_or_its_place_closed_never_both(seed):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    place, chair = assessment.place, factories.holder(Role.CHAIR, assessment.place)
    office = factories.holder(Role.PROGRAMME_OFFICE, place)

    together(later(close(place, office), seed), later(lambda: factories.reopened(assessment, by=chair), seed + 1))

    assert is_closed(place) != Assessment.objects.filter(place=place, number=2).exists()
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_of_two_who_close_a_place_at_once_one_does_and_tells_everybody_once(seed):
    place = factories.create_place()
    member = factories.create_membership(place=place)
    office = factories.holder(Role.PROGRAMME_OFFICE, place)
    administrator = factories.create_user(administrator=True)

    results = together(*(later(close(place, by), seed + by.pk) for by in (office, administrator)))

    assert sorted(type(result).__name__ for result in results) == ["Closing", "WrongPlaces"]
    assert PlaceChange.objects.count() == 1
    assert OutgoingMail.objects.filter(to=member.user.email).count() == 1
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_whoever_joins_or_takes_over_while_a_place_closes_has_no_part_there_afterwards(seed):
    place = factories.create_place()
    factories.create_invitation(place=place, at=timezone.now())
    token = factories.link_token(OutgoingMail.objects.latest("pk"))
    leaver, successor = factories.create_membership(place=place, role=Role.LEAD).user, factories.create_user()
    administrator = factories.create_user(administrator=True)
    added, council = factories.create_user(), factories.create_organisation(place=place)
    told = {"last_day": timezone.localdate() - timedelta(days=1), "by": administrator, "at": timezone.now()}

    together(
        later(close(place, administrator), seed),
        later(lambda: invitations.accept(token=token, at=timezone.now(), name="A", password="nine slow barges"), seed),
        later(lambda: leaving.leave(person=leaver, successor=successor, **told), seed + 1),
        later(lambda: factories.create_membership(place=place, user=added, organisation=council), seed),
    )

    assert is_closed(place)
    # A part that began today ends today; none goes on.
    assert not Membership.objects.current(timezone.localdate() + timedelta(days=1)).filter(place=place).exists()
    assert not Invitation.objects.open().filter(place=place).exists()
    assert no_faults()
