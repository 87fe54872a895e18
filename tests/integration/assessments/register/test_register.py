"""The evidence register: who keeps it, who reads it, and its list."""

from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments import documents
from assessments.models import Artefact, ArtefactLink, Round
from assessments.services import register
from assessments.workflow import Move, State
from partnership.roles import Role
from tests import factories
from tests.integration.assessments.register.conftest import AT, BOARD, KEEPERS, ROLES, changed, cite_in, typed, url

pytestmark = pytest.mark.django_db


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
