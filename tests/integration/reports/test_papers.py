"""The papers beside the report: board summary, decision, and those of a round; made once, stored, and verifiable."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Seal
from assessments.workflow import Move, State
from partnership import audit_rows, storage, worker
from partnership.models import Job
from partnership.roles import Role
from reports import paper_services, papers, printing, sealed
from reports.models import Paper
from reports.pdf.rendering import PdfNotMade
from reports.services import make_report
from tests import factories, pdf_reading
from tests.factories import AT
from tests.integration.reports.rich_report import with_a_rich_case
from tests.pdf_reading import squeezed

pytestmark = pytest.mark.django_db


def bytes_of(paper):
    with storage.open_stored(paper.file) as file:
        return file.read()


def a_round(state=State.DECIDED):
    """Return a round in which one place has come so far, and another has only begun."""
    system = factories.create_place("Mossley").system
    first = factories.create_place("Mossley End", system=system)
    second = factories.create_place("Absent place", system=system)
    opened = factories.create_round(places=[first, second])
    assessment = opened.assessments.select_related("place__system", "round", "framework_version").get(place=first)
    return opened, factories.WAYS[state](assessment)


def office_of(opened):
    return factories.holder(Role.PROGRAMME_OFFICE, opened.assessments.first().place)


def order(opened, **more):
    return paper_services.order_round(round=opened, by=office_of(opened), at=AT, **more)


def check(client, person, content):
    client.force_login(person)
    return client.post(reverse("reports:verify"), {"file": SimpleUploadedFile("x.pdf", content)}).text


def test_a_rounds_papers_name_every_place_and_file_and_are_found_by_their_hashes(client):
    opened, assessment = a_round()
    made = order(opened)
    while worker.do_next(clock=lambda: AT):
        pass

    papers = {paper.kind: paper for paper in Paper.objects.select_related("file")}
    assert set(papers) == set(Paper.Kind)
    assert [job.problem for job in Job.objects.all() if job.problem] == []
    contents = {kind: bytes_of(paper) for kind, paper in papers.items()}
    for kind in (Paper.Kind.SUMMARY, Paper.Kind.DECISION, Paper.Kind.SYSTEM):
        assert pdf_reading.problems(contents[kind]) == [], kind
        assert len(pdf_reading.text_by_page(contents[kind])) == papers[kind].pages
    assert papers[Paper.Kind.SUMMARY].pages == 2
    told = pdf_reading.text_of(contents[Paper.Kind.SYSTEM])
    for words in ("Mossley End", "Absent place", "this is no ranking", made.digest, assessment.seal.digest):
        assert squeezed(words) in told
    decision = pdf_reading.text_of(contents[Paper.Kind.DECISION])
    for words in ("The evidence is there", "Community services", assessment.decision.digest, assessment.seal.digest):
        assert squeezed(words) in decision
    # Agreed, supported and reviewed stand beside each other.
    assert squeezed("Criterion SO1 Evolving Evolving Evolving, sure") in decision

    with zipfile.ZipFile(io.BytesIO(contents[Paper.Kind.BATCH])) as package:
        manifest = json.loads(package.read("manifest.json"))
        files = {each["path"]: each for each in manifest["files"] if each["path"]}
        assert {each["what"] for each in files.values()} == {"Readiness report", "Board summary", "Decision"}
        for path, each in files.items():
            assert hashlib.sha256(package.read(path)).hexdigest() == each["sha256"]
            assert f"{each['sha256']}  {path}" in package.read("SHA256SUMS").decode()
        assert set(package.namelist()) == {"manifest.csv", "manifest.json", "SHA256SUMS", *files}
        (absent,) = [each for each in manifest["files"] if not each["path"]]
        assert (absent["place"], absent["why_not"]) == ("Absent place", "The place has not submitted")

    for kind, words in (
        (Paper.Kind.SUMMARY, "This is the board summary of Mossley End"),
        (Paper.Kind.DECISION, "This is the ICB’s decision"),
        (Paper.Kind.SYSTEM, "This is the system report"),
        (Paper.Kind.BATCH, "This is the zip with all reports of"),
    ):
        text = check(client, office_of(opened), contents[kind])
        assert "Authentic" in text, kind
        assert words in text, kind
        assert "Unknown" in check(client, factories.create_user(), contents[kind])
        assert sealed.known(digest=papers[kind].file.sha256).sentence.startswith("Authentic")
    assert "Unknown" in check(client, factories.holder(Role.CHAIR, assessment.place), contents[Paper.Kind.SYSTEM])
    assert audit_rows.faults() == []

    # The same again is the same: no second order, no second file.
    assert order(opened) == made
    assert paper_services.make_round_papers(subject=made.public_id, at=AT) == papers[Paper.Kind.BATCH]
    assert Paper.objects.count() == 4


@pytest.mark.one_database
def test_a_summary_of_long_and_hostile_words_has_two_pages():
    assessment = with_a_rich_case()

    paper = paper_services.make_summary(subject=assessment.seal.public_id, at=AT)

    content = bytes_of(paper)
    assert paper.pages == 2
    assert pdf_reading.problems(content) == []
    assert sealed.of_seal(Seal.objects.select_related("snapshot").get()).identity.digest in pdf_reading.text_of(content)


def test_a_summary_that_does_not_fit_on_two_pages_is_told_more_shortly(monkeypatch):
    assessment = with_a_rich_case()
    content = sealed.of_seal(Seal.objects.select_related("snapshot").get(assessment=assessment))
    pages = []

    def make(page, *, identifier):
        pages.append(page)
        return b"%PDF", 2 if len(pages) == 3 else 3

    monkeypatch.setattr(printing, "make_pdf", make)

    assert printing.print_summary(content.document, identity=content.identity, seal=content.seal) == (b"%PDF", 2)
    assert len(pages) == 3
    assert len(pages[0]) > len(pages[2])
    # What has few words is set larger.
    assert ['report-paper--short report-paper--large">' in page for page in pages] == [True, False, False]


@pytest.fixture
def nothing_made(settings):
    settings.ON_SEALED, settings.ON_DECIDED = [], []


def test_what_changed_since_is_ordered_anew_and_supersedes_what_was_made(nothing_made):
    opened, assessment = a_round(State.SUBMITTED)
    first = order(opened)
    later = factories.sign_again(factories.reopened(assessment), level=3)
    factories.move(later, Move.SUBMIT)

    second = order(opened)

    assert second != first
    finding = sealed.known(digest=first.digest)
    assert finding.newer == second
    assert "superseded by" in finding.sentence
    assert sealed.known(digest=second.digest).newer is None


def test_only_the_programme_office_orders_and_only_of_what_was_submitted(client, nothing_made):
    opened, assessment = a_round(State.SIGNED)
    url = reverse("reports:round_reports", args=[opened.public_id])
    client.force_login(office_of(opened))
    assert "No place has submitted yet" in client.get(url).text
    answer = client.post(url, {"token": "0c28b3a0-40b1-4b8c-8f4a-6d5d0e3d9f11"})
    assert "there is nothing to make reports of" in answer.text

    factories.move(assessment, Move.SUBMIT)
    client.force_login(factories.holder(Role.REVIEWER, assessment.place))
    assert "Make them of" not in client.get(url).text
    assert client.post(url, {}).status_code == 403
    client.force_login(office_of(opened))
    page = client.get(url).text
    assert "Make them of 1 place" in page
    for _ in range(2):
        assert client.post(url, {"token": "0c28b3a0-40b1-4b8c-8f4a-6d5d0e3d9f12"})["Location"] == url
    assert Job.objects.filter(kind="make_round_papers").count() == 1
    text = client.get(url).text
    assert "without Absent place" in text
    assert "Being made" in text
    Job.objects.update(failed_at=AT)
    assert "could not be made" in client.get(url).text


def test_a_zip_waits_for_a_report_that_may_still_be_made_and_names_one_that_was_given_up(
    client, nothing_made, monkeypatch
):
    opened, assessment = a_round(State.SUBMITTED)
    made = order(opened)
    monkeypatch.setattr(printing, "print_system", lambda *args, **kwargs: (b"%PDF system", 3))
    monkeypatch.setattr(printing, "print_summary", lambda *args, **kwargs: (b"%PDF summary", 2))

    def fail(*args, **kwargs):
        raise PdfNotMade("No memory left.")

    monkeypatch.setattr(printing, "print_report", fail)
    with pytest.raises(PdfNotMade):
        paper_services.make_round_papers(subject=made.public_id, at=AT)
    assert not Paper.objects.filter(kind=Paper.Kind.BATCH).exists()
    Job.objects.create(kind="make_report", subject=assessment.seal.public_id, due_at=AT, failed_at=AT)
    batch = paper_services.make_round_papers(subject=made.public_id, at=AT)

    with zipfile.ZipFile(io.BytesIO(bytes_of(batch))) as package:
        files = json.loads(package.read("manifest.json"))["files"]
    told = {each["what"]: each["why_not"] for each in files if each["place"] == assessment.place.name}
    assert told == {"Readiness report": papers.NOT_MADE, "Board summary": ""}

    # Who is about to download it is told the same, also after the report was made for itself.
    client.force_login(office_of(opened))
    link = f'<a href="{reverse("reports:report_pdf", args=[assessment.public_id])}">readiness report of'
    url = reverse("reports:round_reports", args=[opened.public_id])
    assert f"without 1 file that could not be made:</strong> {link} Mossley End</a>." in client.get(url).text
    monkeypatch.setattr(printing, "print_report", lambda *args, **kwargs: (b"%PDF report", 9))
    make_report(subject=assessment.seal.public_id, at=AT + timedelta(days=1))
    assert "without 1 file" in client.get(url).text


def test_a_round_that_keeps_its_results_at_the_places_has_no_papers(nothing_made):
    assessment = factories.create_assessment(state=State.SUBMITTED, visibility="PLACE")

    assert sealed.submitted_of(assessment.round)["places"] == []
    with pytest.raises(paper_services.NothingSubmitted):
        order(assessment.round)


def test_the_page_of_a_rounds_papers_needs_few_queries(client, nothing_made, django_assert_num_queries):
    opened, _ = a_round(State.SUBMITTED)
    order(opened)
    client.force_login(office_of(opened))

    # session, user, round, memberships, orders, papers, when reports and the places' papers were made, failed jobs;
    # submitted, the places that are missing
    with django_assert_num_queries(11):
        client.get(reverse("reports:round_reports", args=[opened.public_id]))


def test_a_paper_that_is_not_made_yet_is_said_to_be_so(client):
    opened, assessment = a_round()
    client.force_login(office_of(opened))
    for name in ("summary_pdf", "decision_pdf"):
        url = reverse(f"reports:{name}", args=[assessment.public_id])
        assert "Look again" in client.get(url).text
        Job.objects.update(failed_at=AT)
        assert "It could not be made" in client.get(url).text
        Job.objects.update(failed_at=None)


def test_a_paper_is_of_one_thing_that_its_kind_says(nothing_made):
    opened, assessment = a_round(State.SUBMITTED)
    made = order(opened)
    file = storage.keep(io.BytesIO(b"x"), media_type="application/pdf", at=AT)

    def create(**values):
        with transaction.atomic():
            return Paper.objects.create(file=file, pages=1, made_at=AT, **values)

    for wrong in (
        {"kind": "SUMMARY"},
        {"kind": "SUMMARY", "order": made},
        {"kind": "SYSTEM", "seal": assessment.seal},
        {"kind": "BATCH", "order": made, "seal": assessment.seal},
    ):
        with pytest.raises(IntegrityError):
            create(**wrong)
    create(kind="SYSTEM", order=made)
    create(kind="SUMMARY", seal=assessment.seal)
    for again in ({"kind": "SYSTEM", "order": made}, {"kind": "SUMMARY", "seal": assessment.seal}):
        with pytest.raises(IntegrityError):
            create(**again)


def test_the_command_says_what_a_file_or_a_hash_is(nothing_made, tmp_path, capsys, monkeypatch):
    _, assessment = a_round(State.SUBMITTED)
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF of somebody else")

    call_command("verify_report", assessment.seal.digest[:12].upper())
    assert "Authentic: the report of Mossley End" in capsys.readouterr().out
    with pytest.raises(CommandError, match="Unknown"):
        call_command("verify_report", str(file))
    with pytest.raises(CommandError, match="neither a file nor"):
        call_command("verify_report", "no such file")
    monkeypatch.setattr(sealed, "is_intact", lambda seal: False)
    with pytest.raises(CommandError, match="Changed since it was sealed"):
        call_command("verify_report", assessment.seal.digest)
