"""A place's case goes on from round to round: its words and evidence come along, unconfirmed; its scores never do."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Agreement, EvidenceItem, Score
from assessments.permissions import WrongState
from assessments.services import carrying, items, register
from assessments.workflow import Move, State
from partnership import audit
from partnership.idempotency import AlreadyDone
from partnership.models import AuditEvent
from tests import factories
from tests.integration.assessments.carrying.conftest import AT, ROLES, SPRING, address, carry, shown
from tests.unit.frameworks.garden_versions import node, second_garden

pytestmark = pytest.mark.django_db


# What comes along


def test_words_lineage_and_evidence_come_along_and_no_score(spring, autumn, people):
    made = carry(autumn, spring, people)

    before = {item.lineage: item for item in spring.items.all()}
    assert len(made) == 5
    for item in autumn.items.prefetch_related("artefact_links"):
        source = before[item.lineage]
        assert (item.statement, item.number, item.criterion_id) == (
            source.statement,
            source.number,
            source.criterion_id,
        )
        assert item.carried_from == source
        assert item.is_unconfirmed
        (link,), (was,) = item.artefact_links.all(), source.artefact_links.all()
        assert (link.artefact_id, link.locator) == (was.artefact_id, "page 3")
    assert Score.objects.filter(item__assessment=spring).exists()
    assert not Score.objects.filter(item__assessment=autumn).exists()
    assert not Agreement.objects.filter(item__assessment=autumn).exists()
    assert AuditEvent.objects.filter(type=audit.Type.ITEM_CARRIED).count() == 5


def test_items_come_after_those_that_are_there(spring, autumn, people):
    factories.create_item(autumn, code="SO1", statement="New.")

    carry(autumn, spring, people)

    assert list(autumn.items.filter(criterion__code="SO1").order_by("number").values_list("number", flat=True)) == [
        1,
        2,
        3,
    ]


def test_what_ended_stays_behind(spring, autumn, people):
    link = spring.items.get(criterion__code="PE1").artefact_links.get()
    register.end_artefact(artefact=link.artefact, based_on=link.artefact.version, by=people["lead"], at=AT)

    carry(autumn, spring, people)

    assert not autumn.items.get(criterion__code="PE1").artefact_links.exists()
    assert autumn.items.get(criterion__code="SO2").artefact_links.count() == 1


def test_only_what_is_chosen_comes(spring, autumn, people):
    chosen = spring.items.get(criterion__code="SO2")

    carry(autumn, spring, people, choices={chosen.pk: "SO2"})

    assert [item.lineage for item in autumn.items.all()] == [chosen.lineage]


def test_what_is_here_already_is_not_brought_twice(spring, autumn, people):
    chosen = spring.items.get(criterion__code="SO2")
    carry(autumn, spring, people, choices={chosen.pk: "SO2"})

    made = carry(autumn, spring, people)

    assert len(made) == 4
    with pytest.raises(carrying.NothingToCarry):
        carry(autumn, spring, people)


def test_a_form_that_arrives_twice_brings_once(spring, autumn, people):
    token = uuid4()
    carry(autumn, spring, people, token=token)

    with pytest.raises(AlreadyDone):
        carry(autumn, spring, people, token=token)

    assert autumn.items.count() == 5


def test_items_follow_what_became_of_their_criteria(spring, changed, people):
    carry(changed, spring, people)

    found = changed.items.order_by("criterion__position", "number").values_list(
        "criterion__code", "carried_from__criterion__code"
    )
    assert list(found) == [("SO1a", "SO1"), ("SO1a", "SO1"), ("SO9", "SO2"), ("SO9", "SO3"), ("PE1", "PE1")]


def test_an_item_of_a_split_criterion_goes_to_the_part_that_is_chosen(spring, changed, people):
    first, second = spring.items.filter(criterion__code="SO1").order_by("number")

    carry(changed, spring, people, choices={first.pk: "SO1b", second.pk: "SO1a"})

    assert changed.items.get(criterion__code="SO1b").lineage == first.lineage
    with pytest.raises(carrying.NoSuchTarget):
        carry(changed, spring, people, choices={spring.items.get(criterion__code="PE1").pk: "SO1b"})


def test_items_of_a_dropped_criterion_stay(place, spring, people):
    def drop(data):
        node(data, "SO")["nodes"] = node(data, "SO")["nodes"][1:]

    version = factories.create_framework_version(**second_garden(drop, dropped=["SO1"]))
    autumn = factories.create_assessment(place=place, name="Autumn", framework_version=version)
    chosen = spring.items.filter(criterion__code="SO1").first()

    made = carry(autumn, spring, people)

    assert "SO1" not in {item.carried_from.criterion.code for item in made}
    with pytest.raises(carrying.NoSuchTarget):
        carry(autumn, spring, people, choices={chosen.pk: "SO2"})


# Who may, when, and from where


@pytest.mark.parametrize("role", ROLES)
def test_only_the_lead_brings_and_confirms(client, spring, autumn, people, role):
    carry(autumn, spring, people, choices={spring.items.get(criterion__code="SO2").pk: "SO2"})
    client.force_login(people[role])

    pages = {client.get(address(name, autumn)).status_code for name in ("bring", "carried")}

    assert pages == {{"lead": 200, "outsider": 404}.get(role, 403)}
    if role != "lead":
        with pytest.raises(PermissionDenied):
            carry(autumn, spring, people, by=people[role])
        with pytest.raises(PermissionDenied):
            carrying.confirm_items(assessment=autumn, shown=shown(autumn), by=people[role], at=AT)
        assert client.post(address("carried", autumn)).status_code in (403, 404)


@pytest.mark.parametrize("state", [state for state in State if state != State.PREPARING])
def test_nothing_is_brought_or_confirmed_once_the_wording_is_fixed(place, spring, people, state):
    assessment = factories.create_assessment(place=place, state=state, framework_version=spring.framework_version)

    with pytest.raises(WrongState):
        carry(assessment, spring, people)
    with pytest.raises(WrongState):
        carrying.confirm_items(assessment=assessment, shown={}, by=people["lead"], at=AT)


def test_nothing_is_brought_from_elsewhere_from_later_or_from_what_is_still_being_written(spring, autumn, people):
    elsewhere = factories.create_assessment(opens_on=SPRING, state=State.SCORING)
    later = factories.create_assessment(
        place=spring.place, opens_on=date(2026, 10, 2), state=State.SCORING, framework_version=spring.framework_version
    )
    writing = factories.create_assessment(
        place=spring.place, opens_on=SPRING, framework_version=spring.framework_version
    )
    factories.create_item(writing)

    for source in (elsewhere, later, writing, autumn):
        with pytest.raises(carrying.NotAnEarlierRound):
            carry(autumn, source, people)


# Confirming


def test_the_lead_confirms_one_or_all(spring, autumn, people):
    carry(autumn, spring, people)
    first = autumn.items.first()

    carrying.confirm_items(assessment=autumn, shown={str(first.public_id): first.version}, by=people["lead"], at=AT)
    assert autumn.items.unconfirmed().count() == 4
    carrying.confirm_items(assessment=autumn, shown=shown(autumn), by=people["lead"], at=AT)

    assert not autumn.items.unconfirmed().exists()
    first.refresh_from_db()
    assert (first.confirmed_by, first.confirmed_at) == (people["lead"], AT)
    assert AuditEvent.objects.filter(type=audit.Type.ITEM_CONFIRMED).count() == 5
    with pytest.raises(carrying.NothingToConfirm):
        carrying.confirm_items(assessment=autumn, shown={str(first.public_id): 1}, by=people["lead"], at=AT)


def test_what_changed_under_the_leads_eyes_is_not_confirmed(spring, autumn, people):
    carry(autumn, spring, people)
    seen = shown(autumn)
    item = autumn.items.get(criterion__code="PE1")
    items.edit_item(item=item, statement="Other words.", number=1, based_on=1, by=people["contributor"], at=AT)

    with pytest.raises(carrying.ItemsChanged) as refusal:
        carrying.confirm_items(assessment=autumn, shown=seen, by=people["lead"], at=AT)

    assert refusal.value.items == [item]
    assert autumn.items.unconfirmed().count() == 5


@pytest.mark.parametrize("role, confirmed", [("lead", True), ("contributor", False)])
def test_what_the_lead_writes_anew_is_confirmed_and_what_others_do_is_not(spring, autumn, people, role, confirmed):
    carry(autumn, spring, people)
    item = autumn.items.get(criterion__code="PE1")

    items.edit_item(item=item, statement="Other words.", number=1, based_on=1, by=people[role], at=AT)

    item.refresh_from_db()
    assert (item.confirmed_by == people["lead"]) == confirmed
    assert item.is_unconfirmed != confirmed


def test_the_database_keeps_an_item_from_being_confirmed_without_somebody_or_a_source(spring, autumn, people):
    carry(autumn, spring, people)
    own = factories.create_item(autumn)

    for pk, values in ((autumn.items.first().pk, {}), (own.pk, {"confirmed_by": people["lead"]})):
        with pytest.raises(IntegrityError), transaction.atomic():
            EvidenceItem.objects.filter(pk=pk).update(confirmed_at=AT, **values)


def test_opening_scoring_names_what_is_not_confirmed(client, spring, autumn, people):
    carry(autumn, spring, people)
    page = reverse("assessments:move", args=[autumn.public_id, Move.OPEN_SCORING])
    client.force_login(people["lead"])

    warned = client.get(page).text
    carrying.confirm_items(assessment=autumn, shown=shown(autumn), by=people["lead"], at=AT)

    assert "5 items brought from an earlier round are not confirmed: SO1.1, SO1.2, SO2.1, SO3.1 and PE1.1." in warned
    assert "not confirmed" not in client.get(page).text


def test_the_assessments_page_leads_to_what_waits_for_confirmation_while_something_does(client, spring, autumn, people):
    client.force_login(people["lead"])

    def leads_there():
        return address("carried", autumn) in client.get(address("assessment", autumn)).text

    assert not leads_there()
    carry(autumn, spring, people)
    assert leads_there()
    carrying.confirm_items(assessment=autumn, shown=shown(autumn), by=people["lead"], at=AT)
    assert not leads_there()


def test_the_home_page_asks_the_lead_to_confirm(client, spring, autumn, people):
    carry(autumn, spring, people)
    client.force_login(people["lead"])

    page = client.get("/").text

    assert "Confirm 5 carried items" in page
    assert address("carried", autumn) in page


def test_last_rounds_level_shows_by_lineage_only_where_the_criterion_is_what_it_was(client, spring, changed, people):
    carry(changed, spring, people)
    factories.in_scoring(changed)
    for code in ("SO1a", "PE1"):
        for item in changed.items.filter(criterion__code=code):
            factories.create_score(item, by=people["member"])
    client.force_login(people["member"])

    for code in ("SO1a", "PE1"):
        page = client.get(reverse("assessments:score", args=[changed.public_id, code])).text
        assert "The board agreed last time" not in page
        assert "cannot be compared" in page
