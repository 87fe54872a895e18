"""Who has which part, changed by several at once and while people sign: one order of things, or a refusal."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.models import Assessment, Delegation, Seal, StandIn
from assessments.services import delegating, standing_in
from assessments.workflow import Move, Power, State
from partnership import audit
from partnership.models import AuditEvent, Membership, User
from partnership.roles import Role
from partnership.services import leaving, people, pseudonyms
from tests import factories
from tests.audited import no_faults
from tests.integration.assessments.test_moves_race import REFUSALS, later, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hooks")]
ROUNDS = 2


def done(results):
    return [result for result in results if not isinstance(result, Exception)]


def administrators(number):
    return [factories.create_user(administrator=True) for _ in range(number)]


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def pseudonymise(person, *, by, **values):
    told = {"confirmation": person.email, "by": by, "at": timezone.now()}
    return pseudonyms.pseudonymise(person=person, **told | values)


def seal(assessment, *, by):
    return factories.move(assessment, Move.SEAL, by=by, meeting_on=factories.AT.date(), minute_reference="PB/26/1")


def who_has_left(place, *, by):
    person = factories.create_membership(place=place).user
    leaving.leave(person=person, last_day=yesterday(), by=by, at=timezone.now())
    return person


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_of_two_who_give_the_same_role_at_once_one_is_let_through(seed):
    place, person = factories.create_place(), factories.create_user()
    organisation = factories.create_organisation(place=place)

    results = together(
        *(
            later(
                lambda by=by: people.start_membership(
                    user=person,
                    role=Role.MEMBER,
                    place=place,
                    organisation=organisation,
                    starts_on=factories.LONG_AGO,
                    by=by,
                    at=timezone.now(),
                ),
                seed + by.pk,
            )
            for by in administrators(3)
        ),
        refusals=(people.RoleHeldAlready,),
    )

    assert len(done(results)) == Membership.objects.filter(user=person).count() == 1
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_nobody_is_pseudonymised_twice_or_with_a_part(seed):
    place, (one, two) = factories.create_place(), administrators(2)
    person = who_has_left(place, by=one)

    *forgotten, given = together(
        later(lambda: pseudonymise(person, by=one), seed),
        later(lambda: pseudonymise(person, by=two), seed + 1),
        later(lambda: factories.create_membership(user=person, place=place, starts_on=timezone.localdate()), seed + 2),
        refusals=(pseudonyms.PseudonymRefused, people.RoleElsewhere),
    )

    person = User.objects.get(pk=person.pk)
    assert len(done(forgotten)) == bool(person.pseudonymised_at)
    assert len(done(forgotten)) + isinstance(given, Membership) == 1
    assert Membership.objects.current().filter(user=person).exists() == isinstance(given, Membership)
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_signatory_is_pseudonymised_while_the_chair_seals(seed):
    """Both are done, whatever comes first, and the seal is of the signature that was given."""
    (administrator,) = administrators(1)
    assessment = factories.create_assessment(state=State.SIGNING)
    signatory = factories.create_signatory(assessment.place)
    signature = factories.create_signature(assessment, by=signatory)
    leaving.leave(person=signatory, last_day=yesterday(), by=administrator, at=timezone.now())
    chair = factories.holder(Role.CHAIR, assessment.place)

    together(
        later(lambda: pseudonymise(signatory, by=administrator, erase_words=True), seed),
        later(lambda: seal(assessment, by=chair), seed + 1),
        refusals=(),
    )

    said = json.loads(Seal.objects.get(assessment=assessment).text)
    assert [each["id"] for each in said["signatures"]] == [str(signature.public_id)]
    assert User.objects.get(pk=signatory.pk).pseudonymised_at
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_signatory_who_leaves_signs_before_it_or_not_and_the_seal_says_which(seed):
    (administrator,) = administrators(1)
    assessment = factories.create_assessment(state=State.SIGNING)
    leaver, other = (factories.create_signatory(assessment.place) for _ in range(2))
    factories.create_signature(assessment, by=other)
    successor, now = factories.create_user(), timezone.now()
    chair = factories.holder(Role.CHAIR, assessment.place)

    signed, left, sealed = together(
        later(lambda: factories.create_signature(assessment, by=leaver, at=now), seed),
        later(
            lambda: leaving.leave(person=leaver, last_day=yesterday(), successor=successor, by=administrator, at=now),
            seed + 1,
        ),
        later(lambda: seal(assessment, by=chair), seed + 2),
        refusals=(*REFUSALS, PermissionDenied),
    )

    assert done([left, sealed]) == [left, sealed]
    said = json.loads(Seal.objects.get(assessment=assessment).text)
    assert len(said["signatures"]) == 1 + len(done([signed]))
    assert Membership.objects.filter(user=successor, ends_on=None).count() == 1
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_lead_who_stands_in_moves_before_it_is_withdrawn_or_not_at_all(seed):
    assessment = factories.create_assessment(state=State.SCORING)
    (stand_in,) = factories.create_stand_ins(assessment, powers=[Power.CLOSE_SCORING])
    chair, lead = (factories.holder(role, assessment.place) for role in (Role.CHAIR, Role.LEAD))

    moved, withdrawn = together(
        later(lambda: factories.move(assessment, Move.CLOSE_SCORING, by=lead), seed),
        later(
            lambda: standing_in.withdraw_stand_in(assessment=assessment, stand_in=stand_in, by=chair, at=factories.AT),
            seed + 1,
        ),
        refusals=(PermissionDenied,),
    )

    assert not isinstance(withdrawn, Exception)
    assessment = Assessment.objects.get(pk=assessment.pk)
    assert assessment.state == (State.SCORING if isinstance(moved, Exception) else State.AGREEING)
    told = audit.Type.STATE_CHANGED, audit.Type.STAND_IN_WITHDRAWN
    events = AuditEvent.objects.filter(chain=audit.chain_key(assessment), type__in=told).order_by("sequence")
    assert events.last().type == audit.Type.STAND_IN_WITHDRAWN
    assert no_faults()


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_lead_stands_in_once_and_a_deputy_is_one_once_on_whichever_assessments_it_is_said(seed):
    """Else what is withdrawn would still be in force by its twin."""
    place = factories.create_place()
    rounds = [factories.create_assessment(place=place) for _ in range(3)]
    signatory = factories.create_signatory(place)
    organisation = signatory.memberships.get().organisation
    deputy = factories.create_membership(place=place, organisation=organisation)
    for role in (Role.CHAIR, Role.LEAD):
        factories.holder(role, place)
    days = {"starts_on": factories.AT.date(), "ends_on": factories.AT.date() + timedelta(days=9)}

    results = together(
        *(
            later(lambda each=each: factories.create_stand_ins(each, powers=[Power.SEAL]), seed + each.pk)
            for each in rounds
        ),
        *(
            later(
                lambda each=each: delegating.name_deputy(
                    assessment=each, deputy=deputy, by=signatory, at=factories.AT, **days
                ),
                seed - each.pk,
            )
            for each in rounds
        ),
        refusals=(standing_in.StandsInAlready, delegating.SignsAnyway),
    )

    assert len(done(results)) == 2
    assert (StandIn.objects.count(), Delegation.objects.count()) == (1, 1)
    assert no_faults()
