"""Two who re-open at once make one version, and a submission comes before a re-opening or not at all."""

import pytest

from assessments.models import Assessment, Score
from assessments.services import reopening
from assessments.workflow import Move, State
from partnership import audit
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.integration.assessments.test_moves_race import events, later, together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("hooks")]
ROUNDS = 4


def act(assessment, by, based_on):
    return lambda: reopening.reopen(assessment=assessment, reason="Late news", based_on=based_on, by=by, at=AT)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_two_chairs_at_once_make_one_version(seed):
    assessment = factories.create_assessment(state=State.SIGNED)
    chairs = [factories.create_membership(role=Role.CHAIR, place=assessment.place).user for _ in range(3)]
    assessment.refresh_from_db()

    results = together(*(later(act(assessment, by, assessment.version), seed + by.pk) for by in chairs))

    made = [result for result in results if isinstance(result, Assessment)]
    assert len(made) == 1
    assert list(Assessment.objects.exclude(pk=assessment.pk)) == made
    assert Score.objects.filter(item__assessment=made[0]).count() == 3
    for each in (assessment, made[0]):
        assert not list(audit.faults(audit.chain_key(each)))


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_submission_is_in_before_the_re_opening_or_refused(seed):
    assessment = factories.create_assessment(state=State.SIGNED)
    first, second = (factories.create_membership(role=Role.CHAIR, place=assessment.place).user for _ in range(2))
    assessment.refresh_from_db()

    opened, submitted = together(
        later(act(assessment, first, assessment.version), seed),
        later(lambda: factories.move(assessment, Move.SUBMIT, by=second), seed + 1),
    )

    # Each page was opened before the other's act, so that exactly one of them is what its reader decided.
    made, moved = (not isinstance(result, Exception) for result in (opened, submitted))
    assessment.refresh_from_db()
    assert made != moved
    assert assessment.is_superseded == made
    assert assessment.state == (State.SUBMITTED if moved else State.SIGNED)
    assert len(events(assessment, audit.Type.ASSESSMENT_REOPENED)) == made
