"""Queries that are written once: they say what the queryset would, for whoever asks, and hold no day of their own."""

from datetime import date, timedelta
from threading import Thread

import django
import pytest
from django.db import connection
from django.db.models import F, Q
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partnership.models import Membership, Place
from partnership.prepared import NotPreparable, _Text, prepared
from partnership.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)
# What decision 32 says that prepared queries lean on, beside what Django documents.
OF_COMPILERS = {"annotation_col_map", "as_sql", "col_count", "connection", "execute_sql", "get_converters"} | {
    "klass_info",
    "results_iter",
    "select",
}
OF_QUERYSETS = {"_fields", "_known_related_objects", "db", "model", "query"}
OF_QUERIES = {"get_compiler"}
WHAT_TO_DO = (
    f"Django {django.__version__} is not what prepared queries lean on. Compare `_Text.rows` and `_Query` in "
    "partnership/prepared.py with what django/db/models/query.py and sql/compiler.py ask for now, mend them, and write "
    "the new names down here and in decision 32. Until that is done, stay with the Django that the lock file had."
)


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


class Watched:
    """Stands before an object, and notes which of its parts are asked for."""

    def __init__(self, whole, seen, **instead):
        self._whole, self._seen, self._instead = whole, seen, instead

    def __getattr__(self, name):
        self._seen.add(name)
        return self._instead[name] if name in self._instead else getattr(self._whole, name)


def test_django_asks_of_what_is_prepared_what_the_decision_says():
    factories.create_membership()
    every = Membership.objects.select_related("place__system").annotate(at=F("place__name")).order_by("pk")
    shapes = (
        every,
        every.values_list("pk", "at"),
        every.values_list("pk", "at", named=True),
        every.values_list("at", flat=True),
    )

    for rows in shapes:
        of_queryset, of_query = set(), set()
        query = Watched(rows.query, of_query)
        found = list(rows._iterable_class(Watched(rows, of_queryset, query=query), chunked_fetch=False))
        assert found == list(rows)
        assert of_queryset <= OF_QUERYSETS, WHAT_TO_DO
        assert of_query <= OF_QUERIES, WHAT_TO_DO
        compiler = rows.query.get_compiler(connection=connection)
        compiler.as_sql()
        missing = [name for name in sorted(OF_COMPILERS) if not hasattr(compiler, name)]
        assert not missing, WHAT_TO_DO


def test_a_compilers_text_is_asked_for_once_and_answers_are_read_by_its_columns():
    """The text that a compiler gives is what is asked: `as_sql` may be replaced, and so may its converters."""
    factories.create_membership()
    rows = Membership.objects.values_list("pk", "place__public_id").order_by("pk")
    compiler = rows.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([each for each, *_ in compiler.select[: compiler.col_count]])
    asked = []
    compiler.as_sql = lambda *_, **__: asked.append(1) or (sql, params)
    compiler.get_converters = lambda _: converters

    assert list(compiler.results_iter(tuple_expected=True)) == list(rows), WHAT_TO_DO
    assert asked == [1], WHAT_TO_DO


def test_marks_and_signs_of_per_cent_in_a_text_stay_what_they_are():
    factories.create_place("50% there")

    @prepared
    def like(*, name):
        return Place.objects.filter(name__contains="0% t").filter(name=name).values_list("name", flat=True)

    assert like(name="50% there") == ["50% there"]
    assert like(name="5") == []
