"""What boards need not agree any more, in several assessments at once: for progress, which wants counts alone."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from assessments.models import Agreement, ArtefactLink, EvidenceItem, Judgement
from frameworks.items import ItemInput
from frameworks.rollup import Standing, roll_up
from frameworks.skipping import asks_everything, skipped


@dataclass(frozen=True)
class Decided:
    """Keys of the items without an agreed level that could change nothing any more; so many of them cite evidence."""

    items: frozenset[int] = frozenset()
    cited: int = 0


def decided(definitions, *, day):
    """
    Return what is decided by the assessment's key, as a case of the day would have it.

    `definitions` gives the frameworks by the assessment's key. One query, none where everything is asked.
    """
    some = {key: definition for key, definition in definitions.items() if not asks_everything(definition)}
    found = dict.fromkeys(definitions, Decided())
    if not some:
        return found
    links = ArtefactLink.objects.filter(item=OuterRef("pk"))
    settled = Agreement.objects.filter(item=OuterRef("pk"), ballot=OuterRef("ballot"))
    rows = EvidenceItem.objects.filter(assessment__in=some).annotate(
        code=F("criterion__code"),
        judgement=Subquery(settled.values("judgement")),
        level=Subquery(settled.values("level")),
        strength=Coalesce(Subquery(_in_date(links, day)), 0),
        is_cited=Exists(links),
    )
    by_assessment = defaultdict(list)
    for row in rows.values("assessment", "pk", "code", "statement_code", "judgement", "level", "strength", "is_cited"):
        by_assessment[row["assessment"]].append(row)
    for key, mine in by_assessment.items():
        keys = _keys(some[key], mine)
        items = [row for row in mine if str(row["pk"]) in keys]
        found[key] = Decided(frozenset(row["pk"] for row in items), sum(row["is_cited"] for row in items))
    return found


def _in_date(links, day):
    """Return the strength of the best of the artefacts that count as evidence on a day, as `Evidence.in_date` does."""
    counting = links.filter(
        Q(artefact__ended_on=None) | Q(artefact__ended_on__gt=day),
        Q(artefact__review_by=None) | Q(artefact__review_by__gte=day),
    )
    return counting.order_by().values("item").annotate(best=Max("artefact__strength")).values("best")


def _keys(definition, rows):
    items = defaultdict(list)
    for row in rows:
        items[row["code"]].append(
            ItemInput(
                str(row["pk"]),
                row["level"],
                not_applicable=row["judgement"] == Judgement.NOT_APPLICABLE,
                strength=row["strength"],
                statement=row["statement_code"],
            )
        )
    return skipped(definition, items, *(roll_up(definition, items, standing=standing) for standing in Standing)).keys
