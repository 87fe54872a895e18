"""An optional part is left out in one act, each of its items on record, and taken in again while the board agrees."""

import pytest
from django.urls import reverse

from assessments.models import Agreement
from assessments.permissions import WrongState
from assessments.services.agreeing import NotOptional, agree_undisputed, leave_out_part
from assessments.workflow import Move
from partnership.audit_rows import faults
from partnership.models import AuditEvent
from partnership.roles import Role
from tests import factories, whole_round
from tests.factories import AT
from tests.page_forms import forms_of
from tests.published_shapes import SHAPES

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment():
    """A ragged framework in agreeing, whose optional part R3 has two criteria with an item each."""
    assessment = whole_round.written(whole_round.opened(whole_round.published(SHAPES["ragged"]())))
    return factories.move(whole_round.scored(assessment), Move.CLOSE_SCORING)


def chair(assessment):
    return factories.holder(Role.CHAIR, assessment.place)


def judgements(assessment):
    held = Agreement.objects.standing().filter(item__assessment=assessment)
    return dict(held.order_by("item").values_list("item__criterion__code", "judgement"))


def opened(client, assessment):
    """Return the address of the page and its form, as the chair's browser would send it."""
    client.force_login(chair(assessment))
    address = reverse("assessments:leave_out", args=[assessment.public_id, "R3"])
    (form,) = (form for form in forms_of(client.get(address).text, address) if "reason" in form.controls)
    return address, form


def test_the_chair_leaves_out_an_optional_part_with_one_reason(client, assessment):
    address, form = opened(client, assessment)
    assert address in client.get(reverse("assessments:agreeing", args=[assessment.public_id])).text

    empty = client.post(address, form.values())
    done = client.post(address, form.values(reason="We have no <partner> abroad."), follow=True).text
    again = client.post(address, form.values(reason="We have none."), follow=True).text

    assert "Say why the part does not apply" in empty.text
    assert "Abroad: 2 items are settled as not applicable." in done
    assert "have the part scored again" in done
    assert "nothing was changed" in again
    assert judgements(assessment) == {"R3.1": "NOT_APPLICABLE", "R3.2": "NOT_APPLICABLE"}
    assert {each.reason for each in Agreement.objects.all()} == {"We have no <partner> abroad."}
    assert AuditEvent.objects.filter(type="LEVEL_AGREED").count() == 2
    assert whole_round.case_of(assessment).claimed["R3"].status == "not_applicable"
    assert faults() == []


def test_what_somebody_settled_meanwhile_stays_and_is_named(client, assessment):
    address, form = opened(client, assessment)
    factories.create_agreement(assessment.items.get(criterion__code="R3.2"), level=4)

    text = client.post(address, form.values(reason="We have none."), follow=True).text

    assert "Settled by somebody else meanwhile, and left as it is: R3.2.1." in text
    assert judgements(assessment) == {"R3.1": "NOT_APPLICABLE", "R3.2": "LEVEL"}


def test_an_item_of_the_part_can_be_settled_otherwise_and_the_part_scored_again(assessment):
    leave_out_part(assessment=assessment, code="R3", reason="None.", shown={}, by=chair(assessment), at=AT)
    first, second = assessment.items.filter(criterion__code__startswith="R3").order_by("criterion__code")

    factories.create_agreement(first, level=4, based_on=1)
    assert judgements(assessment) == {"R3.1": "LEVEL", "R3.2": "NOT_APPLICABLE"}
    factories.move(assessment, Move.SCORE_AGAIN, items=[first, second], reason="It applies after all.")
    assert judgements(assessment) == {}
    # What was settled on the ballot before does not count: the part can be left out once more.
    factories.move(assessment, Move.CLOSE_SCORING)
    leave_out_part(assessment=assessment, code="R3", reason="It does not.", shown={}, by=chair(assessment), at=AT)
    assert judgements(assessment) == {"R3.1": "NOT_APPLICABLE", "R3.2": "NOT_APPLICABLE"}


def test_only_optional_parts_are_left_out_and_only_while_the_board_agrees(client, assessment):
    by = chair(assessment)
    with pytest.raises(NotOptional):
        leave_out_part(assessment=assessment, code="R2", reason="None.", shown={}, by=by, at=AT)
    client.force_login(by)
    assert client.get(reverse("assessments:leave_out", args=[assessment.public_id, "R2"])).status_code == 404

    agree_undisputed(assessment=assessment, by=by, at=AT)
    factories.move(assessment, Move.PUT_UP, accepted_gaps=frozenset())
    with pytest.raises(WrongState):
        leave_out_part(assessment=assessment, code="R3", reason="None.", shown={}, by=by, at=AT)
    late = client.post(
        reverse("assessments:leave_out", args=[assessment.public_id, "R3"]), {"reason": "Too late a thought."}
    )
    assert (late.status_code, "Too late a thought." in late.text) == (409, True)
