import re
from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from assessments.models import Assessment, Round
from assessments.round_table import Counts, blocks, load_rows, progress
from assessments.services import rounds
from assessments.workflow import State
from frameworks import definition
from frameworks.models import FrameworkVersion
from partnership import audit
from partnership.models import AuditEvent
from partnership.roles import Role
from partnership.services import organisations
from partnership.templatetags.nhsuk import Shown
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db
# How the organisations that must sign stand behind their line.
FOLDED = re.compile(r"<details class=\"nhsuk-details\"( open|)><summary[^>]*><span[^>]*>Organisations that must sign")
AT = factories.AT
DATES = {
    "opens_on": date(2026, 10, 1),
    "scoring_closes_on": date(2026, 12, 4),
    "signing_closes_on": date(2026, 12, 18),
}
ROLES = ["programme_office", "reviewer", "lead", "chair", "member", "signatory", "contributor", "observer", "outsider"]


@kept
def system():
    return factories.create_system("Westshire")


@kept
def place(system):
    return factories.create_place("Ashby", system=system)


@kept
def people(place):
    return factories.create_people(*ROLES, place=place)


@kept
def version():
    return factories.create_framework_version()


def open_round(people, place, version, **changes):
    values = {
        "system": place.system,
        "framework_version": version,
        "name": "Autumn",
        "places": [place],
        "by": people["programme_office"],
        "at": AT,
    }
    return rounds.open_round(**values | DATES | changes)


def typed(place, version, **changes):
    values = {"name": "Autumn", "framework_version": str(version.public_id), "places": [str(place.public_id)]}
    for name, day in DATES.items():
        values |= {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}
    return values | {"minimum_signatures": "2", "visibility": "ICB", "token": str(uuid4())} | changes


def url(name, row):
    return reverse(f"assessments:{name}", args=[row.public_id])


@pytest.mark.parametrize("role", ROLES)
def test_only_the_programme_office_opens_rounds(client, people, place, version, role):
    client.force_login(people[role])

    page = client.get(url("round_open", place.system))
    response = client.post(url("round_open", place.system), typed(place, version))

    expected = {"programme_office": (200, 302), "outsider": (404, 404)}.get(role, (403, 403))
    assert (page.status_code, response.status_code) == expected
    assert Round.objects.exists() == (role == "programme_office")
    if role != "programme_office":
        with pytest.raises(PermissionDenied):
            open_round(people, place, version, by=people[role])


def test_the_programme_office_of_another_system_does_not_find_it(client, place):
    elsewhere = factories.create_membership(role=Role.PROGRAMME_OFFICE).user
    client.force_login(elsewhere)

    assert client.get(url("round_open", place.system)).status_code == 404
    assert client.get(url("round", factories.create_round(places=[place]))).status_code == 404


def test_opening_makes_an_assessment_in_preparation_for_each_place(client, people, system, place, version):
    other = factories.create_place("Birling", system=system)
    council = factories.create_organisation("Ashby Council", place=place)
    trust = factories.create_organisation("Westshire Trust", place=place)
    factories.create_organisation("Birling Council", place=other)
    factories.create_organisation("Birling Carers", place=other)
    client.force_login(people["programme_office"])

    client.post(
        url("round_open", system),
        typed(
            place,
            version,
            places=[str(place.public_id), str(other.public_id)],
            signatories=[str(council.public_id), str(trust.public_id)],
        ),
    )

    opened = Round.objects.get()
    found = {each.place: each for each in opened.assessments.all()}
    assert set(found) == {place, other}
    assert {each.state for each in found.values()} == {State.PREPARING}
    assert (opened.minimum_signatures, opened.scoring_closes_on) == (2, date(2026, 12, 4))
    # An organisation signs where it is a partner.
    assert {each.organisation for each in found[place].required_signatures.all()} == {council, trust}
    assert not found[other].required_signatures.exists()
    assert AuditEvent.objects.filter(chain=audit.chain_key(system), type=audit.Type.ROUND_OPENED).count() == 1
    for assessment in found.values():
        assert assessment.state_changes.get().to_state == State.PREPARING
        assert not list(audit.faults(audit.chain_key(assessment)))


def test_opening_twice_with_one_form_opens_one_round(client, people, place, version):
    client.force_login(people["programme_office"])
    form = typed(place, version)

    first = client.post(url("round_open", place.system), form)
    second = client.post(url("round_open", place.system), form)

    assert first["Location"] == second["Location"] == url("round", Round.objects.get())


