"""A database without rows, for the test that follows one that committed what it did."""

from functools import cache

from django.db import connection, transaction

from partnership import append_only

# Migrating fills these.
STAY = {"django_content_type", "auth_permission"}


def empty_tables():
    """Delete all rows; where no table has any there is little to do."""
    filled = filled_tables()
    append_only.lift(connection, filled)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in filled:
                cursor.execute(f'DELETE FROM "{table}"')
    finally:
        append_only.install(connection)


def filled_tables():
    selects = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects))
        return [table for (table,) in cursor.fetchall()]


@cache
def tables():
    return sorted({*connection.introspection.django_table_names(only_existing=True, include_views=False)} - STAY)
