"""What the benchmark fills its database with: copies that are as sound as what services made."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from assessments.models import Assessment, Score
from assessments.workflow import State
from partnership.models import AuditEvent, Membership, Place, System
from partnership.roles import Role
from tests.bench import copies, pattern
from tests.kept import kept

pytestmark = pytest.mark.django_db
ITEMS = (2, 0, 1)


@kept
def filled():
    """A pattern of two small places in two rounds, and copies of it: three systems with eight places in all."""
    pattern.make(rounds=2, items=ITEMS, members=4)
    before = {model: model._base_manager.count() for model in copies._in_order()}
    copies.fill([3, 3, 2])
    return before


def test_the_audit_record_vouches_for_every_copied_row(filled):
    out = StringIO()

    call_command("verify_audit", stdout=out)

    assert f"{AuditEvent.objects.count()} events: whole" in out.getvalue()


def test_copies_have_the_rows_that_services_made(filled):
    assert (System.objects.count(), Place.objects.count()) == (3, 8)
    assert Assessment.objects.count() == 16
    assert Assessment.objects.filter(state=State.DECIDED).count() == 8
    # Each place decided with four members' scores of three items; five score with two members, three agree with four.
    assert Score.objects.count() == 8 * 12 + 5 * 6 + 3 * 12
    # The first of the pattern's places is there five times, the other one and the system three times, frameworks once.
    for model, count in filled.items():
        now = model._base_manager.count()
        assert count <= now <= 5 * count, model


def test_pages_of_a_copy_open_and_name_nothing_of_the_pattern(filled, client):
    place = Place.objects.order_by("-pk").first()
    office = Membership.objects.get(role=Role.PROGRAMME_OFFICE, system=place.system).user
    member = Membership.objects.filter(role=Role.MEMBER, place=place).first().user
    decided = place.assessments.get(state=State.DECIDED)

    for user, path in (
        (office, reverse("reports:system", args=[place.system.public_id])),
        (member, reverse("reports:place", args=[place.public_id])),
        (member, reverse("reports:report", args=[decided.public_id])),
        (member, reverse("reports:home")),
    ):
        client.force_login(user)
        response = client.get(path)
        assert response.status_code == 200
        assert place.name in response.text or path == reverse("reports:home")
        assert "zqq" not in response.text.lower()


def test_rows_are_added_after_those_that_were_copied(filled):
    latest = System.objects.latest("pk").pk

    assert System.objects.create(name="Another", board_name="NHS Another").pk > latest
