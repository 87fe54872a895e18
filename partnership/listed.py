"""Texts of several rows in one, so that a page that only counts them reads few rows, and what is asked beside them."""

from django.db.models import Aggregate, Exists, Subquery, TextField


class Listed(Aggregate):
    """All texts of a group with commas between, in no order that can be relied on; texts hold no comma themselves."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


class OfGroup(Subquery):
    """
    A subquery that hangs on nothing but what rows are grouped by.

    Django would group by its answer as well, and so ask it for each row instead of once for each group.
    """

    def get_group_by_cols(self):
        return []


class ExistsOfGroup(Exists):
    """The same of whether there is a row."""

    def get_group_by_cols(self):
        return []
