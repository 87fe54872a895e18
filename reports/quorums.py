"""What was asked for and given on what is up for signature, and who deputises there, for the home page."""

from collections import defaultdict

from django.db.models import Max, OuterRef, Subquery, Value

from assessments.models import Delegation, RequiredSignature, Signature, Snapshot
from assessments.quorum import Quorum
from assessments.workflow import State

REQUIRED, DEPUTY = "REQUIRED", "DEPUTY"


def quorums_of(rows, *, deputies, on):
    """
    Return what was asked for and given on each assessment's last snapshot, and for whom `deputies` may sign there.

    Those are memberships; the names of the organisations are by assessment. One query for all.
    """
    if not rows:
        return {}, {}
    last = Snapshot.objects.filter(assessment=OuterRef("snapshot__assessment")).values("assessment")
    given = (
        Signature.objects.standing()
        .filter(snapshot__assessment__in=rows)
        .filter(snapshot__number=Subquery(last.annotate(n=Max("number")).values("n")))
        .values_list("snapshot__assessment", "snapshot__assessment__place", "organisation__name", "kind")
    )
    required = RequiredSignature.objects.filter(assessment__in=rows).values_list(
        "assessment", "assessment__place", "organisation__name", Value(REQUIRED)
    )
    delegated = (
        Delegation.objects.in_force(on)
        .filter(deputy__in=deputies)
        .values_list("assessment", "signatory__place", "signatory__organisation__name", Value(DEPUTY))
    )
    asked, answered, deputised = defaultdict(list), defaultdict(dict), defaultdict(list)
    for assessment, place, organisation, kind in required.union(given, delegated, all=True):
        if kind == REQUIRED:
            asked[assessment].append(organisation)
        elif kind == DEPUTY:
            for row in rows:
                # One that names no assessment holds for all of the place.
                if assessment == row.pk or assessment is None and place == row.place_id:
                    deputised[row.pk].append(organisation)
        else:
            answered[assessment][organisation] = kind
    quorums = {
        row.pk: Quorum(
            required=tuple(asked[row.pk]),
            minimum=row.round.minimum_signatures,
            expected=(),
            given=answered[row.pk],
        )
        for row in rows
    }
    return quorums, deputised


def to_sign(row, quorum, organisations):
    """Return those of a person's organisations whose answer on the assessment is still waited for."""
    if row.state != State.SIGNING or quorum is None:
        return ()
    return tuple(sorted({name for name in organisations if name not in quorum.given}))
