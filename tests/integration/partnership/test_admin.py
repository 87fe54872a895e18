"""The administration pages write by services, delete nothing and show no scores."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse

from assessments.models import scoring
from assessments.workflow import State
from partnership import audit
from partnership.models import AuditEvent, Job, Membership, Organisation, OutgoingMail, Partner, Place, System, User
from partnership.roles import Role
from partnership.services import bodies
from tests import factories

pytestmark = pytest.mark.django_db

OURS = [model for model in admin.site._registry if model._meta.app_label == "partnership"]


@pytest.fixture
def administrator(client):
    person = factories.create_user("Administrator", administrator=True)
    client.force_login(person)
    return person


def add(client, model, **values):
    return client.post(reverse(f"admin:partnership_{model}_add"), values)


def change(client, row, **values):
    return client.post(reverse(f"admin:partnership_{row._meta.model_name}_change", args=[row.pk]), values)


def errors(response):
    form = response.context["adminform"].form
    return " ".join(message for messages in form.errors.values() for message in messages)


def recorded(type):
    return AuditEvent.objects.filter(type=type)


def test_an_administrator_builds_a_place_with_its_people(client, administrator):
    add(client, "system", name="Made-up System", board_name="NHS Made-up ICB")
    system = System.objects.get()
    add(client, "place", system=system.pk, name="Made-up Place", partnership_name="", board_name="", about="")
    place = Place.objects.get()
    add(client, "body", place=place.pk, name="People's Board", purpose="", parent="")
    add(client, "organisation", name="Made-up Council", sector="COUNCIL")
    organisation = recorded(audit.Type.ORGANISATION_ADDED).get()
    council = Organisation.objects.get(public_id=organisation.target)
    add(client, "partner", place=place.pk, organisation=council.pk, starts_on="2026-01-01", ends_on="")
    add(client, "user", email="Chair@People.Example", name="Board chair")
    chair = User.objects.get(email="chair@people.example")
    add(
        client,
        "membership",
        user=chair.pk,
        role="CHAIR",
        place=place.pk,
        system="",
        organisation=council.pk,
        starts_on="2026-01-01",
        ends_on="",
    )

    assert Membership.objects.get().user == chair
    # The system's own chain holds what concerns it, the portal's the rest.
    types = AuditEvent.objects.exclude(actor="portal").order_by("chain", "sequence").values_list("chain", "type")
    assert [type for chain, type in types if chain == audit.chain_key(system)] == [
        audit.Type.SYSTEM_ADDED,
        audit.Type.PLACE_ADDED,
        audit.Type.BODY_ADDED,
        audit.Type.PARTNER_STARTED,
        audit.Type.MEMBERSHIP_STARTED,
    ]
    assert [type for chain, type in types if chain == "portal"] == [
        audit.Type.ORGANISATION_ADDED,
        audit.Type.PERSON_ADDED,
        audit.Type.PERSON_INVITED,
    ]
    assert set(AuditEvent.objects.exclude(actor="portal").values_list("actor", flat=True)) == {
        str(administrator.public_id)
    }


def test_a_new_person_is_sent_a_link_and_has_no_password_till_then(client, administrator):
    add(client, "user", email="chair@people.example", name="Board chair")

    assert not User.objects.get(email="chair@people.example").has_usable_password()
    assert OutgoingMail.objects.get().subject == "Your invitation to Place maturity"


def test_a_link_can_be_sent_again(client, administrator):
    chair = factories.create_user("Chair")

    client.post(
        reverse("admin:partnership_user_changelist"), {"action": "invite_again", "_selected_action": [chair.pk]}
    )

    assert OutgoingMail.objects.get().to == chair.email


def test_an_address_in_another_case_is_taken(client, administrator):
    factories.create_user(email="chair@people.example")

    assert "already exists" in errors(add(client, "user", email="CHAIR@people.example", name="Another"))


def test_ending_a_membership_is_recorded(client, administrator):
    membership = factories.create_membership()

    change(client, membership, ends_on="2026-10-31")

    membership.refresh_from_db()
    assert membership.ends_on == date(2026, 10, 31)
    assert recorded(audit.Type.MEMBERSHIP_ENDED).get().target == str(membership.public_id)


def test_an_ended_membership_cannot_be_changed(client, administrator):
    membership = factories.create_membership(ends_on=date(2026, 10, 31))

    assert change(client, membership, ends_on="").status_code == 403


def test_a_membership_cannot_end_before_it_starts(client, administrator):
    membership = factories.create_membership(starts_on=date(2026, 10, 1))

    response = change(client, membership, ends_on="2026-09-30")

    assert errors(response) == "The last day lies before the first, 1 October 2026"


@pytest.mark.parametrize(
    "role, reason", [("PROGRAMME_OFFICE", "is held for a system"), ("CHAIR", "holds this role there at that time")]
)
def test_a_membership_that_cannot_be_is_explained(client, administrator, role, reason):
    held = factories.create_membership(role=Role.CHAIR)

    response = add(
        client,
        "membership",
        user=held.user_id,
        role=role,
        place=held.place_id,
        system="",
        organisation=held.organisation_id,
        starts_on="2026-01-01",
        ends_on="2026-12-31",
    )

    assert reason in errors(response)
    assert Membership.objects.count() == 1


def test_ending_a_partner_is_recorded(client, administrator):
    place = factories.create_place()
    factories.create_organisation(place=place)

    change(client, Partner.objects.get(), ends_on="2026-10-31")

    assert Partner.objects.get().ends_on == date(2026, 10, 31)
    assert recorded(audit.Type.PARTNER_ENDED).exists()


def test_a_person_can_be_kept_from_signing_in(client, administrator):
    chair = factories.create_user("Chair")

    change(client, chair, name="Chair", based_on=1)

    chair.refresh_from_db()
    assert not chair.is_active
    assert recorded(audit.Type.PERSON_CHANGED).get().target == str(chair.public_id)


def test_a_change_to_a_place_is_recorded_and_an_idle_save_is_not(client, administrator):
    place = factories.create_place()
    values = {"partnership_name": "Together", "board_name": "", "about": ""}

    change(client, place, **values, based_on=1)
    change(client, place, **values, based_on=2)

    assert recorded(audit.Type.PLACE_CHANGED).get().details == '{"changed":["partnership_name"]}'


@pytest.mark.parametrize(
    "make, typed, field",
    [
        (factories.create_place, {"partnership_name": "Mine", "board_name": "", "about": ""}, "partnership_name"),
        (factories.create_organisation, {"sector": "HOUSING", "ended_on": ""}, "sector"),
        (factories.create_user, {"name": "Mine", "is_active": "on"}, "name"),
    ],
)
def test_of_two_administrators_the_second_is_shown_what_the_first_wrote(client, administrator, make, typed, field):
    row = make()
    first = typed | {field: {"sector": "COUNCIL"}.get(field, "Theirs")}
    if field == "sector":
        first["ended_on"] = "2026-10-31"
    change(client, row, **first, based_on=1)

    response = change(client, row, **typed, based_on=1)

    assert "Somebody else changed this while you were writing" in errors(response)
    assert ("2026-10-31" if field == "sector" else "Theirs") in errors(response)
    form = response.context["adminform"].form
    assert form[field].value() == typed[field]
    change(client, row, **typed, based_on=form["based_on"].value())
    row.refresh_from_db()
    assert getattr(row, field) == typed[field]
    assert row.version == 3


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_nothing_can_be_deleted(client, administrator, model, rf):
    request = rf.get("/")
    request.user = administrator

    assert not admin.site._registry[model].has_delete_permission(request)


@pytest.mark.parametrize("model", [AuditEvent, Job, OutgoingMail])
def test_what_the_portal_writes_itself_can_only_be_read(client, administrator, model):
    name = model._meta.model_name

    assert client.get(reverse(f"admin:partnership_{name}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:partnership_{name}_add")).status_code == 403


def test_the_record_can_be_read_but_not_changed(client, administrator):
    event = AuditEvent.objects.earliest("pk")
    url = reverse("admin:partnership_auditevent_change", args=[event.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"actor": "somebody else"}).status_code == 403


def test_the_text_of_a_waiting_mail_is_not_shown(client, administrator):
    add(client, "user", email="chair@people.example", name="Board chair")
    outgoing = OutgoingMail.objects.get()

    page = client.get(reverse("admin:partnership_outgoingmail_change", args=[outgoing.pk])).text

    assert outgoing.message_id.strip("<>") in page
    assert "/password/reset/" not in page


def test_groups_are_not_in_the_administration_pages(client, administrator):
    page = client.get(reverse("admin:index")).text

    assert "Groups" not in page
    assert "Administrator" in page


def test_scores_are_not_in_the_administration_pages():
    kept_apart = {
        model for model in vars(scoring).values() if isinstance(model, type) and model.__module__ == scoring.__name__
    }

    assert kept_apart
    assert not kept_apart & admin.site._registry.keys()


def test_somebody_who_may_use_the_pages_but_is_no_administrator_cannot_write_by_them(client):
    person = factories.create_user()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    client.force_login(person)

    assert client.get(reverse("admin:index")).status_code == 200
    assert add(client, "system", name="Made-up System", board_name="").status_code == 403


def test_passwords_are_changed_on_the_portals_own_page(client, administrator):
    assert client.get(reverse("admin:password_change"))["Location"] == reverse("partnership:password_change")
    assert client.get(reverse("admin:login"))["Location"] == reverse("admin:index")


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_a_list_costs_the_same_at_two_sizes(client, administrator, model, django_assert_max_num_queries):
    def one_more():
        membership = factories.create_membership()
        bodies.add_body(place=membership.place, name="A board", by=None, at=factories.AT)
        factories.create_membership(role=Role.REVIEWER, user=membership.user)

    url = reverse(f"admin:partnership_{model._meta.model_name}_changelist")
    one_more()
    # Django's admin asks more when a list is longer than a page, never per row.
    with django_assert_max_num_queries(10) as few:
        assert client.get(url).status_code == 200
    for _ in range(5):
        one_more()
    with django_assert_max_num_queries(10) as many:
        client.get(url)

    assert len(many) == len(few)


def test_an_address_cannot_ask_for_what_the_record_of_a_score_says(client, administrator):
    item = factories.in_scoring(factories.create_assessment()).items.get()
    factories.create_score(item, by=factories.board(item.assessment.place, 1)[0], level=4)
    page = reverse("admin:partnership_auditevent_changelist")

    for lookup in ("details__contains", "details__regex", "hash__startswith"):
        assert client.get(page, {lookup: "4"}).status_code == 400
    assert client.get(reverse("admin:partnership_outgoingmail_changelist"), {"text__contains": "h"}).status_code == 400
    assert client.get(page, {"type": audit.Type.SCORE_RECORDED}).status_code == 200


def test_who_dissented_without_a_name_is_on_no_page_of_the_record(client, administrator):
    assessment = factories.create_assessment(state=State.AGREEING)
    member = factories.board(assessment.place, 1)[0]
    factories.create_dissent(factories.create_agreement(assessment.items.get()), attributed=False, by=member)
    page = reverse("admin:partnership_auditevent_changelist")

    shown = "".join(
        client.get(page, asked).text for asked in ({}, {"q": str(member.public_id)}, {"type": "DISSENT_RECORDED"})
    )

    assert f'class="field-type">{audit.Type.DISSENT_RECORDED}' not in shown
    event = recorded(audit.Type.DISSENT_RECORDED).get()
    address = reverse("admin:partnership_auditevent_change", args=[event.pk])
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("model", [model for model in apps.get_models() if model._meta.app_label == "assessments"])
def test_nothing_of_an_assessment_is_in_the_administration_pages(model):
    assert model not in admin.site._registry
