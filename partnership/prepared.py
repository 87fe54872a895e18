"""
Queries that are written once in each process, and asked again with other values.

The object-relational mapper builds and compiles a query anew each time; where it has many parts, that takes ten times
as long as asking it. PostgreSQL then plans it anew each time, which takes as long again, unless it was told to keep the
statement. What is kept is the compiled text alone, and by PostgreSQL its plan: never a row.
"""

import re
from datetime import date, datetime, timedelta
from functools import wraps
from itertools import count
from types import SimpleNamespace
from uuid import UUID
from weakref import WeakKeyDictionary

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections

# Stand-ins for the values: far from any key, day or text that a row has, and each of a query's another one.
FIRST_KEY, FIRST_DAY, FIRST_ID = -7_100_000_001, date(101, 1, 1), UUID("0badc0de-0000-4000-8000-000000000000").int
A_TEXT = "stand-in 0badc0de {}"
TYPES = {int: "bigint", date: "date", UUID: "uuid", str: "text"}
STATEMENTS = count(1)
A_DAY = re.compile(r"\d{4}-\d\d-\d\d\b")
SEVERAL = (set, frozenset, list, tuple)


class NotPreparable(Exception):
    """The query cannot be kept: its text depends on something other than the values that it was given."""


def prepared(write):
    """
    Turn a function that writes a queryset into one that returns its rows as a list.

    Arguments are given by name: integers, days, identifiers, texts, several of one of these, or truth values, for each
    of which there is a text of its own. All but the last the function may compare with columns and nothing else;
    several are for `__in`: the last of them is repeated until they are a power of two, so that there are few texts.
    What it may not do is look at the clock: a day that it finds by itself would stay the same for ever, so that such a
    query is refused. Rows are what the queryset would give, with `select_related` and annotations; `prefetch_related`
    is not for it.

    :raises NotPreparable: if a value cannot be found again in what was written, or a day stands there that none is for
    """
    texts = {}

    @wraps(write)
    def ask(**values):
        connection = connections[DEFAULT_DB_ALIAS]
        values = {name: _filled(value) if isinstance(value, SEVERAL) else value for name, value in values.items()}
        shape = (connection.vendor, *values, *map(_shape, values.values()))
        text = texts.get(shape)
        if text is None:
            text = texts[shape] = _Text(write, values, connection)
        return text.rows(values, connection)

    return ask


class _Text:
    """A compiled query, and which value goes where in its parameters."""

    def __init__(self, write, values, connection):
        stand_ins, given, numbers = {}, {}, count()
        for name, value in values.items():
            if isinstance(value, bool):
                given[name] = value
                continue
            found = [_stand_in(each, next(numbers)) for each in (value if isinstance(value, list) else [value])]
            given[name] = found if isinstance(value, list) else found[0]
            stand_ins |= {_adapted(each, connection): (name, at) for at, each in enumerate(found)}
        self.queryset = write(**given)
        self.compiler = self.queryset.query.get_compiler(connection=connection)
        try:
            self.sql, params = self.compiler.as_sql()
        except EmptyResultSet:
            self.sql, params = "", ()
        # Kept for other threads, each of which has a connection of its own.
        self.compiler.connection = None
        self.params = tuple(params)
        # SQLite's cursor writes marks out one by one each time, and names all at once.
        self.known = {f"v{at}": each for at, each in enumerate(self.params)}
        self.named = self.sql.replace("%%", "%%%%") % tuple(f"%({name})s" for name in self.known)
        self.places = [(at, *stand_ins[each]) for at, each in enumerate(params) if _is_among(each, stand_ins)]
        self._check(given)
        # How values become Python's, by their columns: found with the first rows.
        self.converters = None
        is_pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
        self.statement = _Statement(self, given) if connection.vendor == "postgresql" and not is_pooled else None

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
        if self.statement:
            sql, params = self.statement.asked(values, connection)
        else:
            sql, params = self.named, dict(self.known)
            for at, name, number in self.places:
                params[f"v{at}"] = _adapted(_value(values, name, number), connection)
        compiler = object.__new__(type(self.compiler))
        vars(compiler).update(vars(self.compiler), connection=connection)
        compiler.as_sql = lambda *_, **__: (sql, params)
        if self.converters is None:
            self.converters = compiler.get_converters([each for each, *_ in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _: self.converters
        asked = SimpleNamespace(
            db=DEFAULT_DB_ALIAS,
            model=self.queryset.model,
            query=_Query(self.queryset.query, compiler),
            _known_related_objects={},
            _fields=self.queryset._fields,
        )
        return list(self.queryset._iterable_class(asked))


class _Statement:
    """
    A text that PostgreSQL keeps for each connection, with its plan: which is the more work the more parts it has.

    Behind a pooler that gives each transaction another connection there is none (`DISABLE_SERVER_SIDE_CURSORS`).
    """

    # The names of those that each connection has, for as long as it is open.
    known = WeakKeyDictionary()

    def __init__(self, text, given):
        self.name = f"portal_{next(STATEMENTS)}"
        self.text = text
        self.values = list(dict.fromkeys(place[1:] for place in text.places))
        types = [TYPES[type(_value(given, *each))] for each in self.values]
        self.head = f"PREPARE {self.name} ({', '.join(types)}) AS " if types else f"PREPARE {self.name} AS "
        self.sql = f"EXECUTE {self.name} ({', '.join(['%s'] * len(types))})" if types else f"EXECUTE {self.name}"

    def asked(self, values, connection):
        """Return how to ask it, after seeing to it that the connection has it."""
        with connection.cursor() as cursor:
            names = self.known.setdefault(connection.connection, set())
            if self.name not in names:
                # Past whatever counts or shows queries: it is asked once for a connection, whoever comes first.
                with connection.wrap_database_errors:
                    cursor.cursor.execute(self._written(connection))
                names.add(self.name)
        return self.sql, [_value(values, *each) for each in self.values]

    def _written(self, connection):
        from psycopg2.extensions import AsIs

        params = list(self.text.params)
        for at, *each in self.text.places:
            params[at] = AsIs(f"${self.values.index(tuple(each)) + 1}")
        return connection.ops.compose_sql(self.head + self.text.sql, params)


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
    return value if isinstance(value, bool) else len(value) if isinstance(value, list) else -1


def _filled(values):
    """Return several values in order, the last repeated until their number is a power of two."""
    values = sorted(values)
    most = 1 << (len(values) - 1).bit_length() if values else 0
    return values + values[-1:] * (most - len(values))


def _value(values, name, number):
    return values[name][number] if isinstance(values[name], list) else values[name]


def _stand_in(value, number):
    if isinstance(value, date) and not isinstance(value, datetime):
        return FIRST_DAY + timedelta(days=number)
    if isinstance(value, UUID):
        return UUID(int=FIRST_ID + number)
    if type(value) is int:
        return FIRST_KEY - number
    if type(value) is str:
        return A_TEXT.format(number)
    raise NotPreparable(f"{value!r} is neither an integer nor a day nor an identifier nor a text")


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
