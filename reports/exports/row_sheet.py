"""
Tables that stand beside an assessment's content, each a query over rows of one model.

A column's path says which field it shows, and so of what kind its cells are. Who sees a table's rows is what the pages
say, by the same functions.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import BooleanField, DateField, DateTimeField, F, IntegerField, Max, Model

from assessments import permissions, review_table, visibility
from assessments.models import Score, Signature
from assessments.workflow import Act
from partnership.roles import Role
from reports.exports.columns import DAY, FLAG, INSTANT, TEXT, WHOLE, Column, Sheet

KINDS = ((BooleanField, FLAG), (DateTimeField, INSTANT), (DateField, DAY), (IntegerField, WHOLE))


def readers(*, assessment, capacity):
    return True


def board(*, assessment, capacity):
    return permissions.can(Act.SEE_NAMED_SCORES, capacity=capacity, assessment=assessment)


def programme_office(*, assessment, capacity):
    return Role.PROGRAMME_OFFICE in capacity.roles


WHY_WITHHELD = {
    board: "For the place's board alone, once the chair has closed scoring.",
    programme_office: "For the ICB's programme office.",
    review_table.may_see_findings: "Not before a review has begun; for the place once the reviewers have shared it.",
}


def on_last_snapshot(assessments, capacity):
    """Return the answers on what is or was signed; those on content that was taken back stand on record alone."""
    answers = Signature.objects.filter(snapshot__assessment__in=assessments)
    return answers.annotate(last=Max("snapshot__assessment__snapshots__number")).filter(snapshot__number=F("last"))


def named_scores(assessments, capacity):
    """Return the scores of several assessments that somebody may read with who gave them."""
    found = [visibility.named_scores(capacity=capacity, assessment=each) for each in assessments]
    return reduce(or_, found, Score.objects.none())


@dataclass(frozen=True)
class RowSheet:
    """
    A table of a model's rows. `of` is the path to their assessment, `fields` are column, path and meaning.

    `seen_by` says for one assessment whether somebody sees these rows.
    """

    name: str
    meaning: str
    model: type[Model]
    of: str
    fields: tuple[tuple[str, str, str], ...]
    seen_by: Callable = readers
    source: Callable | None = None

    @property
    def sheet(self):
        return Sheet(self.name, self.meaning, tuple(self._column(*each) for each in self.fields))

    def rows(self, assessments, capacity):
        """Return the rows of assessments whose rows the person sees, as mappings by an assessment's key; one query."""
        found = {each.pk: [] for each in assessments}
        rows = (self.source or self._every)(assessments, capacity).order_by("pk")
        names = [name for name, _, _ in self.fields]
        for assessment, *values in rows.values_list(self.of, *(path for _, path, _ in self.fields)):
            found[assessment].append(dict(zip(names, values, strict=True)))
        return found

    def _every(self, assessments, capacity):
        return self.model.objects.filter(**{f"{self.of}__in": assessments})

    def _column(self, name, path, meaning):
        model, holds = self.model, []
        for part in path.split("__"):
            field = model._meta.get_field(part)
            holds.append(f"{model.__name__}.{field.name}")
            model = field.related_model
        kind = next((kind for type_, kind in KINDS if isinstance(field, type_)), TEXT)
        codes = f": {', '.join(code for code, _ in field.choices)}" if field.choices and kind == TEXT else ""
        return Column(name, kind, f"{meaning}{codes}", tuple(holds))


def person(name, path, meaning):
    """Return a column that shows a person by name."""
    return (name, f"{path}__name", meaning)
