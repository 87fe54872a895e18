"""A place's bodies and agreements: kept by its lead and contributors, ended and never deleted."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.documents import document
from assessments.models import Artefact, PartnershipAgreement
from assessments.services import agreements
from partnership import audit_rows
from partnership.models import AuditEvent, Body, Stale
from partnership.roles import Role
from partnership.services import bodies
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db
AT = factories.AT


@kept
def place():
    return factories.create_place()


def body_values(body, **changes):
    fields = ("name", "purpose", "parent", "form", "chair", "chair_post", "answers_to_body", "answers_to_organisation")
    return {name: getattr(body, name) for name in fields} | changes


def change(body, **changes):
    by = factories.holder(Role.LEAD, body.place)
    return bodies.change_body(body=body, based_on=body.version, by=by, at=AT, **body_values(body, **changes))


@pytest.mark.parametrize("name", ["chair", "member", "signatory", "observer", "programme_office", "reviewer"])
def test_nobody_but_lead_and_contributors_keeps_governance(place, name):
    person = factories.create_people(name, place=place)[name]
    body, agreement = factories.create_body(place), factories.create_partnership_agreement(place)
    told = {"by": person, "at": AT}

    for act in (
        lambda: bodies.add_body(place=place, name="Another", **told),
        lambda: bodies.change_body(body=body, based_on=1, name="Another", **told),
        lambda: bodies.end_body(body=body, based_on=1, ends_on=AT.date(), **told),
        lambda: agreements.add_agreement(place=place, title="Another", kind="OTHER", **told),
        lambda: agreements.change_agreement(agreement=agreement, based_on=1, title="A", kind="OTHER", **told),
        lambda: agreements.end_agreement(agreement=agreement, based_on=1, ends_on=AT.date(), **told),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_contributor_keeps_governance_and_each_act_is_recorded(place):
    contributor = factories.create_people("contributor", place=place)["contributor"]
    before = AuditEvent.objects.count()

    body = factories.create_body(place, by=contributor)
    body = bodies.change_body(body=body, based_on=1, name="Renamed", by=contributor, at=AT)
    bodies.end_body(body=body, based_on=2, ends_on=AT.date(), by=contributor, at=AT)
    agreement = factories.create_partnership_agreement(place, by=contributor)
    agreement = agreements.change_agreement(
        agreement=agreement, based_on=1, title="Renamed", kind="TERMS", by=contributor, at=AT
    )
    agreements.end_agreement(agreement=agreement, based_on=2, ends_on=AT.date(), by=contributor, at=AT)

    types = list(AuditEvent.objects.order_by("pk").values_list("type", flat=True))[before:]
    assert types == [
        "BODY_ADDED",
        "BODY_CHANGED",
        "BODY_ENDED",
        "AGREEMENT_ADDED",
        "AGREEMENT_CHANGED",
        "AGREEMENT_ENDED",
    ]
    assert audit_rows.faults() == []
    assert Body.objects.get().ends_on == PartnershipAgreement.objects.get().ends_on == AT.date()


def test_no_body_comes_under_itself_by_way_of_others(place):
    top = factories.create_body(place, "Board")
    middle = factories.create_body(place, "Group", parent=top)
    below = factories.create_body(place, "Team", parent=middle)

    for circle in (top, middle, below):
        with pytest.raises(bodies.GoesInCircles) as refused:
            change(top, parent=circle)
        assert refused.value.field == "parent"


def test_no_body_answers_to_itself_over_parents_and_lines_of_accountability(place):
    top = factories.create_body(place, "Board")
    aside = factories.create_body(place, "Quality", answers_to_body=top)
    below = factories.create_body(place, "Team", parent=aside)

    for circle in (top, aside, below):
        with pytest.raises(bodies.GoesInCircles) as refused:
            change(top, answers_to_body=circle)
        assert refused.value.field == "answers_to_body"
    assert change(below, answers_to_body=top).answers_to_body == top


def test_a_body_is_tied_to_its_own_place(place):
    elsewhere = factories.create_place(system=place.system)
    body, stranger = factories.create_body(place), factories.create_body(elsewhere)
    outsider = factories.create_membership(place=elsewhere)

    for field, value in (("parent", stranger), ("answers_to_body", stranger), ("chair", outsider)):
        with pytest.raises(bodies.OfAnotherPlace) as refused:
            change(body, **{field: value})
        assert refused.value.field == field


def test_a_chair_is_a_person_or_a_post_and_answers_to_one_beside_the_parent(place):
    body, other = factories.create_body(place), factories.create_body(place)
    chair = factories.create_membership(role=Role.CHAIR, place=place)

    with pytest.raises(bodies.TwoChairs):
        change(body, chair=chair, chair_post="Lay chair")
    with pytest.raises(bodies.AnswersTwice):
        change(body, answers_to_body=other, answers_to_organisation=chair.organisation)
    assert change(body, chair=chair).chair_words == f"Board chair, {chair.organisation.name}"


def test_a_body_with_others_under_it_is_not_ended_and_they_are_named(place):
    lead = factories.holder(Role.LEAD, place)
    top = factories.create_body(place, "Board")
    factories.create_body(place, "Team", parent=top)
    factories.create_body(place, "Quality", answers_to_body=top)

    with pytest.raises(bodies.StillNeeded, match="Quality, Team"):
        bodies.end_body(body=top, based_on=1, ends_on=AT.date(), by=lead, at=AT)


def test_what_has_ended_stays_as_it_is(place):
    told = {"by": factories.holder(Role.LEAD, place), "at": AT}
    body = bodies.end_body(body=factories.create_body(place), based_on=1, ends_on=AT.date(), **told)
    agreement = agreements.end_agreement(
        agreement=factories.create_partnership_agreement(place), based_on=1, ends_on=AT.date(), **told
    )

    with pytest.raises(bodies.BodyEnded):
        change(body, name="Another")
    with pytest.raises(bodies.OfAnotherPlace):
        factories.create_body(place, parent=body)
    with pytest.raises(agreements.AgreementEnded):
        agreements.change_agreement(agreement=agreement, based_on=2, title="A", kind="OTHER", **told)


def test_a_stale_change_is_refused_and_overwrites_nothing(place):
    lead = factories.holder(Role.LEAD, place)
    body, agreement = factories.create_body(place), factories.create_partnership_agreement(place)
    change(body, name="Theirs")
    agreements.change_agreement(agreement=agreement, based_on=1, title="Theirs", kind="OTHER", by=lead, at=AT)

    with pytest.raises(Stale):
        bodies.change_body(body=body, based_on=1, name="Mine", by=lead, at=AT)
    with pytest.raises(Stale):
        agreements.change_agreement(agreement=agreement, based_on=1, title="Mine", kind="OTHER", by=lead, at=AT)
    assert (Body.objects.get().name, PartnershipAgreement.objects.get().title) == ("Theirs", "Theirs")


def test_an_agreement_is_held_in_its_own_places_register_by_parties_of_the_place(place):
    artefact = factories.create_artefact(factories.create_place(system=place.system))

    with pytest.raises(agreements.NotInRegister):
        factories.create_partnership_agreement(place, artefact=artefact)
    with pytest.raises(agreements.HeldTwice):
        factories.create_partnership_agreement(place, artefact=artefact, held_at="A drawer")
    with pytest.raises(agreements.NotAround):
        factories.create_partnership_agreement(place, parties=[factories.create_organisation()])
    with pytest.raises(agreements.EndsTooEarly):
        factories.create_partnership_agreement(place, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))
    office = factories.create_membership(role=Role.PROGRAMME_OFFICE, system=place.system)
    made = factories.create_partnership_agreement(place, parties=[office.organisation])
    assert list(made.parties.all()) == [office.organisation]


@pytest.mark.parametrize(
    "values",
    [
        {"chair_post": "A post", "chair": True},
        {"answers_to_body": True, "answers_to_organisation": True},
        {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)},
        {"parent": "itself"},
    ],
)
def test_the_database_holds_no_body_that_cannot_be(place, values):
    body, other = factories.create_body(place), factories.create_body(place)
    chair = factories.create_membership(place=place)
    rows = {"chair": chair, "answers_to_body": other, "answers_to_organisation": chair.organisation}
    values = {name: rows[name] if value is True else value for name, value in values.items()}
    values = {name: body if value == "itself" else value for name, value in values.items()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Body.objects.filter(pk=body.pk).update(**values)


@pytest.mark.parametrize(
    "values", [{"held_at": "A drawer"}, {"starts_on": date(2026, 2, 1), "ends_on": date(2026, 1, 1)}]
)
def test_the_database_holds_no_agreement_that_cannot_be(place, values):
    agreement = factories.create_partnership_agreement(place, artefact=factories.create_artefact(place))

    with pytest.raises(IntegrityError), transaction.atomic():
        PartnershipAgreement.objects.filter(pk=agreement.pk).update(**values)


def test_the_document_tells_the_bodies_and_agreements_of_its_day_and_keeps_what_is_for_the_board():
    assessment = factories.create_assessment()
    place = assessment.place
    told = {"by": factories.holder(Role.LEAD, place), "at": AT}
    board = factories.create_body(place, "Board", form=Body.Form.FORUM, chair_post="Lay chair")
    factories.create_body(place, "Team", parent=board)
    gone = factories.create_body(place, "Gone")
    bodies.end_body(body=gone, based_on=1, ends_on=date(2026, 1, 1), **told)
    secret = factories.create_artefact(place, title="Secret minute", sensitivity=Artefact.Sensitivity.BOARD)
    factories.create_partnership_agreement(place, "Memorandum", artefact=secret)

    made = document(assessment=assessment, on=AT.date())

    assert [(body["name"], body["parent"], body["form_words"], body["chair"]) for body in made["bodies"]] == [
        ("Board", "", "Consultative forum", "Lay chair"),
        ("Team", "Board", "Not stated", ""),
    ]
    (agreement,) = made["agreements"]
    assert agreement["title"] == "Memorandum"
    assert "Secret" not in agreement["held_at"]


def test_a_row_changed_past_the_services_is_found_by_the_record(place):
    factories.create_body(place)
    factories.create_partnership_agreement(place)
    Body.objects.update(purpose="Something else")
    PartnershipAgreement.objects.update(review_by=date(2030, 1, 1))

    said = [fault.what for fault in audit_rows.faults()]
    assert len(said) == 2
    assert "purpose" in said[0]
    assert "review_by" in said[1]


# Pages


def address(name, row):
    return reverse(f"assessments:{name}", args=[row.public_id])


def form_of(response, **changes):
    """Return what a page's form would send, with changes."""
    form = response.context["form"]
    values = {}
    for field in form:
        value = field.value()
        if hasattr(value, "year"):
            values |= {f"{field.name}_{part}": getattr(value, part) for part in ("day", "month", "year")}
        elif value is not None:
            values[field.name] = value
    return values | changes


