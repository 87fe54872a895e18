"""What a place aims for: targets and days of pathways, kept with their history, shown, frozen and reviewed against."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments import documents, review_table
from assessments.aims import targets_before
from assessments.models import PathwayDate, Target, TargetSet
from assessments.permissions import WrongState
from assessments.services import aims
from assessments.services.signing import current_snapshot
from assessments.workflow import ACTS, Act, State
from partnership.audit_rows import faults
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.roles import Role
from tests import factories
from tests.factories import AT
from tests.unit.frameworks.garden_versions import node, second_garden

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_report_is_ordered")]
BY = date(2027, 3, 31)
FIRST, SECOND = date(2022, 1, 1), date(2022, 7, 1)


@pytest.fixture
def assessment():
    return factories.create_assessment(place=factories.create_place("Mossley"))


def lead_of(assessment):
    return factories.holder(Role.LEAD, assessment.place)


def set_targets(assessment, **values):
    defaults = {"levels": {"SO1": 3}, "reach_by": BY, "reason": "", "based_on": 0, "at": AT}
    return aims.set_targets(assessment=assessment, **{"by": lead_of(assessment)} | defaults | values)


def address(assessment, name="targets", *more):
    return reverse(f"reports:{name}", args=[assessment.public_id, *more])


def sent(**values):
    return {
        "reach_by_day": "31",
        "reach_by_month": "3",
        "reach_by_year": "2027",
        "reason": "",
        "based_on": "0",
        "token": str(uuid4()),
    } | values


@pytest.mark.parametrize("role", Role)
def test_only_those_who_plan_set_targets_and_days(assessment, role):
    person = factories.holder(role, assessment.place)

    if role in ACTS[Act.PLAN].roles:
        assert set_targets(assessment, by=person).number == 1
        assert factories.create_pathway_date(assessment, by=person).number == 1
        return
    for write in (set_targets, factories.create_pathway_date):
        with pytest.raises(PermissionDenied, match="Only the place lead and the chair"):
            write(assessment, by=person)
    assert not TargetSet.objects.exists()
    assert not PathwayDate.objects.exists()


def test_nothing_is_aimed_for_anew_while_it_is_up_for_signature():
    assessment = factories.create_assessment(state=State.SIGNING)

    for write in (set_targets, factories.create_pathway_date):
        with pytest.raises(WrongState, match="fixed"):
            write(assessment)


@pytest.mark.parametrize(
    "values, refusal",
    [
        ({"levels": {"SO": 3}}, aims.NoSuchTarget),
        ({"levels": {"SO1": 9}}, aims.NoSuchTarget),
        ({"reach_by": None}, aims.NoDay),
        ({"reach_by": AT.date()}, aims.NoDay),
        ({"levels": {}}, aims.NothingToSet),
        ({"based_on": 1}, Stale),
    ],
)
def test_targets_that_do_not_fit_are_refused(assessment, values, refusal):
    with pytest.raises(refusal):
        set_targets(assessment, **values)
    assert not TargetSet.objects.exists()


def test_targets_replace_one_another_and_stay_on_record(assessment):
    token = uuid4()
    set_targets(assessment, token=token)
    with pytest.raises(AlreadyDone):
        set_targets(assessment, token=token, based_on=1)
    set_targets(assessment, levels={"SO1": 4, "PE1": 2}, based_on=1)
    with pytest.raises(Stale):
        set_targets(assessment, based_on=1)

    assert documents.results(assessment=assessment, on=AT.date())["aims"]["targets"]["levels"] == {"PE1": 2, "SO1": 4}
    set_targets(assessment, levels={}, based_on=2)
    assert documents.results(assessment=assessment, on=AT.date())["aims"]["targets"] is None
    assert [each.number for each in TargetSet.objects.order_by("pk")] == [1, 2, 3]
    assert faults() == []


def test_a_day_is_planned_anew_with_a_reason_and_its_history_stays(assessment):
    factories.create_pathway_date(assessment, planned_on=FIRST)
    for values, refusal in (
        ({"planned_on": SECOND, "based_on": 1}, aims.NoReason),
        ({"planned_on": FIRST, "based_on": 1, "reason": "Why"}, aims.SameDay),
        ({"planned_on": SECOND, "reason": "Why"}, Stale),
        ({"pathway": "no-such"}, aims.NoSuchPathway),
    ):
        with pytest.raises(refusal):
            factories.create_pathway_date(assessment, **values)
    factories.create_pathway_date(assessment, planned_on=SECOND, based_on=1, reason="The rules came later.")
    later = factories.create_assessment(place=assessment.place, opens_on=date(2026, 10, 2))

    told = documents.results(assessment=later, on=AT.date())["aims"]["pathways"]["seed-fund"]
    assert told["planned_on"] == "2022-07-01"
    assert [(said["planned_on"], said["reason"]) for said in told["history"]] == [
        ("2022-01-01", ""),
        ("2022-07-01", "The rules came later."),
    ]
    assert factories.create_pathway_date(later, based_on=2, reason="Later still").number == 3
    assert faults() == []


def test_the_database_holds_numbers_levels_and_reasons(assessment):
    made = set_targets(assessment)
    target = made.targets.get()
    day = factories.create_pathway_date(assessment)
    again = {"assessment": assessment, "set_at": AT, "set_by": made.set_by}
    dated = {"place": day.place, "framework": day.framework, "pathway": day.pathway, "planned_on": SECOND} | again

    for model, values in (
        (TargetSet, {"number": 1} | again),
        (Target, {"set": made, "criterion": target.criterion, "level": 2}),
        (PathwayDate, {"number": 1} | dated),
        (PathwayDate, {"number": 2} | dated),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(**values)
    other = target.criterion.version.nodes.get(code="SO2")
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.create(set=made, criterion=other, level=7)


def test_what_is_signed_holds_the_aims_and_the_review_measures_against_them(assessment):
    factories.create_targets(assessment, SO1=4)
    factories.create_pathway_date(assessment)
    submitted = factories.submitted(assessment)
    frozen = json.loads(current_snapshot(submitted).text)["aims"]
    factories.create_targets(submitted, SO1=2, based_on=1)

    assert frozen["targets"]["levels"] == {"SO1": 4}
    assert frozen["pathways"]["seed-fund"]["planned_on"] == "2027-04-01"
    assert review_table.load_review(assessment=submitted).row("SO1").target == 4


def test_a_version_that_was_reopened_goes_on_with_the_targets(assessment):
    factories.create_targets(assessment, SO1=4)
    made = factories.reopened(factories.submitted(assessment))
    factories.create_targets(made, SO1=3, based_on=1)

    assert documents.results(assessment=made, on=AT.date())["aims"]["targets"]["levels"] == {"SO1": 3}


# The pages


def test_the_form_sets_targets_and_the_dashboard_shows_them(client, assessment):
    factories.in_agreeing(assessment)
    client.force_login(lead_of(assessment))

    response = client.post(address(assessment), sent(**{"level-SO1": "3", "level-SO2": ""}), follow=True)

    assert Target.objects.get().level == 3
    assert "The targets were set." in response.text
    assert "Targets are to be reached by 31 March 2027" in response.text
    assert "target Established" in response.text
    assert "SO1 Criterion SO1: Established" in client.get(address(assessment)).text


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(client, assessment):
    client.force_login(lead_of(assessment))
    set_targets(assessment)

    text = client.post(address(assessment), sent(**{"level-SO1": "4", "reach_by_year": "", "reason": "My words"})).text
    assert "Error: Targets" in text
    assert "The day by which the targets are to be reached must include a year" in text
    assert '<option value="4" selected>' in text
    assert "My words" in text

    text = client.post(address(assessment), sent(**{"level-SO1": "4", "reason": "My words"})).text
    assert "Somebody else changed this while you were writing" in text
    assert "My words" in text
    assert client.post(address(assessment), sent(**{"level-SO1": "4", "based_on": "1"})).status_code == 302


def test_the_form_begins_with_a_profile_of_the_framework(client):
    factories.create_framework_version(
        targets=[{"code": "aim", "name": "Three years on", "levels": {"SO": 3, "PE1": 4}}]
    )
    assessment = factories.create_assessment()
    client.force_login(lead_of(assessment))

    assert "?start=aim" in client.get(address(assessment)).text
    text = client.get(address(assessment) + "?start=aim").text

    assert "Filled in from “Three years on”: nothing is saved yet." in text
    assert text.count('<option value="3" selected>') == 3
    assert text.count('<option value="4" selected>') == 1
    assert not TargetSet.objects.exists()


def test_the_form_offers_the_targets_of_the_last_round_where_the_criterion_means_the_same(client):
    place = factories.create_place()
    earlier = factories.create_assessment(place=place, name="Spring round", opens_on=AT.date().replace(month=1))
    factories.create_targets(earlier, SO1=4, SO2=3)
    later = factories.create_framework_version(
        **second_garden(lambda data: node(data, "SO2")["descriptors"].update({2: "Something else"}))
    )
    assessment = factories.create_assessment(place=place, framework_version=later)
    client.force_login(lead_of(assessment))

    assert "the targets of Spring round" in client.get(address(assessment)).text
    text = client.get(address(assessment) + "?start=last-round").text

    assert "Filled in from “Spring round”: nothing is saved yet." in text
    assert text.count('<option value="4" selected>') == 1
    assert '<option value="3" selected>' not in text
    assert "last-round" not in client.get(address(earlier)).text


def test_targets_on_another_framework_are_not_offered(assessment):
    orchard = factories.create_framework_version(code="orchard")
    other = factories.create_assessment(
        place=assessment.place, name="Orchard", opens_on=AT.date().replace(month=1), framework_version=orchard
    )
    factories.create_targets(other, SO1=4)

    assert targets_before(assessment=assessment) is None


def test_leads_and_chairs_are_told_of_the_day_that_holds_when_it_is_near(client, assessment):
    today = timezone.localdate()
    factories.create_pathway_date(assessment, planned_on=today + timedelta(days=3))
    for role, told in ((Role.LEAD, True), (Role.CHAIR, True), (Role.MEMBER, False)):
        client.force_login(factories.holder(role, assessment.place))
        assert ("A readiness pathway is planned to begin" in client.get("/").text) == told

    factories.create_pathway_date(
        assessment, planned_on=today + timedelta(days=90), reason="It takes longer", based_on=1
    )
    client.force_login(lead_of(assessment))
    assert "A readiness pathway is planned to begin" not in client.get("/").text


def test_the_page_of_a_pathway_plans_a_day_and_flags_one_that_has_passed(client, assessment):
    factories.in_agreeing(assessment)
    client.force_login(lead_of(assessment))
    url = address(assessment, "pathway", "seed-fund")
    day = {"planned_on_day": "1", "planned_on_month": "1", "planned_on_year": "2022"}

    text = client.post(url, sent(**day), follow=True).text
    assert "Planned for 1 January 2022." in text
    assert "That day has passed." in text

    text = client.post(url, sent(**day | {"planned_on_month": "4", "based_on": "1"})).text
    assert "Say why the day is planned anew" in text
    client.post(url, sent(**day | {"planned_on_year": "2099", "based_on": "1", "reason": "It takes longer."}))
    assert "1 January 2022" in client.get(url).text
    dashboard = client.get(reverse("reports:place", args=[assessment.place.public_id])).text
    assert "Planned for 1 January 2099, at first for 1 January 2022." in dashboard
    assert "That day has passed." not in dashboard
    assert client.get(address(assessment, "pathway", "no-such")).status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role) - ACTS[Act.PLAN].roles))
def test_others_read_the_aims_and_are_offered_no_form(client, assessment, role):
    factories.create_targets(assessment, SO1=3)
    factories.create_pathway_date(assessment)
    submitted = factories.submitted(assessment)
    client.force_login(factories.holder(role, assessment.place))

    for url in (address(submitted), address(submitted, "pathway", "seed-fund")):
        text = client.get(url).text
        assert "2027" in text
        assert 'name="based_on"' not in text
        assert client.post(url, sent()).status_code == 403


def test_a_form_that_comes_too_late_is_refused_with_what_was_typed(client, assessment):
    factories.put_up(assessment)
    client.force_login(lead_of(assessment))

    text = client.post(address(assessment), sent(**{"level-SO1": "3", "reason": "My words"})).text

    assert "fixed while the assessment is up for signature" in text
    assert "My words" in text
    assert not TargetSet.objects.exists()


def test_no_level_of_an_earlier_round_leads_a_member_who_has_still_to_score(client, assessment):
    factories.submitted(assessment)
    later = factories.create_assessment(place=assessment.place, opens_on=date(2026, 10, 2))
    factories.in_scoring(later)
    client.force_login(factories.board(assessment.place, 1)[0])

    assert "Evolving" not in client.get(address(assessment)).text


@pytest.mark.parametrize("size", [1, 4])
def test_the_pages_take_the_same_queries_for_little_data_and_much(client, assessment, size, django_assert_num_queries):
    for number in range(size):
        factories.create_targets(assessment, SO1=1 + number, SO2=2, based_on=number)
        factories.create_pathway_date(assessment, planned_on=date(2027, 1, 1 + number), reason="Later", based_on=number)
    submitted = factories.submitted(assessment)
    assert submitted.state == State.SUBMITTED
    client.force_login(lead_of(assessment))

    # session, user, assessment, capacity; aims, history, targets before; whether levels are hidden, snapshot
    with django_assert_num_queries(9):
        client.get(address(submitted))
    with django_assert_num_queries(5):
        client.get(address(submitted, "pathway", "seed-fund"))
