"""
What the factories made once is put back where it is asked for again, instead of being made anew.

Hundreds of tests start from the same, such as a signed assessment of a new place, for which services write some two
hundred rows one after the other. The first time they do; from then on those rows are written at once, as they were.

What is asked for is the same where the arguments are, with all that hangs on them in memory, on the same day, and where
the database holds the same. That is told by the heads of its audit chains: every act of a service adds to one, under a
hash of all that came before and of identifiers that nobody can guess. What a test writes past the factories may leave
no trace there: once it has, nothing is put back any more until it is undone.
"""

import pickle
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, is_dataclass
from datetime import date, timedelta
from functools import cache, wraps
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import DJANGO_VERSION_PICKLE_KEY, connection, models, transaction
from django.db.backends.signals import connection_created
from django.utils import timezone

# What services do beside their own writing depends on these.
HOOKS = ("ON_SEALED", "ON_DECIDED", "ON_REOPENED", "SNAPSHOT_SECTIONS", "SNAPSHOT_SECTIONS_IN_WORDS")
WRITES = re.compile(r'(INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')
READS = (
    "SELECT",
    "(SELECT",
    "PREPARE portal_",
    "EXECUTE portal_",
    "RELEASE SAVEPOINT",
    "BEGIN",
    "PRAGMA",
    "SET CONSTRAINTS",
)
# That somebody signed in is no matter for what is made.
SIGNING_IN = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "django_session"|UPDATE "partnership_user" SET "last_login"')
# One state is on the way to the next: within other factories these are put back, too.
WAYS = {
    "create_place",
    "create_round",
    "in_scoring",
    "in_agreeing",
    "put_up",
    "signed",
    "submitted",
    "in_review",
    "reviewed",
}
# A test that asks for more than this fills tables, and no other will ask for the same.
MOST_CALLS = 60
MOST_VALUES = 900


class NotTold(Exception):
    """Of this value it cannot be told whether another one is the same."""


class NotKept(Exception):
    """What was written cannot be put back."""


def recalled(make):
    """Turn a factory into one that puts back what it made of the same before."""

    @wraps(make)
    def making(*args, **values):
        if make.__name__ in memory.instead:
            return memory.instead[make.__name__](make, *args, **values)
        if not memory.is_open(make):
            return make(*args, **values)
        try:
            key = (make.__name__, told(args), told(values), heads(), hooks(), timezone.localdate())
        except NotTold:
            memory.is_astray = not memory.noting
            return make(*args, **values)
        if key in memory.made:
            return memory.made[key].put_back(args, values)
        made = Made()
        with memory.noting_in(made):
            result = make(*args, **values)
        if made.keep(args, values, result):
            memory.made[key] = made
        return result

    return making


def told(value, met=None):
    """
    Return what tells a value from others: of a row all that is known of it, with the rows that were looked up from it.

    A row that is met again is told as that: two copies of one are not the same as one that stands in two places.

    :raises NotTold: if that cannot be said
    """
    met = {} if met is None else met
    if value is None or isinstance(value, (str, int, bytes, date, timedelta, UUID)):
        return type(value), value
    if isinstance(value, models.Model):
        if id(value) in met:
            return models.Model, met[id(value)]
        met[id(value)] = len(met)
        known = {name: each for name, each in value.__dict__.items() if name not in {"_state", "last_login"}}
        return type(value), told(known, met), value._state.adding, told(value._state.fields_cache, met)
    if isinstance(value, dict) and all(isinstance(name, str) for name in value):
        return dict, tuple((name, told(each, met)) for name, each in sorted(value.items()))
    if isinstance(value, (list, tuple)):
        return list, tuple(told(each, met) for each in value)
    if isinstance(value, (set, frozenset)):
        return set, frozenset(told(each, met) for each in value)
    if isinstance(value, models.QuerySet) and value._result_cache is not None:
        return models.QuerySet, told(value._result_cache, met)
    if is_dataclass(value):
        return type(value), told(vars(value), met)
    raise NotTold


