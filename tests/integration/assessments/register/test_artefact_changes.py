"""Changing an artefact and ending it: what is shown, what is refused, and what is cited stays."""

from datetime import date

import pytest
from django.utils import timezone

from assessments.services import register
from assessments.workflow import FROZEN, State
from partnership import audit
from partnership.models import AuditEvent, Stale
from tests import factories, sample_files
from tests.integration.assessments.register.conftest import AT, changed, cite_in, pdf, url, with_file

pytestmark = pytest.mark.django_db


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
