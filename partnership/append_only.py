"""
Database triggers that keep rows as they were written.

A model with `append_only = True` refuses every update and delete. A model with
`frozen_once = (condition, columns)` refuses an update of those columns, and every delete, once the
SQL condition holds, in which `{row}` stands for the row. The triggers are put back after every
migration, and a system check says if one is missing.
"""

from django.apps import apps
from django.core import checks
from django.db import connections

PREFIX = "keep_"


def guarded_models():
    return [
        model
        for model in apps.get_models()
        if getattr(model, "append_only", False) or getattr(model, "frozen_once", None)
    ]


def triggers(model, vendor):
    """Return the triggers that a model asks for: a dict of name to the SQL that makes it."""
    table = model._meta.db_table
    made = {}
    for event in ("UPDATE", "DELETE"):
        condition = _condition(model, event, vendor)
        name = f"{PREFIX}{table}_{event.lower()}"
        message = f"{table} keeps its rows as they were written"
        if vendor == "sqlite":
            made[name] = (
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" WHEN {condition} '
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        else:
            made[name] = (
                f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
                f"IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; "
                f"END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$; "
                f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'
            )
    if vendor == "postgresql":
        name = f"{PREFIX}{table}_truncate"
        made[name] = (
            f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"RAISE EXCEPTION '{table} keeps its rows as they were written' "
            f"USING ERRCODE = 'integrity_constraint_violation'; END $$; "
            f'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()'
        )
    return made


def _condition(model, event, vendor):
    if getattr(model, "append_only", False):
        return "1 = 1"
    condition, columns = model.frozen_once
    condition = condition.format(row="OLD")
    if event == "DELETE":
        return f"({condition})"
    differs = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f'OLD."{column}" {differs} NEW."{column}"' for column in columns)
    return f"(({changed}) AND ({condition}))"


def present(connection):
    """Return the names of the guards that the database holds."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall() if name.startswith(PREFIX)}


def lift(connection):
    """Take all guards away; only the test runner's flush has reason to."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in guarded_models():
            if model._meta.db_table not in tables:
                continue
            for name in triggers(model, connection.vendor):
                on = f' ON "{model._meta.db_table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def install(connection):
    """Put all guards in place, anew."""
    lift(connection)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in guarded_models():
            if model._meta.db_table in tables:
                for sql in triggers(model, connection.vendor).values():
                    cursor.execute(sql)


def install_after_migrate(sender, using, **kwargs):
    install(connections[using])


@checks.register(checks.Tags.database)
def check_guards(app_configs, databases, **kwargs):
    """Report each guard that a database should have and has not."""
    missing = []
    for alias in databases or []:
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        wanted = {
            name
            for model in guarded_models()
            if model._meta.db_table in tables
            for name in triggers(model, connection.vendor)
        }
        missing += [
            checks.Error(
                f"The trigger {name} is missing from the database {alias!r}.",
                hint="Run `manage.py migrate`, which puts the guards of append-only tables back.",
                id="partnership.E001",
            )
            for name in sorted(wanted - present(connection))
        ]
    return missing
