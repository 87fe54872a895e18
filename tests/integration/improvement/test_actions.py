"""Actions: planned and followed by the lead and the chair, on record, and part of the document."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments import documents
from assessments.permissions import WrongState
from assessments.workflow import ACTS, Act, State
from frameworks.models import Node
from improvement.models import Action, ActionChange
from improvement.services import actions as services
from partnership import audit
from partnership.idempotency import AlreadyDone
from partnership.models import AuditEvent, Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.kept import kept

pytestmark = pytest.mark.django_db
DUE = date(2027, 1, 15)


@kept
def assessment():
    return factories.create_assessment(place=factories.create_place("Mossley"))


@kept
def council(assessment):
    return factories.create_organisation("The council", place=assessment.place)


def node(assessment, code="SO1"):
    return Node.objects.get(version=assessment.framework_version, code=code)


def add(assessment, owner, *, by=None, **values):
    by = by or factories.holder(Role.LEAD, assessment.place)
    defaults = {"title": "Write the plan", "due_on": DUE, "criterion": node(assessment)}
    return services.add_action(assessment=assessment, owner=owner, by=by, at=AT, **defaults | values)


def change(action, **values):
    now = {
        "status": action.status,
        "title": action.title,
        "owner": action.owner,
        "owner_name": action.owner_name,
        "due_on": action.due_on,
        "note": "",
        "based_on": action.version,
        "by": factories.holder(Role.LEAD, action.assessment.place),
        "at": AT,
    }
    return services.change_action(action=action, **now | values)


@pytest.mark.parametrize("role", Role)
def test_only_lead_and_chair_plan(assessment, council, role):
    person = factories.holder(role, assessment.place)

    if role in ACTS[Act.PLAN].roles:
        assert add(assessment, council, by=person).status == "OPEN"
    else:
        with pytest.raises(PermissionDenied, match="Only the place lead and the chair plan actions"):
            add(assessment, council, by=person)
        assert not Action.objects.exists()


@pytest.mark.parametrize("state", State)
def test_actions_are_fixed_while_what_is_signed_must_not_change(state, settings):
    settings.ON_SEALED = []
    assessment = factories.create_assessment(state=state)
    council = factories.create_organisation(place=assessment.place)

    if state in ACTS[Act.PLAN].states:
        assert add(assessment, council)
    else:
        with pytest.raises(WrongState, match="fixed"):
            add(assessment, council)
        assert not Action.objects.exists()


@pytest.mark.parametrize(
    "values, refusal",
    [
        ({"title": "  "}, services.NoTitle),
        ({"criterion": None}, services.NoPurpose),
        ({"gate": ("seed-fund", "G99")}, services.NoPurpose),
        ({"gate": ("no-such", "G1")}, services.NoPurpose),
        ({"expected_level": 9}, services.NoSuchLevel),
    ],
)
def test_an_action_that_does_not_fit_is_refused(assessment, council, values, refusal):
    with pytest.raises(refusal):
        add(assessment, council, **values)
    assert not Action.objects.exists()


def test_an_action_is_for_a_criterion_and_not_for_a_domain_or_another_version(assessment, council):
    other = factories.create_framework_version(number="2.0")

    for wrong in (node(assessment, "SO"), Node.objects.get(version=other, code="SO1")):
        with pytest.raises(services.NoPurpose):
            add(assessment, council, criterion=wrong)


def test_only_a_present_partner_owns_an_action(assessment, council):
    stranger = factories.create_organisation()

    with pytest.raises(services.NotAPartner):
        add(assessment, stranger)

    council.partnerships.update(ends_on=AT.date() - timedelta(days=1))
    with pytest.raises(services.NotAPartner):
        add(assessment, council)


def test_an_owner_who_has_left_stays_with_the_action(assessment, council):
    action = add(assessment, council)
    council.partnerships.update(ends_on=AT.date() - timedelta(days=1))

    assert change(action, status="DONE").owner == council


def test_a_form_that_arrives_twice_plans_once(assessment, council):
    lead = factories.holder(Role.LEAD, assessment.place)
    token = uuid4()
    made = add(assessment, council, by=lead, token=token)

    with pytest.raises(AlreadyDone) as twice:
        add(assessment, council, by=lead, token=token)
    assert twice.value.result == str(made.public_id)
    assert Action.objects.count() == 1


def test_what_becomes_of_an_action_is_kept(assessment, council):
    action = change(add(assessment, council), status="DONE", note="Approved in May.")

    assert [(row.status, row.note) for row in ActionChange.objects.order_by("pk")] == [
        ("OPEN", ""),
        ("DONE", "Approved in May."),
    ]
    assert action.version == 2


def test_a_stale_change_overwrites_nothing(assessment, council):
    action = add(assessment, council)
    change(action, title="Write a better plan")

    with pytest.raises(Stale) as stale:
        change(action, title="Write no plan")
    assert stale.value.current.title == "Write a better plan"
    assert ActionChange.objects.count() == 2


def test_planning_is_on_record_without_personal_words(assessment, council):
    change(add(assessment, council, title="Ask Mrs Smith"), note="Mrs Smith agreed")
    events = AuditEvent.objects.filter(chain=audit.chain_key(assessment), type__startswith="ACTION_")

    assert [event.type for event in events.order_by("sequence")] == ["ACTION_ADDED", "ACTION_CHANGED"]
    assert "Smith" not in "".join(event.details for event in events)


def test_an_action_makes_a_pathway_ready_with_conditions(assessment, council):
    pathway = documents.document(assessment=assessment, on=AT.date())["improvement"]["pathways"][0]
    assert all(gate["actions"] == [] for gate in pathway["gates"])

    action = add(assessment, council, criterion=None, gate=("seed-fund", "G3"), expected_level=None)
    made = documents.document(assessment=assessment, on=AT.date())["improvement"]

    gate = next(gate for gate in made["pathways"][0]["gates"] if gate["code"] == "G3")
    assert gate["actions"] == [str(action.public_id)]
    assert made["actions"][0]["title"] == "Write the plan"
    assert made["actions"][0]["due_on"] == "2027-01-15"


@pytest.mark.parametrize("status", ["DONE", "DROPPED"])
def test_only_an_open_action_stands_in_for_a_gate(assessment, council, status):
    action = add(assessment, council, criterion=None, gate=("seed-fund", "G3"))
    change(action, status=status)
    made = documents.document(assessment=assessment, on=AT.date())["improvement"]

    assert all(gate["actions"] == [] for gate in made["pathways"][0]["gates"])
    assert len(made["actions"]) == (status == "DONE")


# The pages


def add_page(assessment):
    return reverse("improvement:action_add", args=[assessment.public_id])


def edit_page(action):
    return reverse("improvement:action_edit", args=[action.public_id])


def list_page(assessment):
    return reverse("improvement:actions", args=[assessment.place.public_id])


def sent(council, **values):
    return {
        "title": "Write the plan",
        "purpose": "criterion:SO1",
        "expected_level": "3",
        "owner": str(council.public_id),
        "owner_name": "Director of finance",
        "due_on_day": "15",
        "due_on_month": "1",
        "due_on_year": "2027",
        "token": str(uuid4()),
    } | values


def sign_in(client, assessment, role=Role.LEAD):
    client.force_login(factories.holder(role, assessment.place))


def test_the_form_plans_an_action(client, assessment, council):
    sign_in(client, assessment)

    response = client.post(add_page(assessment), sent(council), follow=True)

    action = Action.objects.get()
    assert (action.criterion.code, action.expected_level, action.due_on) == ("SO1", 3, DUE)
    assert response.redirect_chain[0][0] == f"{list_page(assessment)}#action-{action.public_id}"
    assert "The action was planned." in response.text
    assert "Director of finance" in response.text


def test_the_form_plans_for_the_gate_that_the_address_names(client, assessment, council):
    sign_in(client, assessment)
    assert '<option value="gate:seed-fund:G1" selected>' in client.get(add_page(assessment) + "?gate=seed-fund:G1").text

    client.post(add_page(assessment), sent(council, purpose="gate:seed-fund:G1", expected_level=""))

    action = Action.objects.get()
    assert (action.pathway, action.gate, action.criterion, action.expected_level) == ("seed-fund", "G1", None, None)


def test_an_address_that_names_nonsense_is_no_choice(client, assessment, council):
    sign_in(client, assessment)

    assert client.get(add_page(assessment) + "?gate=x&criterion=y").status_code == 200
    response = client.post(add_page(assessment), sent(council, purpose="gate:x:y:z"))
    assert "Choose a criterion or a gate of this framework" in response.text


def test_an_empty_form_says_what_is_missing(client, assessment):
    sign_in(client, assessment)

    text = client.post(add_page(assessment), {"token": str(uuid4())}).text

    assert "Error: Plan an action" in text
    for message in (
        "Enter what is to be done",
        "Choose the criterion or the readiness gate that the action is for",
        "Choose the organisation responsible",
        "Enter the day by which it is to be done",
    ):
        assert message in text
    assert not Action.objects.exists()


def test_a_form_sent_twice_leads_to_the_same_action(client, assessment, council):
    sign_in(client, assessment)
    data = sent(council)

    first, second = client.post(add_page(assessment), data), client.post(add_page(assessment), data)

    assert first["Location"] == second["Location"]
    assert Action.objects.count() == 1


def test_a_change_keeps_what_was_typed_when_somebody_was_quicker(client, assessment, council):
    action = add(assessment, council)
    change(action, title="Write a better plan")
    sign_in(client, assessment)

    refused = client.post(edit_page(action), sent(council, title="My own words", status="DONE", note="", based_on="1"))
    text = refused.text

    assert refused.status_code == 409
    assert "Somebody else changed this while" in text
    assert "Write a better plan" in text
    assert "My own words" in text
    assert Action.objects.get().title == "Write a better plan"


def test_whoever_reads_the_list_reads_what_happened(client, assessment, council):
    action = add(assessment, council)
    change(action, note="Waiting for the trust.", due_on=DUE + timedelta(days=30))
    sign_in(client, assessment, Role.MEMBER)

    text = client.get(list_page(assessment)).text

    assert "Waiting for the trust." in text
    assert text.index("14 February 2027. Waiting") < text.index("open, due 15 January 2027")


def test_a_change_is_saved_with_its_note_in_the_history(client, assessment, council):
    action = add(assessment, council)
    sign_in(client, assessment, Role.CHAIR)

    client.post(edit_page(action), sent(council, status="DONE", note="Approved in May.", based_on="1"))

    assert Action.objects.get().status == "DONE"
    assert "Approved in May." in client.get(edit_page(action)).text


def test_a_late_save_says_so_and_keeps_the_words(client, council, assessment):
    action = add(assessment, council)
    factories.put_up(assessment)
    sign_in(client, assessment)

    text = client.post(edit_page(action), sent(council, title="My own words", status="DONE", based_on="1")).text
    assert "Actions, targets and dates are fixed while the assessment is up for signature" in text
    assert "My own words" in text

    text = client.post(add_page(assessment), sent(council, title="My own words")).text
    assert "Actions, targets and dates are fixed while the assessment is up for signature" in text
    assert "My own words" in text
    assert "Actions are fixed now" in client.get(add_page(assessment)).text


@pytest.mark.parametrize("role", Role)
def test_who_opens_which_page(client, assessment, council, role):
    action = add(assessment, council)
    sign_in(client, assessment, role)
    plans = role in ACTS[Act.PLAN].roles

    assert client.get(list_page(assessment)).status_code == 200
    assert client.get(add_page(assessment)).status_code == (200 if plans else 403)
    assert client.post(add_page(assessment), sent(council)).status_code == (302 if plans else 403)
    assert client.get(edit_page(action)).status_code == (200 if plans else 403)


def test_people_of_other_places_find_nothing(client, assessment, council):
    action = add(assessment, council)
    client.force_login(factories.holder(Role.LEAD, factories.create_place()))

    for page in (list_page(assessment), add_page(assessment), edit_page(action)):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PROGRAMME_OFFICE])
def test_who_may_not_read_the_assessment_does_not_read_its_actions(client, assessment, council, role):
    add(assessment, council)
    sign_in(client, assessment, role)

    assert "Write the plan" not in client.get(list_page(assessment)).text


@pytest.mark.parametrize("size", [1, 12])
def test_the_list_takes_the_same_queries_for_few_and_many(client, assessment, council, size, django_assert_num_queries):
    for _ in range(size):
        add(assessment, council)
    sign_in(client, assessment)

    # session, user, place, capacity, actions, what happened to them
    with django_assert_num_queries(6):
        client.get(list_page(assessment))


def test_the_list_says_how_many_actions_are_open_and_overdue(client, assessment, council):
    add(assessment, council, due_on=timezone.localdate() - timedelta(days=1))
    add(assessment, council, due_on=timezone.localdate())
    sign_in(client, assessment)

    text = client.get(list_page(assessment)).text
    assert '2 of 2 actions are open, <strong class="portal-attention">1 overdue</strong>.' in text
