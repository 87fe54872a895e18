"""What a place aims for, as its document and its pages tell it: levels to reach, and days for its pathways."""

from collections import defaultdict

from django.db.models import CharField, F, IntegerField, Subquery, Value

from assessments.comparison import Comparison
from assessments.models import PathwayDate, TargetSet

TARGET, DATE = "TARGET", "DATE"
COLUMNS = ("kind", "code", "level", "day", "number", "reason", "set_at", "set_by__name")


def aims(*, assessment):
    """
    Return what the place aims for now, as the document tells it; one query for both kinds.

    Targets are of the assessment and its earlier versions, days of the place in all its rounds of the framework.
    """
    sets = target_sets(assessment=assessment)
    last = sets.filter(number=Subquery(sets.order_by("-number").values("number")[:1]))
    targets = last.annotate(
        kind=_text(TARGET), code=F("targets__criterion__code"), level=F("targets__level"), day=F("reach_by")
    )
    dates = pathway_dates(assessment=assessment).annotate(
        kind=_text(DATE), code=F("pathway"), level=Value(0, output_field=IntegerField()), day=F("planned_on")
    )
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in _rows(targets).union(_rows(dates), all=True)]
    return {
        "targets": _targets([row for row in rows if row["kind"] == TARGET]),
        "pathways": _pathways([row for row in rows if row["kind"] == DATE]),
    }


def target_sets(*, assessment):
    """Return the sets of targets of an assessment and of its earlier versions; a queryset."""
    return TargetSet.objects.filter(
        assessment__round=assessment.round_id,
        assessment__place=assessment.place_id,
        assessment__number__lte=assessment.number,
    )


def target_history(*, assessment):
    """Return every set of targets, the newest first, each with its levels by criterion; one query."""
    found = {}
    rows = target_sets(assessment=assessment).order_by("-number", "targets__criterion__position")
    fields = ("number", "reach_by", "reason", "set_at", "set_by__name", "targets__criterion__code", "targets__level")
    for number, reach_by, reason, set_at, set_by, code, level in rows.values_list(*fields):
        said = {"number": number, "reach_by": reach_by, "reason": reason, "set_at": set_at, "set_by": set_by}
        entry = found.setdefault(number, said | {"levels": {}})
        if code:
            entry["levels"][code] = level
    return list(found.values())


def targets_before(*, assessment):
    """
    Return the targets that the place last set on the framework, with their round, by the present criteria; or None.

    Criteria that mean something else since have none. Two queries, three where the framework's version changed.
    """
    earlier = TargetSet.objects.filter(
        assessment__place=assessment.place_id,
        assessment__framework_version__framework=assessment.framework_version.framework_id,
        assessment__round__opens_on__lt=assessment.round.opens_on,
    )
    last = earlier.select_related("assessment__round").order_by("-assessment__round__opens_on", "-number").first()
    if last is None:
        return None
    levels = dict(last.targets.values_list("criterion__code", "level"))
    same = Comparison.with_version(assessment, last.assessment.framework_version_id).comparable(levels)
    found = {code: levels[source] for code, source in same.items()}
    return {"round": last.assessment.round.name, "levels": found} if found else None


def pathway_dates(*, assessment):
    """Return the days that the place has planned for the pathways of the assessment's framework; a queryset."""
    return PathwayDate.objects.filter(place=assessment.place_id, framework__versions=assessment.framework_version_id)


def _text(word):
    return Value(word, output_field=CharField())


def _rows(found):
    return found.values_list(*COLUMNS)


def _targets(rows):
    """Return the last set; None where there is none, or where it says that the place aims for nothing any more."""
    if not rows or rows[0]["day"] is None:
        return None
    return {
        "number": rows[0]["number"],
        "reach_by": rows[0]["day"].isoformat(),
        "levels": {row["code"]: row["level"] for row in sorted(rows, key=lambda row: row["code"])},
    } | _said(rows[0])


def _pathways(rows):
    """Return, by pathway, the day that holds and, oldest first, all that were planned."""
    by_pathway = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["code"], row["number"])):
        by_pathway[row["code"]].append({"planned_on": row["day"].isoformat()} | _said(row))
    return {
        code: {"planned_on": said[-1]["planned_on"], "number": len(said), "history": said}
        for code, said in by_pathway.items()
    }


def _said(row):
    return {"reason": row["reason"], "set_at": row["set_at"].isoformat(), "set_by": row["set_by__name"]}
