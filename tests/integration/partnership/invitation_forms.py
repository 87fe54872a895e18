"""Forms that invite somebody, and the links that they send."""

from datetime import timedelta
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from partnership.models import OutgoingMail
from tests import factories

WEEK = timedelta(days=7)
PASSWORD = "nine slow barges"


def invite(place, council, **values):
    return factories.create_invitation(place=place, organisation=council, at=timezone.now(), **values)


def last_link():
    return reverse("partnership:join", args=[factories.link_token(OutgoingMail.objects.order_by("-pk")[0])])


def url(name, row):
    return reverse(f"partnership:{name}", args=[row.public_id])


def typed(where, council, **changes):
    values = {"place": str(where.public_id), "name": "Ann Lee", "email": "Ann@ashby.example", "role": "MEMBER"}
    return values | {"organisation": str(council.public_id), "token": str(uuid4())} | changes
