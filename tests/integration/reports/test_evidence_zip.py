"""The evidence of an assessment as a zip: what a person may read, whole, under safe names, and sent piece by piece."""

import csv
import hashlib
import io
import json
import zipfile

import pytest
from django.urls import reverse

from assessments.models import Artefact
from assessments.uploads import Upload
from assessments.workflow import State
from partnership import storage
from partnership.roles import Role
from reports.exports import evidence
from reports.tables import BYTE_ORDER_MARK
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_report_is_ordered")]


def uploaded(text, name="plan.txt"):
    return Upload(name=name, media_type="text/plain", content=io.BytesIO(text.encode()))


def submitted(*artefacts):
    """Return a submitted assessment that cites artefacts with these values."""
    place = factories.create_place("Mossley")
    assessment = factories.create_assessment(place=place)
    item = factories.create_item(assessment)
    for values in artefacts:
        factories.create_artefact(place, item=item, **values)
    return factories.submitted(assessment)


def take(client, person, assessment):
    client.force_login(person)
    return client.get(reverse("reports:data_file", args=[assessment.public_id, "evidence"]))


def unzipped(response):
    package = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert package.testzip() is None
    return package, {each["title"]: each for each in json.loads(package.read(evidence.MANIFEST_JSON))["artefacts"]}


def test_every_file_is_in_it_once_with_its_hash(client):
    assessment = submitted(
        {"title": "../../etc/Plan: 2026", "upload": uploaded("We plan.", "../../plan.txt")},
        {"title": "The same again", "upload": uploaded("We plan.", "copy.txt")},
        {"title": "Minutes", "url": "https://documents.example/minutes"},
        {"title": "=1+1", "note": "In the cabinet"},
    )
    response = take(client, factories.holder(Role.PROGRAMME_OFFICE, assessment.place), assessment)
    package, told = unzipped(response)

    assert response["Content-Disposition"].startswith('attachment; filename="mossley-round-')
    digest = hashlib.sha256(b"We plan.").hexdigest()
    assert told["../../etc/Plan: 2026"]["path"] == f"files/etcplan-2026-{digest[:12]}.txt"
    assert package.read(told["The same again"]["path"]) == b"We plan."
    assert told["The same again"]["sha256"] == digest
    assert (told["Minutes"]["path"], told["Minutes"]["why_not"]) == ("", evidence.NO_FILE)
    assert told["Minutes"]["cited_by"] == "SO1.1"
    sums = package.read(evidence.SUMS).decode().splitlines()
    assert {line.split("  ")[1] for line in sums} == {name for name in package.namelist() if name.startswith("files/")}
    rows = csv.DictReader(io.StringIO(package.read(evidence.MANIFEST_CSV).decode().removeprefix(BYTE_ORDER_MARK)))
    assert sorted(row["title"] for row in rows)[0] == "'=1+1"


@pytest.mark.parametrize("role", [Role.CHAIR, Role.PROGRAMME_OFFICE, Role.CONTRIBUTOR])
def test_what_is_for_the_board_alone_goes_to_the_board_alone(client, role):
    board = Artefact.Sensitivity.BOARD
    assessment = submitted({"title": "Risk register", "upload": uploaded("Quietly"), "sensitivity": board})
    package, told = unzipped(take(client, factories.holder(role, assessment.place), assessment))

    if role == Role.CHAIR:
        assert package.read(told["Risk register"]["path"]) == b"Quietly"
    else:
        (entry,) = told.values()
        assert entry["why_not"] == evidence.NOT_YOURS
        assert b"Risk register" not in b"".join(package.read(name) for name in package.namelist())
        assert not [name for name in package.namelist() if name.startswith("files/")]


def test_what_was_sealed_is_given_even_where_the_register_has_another_file_since(client):
    assessment = submitted({"title": "Plan", "upload": uploaded("Sealed")})
    Artefact.objects.filter(title="Plan").update(
        file=storage.keep(io.BytesIO(b"Newer"), media_type="text/plain", at=factories.AT)
    )
    package, told = unzipped(take(client, factories.holder(Role.CHAIR, assessment.place), assessment))

    assert package.read(told["Plan"]["path"]) == b"Sealed"


def test_a_file_that_storage_lost_is_named_and_the_others_are_given(client, monkeypatch):
    assessment = submitted({"title": "Lost", "upload": uploaded("Gone")}, {"title": "Kept", "upload": uploaded("Here")})
    lost = storage.name_of(hashlib.sha256(b"Gone").hexdigest())
    there = evidence.default_storage.exists
    monkeypatch.setattr(evidence.default_storage, "exists", lambda name: name != lost and there(name))
    package, told = unzipped(take(client, factories.holder(Role.CHAIR, assessment.place), assessment))

    assert told["Lost"]["why_not"] == evidence.LOST
    assert package.read(told["Kept"]["path"]) == b"Here"


def test_a_file_that_is_not_what_was_stored_ends_the_zip(client, monkeypatch):
    assessment = submitted({"title": "Plan", "upload": uploaded("As it was")})
    monkeypatch.setattr(storage, "open_stored", lambda file: io.BytesIO(b"Something else"))
    response = take(client, factories.holder(Role.CHAIR, assessment.place), assessment)

    with pytest.raises(storage.FileLost):
        b"".join(response.streaming_content)


def test_it_is_sent_in_small_pieces(client):
    text = "".join(str(number) for number in range(100_000))
    assessment = submitted({"title": "Long", "upload": uploaded(text)})
    response = take(client, factories.holder(Role.CHAIR, assessment.place), assessment)

    assert max(len(piece) for piece in response.streaming_content) < storage.CHUNK + 4096 < len(text)


def test_too_much_for_one_zip_is_refused_with_what_to_do(client, monkeypatch):
    monkeypatch.setattr(evidence, "MOST_BYTES", 3)
    assessment = submitted({"title": "Plan", "upload": uploaded("Four")})
    response = take(client, factories.holder(Role.CHAIR, assessment.place), assessment)

    assert response.status_code == 403
    assert "one by one in the evidence register" in response.text


def test_before_it_is_signed_it_is_as_of_today(client):
    assessment = factories.create_assessment(state=State.PREPARING)
    item = factories.create_item(assessment)
    factories.create_artefact(assessment.place, item=item, title="Draft", upload=uploaded("So far"))
    package, told = unzipped(take(client, factories.holder(Role.LEAD, assessment.place), assessment))

    assert package.read(told["Draft"]["path"]) == b"So far"


@pytest.mark.parametrize("files", [1, 5])
def test_it_takes_as_many_queries_for_many_files_as_for_one(client, files, django_assert_num_queries):
    assessment = submitted(*({"title": f"Plan {n}", "upload": uploaded(f"Plan {n}")} for n in range(files)))
    client.force_login(factories.holder(Role.CHAIR, assessment.place))

    with django_assert_num_queries(8):
        response = client.get(reverse("reports:data_file", args=[assessment.public_id, "evidence"]))
        assert b"".join(response.streaming_content)
