"""Queries that are written once: they say what the queryset would, for whoever asks, and hold no day of their own."""

from datetime import date, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.models import Membership, Place
from partnership.prepared import NotPreparable, _Text, prepared
from partnership.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)


def written(*, places, day, is_ended=False):
    found = Membership.objects.filter(place__in=places, starts_on__lte=day).select_related("user", "place__system")
    return found.exclude(ends_on=None).order_by("pk") if is_ended else found.order_by("pk")


def test_rows_are_those_of_the_queryset_whatever_the_values_and_their_number():
    ask = prepared(written)
    members = [factories.create_membership(starts_on=TODAY - timedelta(days=number)) for number in range(3)]
    ended = factories.create_membership(starts_on=TODAY, ends_on=TODAY)
    places = [each.place_id for each in (*members, ended)]

    for some in (places, places[:1], places[1:3], []):
        for day in (TODAY, TODAY - timedelta(days=1), TODAY - timedelta(days=9)):
            for is_ended in (False, True):
                asked = {"places": some, "day": day, "is_ended": is_ended}
                assert ask(**asked) == list(written(**asked))


def test_rows_bring_along_what_the_queryset_selects(django_assert_num_queries):
    member = factories.create_membership()
    ask = prepared(written)
    ask(places=[0], day=TODAY)

    with django_assert_num_queries(1):
        (found,) = ask(places=[member.place_id], day=TODAY)
        assert (found.user.name, found.place.system.name) == (member.user.name, member.place.system.name)


def test_identifiers_and_texts_are_asked_for_as_well_one_or_several():
    here, there = factories.create_place("Here"), factories.create_place("50% there, $1")

    @prepared
    def found(*, public_id, name):
        return Place.objects.filter(Q(public_id=public_id) | Q(name=name)).values_list("name", flat=True).order_by("pk")

    @prepared
    def among(*, public_ids, names):
        return Place.objects.filter(public_id__in=public_ids, name__in=names).values_list("name", flat=True)

    assert found(public_id=here.public_id, name=there.name) == [here.name, there.name]
    assert found(public_id=there.public_id, name="") == [there.name]
    both = [here.public_id, there.public_id]
    assert set(among(public_ids=both, names=[there.name, here.name, "Nowhere"])) == {here.name, there.name}
    assert among(public_ids=both, names=[there.name]) == [there.name]


def test_there_are_few_texts_however_many_values(monkeypatch):
    made = []
    monkeypatch.setattr("partnership.prepared._Text", lambda *arguments: made.append(1) or _Text(*arguments))
    member = factories.create_membership()
    ask = prepared(written)

    for number in range(40):
        assert ask(places=[member.place_id - each for each in range(number + 1)], day=TODAY) == [member]

    assert len(made) == 7


@pytest.mark.parametrize("is_pooled", [False, True])
def test_postgresql_keeps_statements_unless_a_pooler_changes_connections(monkeypatch, is_pooled):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", is_pooled)
    place = factories.create_place("Here")

    @prepared
    def names(*, public_id):
        return Place.objects.filter(public_id=public_id).values_list("name", flat=True)

    with CaptureQueriesContext(connection) as queries:
        assert names(public_id=place.public_id) == ["Here"]
        Place.objects.filter(pk=place.pk).update(name="There")
        assert names(public_id=place.public_id) == ["There"]

    is_kept = connection.vendor == "postgresql" and not is_pooled
    reads = "EXECUTE" if is_kept else "SELECT"
    assert [query["sql"].split()[0] for query in queries] == [reads, "UPDATE", reads]


def test_a_query_that_looks_at_the_clock_is_refused():
    @prepared
    def present(*, user):
        return Membership.objects.filter(user=user, starts_on__lte=timezone.localdate())

    with pytest.raises(NotPreparable, match="stay the same for ever"):
        present(user=1)


def test_a_query_that_looks_at_a_value_instead_of_comparing_it_is_refused():
    @prepared
    def leads(*, user, place):
        return Membership.objects.filter(user=user, role=Role.LEAD if place else Role.CHAIR)

    with pytest.raises(NotPreparable, match="place"):
        leads(user=1, place=2)


def test_another_thread_asks_on_a_connection_of_its_own():
    seen = []

    @prepared
    def every(*, least):
        return Place.objects.filter(pk__gte=least)

    every(least=1)
    here = connection.connection

    def ask():
        try:
            every(least=1)
            seen.append(connection.connection not in (None, here))
        finally:
            connection.close()

    thread = Thread(target=ask)
    thread.start()
    thread.join()

    assert seen == [True]
