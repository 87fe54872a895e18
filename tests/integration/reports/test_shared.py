"""Who reads a submitted assessment, by the round's visibility: the place, the ICB, other places, anybody."""

import re

import pytest
from django.urls import reverse

from assessments.models import Round
from assessments.workflow import SHARED_WITH_ICB, Move, State
from partnership.roles import AT_PLACE, OF_SYSTEM, Role
from reports import services
from tests import factories

pytestmark = pytest.mark.django_db
V = Round.Visibility
SHARED = reverse("reports:shared")
READERS = {
    "place": {V.PLACE, V.ICB, V.PEERS, V.PUBLISHED},
    "icb": {V.ICB, V.PEERS, V.PUBLISHED},
    "peer": {V.PEERS, V.PUBLISHED},
    "elsewhere": set(),
    "icb elsewhere": set(),
    "nobody": set(),
}


def submitted(visibility, state=State.SUBMITTED):
    place = factories.create_place("Ashby")
    return factories.create_assessment(place=place, state=state, visibility=visibility, name="Autumn")


def cast(assessment):
    """Return one person of each role for each sort of reader."""
    place = assessment.place
    peer = factories.create_place("Birling", system=place.system)
    elsewhere = factories.create_place("Coldwell")
    return {
        "place": [factories.holder(role, place) for role in sorted(AT_PLACE)],
        "icb": [factories.holder(role, place) for role in sorted(OF_SYSTEM)],
        "peer": [factories.holder(role, peer) for role in sorted(AT_PLACE)],
        "elsewhere": [factories.holder(Role.LEAD, elsewhere)],
        "icb elsewhere": [factories.holder(Role.PROGRAMME_OFFICE, elsewhere)],
        "nobody": [factories.create_user()],
    }


def url(name, assessment):
    return reverse(f"reports:{name}", args=[assessment.public_id])


@pytest.mark.parametrize("visibility", V)
def test_each_choice_of_visibility_governs_every_reader(client, quick, visibility):
    assessment = submitted(visibility)
    services.make_report(subject=assessment.seal.public_id, at=factories.AT)
    for sort, people in cast(assessment).items():
        reads = visibility in READERS[sort]
        for person in people:
            client.force_login(person)
            for name, ask in (("report", client.get), ("report_pdf", client.head)):
                status = ask(url(name, assessment)).status_code
                assert (status == 200) == reads, f"{sort}, {person}, {name}: {status}"
            lists = "Ashby, Autumn" in client.get(SHARED).text
            assert lists == (reads and sort == "peer"), f"{sort}, {person}"
    client.logout()
    assert client.get(url("summary", assessment)).status_code == (200 if visibility == V.PUBLISHED else 404)


@pytest.mark.parametrize("state", [state for state in State if state not in SHARED_WITH_ICB])
def test_nothing_is_shared_or_published_before_it_is_submitted(client, state):
    assessment = submitted(V.PUBLISHED, state)
    client.force_login(cast(assessment)["peer"][0])

    assert client.get(url("report", assessment)).status_code == 404
    assert "Nothing is shared yet" in client.get(SHARED).text
    assert client.get(url("summary", assessment)).status_code == 404


@pytest.mark.parametrize("state", sorted(SHARED_WITH_ICB))
def test_review_and_decision_neither_hide_nor_show_anything(client, state):
    assessment = submitted(V.PUBLISHED, state)
    client.force_login(cast(assessment)["peer"][0])

    text = client.get(url("report", assessment)).text
    assert "Superseded" not in text
    for private in ("review", "decision"):
        assert reverse(f"assessments:{private}", args=[assessment.public_id]) not in text
    assert "Ashby, Autumn" in client.get(SHARED).text
    client.logout()
    assert "Superseded" not in client.get(url("summary", assessment)).text


@pytest.mark.parametrize("state", [State.SUBMITTED, State.DECIDED])
def test_a_version_that_was_reopened_says_so_to_peers_and_to_anybody(client, state):
    assessment = submitted(V.PUBLISHED, state)
    peer = cast(assessment)["peer"][0]
    later = factories.reopened(assessment, reason="A canary reason")

    client.force_login(peer)
    report, listed = client.get(url("report", assessment)).text, client.get(SHARED).text
    assert client.get(url("report", later)).status_code == 404
    client.logout()
    summary = client.get(url("summary", assessment)).text

    assert client.get(url("summary", later)).status_code == 404
    for text in (report, summary):
        assert "Superseded by version 2" in text
        assert "canary" not in text
        assert str(later.public_id) not in text
    assert "Ashby, Autumn, version 1</a> (re-opened since)" in listed


def test_what_is_superseded_leads_to_what_took_its_place_once_that_is_submitted(client):
    assessment = submitted(V.PUBLISHED)
    peer = cast(assessment)["peer"][0]
    later = factories.sign_again(factories.reopened(assessment))
    factories.move(later, Move.SUBMIT)

    assert f'href="{url("summary", later)}"' in client.get(url("summary", assessment)).text
    client.force_login(peer)
    assert f'href="{url("report", later)}"' in client.get(url("report", assessment)).text
    assert client.get(url("report", later)).status_code == 200
    newer = client.get(url("summary", later)).text
    assert "Autumn, version 2" in newer
    assert "Superseded" not in newer


def test_a_summary_counts_again_once_the_version_that_took_its_place_is_withdrawn(client):
    assessment = submitted(V.PUBLISHED)
    factories.withdrawn(factories.reopened(assessment))

    assert "Superseded" not in client.get(url("summary", assessment)).text


def test_other_places_read_the_report_and_nothing_else_of_the_place(client):
    assessment = submitted(V.PEERS)
    client.force_login(cast(assessment)["peer"][0])

    text = client.get(url("report", assessment)).text
    page = reverse("assessments:assessment", args=[assessment.public_id])
    assert f'href="{page}"' not in text
    assert SHARED in text
    for name in ("assessments:assessment", "assessments:signoff", "assessments:agreeing", "assessments:deadlines"):
        assert client.get(reverse(name, args=[assessment.public_id])).status_code == 404
    assert client.get(reverse("reports:place", args=[assessment.place.public_id])).status_code == 404
    assert client.get(reverse("assessments:register", args=[assessment.place.public_id])).status_code == 404
    links = {link.partition("#")[0] for link in re.findall(r'href="(/[^"]*)"', text) if "/static/" not in link}
    assert [link for link in links if client.get(link).status_code == 404] == []


def test_a_published_summary_names_nobody_and_leads_to_no_evidence(client):
    place = factories.create_place("Ashby")
    opened = factories.create_round(places=[place], visibility=V.PUBLISHED)
    assessment = opened.assessments.select_related("place__system", "round", "framework_version").get()
    item = factories.create_item(assessment, statement="A canary statement")
    factories.create_artefact(place, item=item, title="Canary paper", url="https://canary.example/paper")
    factories.submitted(assessment)

    text = client.get(url("summary", assessment)).text

    assert "Ashby" in text
    assert "Supported by evidence" in text
    people = [part.user for part in place.memberships.select_related("user", "organisation")]
    organisations = [part.organisation.name for part in place.memberships.all()]
    for private in ("canary", "Canary", *[person.name for person in people], *organisations):
        assert private not in text, private


def test_shared_pages_num_queries(client, django_assert_num_queries):
    assessment = submitted(V.PUBLISHED)
    # assessment with its seal and snapshot
    with django_assert_num_queries(1):
        client.get(url("summary", assessment))
    peer = cast(assessment)["peer"][0]
    client.force_login(peer)
    # session, user, the list
    with django_assert_num_queries(3):
        client.get(SHARED)