def hooks():
    """Return what services call beside their own work."""
    return repr([getattr(settings, name) for name in HOOKS])


def heads():
    """Return the last hash of each audit chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, head_hash FROM partnership_auditchain")
        return frozenset(cursor.fetchall())


@cache
def keys():
    """Return the column of each table's key, where that is a number."""
    whole = (models.AutoField, models.BigAutoField)
    found = {model._meta.db_table: model._meta.pk for model in apps.get_models(include_auto_created=True)}
    return {table: key.column for table, key in found.items() if isinstance(key, whole)}


@dataclass(eq=False)
class Made:
    """The rows that a factory wrote and changed, and what it returned, with its arguments as they were afterwards."""

    highest: dict = field(default_factory=dict)
    before: dict = field(default_factory=dict)
    inserts: list = field(default_factory=list)
    updates: list = field(default_factory=list)
    objects: bytes = b""
    is_lost: bool = False

    def about_to(self, sql):
        """Note how a table is before it is written to for the first time."""
        found = WRITES.match(sql)
        if not found or found[2] not in keys():
            self.is_lost = True
        elif not self.is_lost:
            what, table = found.groups()
            if table not in self.highest:
                ((self.highest[table],),) = rows(f'SELECT COALESCE(MAX("{keys()[table]}"), 0) FROM "{table}"')[1]
            if what[0] != "I" and table not in self.before:
                self.before[table] = by_key(table)[1]

    def keep(self, args, values, result):
        """Keep what there is now and was not before; tell whether that could be done."""
        try:
            for table, highest in self.highest.items():
                now = by_key(table, 0 if table in self.before else highest)
                self._keep(table, highest, *now)
            self.objects = pickle.dumps((args, values, result))
        except (NotKept, pickle.PicklingError, TypeError, AttributeError):
            return False
        finally:
            self.before = None
        return not self.is_lost

    def _keep(self, table, highest, columns, now):
        names = ", ".join(f'"{each}"' for each in columns)
        new = [row for key, row in now.items() if key > highest]
        at_once = max(1, MOST_VALUES // len(columns))
        for start in range(0, len(new), at_once):
            some = new[start : start + at_once]
            row = f"({', '.join(['%s'] * len(columns))})"
            sql = f'INSERT INTO "{table}" ({names}) VALUES {", ".join([row] * len(some))}'
            self.inserts.append((sql, [value for each in some for value in each]))
        for key, old in self.before.get(table, {}).items():
            if key > highest:
                continue
            if key not in now:
                raise NotKept
            changed = [at for at, value in enumerate(now[key]) if value != old[at]]
            if changed:
                sets = ", ".join(f'"{columns[at]}" = %s' for at in changed)
                sql = f'UPDATE "{table}" SET {sets} WHERE "{keys()[table]}" = %s'
                self.updates.append((sql, [*(now[key][at] for at in changed), key]))

    def put_back(self, args, values):
        """Write the rows, bring the arguments up to what they were, and return what was returned."""
        with transaction.atomic(savepoint=False), memory.noting_in(NOWHERE), connection.cursor() as cursor:
            for sql, parameters in (*self.inserts, *self.updates):
                cursor.execute(sql, parameters)
        then_args, then_values, result = pickle.loads(self.objects)
        left = Left()
        left.pair((args, values), (then_args, then_values))
        left.brought((then_args, then_values))
        return left.brought(result)


class Left:
    """
    What a factory left behind in memory, brought into the rows that the one who asks again has in hand.

    Whatever the caller holds, an argument or a row that it was looked up from, stays the object that it is.
    """

    def __init__(self):
        self.now, self.done = {}, {}

    def pair(self, now, then):
        """Find the row in hand for each that was in hand then, from the arguments on."""
        if isinstance(now, (list, tuple)) and len(now) == len(then):
            for each, was in zip(now, then, strict=True):
                self.pair(each, was)
        elif isinstance(now, dict):
            for name in now.keys() & then.keys():
                self.pair(now[name], then[name])
        elif is_dataclass(now):
            self.pair(vars(now), vars(then))
        elif isinstance(now, models.Model) and now == then and id(then) not in self.now:
            self.now[id(then)] = now
            self.pair(now._state.fields_cache, then._state.fields_cache)

    def brought(self, value):
        """Return the value as it was left, of the rows in hand as far as they were in hand then."""
        if type(value) in (list, tuple, set, frozenset):
            return type(value)(map(self.brought, value))
        if type(value) is dict:
            return {name: self.brought(each) for name, each in value.items()}
        row = self.now.get(id(value), value)
        if id(value) in self.done:
            return row
        self.done[id(value)] = value
        if isinstance(value, models.Model):
            known = {name: self.brought(each) for name, each in value.__dict__.items()}
            known.pop(DJANGO_VERSION_PICKLE_KEY, None)
            if "last_login" in row.__dict__:
                known["last_login"] = row.__dict__["last_login"]
            row.__dict__.clear()
            row.__dict__.update(known)
        elif isinstance(value, models.base.ModelState):
            value.fields_cache = self.brought(value.fields_cache)
        elif isinstance(value, models.QuerySet):
            value._result_cache = self.brought(value._result_cache)
        elif is_dataclass(value):
            for name, each in vars(value).items():
                object.__setattr__(value, name, self.brought(each))
        return row


def by_key(table, above=0):
    """Return the columns of a table, and its rows by their keys."""
    columns, found = rows(f'SELECT * FROM "{table}" WHERE "{keys()[table]}" > {above}')
    at = columns.index(keys()[table])
    return columns, {row[at]: row for row in found}


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [each[0] for each in cursor.description], cursor.fetchall()


class Nowhere:
    """Stands for `Made` where what is written need not be noted."""

    def about_to(self, sql):
        pass


NOWHERE = Nowhere()


class Memory:
    """What was made, and whether what a test's database holds can be told: it is `astray` where it cannot."""

    def __init__(self):
        self.made, self.noting = {}, []
        self.instead, self.is_otherwise = {}, False
        connection_created.connect(self.not_alone)

    def start(self):
        """Begin a test, and hear of all that it has written."""
        if self.watch not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.watch)
        self.calls, self.is_astray, self.noting, self.savepoints = 0, False, [], {}

    def is_open(self, make):
        """Tell whether a factory that is called now may put something back; within another one, only long ways do."""
        if self.watch not in connection.execute_wrappers:
            return False
        if self.noting:
            return make.__name__ in WAYS
        self.calls += not self.is_otherwise
        if self.calls > MOST_CALLS or self.is_otherwise:
            self.is_astray = True
        return not self.is_astray

    def watch(self, execute, sql, params, many, context):
        """Look at each statement, as a wrapper of all that the connection executes."""
        if not sql.startswith(READS):
            if sql.startswith("SAVEPOINT"):
                self.savepoints[sql.split()[-1]] = self.is_astray
            elif sql.startswith("ROLLBACK TO SAVEPOINT"):
                self.is_astray = self.savepoints.get(sql.split()[-1], True)
            elif self.noting:
                for each in self.noting:
                    each.about_to(sql)
            elif not SIGNING_IN.match(sql):
                self.is_astray = True
        return execute(sql, params, many, context)

    @contextmanager
    def otherwise(self, instead):
        """Put nothing back for a while, and call functions `instead` of factories, by their names, with the factory."""
        before = self.instead, self.is_otherwise
        self.instead, self.is_otherwise = instead, True
        try:
            yield
        finally:
            self.instead, self.is_otherwise = before

    def not_alone(self, **values):
        """Put nothing back from now on where a thread has a connection, by which it may write unheard."""
        if threading.current_thread() is not threading.main_thread():
            self.is_astray = True

    @contextmanager
    def noting_in(self, made):
        """Note in `made`, too, what is written."""
        self.noting.append(made)
        try:
            yield
        finally:
            self.noting.remove(made)


memory = Memory()
