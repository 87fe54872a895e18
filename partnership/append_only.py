"""
Database triggers that keep rows as they were written.

A model with `append_only = True` refuses every update and delete. A model with
`frozen_once = (condition, columns)` refuses an update of those columns, and every delete, once the
SQL condition holds, in which `{row}` stands for the row. The triggers are put back after every
migration, and a system check says if one is missing, changed or switched off.
"""

from dataclasses import dataclass

from django.apps import apps
from django.core import checks
from django.db import connections, transaction

PREFIX = "keep_"


@dataclass(frozen=True)
class Guard:
    """A trigger: the statements that make it, and its source as the database shows it afterwards."""

    name: str
    table: str
    statements: tuple[str, ...]
    source: str
    reads_other_tables: bool


def guarded_models():
    """Return the models whose rows are never changed, or not once they are frozen."""
    return [
        model
        for model in apps.get_models()
        if getattr(model, "append_only", False) or getattr(model, "frozen_once", None)
    ]


def guards_of(model, vendor):
    """Return the guards that a model asks for."""
    guard = {"sqlite": _sqlite_guard, "postgresql": _postgresql_guard}[vendor]
    made = [guard(model, event, _condition(model, event, vendor)) for event in ("UPDATE", "DELETE")]
    if vendor == "postgresql":
        made.append(_postgresql_guard(model, "TRUNCATE", "TRUE"))
    return made


def wanted(connection):
    """Return the guards that the database should have, for the tables that it has."""
    tables = set(connection.introspection.table_names())
    return [
        guard
        for model in guarded_models()
        if model._meta.db_table in tables
        for guard in guards_of(model, connection.vendor)
    ]


def _condition(model, event, vendor):
    if getattr(model, "append_only", False):
        return "TRUE"
    condition, columns = model.frozen_once
    condition = condition.format(row="OLD")
    if event == "DELETE":
        return f"({condition})"
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
    return f"(({changed}) AND ({condition}))"


def _sqlite_guard(model, event, condition):
    table, name = model._meta.db_table, _name(model, event)
    sql = (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {condition} '
        f"BEGIN SELECT RAISE(ABORT, '{_message(model)}'); END"
    )
    return Guard(name, table, (sql,), sql, bool(getattr(model, "frozen_once", None)))


def _postgresql_guard(model, event, condition):
    table, name = model._meta.db_table, _name(model, event)
    each, row = ("STATEMENT", "NULL") if event == "TRUNCATE" else ("ROW", "OLD" if event == "DELETE" else "NEW")
    body = (
        f" BEGIN IF {condition} THEN RAISE EXCEPTION '{_message(model)}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END "
    )
    statements = (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $${body}$$',
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH {each} EXECUTE FUNCTION "{name}"()',
    )
    return Guard(name, table, statements, body, bool(getattr(model, "frozen_once", None)))


def _name(model, event):
    return f"{PREFIX}{model._meta.db_table}_{event.lower()}"


def _message(model):
    return f"{model._meta.db_table} keeps its rows as they were written"


def present(connection):
    """Return the guards that are at work in the database, as {(name, table): source}."""
    query = {
        "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
        # O fires in ordinary sessions, A in all; a trigger that is switched off is none.
        "postgresql": "SELECT t.tgname, c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') "
        "AND pg_table_is_visible(c.oid)",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {(name, table): source for name, table, source in cursor.fetchall() if name.startswith(PREFIX)}


def missing(connection):
    """Return the guards that the database should have and has not, or has in another form."""
    at_work = present(connection)
    return [guard for guard in wanted(connection) if at_work.get((guard.name, guard.table)) != guard.source]


def lift(connection, tables=None):
    """Take the guards of some tables away, of all unless told; only what empties tables after a test has reason to."""
    lifted = (guard for guard in wanted(connection) if tables is None or guard.table in tables)
    _drop(connection, [(guard.name, guard.table) for guard in lifted])


def install(connection):
    """Put every guard in place that is missing or changed, and drop those that no model asks for any more."""
    needed = missing(connection)
    names = {(guard.name, guard.table) for guard in wanted(connection)}
    with transaction.atomic(using=connection.alias):
        _drop(connection, present(connection).keys() - names)
        _drop(connection, [(guard.name, guard.table) for guard in needed])
        with connection.cursor() as cursor:
            for guard in needed:
                for statement in guard.statements:
                    cursor.execute(statement)


def _drop(connection, names_and_tables):
    with connection.cursor() as cursor:
        for name, table in names_and_tables:
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def lift_before_migrate(sender, using, plan=(), **kwargs):
    """
    Take those guards away that read another table, on SQLite, for as long as migrations run.

    SQLite alters a table by making it anew, and refuses while a trigger names the table that is gone.
    """
    connection = connections[using]
    if plan and connection.vendor == "sqlite":
        _drop(connection, [(guard.name, guard.table) for guard in wanted(connection) if guard.reads_other_tables])


def install_after_migrate(sender, using, **kwargs):
    """Put back the guards, which a migration that makes a table anew takes away."""
    install(connections[using])


@checks.register(checks.Tags.database)
def check_guards(app_configs, databases, **kwargs):
    """Report each guard that a database should have and has not."""
    return [
        checks.Error(
            f"The trigger {guard.name} is missing from the database {alias!r}, changed or switched off.",
            hint="Run `manage.py migrate`, which puts the guards of append-only tables back.",
            id="partnership.E001",
        )
        for alias in databases or []
        for guard in missing(connections[alias])
    ]
