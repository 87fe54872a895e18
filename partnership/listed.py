"""Texts of several rows in one, so that a page that only counts them reads few rows."""

from django.db.models import Aggregate, TextField


class Listed(Aggregate):
    """All texts of a group with commas between, in no order that can be relied on; texts hold no comma themselves."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)
