"""
Queries that are written once in each process, and asked again with other values.

The object-relational mapper builds and compiles a query anew each time; where it has many parts, that takes ten times
as long as asking it. What is kept here is the compiled text alone, never a row.
"""

import re
from copy import copy
from datetime import date, datetime, timedelta
from functools import wraps
from types import SimpleNamespace
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections

# Stand-ins for the values: far from any key and any day that a row has, and each of a query's another one.
FIRST_KEY, FIRST_DAY, FIRST_ID = -7_100_000_001, date(101, 1, 1), UUID("0badc0de-0000-4000-8000-000000000000").int
A_DAY = re.compile(r"\d{4}-\d\d-\d\d\b")
SEVERAL = (set, frozenset, list, tuple)


class NotPreparable(Exception):
    """The query cannot be kept: its text depends on something other than the values that it was given."""


def prepared(write):
    """
    Turn a function that writes a queryset into one that returns its rows as a list.

    Arguments are given by name: integers, days, identifiers, several integers, on whose number the text depends, or
    truth values, for each of which there is a text of its own. All but the last the function may compare with columns
    and nothing else. What it may not do is look at the clock: a day that it
    finds by itself would stay the same for ever, so that such a query is refused. Rows are what the queryset would
    give, with `select_related` and annotations; `prefetch_related` is not for it.

    :raises NotPreparable: if a value cannot be found again in what was written, or a day stands there that none is for
    """
    texts = {}

    @wraps(write)
    def ask(**values):
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (connection.vendor, *values, *map(_shape, values.values()))
        text = texts.get(shape)
        if text is None:
            text = texts[shape] = _Text(write, values, connection)
        return text.rows(values, connection)

    return ask


class _Text:
    """A compiled query, and which value goes where in its parameters."""

    def __init__(self, write, values, connection):
        stand_ins, numbers = {}, iter(range(10_000))
        given = {}
        for name, value in values.items():
            if isinstance(value, bool):
                given[name] = value
            elif isinstance(value, SEVERAL):
                given[name] = [_stand_in(1, next(numbers)) for _ in value]
                stand_ins |= {each: (name, at) for at, each in enumerate(given[name])}
            else:
                given[name] = _stand_in(value, next(numbers))
                stand_ins[_adapted(given[name], connection)] = (name, None)
        self.queryset = write(**given)
        self.compiler = self.queryset.query.get_compiler(connection=connection)
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, params = "", ()
        # Kept for other threads, each of which has a connection of its own.
        self.compiler.connection = None
        self.params = tuple(params)
        self.places = [(at, *stand_ins[each]) for at, each in enumerate(params) if _is_among(each, stand_ins)]
        self._check(given)

    def _check(self, given):
        if not self.sql:
            return
        names = {name for _, name, _ in self.places}
        compared = {name for name, value in given.items() if not isinstance(value, bool)}
        # With an empty set go the parts of the query that it makes empty.
        if [] not in given.values() and (missing := compared - names):
            raise NotPreparable(f"The query does not compare {', '.join(sorted(missing))} with a column")
        places = {at for at, _, _ in self.places}
        for at, each in enumerate(self.params):
            is_day = isinstance(each, date) or isinstance(each, str) and A_DAY.match(each)
            if is_day and at not in places:
                raise NotPreparable(f"The query holds {each}, which would stay the same for ever")

    def rows(self, values, connection):
        if not self.sql:
            return []
        several = {name: sorted(value) for name, value in values.items() if isinstance(value, SEVERAL)}
        params = list(self.params)
        for at, name, number in self.places:
            params[at] = _adapted(values[name], connection) if number is None else several[name][number]
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_, **__: (self.sql, params)
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=self.queryset.model,
            query=_Query(self.queryset.query, compiler),
            _known_related_objects={},
            _fields=self.queryset._fields,
        )
        return list(self.queryset._iterable_class(asked))


class _Query:
    """A query that was compiled before, for what reads its rows."""

    def __init__(self, query, compiler):
        self._query, self._compiler = query, compiler

    def get_compiler(self, *_, **__):
        return self._compiler

    def __getattr__(self, name):
        return getattr(self._query, name)


def _shape(value):
    """Return what the text depends on: how many values there are, or whether something is so."""
    return value if isinstance(value, bool) else len(value) if isinstance(value, SEVERAL) else -1


def _stand_in(value, number):
    if isinstance(value, date) and not isinstance(value, datetime):
        return FIRST_DAY + timedelta(days=number)
    if isinstance(value, UUID):
        return UUID(int=FIRST_ID + number)
    if type(value) is int:
        return FIRST_KEY - number
    raise NotPreparable(f"{value!r} is neither an integer nor a day nor an identifier")


def _adapted(value, connection):
    """Return a value as it stands among the parameters on this database."""
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _is_among(value, stand_ins):
    # A parameter may be of a kind that has no hash, such as a list.
    return isinstance(value, (int, str, date, UUID)) and value in stand_ins
