"""Somebody comes by the link of an invitation too late, and again after it was used: each is told the way on."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from partnership.models import OutgoingMail, Place, User
from partnership.roles import Role
from partnership.services import invitations

from .visitor import Visitor

OFFICE, NEWCOMER = "office@icb.example", "practice.manager@wirral.example"
PASSWORD = "a-long-walk-along-the-mersey"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def newcomer(request, chromium, address):
    visitor = Visitor(chromium, address, script=request.param)
    # The link is gone: that is what is tried.
    visitor.expect(410)
    yield visitor
    assert visitor.complaints == []


def latest_link():
    return re.search(r"/join/\S+", OutgoingMail.objects.filter(to=NEWCOMER).latest("pk").body).group()


def invite(*, at):
    place = Place.objects.get(name="Wirral")
    told = {"email": NEWCOMER, "name": "Practice manager, Wirral", "role": Role.MEMBER}
    partner = place.partners.order_by("pk").first().organisation
    with transaction.atomic():
        invitations.invite(place=place, organisation=partner, by=User.objects.get(email=OFFICE), at=at, **told)


def test_a_link_that_has_expired_and_one_that_was_used_say_so_and_lead_on(chromium, address, newcomer):
    invite(at=timezone.now() - timedelta(days=30))
    newcomer.open(latest_link())
    assert newcomer.heading == "This invitation has expired"
    assert "ask Programme office, NHS Cheshire and Merseyside" in newcomer.text
    newcomer.look()

    office = Visitor(chromium, address)
    office.sign_in(OFFICE)
    office.follow("^Invitations")
    office.follow("^Practice manager, Wirral")
    assert "Expired" in office.text
    office.press("^Send a new link")
    assert "A new link was sent" in office.text

    link = latest_link()
    newcomer.open(link)
    newcomer.page.get_by_label("Password", exact=True).fill(PASSWORD)
    newcomer.press("^Accept")
    assert newcomer.path == "/"
    newcomer.sign_out()

    newcomer.open(link)
    assert newcomer.heading == "This invitation was accepted"
    newcomer.look()
    newcomer.follow("^Sign in")
    newcomer.sign_in(NEWCOMER, password=PASSWORD)
    assert newcomer.path == "/"
    assert office.complaints == []
