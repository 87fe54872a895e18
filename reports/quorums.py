"""What was asked for and given on what is up for signature, for the home page."""

from collections import defaultdict

from django.db.models import Max, OuterRef, Subquery, Value

from assessments.models import RequiredSignature, Signature, Snapshot
from assessments.quorum import Quorum
from assessments.workflow import State

REQUIRED = "REQUIRED"


def quorums_of(rows):
    """Return what was asked for and given on each assessment's last snapshot; one query for both."""
    if not rows:
        return {}
    last = Snapshot.objects.filter(assessment=OuterRef("snapshot__assessment")).values("assessment")
    given = (
        Signature.objects.standing()
        .filter(snapshot__assessment__in=rows)
        .filter(snapshot__number=Subquery(last.annotate(n=Max("number")).values("n")))
        .values_list("snapshot__assessment", "organisation__name", "kind")
    )
    required = RequiredSignature.objects.filter(assessment__in=rows).values_list(
        "assessment", "organisation__name", Value(REQUIRED)
    )
    asked, answered = defaultdict(list), defaultdict(dict)
    for assessment, organisation, kind in required.union(given, all=True):
        if kind == REQUIRED:
            asked[assessment].append(organisation)
        else:
            answered[assessment][organisation] = kind
    return {
        row.pk: Quorum(
            required=tuple(asked[row.pk]),
            minimum=row.round.minimum_signatures,
            expected=(),
            given=answered[row.pk],
        )
        for row in rows
    }


def to_sign(row, quorum, organisations):
    """Return those of a person's organisations whose answer on the assessment is still waited for."""
    if row.state != State.SIGNING or quorum is None:
        return ()
    return tuple(sorted({name for name in organisations if name not in quorum.given}))
