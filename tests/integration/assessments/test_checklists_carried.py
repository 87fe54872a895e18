"""What a place said of the statements of a checklist, in the rounds and versions that come after."""

import pytest
from django.urls import reverse

from assessments.earlier_items import load_candidates
from assessments.services import carrying, checklists
from partnership.audit_rows import faults
from tests import factories, whole_round
from tests.factories import AT
from tests.integration.assessments.checklist_frameworks import asked, checklist, lead
from tests.unit.frameworks.garden_versions import next_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    return whole_round.opened(whole_round.published(checklist()))


def test_what_the_place_said_is_brought_into_the_next_round_and_no_answer_with_it(client):
    version = whole_round.published(checklist())
    place = factories.create_place()
    before = whole_round.opened(version, place=place)
    checklists.write_account(item=asked(before, "F1"), account="A plan.", based_on=1, by=lead(before), at=AT)
    artefact = factories.create_artefact(place, item=asked(before, "F2"), locator="page 4")
    factories.create_item(before, code="IT", statement="Ours.")
    whole_round.agreed(whole_round.scored(before, answer=lambda item, definition: 1))
    after = factories.create_assessment(place=place, framework_version=version, opens_on=AT.date().replace(month=11))
    client.force_login(lead(after))

    offered = client.get(reverse("assessments:bring", args=[after.public_id])).text
    made = carrying.carry_forward(assessment=after, source=before, by=lead(after), at=AT)
    carried = client.get(reverse("assessments:carried", args=[after.public_id])).text

    # Of W1 the earlier round says nothing, so that there is nothing to bring.
    assert "There is a plan." in offered
    assert "The plan was ignored." not in offered
    assert {item.statement_code for item in made} == {"F1", "F2", ""}
    f1, f2 = asked(after, "F1"), asked(after, "F2")
    assert (f1.account, f1.is_unconfirmed, f1.lineage) == ("A plan.", True, asked(before, "F1").lineage)
    assert list(f2.artefact_links.values_list("artefact", "locator")) == [(artefact.pk, "page 4")]
    assert after.items.filter(scores__isnull=False).count() == 0
    assert "CH.F1" in carried
    assert "A plan." in carried
    assert faults() == []
    with pytest.raises(carrying.NothingToCarry):
        carrying.carry_forward(assessment=after, source=before, by=lead(after), at=AT)


def test_what_the_place_says_or_shows_this_time_is_not_overwritten_by_what_it_said_before():
    version, place = whole_round.published(checklist()), factories.create_place()
    before = whole_round.opened(version, place=place)
    for code in ("F1", "F2", "W1"):
        checklists.write_account(item=asked(before, code), account="Before.", based_on=1, by=lead(before), at=AT)
    factories.create_item(before, code="IT")
    before = whole_round.agreed(whole_round.scored(before, answer=lambda item, definition: 1))
    after = factories.create_assessment(place=place, framework_version=version, opens_on=AT.date().replace(month=11))
    checklists.write_account(item=asked(after, "W1"), account="Now.", based_on=1, by=lead(after), at=AT)
    factories.create_artefact(place, item=asked(after, "F2"))

    offered = load_candidates(assessment=after, source=before)
    carrying.carry_forward(assessment=after, source=before, by=lead(after), at=AT)

    assert {each.item.statement_code for some in offered.criteria for each in some.open_items} == {"F1", ""}
    assert [asked(after, code).account for code in ("F1", "F2", "W1")] == ["Before.", "", "Now."]


def test_a_statement_that_two_parts_ask_again_is_offered_until_the_place_says_something_of_both():
    def split(data):
        whole, ours = data["nodes"]
        data["nodes"] = [whole | {"code": code, "name": f"Checklist {code}"} for code in ("CA", "CB")] + [ours]

    origins = {code: {"what": "split", "from": ["CH"]} for code in ("CA", "CB")}
    place = factories.create_place()
    before = whole_round.opened(whole_round.published(checklist()), place=place)
    for code in ("F1", "F2"):
        checklists.write_account(item=asked(before, code), account="Before.", based_on=1, by=lead(before), at=AT)
    factories.create_item(before, code="IT")
    before = whole_round.agreed(whole_round.scored(before, answer=lambda item, definition: 1))
    after = factories.create_assessment(
        place=place,
        framework_version=whole_round.published(next_version(checklist(), split, criteria=origins, dropped=[])),
        opens_on=AT.date().replace(month=11),
    )
    for criterion, code in (("CA", "F1"), ("CB", "F1"), ("CA", "F2")):
        item = after.items.get(criterion__code=criterion, statement_code=code)
        checklists.write_account(item=item, account="Now.", based_on=1, by=lead(after), at=AT)

    offered = load_candidates(assessment=after, source=before)

    is_here = {each.item.statement_code: each.is_here for some in offered.criteria for each in some.items}
    assert is_here == {"F1": True, "F2": False, "": False}


def test_the_next_version_of_a_signed_assessment_has_its_statements_and_what_the_place_said(assessment):
    checklists.write_account(item=asked(assessment, "F1"), account="A plan.", based_on=1, by=lead(assessment), at=AT)
    factories.create_item(assessment, code="IT")
    signed = whole_round.signed(whole_round.agreed(whole_round.scored(assessment, answer=lambda item, definition: 1)))

    again = factories.reopened(signed)

    kept = ("statement_code", "statement", "account", "lineage")
    assert set(again.items.values_list(*kept)) == set(signed.items.values_list(*kept))
    assert asked(again, "F1").account == "A plan."
    assert faults() == []
