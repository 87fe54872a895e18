"""The portal's addresses, and those of the two reference views."""

from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path

from partnership.permissions import SIGNED_IN, Route
from tests.bench.reference.models import Entry, Line, Tally

LINES = 13


def read(request):
    """Show thirteen rows: session, user, one query and a small template."""
    return TemplateResponse(
        request, "reference/read.html", {"lines": Line.objects.filter(user=request.user).order_by("number")}
    )


def write(request):
    """Lock a row, change it and add another, in one transaction."""
    with transaction.atomic():
        tally = Tally.objects.select_for_update().get(user=request.user)
        Tally.objects.filter(pk=tally.pk).update(count=F("count") + 1)
        Entry.objects.create(tally=tally, count=tally.count + 1)
    return HttpResponse("Written.", content_type="text/plain")


urlpatterns = [
    path("reference/read", read, name="reference_read"),
    path("reference/write", write, name="reference_write"),
    path("", include("partnership.urls")),
]
ROUTES = {
    "reference_read": Route(SIGNED_IN),
    "reference_write": Route(None, SIGNED_IN),
}
