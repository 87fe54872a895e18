"""What somebody sees who waits for a paper: how far the worker is with it, and how it is made again once given up."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments.models import Round
from assessments.workflow import Power, State
from partnership import audit
from partnership.jobs import enqueue
from partnership.models import AuditEvent, Job
from partnership.roles import Role
from reports import paper_services
from reports.services import make_report
from tests import factories
from tests.factories import AT
from tests.integration.assessments.closing.conftest import close
from tests.kept import kept, undone

pytestmark = pytest.mark.django_db


def test_while_the_worker_is_at_it_the_page_says_so(client):
    assessment = factories.create_assessment(state=State.SIGNED)
    Job.objects.exclude(subject=assessment.seal.public_id).update(done_at=AT)
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


OFFICE, CHAIR, LEAD, REVIEWER = Role.PROGRAMME_OFFICE, Role.CHAIR, Role.LEAD, Role.REVIEWER
# By the paper's route and the state: who has it made again, and who reads that it could not be made.
AGAIN = {
    ("report_pdf", State.SIGNED): ({CHAIR}, {CHAIR, LEAD, Role.MEMBER, Role.SIGNATORY, Role.CONTRIBUTOR}),
    ("summary_pdf", State.SUBMITTED): ({CHAIR, OFFICE}, {*Role}),
    ("decision_pdf", State.DECIDED): ({OFFICE}, {*Role}),
}
JOBS = {"report_pdf": "make_report", "summary_pdf": "make_summary", "decision_pdf": "make_decision"}
WHOM = re.compile(r"Ask (.+) to have it made again")


@kept
def decided():
    return factories.create_assessment(state=State.DECIDED)


@kept
def signed():
    return factories.create_assessment(state=State.SIGNED)


@kept
def submitted():
    return factories.create_assessment(state=State.SUBMITTED)


@pytest.fixture
def given_up(signed, submitted, decided):
    """What was sealed in each state; the worker gave up all that was ordered of it."""
    Job.objects.update(failed_at=AT, attempts=6, problem="PdfNotMade: the paper ran out")
    return {each.state: each for each in (signed, submitted, decided)}


@pytest.mark.parametrize("name, state", AGAIN)
def test_who_may_have_a_paper_made_again_that_was_given_up_has_a_button_and_others_read_whom_to_ask(
    client, given_up, name, state
):
    assessment, (may, reads) = given_up[state], AGAIN[name, state]
    url = reverse(f"reports:{name}", args=[assessment.public_id])
    for role in Role:
        client.force_login(factories.holder(role, assessment.place))
        answer = client.get(url)
        assert answer.status_code == (200 if role in reads else 403), role
        assert ("Make the" in answer.text) == (role in may), role
        if role in reads - may:
            asked = " or ".join(
                {CHAIR: "the board chair", OFFICE: "the ICB’s programme office"}[each]
                for each in (CHAIR, OFFICE)
                if each in may
            )
            assert WHOM.search(answer.text)[1] == asked
        with undone():
            assert client.post(url, {"token": uuid4()}).status_code == (302 if role in may else 403), role
            assert (job_of(assessment, JOBS[name]).failed_at is None) == (role in may), role


def job_of(assessment, kind="make_report"):
    subject = assessment.decision if kind == "make_decision" else assessment.seal
    return Job.objects.get(kind=kind, subject=subject.public_id)


def test_who_asks_twice_for_what_was_given_up_has_one_job_begun_anew_and_one_event_on_record(client, given_up):
    assessment = given_up[State.SIGNED]
    chair = factories.holder(CHAIR, assessment.place)
    client.force_login(chair)
    url = reverse("reports:report_pdf", args=[assessment.public_id])
    others = Job.objects.filter(failed_at=None).count()

    sent = {"token": uuid4()}
    for data in (sent, sent, {}):
        assert client.post(url, data)["Location"] == url

    job = job_of(assessment)
    assert (job.attempts, job.problem, job.failed_at) == (0, "", None)
    assert Job.objects.filter(failed_at=None).count() == others + 1
    (event,) = AuditEvent.objects.filter(type=audit.Type.PAPER_ORDERED_AGAIN)
    assert (event.chain, event.actor, event.target) == (
        audit.chain_key(assessment),
        str(chair.public_id),
        str(job.public_id),
    )
    assert "It is made next." in client.get(url).text
    with pytest.raises(paper_services.NotGivenUp):
        paper_services.order_again(job=job, assessment=assessment, by=chair, at=AT)


def test_an_icb_that_does_not_read_the_result_cannot_have_its_report_made_again():
    assessment = factories.create_assessment(state=State.SUBMITTED, visibility=Round.Visibility.PLACE)
    Job.objects.update(failed_at=AT)
    office = factories.holder(OFFICE, assessment.place)

    with pytest.raises(PermissionDenied):
        paper_services.order_again(job=job_of(assessment), assessment=assessment, by=office, at=AT)


def test_a_lead_who_stands_in_for_the_sealing_has_the_report_made_again(client, signed):
    stand_ins = factories.create_stand_ins(signed)
    assert Power.SEAL in {each.power for each in stand_ins}
    Job.objects.update(failed_at=AT)
    client.force_login(factories.holder(LEAD, signed.place))
    url = reverse("reports:report_pdf", args=[signed.public_id])

    assert "Make the report again" in client.get(url).text
    assert client.post(url, {"token": uuid4()}).status_code == 302

    assert not job_of(signed).failed_at


def test_a_report_that_was_made_meanwhile_is_what_who_asks_again_is_led_to(client, signed, quick):
    make_report(subject=signed.seal.public_id, at=AT)
    client.force_login(factories.holder(CHAIR, signed.place))
    url = reverse("reports:report_pdf", args=[signed.public_id])

    assert client.post(url, {"token": uuid4()})["Location"] == url
    assert client.head(url)["Content-Type"] == "application/pdf"


def test_of_a_superseded_version_and_at_a_closed_place_papers_are_still_made(client, given_up):
    superseded, closed = given_up[State.SIGNED], given_up[State.DECIDED]
    factories.reopened(superseded)
    successor = factories.create_place(system=closed.place.system)
    close(closed.place, by=factories.create_user(administrator=True), into=successor)
    client.force_login(factories.holder(CHAIR, successor))
    url = reverse("reports:report_pdf", args=[closed.public_id])
    assert "Ask the ICB’s programme office to have" in client.get(url).text

    for assessment, role in ((superseded, CHAIR), (closed, OFFICE)):
        client.force_login(factories.holder(role, assessment.place))
        url = reverse("reports:report_pdf", args=[assessment.public_id])
        assert client.post(url, {"token": uuid4()}).status_code == 302
        assert not job_of(assessment).failed_at


def test_a_rounds_papers_that_were_given_up_are_ordered_again_on_the_rounds_page_and_on_record(client, submitted):
    office = factories.holder(OFFICE, submitted.place)
    order = paper_services.order_round(round=submitted.round, by=office, at=AT)
    Job.objects.update(failed_at=AT)
    url = reverse("reports:round_report_file", args=[order.public_id, "system.pdf"])
    page = reverse("reports:round_reports", args=[submitted.round.public_id])
    client.force_login(factories.holder(REVIEWER, submitted.place))
    assert WHOM.search(client.get(url).text)[1] == "the ICB’s programme office"
    assert "Ask the ICB’s programme office to have them made again" in client.get(page).text
    client.force_login(office)
    assert f'href="{page}">Have them made again' in client.get(url).text

    for token in (uuid4(), uuid4()):
        client.post(page, {"token": token})

    assert not Job.objects.get(kind="make_round_papers").failed_at
    (event,) = AuditEvent.objects.filter(type=audit.Type.PAPER_ORDERED_AGAIN)
    assert event.chain == audit.chain_key(submitted.round.system)