def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(client, people, place, version):
    open_round(people, place, version)
    client.force_login(people["programme_office"])

    response = client.post(url("round_open", place.system), typed(place, version, minimum_signatures="1"))

    assert "has a round of this name already" in response.text
    assert response.context["form"]["minimum_signatures"].value() == "1"
    assert Round.objects.count() == 1


def test_more_signatures_than_a_place_has_partners_are_refused_with_their_number(client, people, place, version):
    other = factories.create_place("Birling", system=place.system)
    factories.create_organisation("Birling Council", place=other)
    client.force_login(people["programme_office"])

    form = typed(place, version, places=[str(place.public_id), str(other.public_id)], minimum_signatures="2")
    response = client.post(url("round_open", place.system), form)

    assert "Too few partners for 2 signatures: Birling has 1. Add them first, or ask for fewer" in response.text
    assert not Round.objects.exists()


def test_a_place_with_too_few_partners_for_the_round_is_not_taken_in(client, people, place, version):
    opened = open_round(people, place, version, minimum_signatures=2)
    other = factories.create_place("Birling", system=place.system)
    client.force_login(people["programme_office"])

    response = client.post(url("round_place", opened), {"place": str(other.public_id)})

    assert "Too few partners for 2 signatures: Birling has 0" in response.text
    assert not other.assessments.exists()


def test_an_organisation_that_is_a_partner_of_no_chosen_place_is_named(client, people, place, version):
    other = factories.create_place("Birling", system=place.system)
    council = factories.create_organisation("Birling Council", place=other)
    client.force_login(people["programme_office"])

    response = client.post(url("round_open", place.system), typed(place, version, signatories=[str(council.public_id)]))

    assert "A partner of no place that you chose: Birling Council" in response.text
    assert FOLDED.search(response.text)[1] == " open"
    assert not Round.objects.exists()


def test_organisations_stand_under_their_place_and_those_of_several_at_the_end(client, people, place, version):
    other = factories.create_place("Birling", system=place.system)
    both = factories.create_organisation("A trust of both", place=place)
    factories.create_organisation("Birling Council", place=other)
    organisations.add_partner(place=other, organisation=both, starts_on=factories.LONG_AGO, by=None, at=AT)
    client.force_login(people["programme_office"])

    response = client.get(url("round_open", place.system))
    options = list(Shown(response.context["form"]["signatories"]).options)

    assert FOLDED.search(response.text)[1] == ""
    begins = [(option["begins"], option["label"]) for option in options if option["begins"]]
    assert [group for group, _ in begins] == ["Ashby", "Birling", "At several places"]
    assert begins[1:] == [("Birling", "Birling Council"), ("At several places", "A trust of both")]


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"name": ""}, "Enter a name for the round"),
        ({"places": []}, "Choose at least one place"),
        ({"framework_version": ""}, "Choose a framework version"),
        ({"opens_on_day": ""}, "must include a day"),
        ({"scoring_closes_on_month": "9"}, "The last day of scoring must not lie before the first day"),
        ({"signing_closes_on_month": "11"}, "The last day of signing must not lie before the last day of scoring"),
        ({"minimum_signatures": "0"}, "Ask for at least 1 signature"),
        ({"minimum_signatures": "many"}, "must be a whole number"),
    ],
)
def test_each_mistake_is_named_and_nothing_is_opened(client, people, place, version, changes, message):
    client.force_login(people["programme_office"])

    response = client.post(url("round_open", place.system), typed(place, version, **changes))

    assert response.status_code == 200
    assert message in response.text
    assert "<title>Error: " in response.text
    assert not Round.objects.exists()


def test_the_service_refuses_what_does_not_fit_together(people, place, version):
    text = definition.canonical_text({"format": 1})
    draft = FrameworkVersion.objects.create(
        framework=version.framework, number="9", definition=text, digest=definition.digest(text)
    )
    stranger = factories.create_organisation()
    for wrong, changes in (
        (rounds.VersionNotPublished, {"framework_version": draft}),
        (rounds.WrongPlaces, {"places": []}),
        (rounds.WrongPlaces, {"places": [factories.create_place()]}),
        (rounds.WrongPlaces, {"places": [place, place]}),
        (rounds.DatesOutOfOrder, {"signing_closes_on": date(2026, 12, 3)}),
        (rounds.WrongSignatories, {"minimum_signatures": 0}),
        (rounds.WrongSignatories, {"signatories": {place: [stranger]}}),
    ):
        with pytest.raises(wrong):
            open_round(people, place, version, **changes)
    assert not Round.objects.exists()


