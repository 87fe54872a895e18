"""What somebody sees who waits for a paper: how far the worker is with it, and that it looks again by itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.workflow import State
from partnership.jobs import enqueue
from partnership.models import Job
from partnership.roles import Role
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db


def test_while_the_worker_is_at_it_the_page_says_so(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    def said():
        return client.get(reverse("reports:report_pdf", args=[assessment.public_id])).text

    assert "It is made next." in said()
    assert "Look again" in said()
    # Another was ordered before.
    enqueue(kind="make_report", subject=uuid4(), at=AT - timedelta(hours=1))
    assert "It waits its turn: 1 other comes first." in said()

    Job.objects.update(attempts=1, due_at=timezone.now() + timedelta(minutes=15))
    assert "It is being made now." in said()

    Job.objects.update(problem="The disk was full.")
    assert "The last attempt failed, and it is tried again at" in said()

    Job.objects.update(failed_at=AT)
    text = said()
    assert "It could not be made" in text
    assert "Look again" not in text