def test_a_lead_adds_changes_and_ends_a_body_in_the_browser(client, place):
    lead = factories.holder(Role.LEAD, place)
    client.force_login(lead)
    page = client.get(address("body_add", place))

    client.post(address("body_add", place), form_of(page, name="Board"))
    again = client.post(address("body_add", place), form_of(page, name="Board"))
    body = Body.objects.get()
    page = client.get(address("body_edit", body))
    client.post(address("body_edit", body), form_of(page, chair_post="Lay chair"))
    page = client.get(address("body_end", body))
    client.post(address("body_end", body), form_of(page, ends_on_day=1, ends_on_month=1, ends_on_year=2026))

    body.refresh_from_db()
    assert again.status_code == 302
    assert (body.chair_post, body.ends_on) == ("Lay chair", date(2026, 1, 1))


def test_a_circle_is_told_beside_its_field_and_nothing_typed_is_lost(client, place):
    top = factories.create_body(place, "Board")
    below = factories.create_body(place, "Team", parent=top)
    client.force_login(factories.holder(Role.LEAD, place))
    page = client.get(address("body_edit", top))

    answer = client.post(address("body_edit", top), form_of(page, parent=below.public_id, purpose="Leads us all"))

    assert "The body would come under itself, by way of Team" in answer.text
    assert "Leads us all" in answer.text