@pytest.mark.parametrize("role", ROLES)
def test_who_watches_a_round(client, people, place, version, role):
    opened = open_round(people, place, version)
    client.force_login(people[role])

    response = client.get(url("round", opened))

    expected = {"programme_office": 200, "reviewer": 200, "outsider": 404}
    assert response.status_code == expected.get(role, 403)


def test_a_round_lists_its_places_by_name_whatever_their_state(client, people, system, version):
    places = [factories.create_place(name, system=system) for name in ("Yarrow", "Birling", "Marsh")]
    opened = factories.create_round(places=places, framework_version=version)
    Assessment.objects.filter(place=places[0]).update(state=State.SUBMITTED)
    client.force_login(people["programme_office"])

    response = client.get(url("round", opened))

    assert [row.assessment.place.name for row in response.context["rows"]] == ["Birling", "Marsh", "Yarrow"]


def test_a_row_says_how_far_a_place_has_come_and_what_it_waits_for(place, version):
    assessment = factories.create_assessment(place=place, framework_version=version)
    factories.create_item(assessment, code="SO1")
    item = factories.create_item(assessment, code="SO2")
    factories.create_artefact(place, item=item)
    factories.create_artefact(place, item=item)

    [row] = load_rows(opened=assessment.round, day=date(2026, 12, 4))

    # PE3 has no weight, so that nobody waits for items on it.
    assert row.progress == "2 items for 2 of 6 criteria, 1 with evidence"
    assert row.blocks == "4 criteria have no items"
    assert (row.deadline, row.is_late) == (date(2026, 12, 4), False)
    [later] = load_rows(opened=assessment.round, day=date(2026, 12, 5))
    assert later.is_late


@pytest.mark.parametrize(
    "state, counts, said, waits",
    [
        ("PREPARING", Counts(criteria=1, items=1, criteria_with_items=1), "1 item for 1 of 1", "The lead has to open"),
        ("SCORING", Counts(scores=3, scores_wanted=10), "3 of 10 scores given", "7 scores to give"),
        ("SCORING", Counts(scores=10, scores_wanted=10), "10 of 10", "The chair has to close scoring"),
        ("AGREEING", Counts(items=5, agreed=4), "4 of 5 items agreed", "1 item to agree"),
        ("AGREEING", Counts(items=5, agreed=5), "5 of 5", "The chair has to put it up"),
        ("SIGNING", Counts(signatures=1, signatures_wanted=3), "1 signature, at least 3", "2 more signatures wanted"),
        ("SIGNING", Counts(signatures=3, signatures_wanted=3, missing=("Ashby Council",)), "3", "Ashby Council must"),
        ("SIGNING", Counts(signatures=3, signatures_wanted=3), "3 signatures", "The chair has to close the signing"),
        ("SIGNED", Counts(), "0 signatures", "The chair has to submit it"),
        ("SUBMITTED", Counts(signatures=4), "4 signatures", "The ICB has to start the review"),
        ("IN_REVIEW", Counts(signatures=4), "4 signatures", "The ICB has to finish the review and decide"),
        ("CLARIFY", Counts(signatures=4), "4 signatures", "The place has to reply"),
        ("DECIDED", Counts(signatures=4), "4 signatures", ""),
        ("WITHDRAWN", Counts(), "", ""),
    ],
)
def test_each_state_says_its_progress_and_what_blocks_it(state, counts, said, waits):
    assert progress(state, counts).startswith(said)
    assert blocks(state, counts).startswith(waits)
    assert bool(blocks(state, counts)) == bool(waits)


@pytest.mark.parametrize("count", [1, 12])
def test_a_rounds_page_asks_as_much_for_one_place_as_for_many(
    client, people, system, place, version, count, django_assert_num_queries
):
    places = [place, *(factories.create_place(system=system) for _ in range(count - 1))]
    council = factories.create_organisation(place=place)
    opened = open_round(people, place, version, places=places, signatories={place: [council]})
    for assessment in opened.assessments.all():
        factories.create_item(assessment)
    client.force_login(people["programme_office"])

    # session, user, round, capacity, date changes, then the rows: assessments with members, items, scores, agreements,
    # signatures, required signatures, requests for time
    with django_assert_num_queries(12):
        client.get(url("round", opened))


def test_opening_num_queries(client, people, system, place, version, django_assert_num_queries):
    for _ in range(3):
        factories.create_organisation(place=factories.create_place(system=system))
    client.force_login(people["programme_office"])

    # session, user, system, capacity, versions, places, partner organisations
    with django_assert_num_queries(7):
        client.get(url("round_open", system))
