from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments import documents
from assessments.models import Artefact, ArtefactLink, Assessment, Round
from assessments.services import register
from assessments.workflow import FROZEN, Move, State
from partnership import audit
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories, sample_files
from tests.kept import kept

pytestmark = pytest.mark.django_db
AT = factories.AT
ROLES = ["lead", "contributor", "chair", "member", "signatory", "observer", "programme_office", "reviewer", "outsider"]
KEEPERS = {"lead", "contributor"}
BOARD = {"lead", "chair", "member", "signatory"}


@kept
def place():
    return factories.create_place("Ashby")


@kept
def people(place):
    return factories.create_people(*ROLES, place=place)


def typed(**changes):
    """Return what a person types into the form: a plan that a link leads to."""
    values = {
        "title": "Joint plan",
        "kind": "DOCUMENT",
        "url": "https://documents.example/plan",
        "sensitivity": "PARTNERSHIP",
        "strength": "",
        "token": str(uuid4()),
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def pdf(name="plan.pdf", content=sample_files.PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def with_file(upload, **changes):
    return typed(url=None, file=upload, no_patients="on") | changes


def url(name, row):
    return reverse(f"assessments:{name}", args=[row.public_id])


def cite_in(place, artefact, *, state, visibility=Round.Visibility.ICB):
    """Cite the artefact in an assessment of the place, which is put in a state for the sake of the table alone."""
    item = factories.create_item(factories.create_assessment(place=place, visibility=visibility))
    register.link_artefact(artefact=artefact, item=item, by=factories.holder("LEAD", place), at=AT)
    Assessment.objects.filter(pk=item.assessment_id).update(state=state)
    return item


# Who keeps it


@pytest.mark.parametrize("role", ROLES)
def test_who_keeps_the_register(people, place, role):
    artefact = factories.create_artefact(place, by=people["lead"])
    by = people[role]
    values = {"title": "New", "kind": "LINK", "url": "https://documents.example/new", "by": by, "at": AT}
    acts = [
        lambda: register.add_artefact(place=place, **values),
        lambda: register.change_artefact(artefact=artefact, based_on=1, **values),
        lambda: register.end_artefact(artefact=artefact, based_on=2, by=by, at=AT),
    ]

    for act in acts:
        if role in KEEPERS:
            act()
        else:
            with pytest.raises(PermissionDenied):
                act()

    assert place.artefacts.filter(title="New").count() == (2 if role in KEEPERS else 0)


@pytest.mark.parametrize("role", ROLES)
def test_register_forms_by_role(client, people, place, role):
    artefact = factories.create_artefact(place, by=people["lead"])
    client.force_login(people[role])
    pages = [url("artefact_add", place), url("artefact_edit", artefact), url("artefact_end", artefact)]

    found = [client.get(page).status_code for page in pages]
    posted = client.post(pages[0], typed()).status_code

    # What is not submitted does not exist yet for observers and the ICB.
    hidden = {"outsider": [404] * 3, "observer": [403, 404, 404]}
    expected = hidden.get(role) or ([403, 404, 404] if role in {"programme_office", "reviewer"} else [403] * 3)
    assert found == ([200] * 3 if role in KEEPERS else expected)
    assert posted == (302 if role in KEEPERS else expected[0])


@pytest.mark.parametrize("role", sorted(KEEPERS))
def test_only_the_lead_proposes_strength(client, people, place, role):
    client.force_login(people[role])

    page = client.get(url("artefact_add", place))
    client.post(url("artefact_add", place), typed(strength="3"))

    assert ("How strong it is" in page.text) == (role == "lead")
    assert place.artefacts.get().strength == (3 if role == "lead" else None)


def test_a_strength_not_yet_proposed_is_told_from_none_and_cannot_come_back(client, people, place):
    artefact = factories.create_artefact(place, by=people["lead"])
    client.force_login(people["lead"])
    page = partial(client.get, url("artefact", artefact))
    edit = partial(client.get, url("artefact_edit", artefact))

    assert "Strength not yet proposed" in page().text
    assert "Not yet proposed" in edit().text
    client.post(url("artefact_edit", artefact), changed(artefact, strength="0"))
    artefact.refresh_from_db()
    assert artefact.strength == 0
    assert "None or out of date" in page().text
    assert not Artefact.objects.in_date(AT.date()).exists()
    assert "Not yet proposed" not in edit().text
    client.post(url("artefact_edit", artefact), changed(artefact, strength=""))
    artefact.refresh_from_db()
    assert artefact.strength == 0


def test_no_page_takes_a_strength_that_is_not_yet_proposed_for_another(client):
    assessment = factories.create_assessment()
    place, item = assessment.place, factories.create_item(assessment)
    artefact = factories.create_artefact(place, item=item, title="Joint plan")

    def told_to(person, *addresses):
        client.force_login(person)
        for address in addresses:
            _, _, told = client.get(address).text.lower().partition("joint plan")
            assert "strength not yet proposed" in told, address
            # Reviewers may choose it themselves.
            assert "none or out of date" not in told or address.endswith("/review/"), address

    factories.put_up(assessment)
    signatory = factories.create_signatory(place)
    told_to(signatory, url("sign", assessment))
    factories.create_signature(assessment, by=signatory)
    factories.move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")
    factories.move(assessment, Move.SUBMIT)
    told_to(
        factories.holder(Role.LEAD, place),
        url("register", place),
        url("artefact", artefact),
        reverse("assessments:item", args=[assessment.public_id, item.public_id]),
        reverse("assessments:agree", args=[assessment.public_id, "SO1"]),
        reverse("reports:report", args=[assessment.public_id]),
    )
    factories.move(assessment, Move.START_REVIEW)
    told_to(
        factories.holder(Role.REVIEWER, place),
        reverse("assessments:review_criterion", args=[assessment.public_id, "SO1"]),
    )
    document = documents.document(assessment=assessment, on=AT.date())
    assert [each["strength"] for each in document["artefacts"]] == [None]
    assert [each["strength"] for each in document["items"]] == [0]


def test_a_contributor_cannot_change_the_strength_that_the_lead_proposed(people, place):
    artefact = factories.create_artefact(place, by=people["lead"], strength=2)
    values = {"title": "Plan", "kind": "LINK", "url": artefact.url, "by": people["contributor"], "at": AT}

    kept = register.change_artefact(artefact=artefact, based_on=1, **values)
    with pytest.raises(PermissionDenied):
        register.change_artefact(artefact=artefact, based_on=2, strength=4, **values)

    assert kept.strength == 2


def test_what_waits_for_the_lead_says_so(client, people, place):
    artefact = factories.create_artefact(place, by=people["contributor"])
    client.force_login(people["lead"])

    assert "Strength not yet proposed" in client.get(url("artefact", artefact)).text
    assert "Strength not yet proposed" in client.get(url("register", place)).text


# Who reads it


@pytest.mark.parametrize("state", [None, State.AGREEING, State.SIGNED, State.SUBMITTED])
def test_who_reads_an_artefact(client, people, place, state, subtests):
    marked = {
        sensitivity: factories.create_artefact(place, by=people["lead"], sensitivity=sensitivity, title=f"Plan {mark}")
        for mark, sensitivity in enumerate(Artefact.Sensitivity.values)
    }
    if state:
        for artefact in marked.values():
            cite_in(place, artefact, state=state)
    for role in ROLES:
        client.force_login(people[role])
        listed = client.get(url("register", place))
        assert listed.status_code == (404 if role == "outsider" else 200)
        for sensitivity, artefact in marked.items():
            with subtests.test(role=role, sensitivity=sensitivity):
                may = role in BOARD or (
                    sensitivity != "BOARD"
                    and (role == "contributor" or (role != "outsider" and state == State.SUBMITTED))
                )
                assert client.get(url("artefact", artefact)).status_code == (200 if may else 404)
                assert (artefact.title in listed.text) == may


def test_the_icb_does_not_read_what_a_round_keeps_at_the_place(client, people, place):
    artefact = factories.create_artefact(place, by=people["lead"])
    cite_in(place, artefact, state=State.SUBMITTED, visibility=Round.Visibility.PLACE)

    for role, status in (("programme_office", 404), ("observer", 200)):
        client.force_login(people[role])
        assert client.get(url("artefact", artefact)).status_code == status


def test_where_an_artefact_is_cited_is_shown_to_those_who_may_read_that(client, people, place):
    artefact = factories.create_artefact(place, by=people["lead"])
    cite_in(place, artefact, state=State.SUBMITTED)
    Round.objects.update(name="Spring round")
    cite_in(place, artefact, state=State.SCORING)
    Round.objects.exclude(name="Spring round").update(name="Autumn round")

    client.force_login(people["lead"])
    assert "Autumn round" in client.get(url("artefact", artefact)).text
    client.force_login(people["reviewer"])
    seen = client.get(url("artefact", artefact)).text
    assert "Spring round" in seen
    assert "Autumn round" not in seen


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


# Changing and ending it


def changed(artefact, **changes):
    return typed(url=artefact.url, based_on=str(artefact.version), token=None) | changes


def test_changing_shows_what_is_stored_and_saves(client, people, place):
    owner = factories.create_organisation("Ashby Council", place=place)
    artefact = factories.create_artefact(
        place, by=people["lead"], title="Plan", owner=owner, dated_on=date(2026, 3, 27), strength=1
    )
    client.force_login(people["lead"])

    page = client.get(url("artefact_edit", artefact)).text
    response = client.post(
        url("artefact_edit", artefact), changed(artefact, title="Better plan", owner=str(owner.public_id), strength="2")
    )

    assert 'value="Plan"' in page
    assert f'<option value="{owner.public_id}" selected>Ashby Council' in page
    assert 'value="27"' in page
    assert response.status_code == 302
    artefact.refresh_from_db()
    assert (artefact.title, artefact.owner, artefact.dated_on, artefact.strength) == ("Better plan", owner, None, 2)


def test_a_stale_change_shows_both_and_overwrites_nothing(client, people, place):
    artefact = factories.create_artefact(place, by=people["lead"], title="Old title")
    client.force_login(people["lead"])
    client.post(url("artefact_edit", artefact), changed(artefact, title="Their title"))

    response = client.post(url("artefact_edit", artefact), changed(artefact, title="My title"))

    assert response.status_code == 409
    assert "Their title" in response.text
    assert "My title" in response.text
    assert "nothing was saved" in response.text
    assert place.artefacts.get().title == "Their title"
    assert 'name="based_on" value="2"' in response.text


def test_a_change_without_a_file_keeps_the_one_that_is_there(client, people, place):
    client.force_login(people["lead"])
    client.post(url("artefact_add", place), with_file(pdf()))
    artefact = place.artefacts.get()

    client.post(url("artefact_edit", artefact), changed(artefact, title="New title"))
    artefact.refresh_from_db()
    assert (artefact.title, artefact.file_name) == ("New title", "plan.pdf")

    client.post(
        url("artefact_edit", artefact),
        changed(artefact, file=pdf("other.pdf", sample_files.PDF + b"\n"), no_patients="on"),
    )
    artefact.refresh_from_db()
    assert artefact.file_name == "other.pdf"

    client.post(url("artefact_edit", artefact), changed(artefact, url="https://documents.example/plan"))
    artefact.refresh_from_db()
    assert (artefact.file, artefact.file_name, artefact.url) == (None, "", "https://documents.example/plan")


@pytest.mark.parametrize("state", State.values)
def test_what_a_frozen_assessment_cites_keeps_its_link(client, people, place, state):
    artefact = factories.create_artefact(place, by=people["lead"])
    cite_in(place, artefact, state=state)
    client.force_login(people["lead"])

    new_link = client.post(url("artefact_edit", artefact), changed(artefact, url="https://documents.example/other"))
    artefact.refresh_from_db()
    new_title = client.post(url("artefact_edit", artefact), changed(artefact, title="New title"))

    frozen = state in FROZEN
    assert new_link.status_code == (200 if frozen else 302)
    assert ("its file or link stays" in new_link.text) == frozen
    assert new_title.status_code == 302


def test_ending_an_artefact_keeps_it_where_it_is_cited(client, people, place):
    artefact = factories.create_artefact(place, by=people["lead"], title="Old plan")
    item = cite_in(place, artefact, state=State.PREPARING)
    client.force_login(people["lead"])

    response = client.post(url("artefact_end", artefact), {"based_on": "1"})

    artefact.refresh_from_db()
    assert response.status_code == 302
    assert artefact.ended_on == timezone.localdate()
    assert item.artefact_links.get().artefact == artefact
    assert "This artefact was ended on" in client.get(url("artefact", artefact)).text
    table = client.get(url("register", place))
    assert not list(table.context["page"])
    assert list(client.get(url("register", place) + "?ended=on").context["page"]) == [artefact]
    other = factories.create_item(item.assessment)
    with pytest.raises(register.ArtefactEnded):
        register.link_artefact(artefact=artefact, item=other, by=people["lead"], at=AT)


def test_ending_twice_or_from_a_stale_page_changes_nothing(people, place):
    artefact = factories.create_artefact(place, by=people["lead"])
    with pytest.raises(Stale):
        register.end_artefact(artefact=artefact, based_on=7, by=people["lead"], at=AT)

    register.end_artefact(artefact=artefact, based_on=1, by=people["lead"], at=AT)

    with pytest.raises(register.ArtefactEnded):
        register.end_artefact(artefact=artefact, based_on=2, by=people["lead"], at=AT)


def test_each_act_is_recorded_without_the_words(people, place):
    lead = people["lead"]
    artefact = factories.create_artefact(place, by=lead, title="Secret title", note="Secret note")
    item = factories.create_item(factories.create_assessment(place=place))
    register.link_artefact(artefact=artefact, item=item, locator="Secret page", by=lead, at=AT)
    register.unlink_artefact(artefact=artefact, item=item, by=lead, at=AT)
    register.end_artefact(artefact=artefact, based_on=1, by=lead, at=AT)

    events = AuditEvent.objects.filter(target=str(artefact.public_id)).order_by("pk")

    assert [event.type for event in events] == [
        "ARTEFACT_ADDED",
        "ARTEFACT_LINKED",
        "ARTEFACT_UNLINKED",
        "ARTEFACT_CHANGED",
    ]
    assert not [event for event in events if "Secret" in event.details]
    for chain in (place.system, item.assessment):
        assert not list(audit.faults(audit.chain_key(chain)))


# The list


@pytest.fixture
def stocked(people, place):
    """A register with one artefact for each thing that can be asked for."""
    today = timezone.localdate()
    lead = people["lead"]
    made = {
        "minute": factories.create_artefact(place, by=lead, kind="MINUTE", strength=2),
        "overdue": factories.create_artefact(place, by=lead, strength=2, review_by=today - timedelta(days=1)),
        "soon": factories.create_artefact(place, by=lead, strength=2, review_by=today + timedelta(days=60)),
        "later": factories.create_artefact(place, by=lead, strength=2, review_by=today + timedelta(days=61)),
        "unproposed": factories.create_artefact(place, by=lead),
        "none": factories.create_artefact(place, by=lead, strength=0),
        "cited": factories.create_artefact(place, by=lead, strength=3),
    }
    cite_in(place, made["cited"], state=State.PREPARING)
    return made


@pytest.mark.parametrize(
    "query, names",
    [
        ("", {"minute", "overdue", "soon", "later", "unproposed", "none", "cited"}),
        ("kind=MINUTE", {"minute"}),
        ("due=on", {"overdue", "soon"}),
        ("unproposed=on", {"unproposed"}),
        ("criterion=SO1", {"cited"}),
        ("criterion=SO2", set()),
        ("kind=MINUTE&due=on", set()),
        (
            "kind=nonsense&criterion=nonsense&page=nonsense",
            {"minute", "overdue", "soon", "later", "unproposed", "none", "cited"},
        ),
    ],
)
def test_the_address_narrows_the_list_down(client, people, place, stocked, query, names):
    client.force_login(people["lead"])

    response = client.get(f"{url('register', place)}?{query}")

    assert response.status_code == 200
    assert set(response.context["page"]) == {stocked[name] for name in names}
    assert ("Nothing matches" in response.text) == (not names)


def test_titles_are_in_the_order_in_which_people_put_them(client, people, place):
    titles = ["Appendix 1", "Item 2", "item 3 of 12", "Item 10", "10 years of plans", "2 years of plans", "Ziel ²"]
    for title in titles:
        factories.create_artefact(place, by=people["lead"], title=title)
    client.force_login(people["lead"])

    page = client.get(url("register", place)).context["page"]

    assert [each.title for each in page] == [
        "2 years of plans",
        "10 years of plans",
        "Appendix 1",
        "Item 2",
        "item 3 of 12",
        "Item 10",
        "Ziel ²",
    ]


def test_an_empty_register_says_what_will_come(client, people, place):
    for role, words in (
        ("lead", "Add the documents, minutes"),
        ("member", "The place lead and contributors add artefacts"),
        ("programme_office", "once the place has submitted"),
    ):
        client.force_login(people[role])
        assert words in client.get(url("register", place)).text


@pytest.mark.parametrize("count", [10, 1000])
def test_the_register_asks_as_much_for_ten_as_for_a_thousand(client, people, place, count, django_assert_num_queries):
    item = factories.create_item(factories.create_assessment(place=place))
    owners = [factories.create_organisation(place=place) for _ in range(10)]
    made = Artefact.objects.bulk_create(
        Artefact(
            place=place,
            title=f"Artefact {number:04}",
            kind=Artefact.Kind.LINK,
            url="https://documents.example",
            owner=owners[number % 10],
            strength=1,
            added_at=AT,
            added_by=people["lead"],
        )
        for number in range(count)
    )
    ArtefactLink.objects.bulk_create(ArtefactLink(item=item, artefact=artefact) for artefact in made)
    client.force_login(people["lead"])

    # session, user, place, capacity, latest assessment, their titles, one page of them, where they are cited
    with django_assert_num_queries(8):
        response = client.get(url("register", place) + "?kind=LINK&criterion=SO1")

    assert len(response.context["page"]) == min(count, 25)
    if count > 25:
        assert "?kind=LINK&amp;criterion=SO1&amp;page=2" in response.text


def test_artefact_page_num_queries(client, people, place, django_assert_num_queries):
    artefact = factories.create_artefact(place, by=people["lead"])
    for _ in range(2):
        cite_in(place, artefact, state=State.PREPARING)
    client.force_login(people["lead"])

    # session, user, artefact, capacity, where it is cited
    with django_assert_num_queries(5):
        client.get(url("artefact", artefact))


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