@pytest.mark.parametrize("model", ["body", "agreement"])
def test_a_conflict_shows_what_is_stored_and_a_second_save_replaces_it(client, place, model):
    lead = factories.holder(Role.LEAD, place)
    client.force_login(lead)
    told = {"based_on": 1, "by": lead, "at": AT}
    if model == "body":
        row, field = factories.create_body(place), "name"
        page = client.get(address("body_edit", row))
        bodies.change_body(body=row, name="Theirs", **told)
    else:
        row, field = factories.create_partnership_agreement(place), "title"
        page = client.get(address("agreement_edit", row))
        agreements.change_agreement(agreement=row, title="Theirs", kind="OTHER", **told)

    answer = client.post(address(f"{model}_edit", row), form_of(page, **{field: "Mine"}))
    assert "Stored now" in answer.text
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text
    client.post(address(f"{model}_edit", row), form_of(answer, **{field: "Mine", "based_on": 2}))
    row.refresh_from_db()
    assert getattr(row, field) == "Mine"


def test_a_name_that_is_taken_is_told_beside_its_field(client, place):
    factories.create_body(place, "Board")
    factories.create_partnership_agreement(place, "Memorandum")
    client.force_login(factories.holder(Role.LEAD, place))

    page = client.get(address("body_add", place))
    answer = client.post(address("body_add", place), form_of(page, name="Board"))
    assert "has a body named Board already" in str(answer.context["form"].errors["name"])
    page = client.get(address("agreement_add", place))
    answer = client.post(address("agreement_add", place), form_of(page, title="Memorandum", kind="OTHER"))
    assert "has an agreement with this title already" in str(answer.context["form"].errors["title"])
