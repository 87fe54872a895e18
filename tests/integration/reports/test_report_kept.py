"""The report as a file: made once, served to those who may read it, and never changed."""

import json

import pytest
from django.urls import reverse

from assessments.workflow import Move, State
from partnership import audit, storage, worker
from partnership.models import AuditEvent, Job, StoredFile
from partnership.roles import Role
from reports import printing
from reports.models import Report
from reports.pdf.rendering import PdfNotMade
from tests import factories
from tests.factories import AT
from tests.integration.reports.rich_report import make, paper_of, url

pytestmark = pytest.mark.django_db


# Made once


def test_sealing_has_the_worker_make_the_report_once(quick):
    assessment = factories.create_assessment(state=State.SIGNED)
    assert Job.objects.get(kind="make_report").subject == assessment.seal.public_id

    worker.do_next(clock=lambda: AT)
    again = make(assessment)

    report = Report.objects.get()
    assert report == again
    assert len(quick) == 1
    assert report.pages == 3
    with storage.open_stored(report.file) as file:
        assert file.read().startswith(b"%PDF")
    event = AuditEvent.objects.get(chain=audit.chain_key(assessment), type=audit.Type.REPORT_MADE)
    assert event.actor == "portal"
    assert json.loads(event.details)["file"] == report.file.sha256


def test_a_report_that_another_worker_made_meanwhile_stands(monkeypatch):
    assessment = factories.create_assessment(state=State.SIGNED)

    def be_overtaken(document, *, identity, seal):
        monkeypatch.setattr(printing, "print_report", lambda *args, **kwargs: (b"%PDF first", 1))
        make(assessment)
        return b"%PDF second", 1

    monkeypatch.setattr(printing, "print_report", be_overtaken)

    make(assessment)

    with storage.open_stored(Report.objects.get().file) as file:
        assert file.read() == b"%PDF first"


def test_a_pdf_that_cannot_be_made_leaves_nothing_behind_but_the_job(monkeypatch):
    def fail(*args, **kwargs):
        raise PdfNotMade("No memory left.")

    monkeypatch.setattr(printing, "print_report", fail)
    factories.create_assessment(state=State.SIGNED)
    files = StoredFile.objects.count()

    worker.do_next(clock=lambda: AT)

    assert "No memory left." in Job.objects.get(kind="make_report").problem
    assert not Report.objects.exists()
    assert StoredFile.objects.count() == files


def test_the_report_never_changes_with_what_comes_later(quick):
    assessment = factories.create_assessment(state=State.SIGNED)
    before = paper_of(assessment)

    place = assessment.place
    place.name = "Renamed"
    place.save()
    factories.create_organisation("Newcomer", place=place)
    factories.move(assessment, Move.SUBMIT)

    assert paper_of(assessment) == before


# Who reads it


PLACE_READS = ["lead", "chair", "member", "signatory", "contributor"]


@pytest.mark.parametrize("name", ["report", "report_pdf"])
@pytest.mark.parametrize(
    "state, readers",
    [
        (State.SIGNED, PLACE_READS),
        (State.SUBMITTED, [*PLACE_READS, "observer", "programme_office", "reviewer"]),
    ],
)
def test_who_reads_a_sealed_report(client, quick, state, readers, name):
    assessment = factories.create_assessment(state=state)
    make(assessment)
    everybody = [*PLACE_READS, "observer", "programme_office", "reviewer"]
    cast = factories.create_people(*everybody, "outsider", place=assessment.place)

    statuses = {}
    for who, user in cast.items():
        client.force_login(user)
        answer = client.get(url(assessment, name))
        answer.getvalue()
        statuses[who] = answer.status_code

    assert statuses == {who: 200 if who in readers else 403 for who in everybody} | {"outsider": 404}


@pytest.mark.parametrize("state", [State.AGREEING, State.SIGNING])
def test_only_the_board_reads_a_draft_and_it_says_that_it_is_one(client, state):
    assessment = factories.create_assessment(state=state)
    everybody = [*PLACE_READS, "observer", "programme_office"]
    cast = factories.create_people(*everybody, "outsider", place=assessment.place)

    answers = {}
    for who, user in cast.items():
        client.force_login(user)
        answers[who] = client.get(url(assessment))

    board = {"lead", "chair", "member", "signatory"}
    assert {who for who, answer in answers.items() if answer.status_code == 200} == board
    assert answers["outsider"].status_code == 404
    for who in board:
        assert answers[who].text.count("Draft, not signed") == 2
        assert "This draft is not signed" in answers[who].text
        assert "Open the PDF" not in answers[who].text


@pytest.mark.parametrize("state", [State.PREPARING, State.SCORING, State.WITHDRAWN])
def test_before_levels_are_agreed_there_is_nothing_to_report(client, state):
    assessment = factories.create_assessment(state=state)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    answer = client.get(url(assessment))

    assert answer.status_code == 200
    assert ("was withdrawn" if state == State.WITHDRAWN else "No report yet") in answer.text
    assert client.get(url(assessment, "report_pdf"))["Location"] == url(assessment)


# Serving it


def test_the_pdf_is_served_from_storage_in_few_queries(client, quick, django_assert_num_queries):
    assessment = factories.create_assessment(state=State.SUBMITTED)
    make(assessment)
    client.force_login(factories.holder(Role.PROGRAMME_OFFICE, assessment.place))
    client.get(url(assessment, "report_pdf")).getvalue()

    # session, user, assessment, memberships, report with its file
    with django_assert_num_queries(5):
        answer = client.get(url(assessment, "report_pdf"))

    assert answer["Content-Type"] == "application/pdf"
    assert ".pdf" in answer["Content-Disposition"]
    body = answer.getvalue()
    assert body.startswith(b"%PDF")
    assert int(answer["Content-Length"]) == len(body)
    assert len(quick) == 1


def test_a_head_request_learns_the_length_only(client, quick):
    assessment = factories.create_assessment(state=State.SIGNED)
    report = make(assessment)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    answer = client.head(url(assessment, "report_pdf"))

    assert int(answer["Content-Length"]) == report.file.size
    assert answer.content == b""


@pytest.mark.parametrize("items", [1, 12])
def test_the_page_needs_few_queries_whatever_its_size(client, django_assert_num_queries, items):
    assessment = factories.create_assessment()
    for _ in range(items):
        factories.create_artefact(assessment.place, item=factories.create_item(assessment))
    factories.signed(assessment)
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    # session, user, assessment, memberships, seal with its snapshot
    with django_assert_num_queries(5):
        client.get(url(assessment))


@pytest.mark.parametrize(
    "state, role, words",
    [
        (State.SCORING, Role.CHAIR, None),
        (State.AGREEING, Role.CHAIR, "Draft of the readiness report"),
        (State.AGREEING, Role.CONTRIBUTOR, None),
        (State.SIGNED, Role.CONTRIBUTOR, "Readiness report"),
        (State.SIGNED, Role.PROGRAMME_OFFICE, None),
        (State.SUBMITTED, Role.PROGRAMME_OFFICE, "Readiness report"),
    ],
)
def test_the_assessments_page_leads_to_the_report_that_the_reader_may_open(client, state, role, words):
    assessment = factories.create_assessment(state=state)
    client.force_login(factories.holder(role, assessment.place))

    text = client.get(reverse("assessments:assessment", args=[assessment.public_id])).text

    assert (f'<a href="{url(assessment)}">{words}</a>' in text) if words else url(assessment) not in text
