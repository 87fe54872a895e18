"""Several people ask at once for a report that was given up: one of them has it made again."""

from uuid import uuid4

import pytest

from assessments.workflow import State
from partnership import audit
from partnership.models import AuditEvent, Job
from partnership.roles import Role
from reports import paper_services
from tests import factories
from tests.factories import AT
from tests.integration.assessments.test_moves_race import later, together

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("seed", range(2))
def test_of_many_who_ask_at_once_one_has_the_report_made_again(seed):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    people = [factories.holder(role, assessment.place) for role in (Role.CHAIR, Role.PROGRAMME_OFFICE)]
    Job.objects.update(failed_at=AT, attempts=8, problem="PdfNotMade: It took too long.")
    job = Job.objects.get(kind="make_report")

    def ask(by):
        return paper_services.order_again(job=job, assessment=assessment, by=by, at=AT, token=uuid4())

    results = together(
        *(later(lambda by=by: ask(by), seed * 10 + number) for number, by in enumerate(people * 2)),
        refusals=(paper_services.NotGivenUp,),
    )

    assert len([each for each in results if not isinstance(each, Exception)]) == 1
    assert AuditEvent.objects.filter(type=audit.Type.PAPER_ORDERED_AGAIN).count() == 1
    job.refresh_from_db()
    assert (job.failed_at, job.attempts) == (None, 0)
