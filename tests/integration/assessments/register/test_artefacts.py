"""What an artefact holds, and how its file is served."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Artefact
from assessments.services import register
from assessments.workflow import State
from tests import factories, sample_files
from tests.integration.assessments.register.conftest import AT, BOARD, ROLES, cite_in, pdf, typed, url, with_file

pytestmark = pytest.mark.django_db


# What it holds


def test_an_artefact_with_a_file_is_kept_with_its_name(client, people, place):
    client.force_login(people["contributor"])

    response = client.post(url("artefact_add", place), with_file(pdf("../Joint\u202e plan.pdf")))

    artefact = place.artefacts.get()
    assert response["Location"] == url("artefact", artefact)
    assert artefact.file_name == "Joint plan.pdf"
    assert artefact.file.size == len(sample_files.PDF)
    assert artefact.added_by == people["contributor"]


def test_an_artefact_held_elsewhere_says_where_in_its_note(client, people, place):
    client.force_login(people["lead"])

    refused = client.post(url("artefact_add", place), typed(kind="MINUTE", url=None))
    added = client.post(url("artefact_add", place), typed(kind="MINUTE", url=None, note="Board papers, item 6"))

    assert "say in the note where it is held" in refused.text
    assert added.status_code == 302
    assert place.artefacts.get().note == "Board papers, item 6"


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"title": ""}, "Enter a title"),
        ({"kind": ""}, "Choose what it is"),
        ({"url": "nonsense address"}, "Enter a link in full"),
        ({"url": "ftp://documents.example/plan"}, "must begin with https"),
        ({"url": "javascript:alert(1)"}, "Enter a link in full"),
        ({"dated_on_day": "31", "dated_on_month": "2", "dated_on_year": "2026"}, "must be a real date"),
        (
            {
                "dated_on_day": "2",
                "dated_on_month": "2",
                "dated_on_year": "2026",
                "review_by_day": "1",
                "review_by_month": "2",
                "review_by_year": "2026",
            },
            "The review date must not lie before the date of the document",
        ),
        ({"owner": "5b0b1e9a-3a3c-4f0c-9d5e-0d4f7a6c1b2e"}, "Choose an organisation that is a partner of the place"),
        ({"strength": "9"}, "Select a valid choice"),
        ({"sensitivity": ""}, "Choose who may read it"),
    ],
)
def test_each_mistake_is_named_and_nothing_is_added(client, people, place, changes, message):
    client.force_login(people["lead"])

    response = client.post(url("artefact_add", place), typed(**changes))

    assert response.status_code == 200
    assert message in response.text
    assert "<title>Error: " in response.text
    assert not place.artefacts.exists()


def test_an_empty_post_names_every_mistake(client, people, place):
    client.force_login(people["lead"])

    response = client.post(url("artefact_add", place), {})

    for message in ("Enter a title", "Choose what it is", "Choose a file, or give a link"):
        assert message in response.text


def test_a_file_and_a_link_together_are_refused(client, people, place):
    client.force_login(people["lead"])

    response = client.post(url("artefact_add", place), with_file(pdf(), url="https://documents.example/plan"))

    assert "Give a file or a link, not both" in response.text
    assert not place.artefacts.exists()


def test_a_file_needs_the_promise_about_patients(client, people, place):
    client.force_login(people["lead"])

    response = client.post(url("artefact_add", place), with_file(pdf(), no_patients=None) | {"no_patients": ""})

    assert "Tick to say that the file holds nothing about patients" in response.text
    # The browser sends no file twice, so that the person has to know.
    assert "Choose the file again" in response.text
    assert not place.artefacts.exists()


def test_another_mistake_says_that_the_file_must_be_chosen_again(client, people, place):
    client.force_login(people["lead"])

    response = client.post(url("artefact_add", place), with_file(pdf(), title=""))

    assert "Choose the file again" in response.text


@pytest.mark.parametrize(
    "upload, message",
    [
        (pdf("plan.pdf", sample_files.EXE), "its content is not a PDF document"),
        (pdf("map.png", sample_files.HTML), "its content is not a PNG picture"),
        (pdf("empty.pdf", b""), "The selected file is empty"),
        (pdf("tool.exe", sample_files.EXE), "must be PDF, Word"),
        (pdf("bomb.docx", sample_files.zip_bomb()), "unpacks to far more"),
        (pdf("large.pdf", b"%PDF-" + bytes(3000) + b"%%EOF"), "must be smaller than"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_wrong_upload_is_answered_clearly_and_kept_nowhere(client, people, place, settings, upload, message):
    settings.UPLOAD_MAX_BYTES = 2500 if upload.name == "large.pdf" else settings.UPLOAD_MAX_BYTES
    upload.seek(0)
    client.force_login(people["lead"])

    response = client.post(url("artefact_add", place), with_file(upload))

    assert response.status_code == 200
    assert message in response.text
    assert "Joint plan" in response.text
    assert not place.artefacts.exists()


def test_a_name_of_three_hundred_characters_is_cut(client, people, place):
    client.force_login(people["lead"])

    client.post(url("artefact_add", place), with_file(pdf("規" * 300 + ".pdf")))

    name = place.artefacts.get().file_name
    assert len(name) <= 200
    assert name.endswith("規.pdf")


def test_adding_twice_with_one_form_adds_one_artefact(client, people, place):
    client.force_login(people["lead"])
    form = typed()

    first = client.post(url("artefact_add", place), form)
    second = client.post(url("artefact_add", place), form)

    assert first["Location"] == second["Location"]
    assert place.artefacts.count() == 1


def test_what_a_contributor_marks_for_the_board_leads_back_to_the_register(client, people, place):
    client.force_login(people["contributor"])

    response = client.post(url("artefact_add", place), typed(sensitivity="BOARD"))

    assert response["Location"] == url("register", place)


def test_an_artefact_added_for_an_item_is_cited_there(client, people, place):
    item = factories.create_item(factories.create_assessment(place=place))
    client.force_login(people["contributor"])
    page = f"{url('artefact_add', place)}?item={item.public_id}"

    assert item.statement in client.get(page).text
    response = client.post(page, typed(locator="page 4"))

    assert response["Location"] == reverse("assessments:item", args=[item.assessment.public_id, item.public_id])
    assert item.artefact_links.get().locator == "page 4"


@pytest.mark.parametrize("asked", ["nonsense", "5b0b1e9a-3a3c-4f0c-9d5e-0d4f7a6c1b2e"])
def test_an_artefact_for_an_unknown_item_is_not_found(client, people, place, asked):
    client.force_login(people["lead"])

    assert client.get(f"{url('artefact_add', place)}?item={asked}").status_code == 404


def test_an_artefact_for_an_item_that_is_frozen_is_not_added(client, people, place):
    item = cite_in(place, factories.create_artefact(place, by=people["lead"]), state=State.SIGNING)
    client.force_login(people["lead"])

    response = client.post(f"{url('artefact_add', place)}?item={item.public_id}", typed(title="Late paper"))

    assert "The evidence was fixed when the assessment was put up for signature." in response.text
    assert "Late paper" in response.text
    assert place.artefacts.count() == 1


def test_an_artefact_and_an_item_of_different_places_never_meet(people, place):
    elsewhere = factories.create_item(factories.create_assessment())
    # Somebody who keeps the registers of both places.
    factories.create_membership(user=people["lead"], role="LEAD", place=elsewhere.assessment.place)
    values = {"item": elsewhere, "by": people["lead"], "at": AT}

    with pytest.raises(register.OfAnotherPlace):
        register.link_artefact(artefact=factories.create_artefact(place), **values)
    with pytest.raises(register.OfAnotherPlace):
        register.add_artefact(place=place, title="New", kind="LINK", url="https://a.example", **values)

    assert not elsewhere.artefact_links.exists()


@pytest.mark.parametrize(
    "values", [{"url": "", "note": ""}, {"url": "https://a.example", "file_name": "plan.pdf"}, {"strength": 5}]
)
def test_the_database_holds_no_artefact_that_makes_no_sense(place, values):
    artefact = factories.create_artefact(place)

    with pytest.raises(IntegrityError), transaction.atomic():
        Artefact.objects.filter(pk=artefact.pk).update(**values)


# The file


@pytest.fixture
def filed(client, people, place):
    client.force_login(people["lead"])
    client.post(url("artefact_add", place), with_file(pdf("Café plan.pdf")))
    return place.artefacts.get()


def test_a_file_is_served_as_an_attachment_that_can_do_nothing(client, filed):
    response = client.get(url("artefact_file", filed))

    assert b"".join(response.streaming_content) == sample_files.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Caf%C3%A9%20plan.pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_head_tells_the_same_without_the_content(client, filed):
    got, asked = client.get(url("artefact_file", filed)), client.head(url("artefact_file", filed))

    assert asked.content == b""
    # Between the two a second may begin, and each tells when it was given.
    said = [{name: value for name, value in each.items() if name != "Expires"} for each in (asked, got)]
    assert said[0] == said[1]
    assert asked["Content-Length"] == str(len(sample_files.PDF))
    got.getvalue()


@pytest.mark.parametrize("role", ROLES)
def test_who_gets_the_file(client, people, filed, role):
    client.force_login(people[role])

    response = client.get(url("artefact_file", filed))

    assert response.status_code == (200 if role in BOARD | {"contributor"} else 404)
    response.getvalue()


def test_an_artefact_without_a_file_has_none_to_serve(client, people, place):
    artefact = factories.create_artefact(place, by=people["lead"])
    client.force_login(people["lead"])

    assert client.get(url("artefact_file", artefact)).status_code == 404
    assert client.post(url("artefact_file", artefact)).status_code == 405


def test_nobody_signed_out_gets_the_file(client, filed):
    client.logout()

    response = client.get(url("artefact_file", filed))

    assert response.status_code == 302
    assert "sign-in" in response["Location"] or "sign_in" in response["Location"]
