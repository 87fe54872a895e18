"""The page that checks a report: authentic, superseded, never sealed, unknown."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import Round, Seal, Snapshot
from assessments.workflow import Move, State
from partnership import audit, storage
from partnership.roles import Role
from reports import printing, sealed, services
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db

URL = reverse("reports:verify")


def made(state=State.SIGNED, **values):
    assessment = factories.create_assessment(state=state, **values)
    return assessment, Seal.objects.select_related("snapshot").get(assessment=assessment)


def check(client, user, digest="", **values):
    client.force_login(user)
    return client.post(URL, {"digest": digest, **values}).text


def chair_of(assessment):
    return factories.holder(Role.CHAIR, assessment.place)


def test_a_report_is_authentic_by_its_content_its_seal_or_their_beginnings(client):
    assessment, seal = made()
    digest = seal.snapshot.digest

    for words in (digest, seal.digest, digest[:12], f" {digest[:32].upper()} {digest[32:]}\n"):
        text = check(client, chair_of(assessment), words)
        assert "Authentic" in text
        assert assessment.place.name in text
        assert reverse("reports:report", args=[assessment.public_id]) in text


def test_the_file_itself_is_checked_and_not_kept(client, monkeypatch):
    monkeypatch.setattr(printing, "print_report", lambda *args, **kwargs: (b"%PDF made here", 1))
    assessment, seal = made()
    report = services.make_report(subject=seal.public_id, at=AT)
    with storage.open_stored(report.file) as file:
        content = file.read()

    text = check(client, chair_of(assessment), file=SimpleUploadedFile("report.pdf", content))
    assert "Authentic" in text
    assert report.file.sha256 in text

    text = check(client, chair_of(assessment), file=SimpleUploadedFile("report.pdf", content + b" "))
    assert "Unknown" in text


def test_nobody_finds_out_about_what_they_may_not_read(client):
    assessment, seal = made()
    office, outsider = factories.holder(Role.PROGRAMME_OFFICE, assessment.place), factories.create_user()

    assert "Unknown" in check(client, office, seal.digest)
    assert "Unknown" in check(client, outsider, seal.digest)

    factories.move(assessment, Move.SUBMIT)
    assert "Authentic" in check(client, office, seal.digest)
    assert "Unknown" in check(client, outsider, seal.digest)


def test_the_icb_finds_nothing_of_a_round_that_stays_at_the_place(client):
    assessment, seal = made(State.SUBMITTED, visibility=Round.Visibility.PLACE)

    assert "Unknown" in check(client, factories.holder(Role.PROGRAMME_OFFICE, assessment.place), seal.digest)
    assert "Authentic" in check(client, chair_of(assessment), seal.digest)


def test_content_that_was_taken_back_is_no_report(client):
    assessment = factories.create_assessment(state=State.SIGNING)
    digest = assessment.snapshots.get().digest
    factories.move(assessment, Move.TAKE_BACK, reason="A level is missing")

    assert "Never sealed" in check(client, chair_of(assessment), digest)


def test_a_report_whose_place_a_later_version_took_is_superseded(client):
    assessment, seal = made()
    later = factories.reopened(assessment)
    text = check(client, chair_of(assessment), seal.digest)
    assert "Authentic, superseded by version 2" in text
    assert "not signed yet" in text
    assert reverse("assessments:assessment", args=[later.public_id]) in text
    factories.sign_again(later, level=3)

    text = check(client, chair_of(assessment), seal.digest)
    assert "Authentic, superseded by version 2" in text
    assert "not signed yet" not in text
    assert reverse("reports:report", args=[later.public_id]) in text
    text = check(client, chair_of(assessment), Seal.objects.get(assessment=later).digest)
    assert "nothing has taken its place" in text


def test_the_icb_is_led_to_a_later_version_only_as_far_as_it_may_read_it(client):
    assessment, seal = made(State.SUBMITTED)
    office = factories.holder(Role.PROGRAMME_OFFICE, assessment.place)
    later = factories.sign_again(factories.reopened(assessment), level=3)

    text = check(client, office, seal.digest)
    assert "Authentic, superseded by version 2" in text
    assert reverse("reports:report", args=[later.public_id]) not in text
    assert "Unknown" in check(client, office, Seal.objects.get(assessment=later).digest)


def test_a_decision_on_a_superseded_version_is_told_with_its_own_day(client):
    assessment, seal = made(State.DECIDED)
    decision = assessment.decision
    factories.reopened(assessment)

    text = check(client, chair_of(assessment), decision.digest)

    assert "Authentic, superseded by version 2" in text
    assert f"ICB’s decision on {assessment.place.name}" in text
    assert f"of {decision.decided_on:%-d %B %Y}. It was re-opened" in text


def test_a_report_stands_again_once_the_version_after_it_is_withdrawn(client):
    assessment, seal = made()
    factories.move(factories.reopened(assessment), Move.WITHDRAW, reason="Opened by mistake")

    assert "nothing has taken its place" in check(client, chair_of(assessment), seal.digest)


def test_content_that_was_changed_after_sealing_shows(client, monkeypatch):
    assessment, seal = made()
    text = check(client, chair_of(assessment), seal.digest)
    assert "Changed since it was sealed" not in text

    for field, broken in (("text", "{}"), ("digest", "0" * 64)):
        snapshot = Snapshot(text=seal.snapshot.text, digest=seal.snapshot.digest)
        setattr(snapshot, field, broken)
        assert not sealed.is_intact(Seal(text=seal.text, digest=seal.digest, snapshot=snapshot))
    assert not sealed.is_intact(Seal(text=seal.text + " ", digest=seal.digest, snapshot=seal.snapshot))
    other = Snapshot(text="{}", digest=audit.digest("{}"))
    assert not sealed.is_intact(Seal(text=seal.text, digest=seal.digest, snapshot=other))

    monkeypatch.setattr(sealed, "is_intact", lambda seal: False)
    assert "Changed since it was sealed" in check(client, chair_of(assessment), seal.digest)


@pytest.mark.parametrize(
    "digest, problem",
    [
        ("", "Enter a hash, or choose the report’s file"),
        ("abc", "Enter 12 to 64 characters"),
        ("g" * 20, "Enter 12 to 64 characters"),
        ("a" * 65, "Enter 12 to 64 characters"),
        ("%" * 20, "Enter 12 to 64 characters"),
    ],
)
def test_a_wrong_entry_is_answered_and_kept(client, digest, problem):
    text = check(client, factories.create_user(), digest)

    assert problem in text
    assert "<title>Error: Check a report" in text
    assert f'value="{digest}"' in text or not digest


def test_a_hash_and_a_file_together_are_refused(client):
    text = check(client, factories.create_user(), "a" * 64, file=SimpleUploadedFile("report.pdf", b"x"))

    assert "not both" in text


def test_a_file_larger_than_any_report_is_refused(client, settings):
    settings.UPLOAD_MAX_BYTES = 10

    text = check(client, factories.create_user(), file=SimpleUploadedFile("report.pdf", b"x" * 11))

    assert "larger than any report" in text


def test_a_report_links_here_with_its_hash(client):
    assessment, seal = made()
    client.force_login(chair_of(assessment))

    page = client.get(reverse("reports:report", args=[assessment.public_id])).text
    assert f"{URL}?hash={seal.snapshot.digest}" in page

    assert f'value="{seal.snapshot.digest}"' in client.get(f"{URL}?hash={seal.snapshot.digest}").text
