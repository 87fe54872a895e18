"""Reads of what was frozen and sealed: the content of a report, its file, and whether a hash belongs to one."""

import json
import re
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils import timezone

from assessments import permissions
from assessments.documents import document, stored
from assessments.models import Assessment, Decision, Seal
from assessments.services.signing import current_snapshot
from assessments.workflow import Act, State
from partnership import audit, jobs, storage
from partnership.models import Membership
from reports.exports.gathering import submitted
from reports.models import Paper, Report, RoundOrder
from reports.papers import manifest_of
from reports.readiness_report import SHORT, Identity

HASH = re.compile(rf"[0-9a-f]{{{SHORT},64}}")
# What the papers of a round are called in a sentence.
WHAT = {Paper.Kind.SYSTEM: "system report", Paper.Kind.BATCH: "zip with all reports"}
DRAFTED = frozenset({State.AGREEING, State.SIGNING})


@dataclass(frozen=True)
class Shown:
    """What a report is made from: the document, the seal's data (None for a draft), and their identity."""

    document: dict
    seal: dict | None
    identity: Identity


def of_seal(seal):
    """Return what the report of a seal is made from; the seal must come with its snapshot."""
    snapshot = seal.snapshot
    return Shown(
        document=stored(snapshot),
        seal=json.loads(seal.text),
        identity=Identity(
            digest=snapshot.digest, snapshot=str(snapshot.public_id), number=snapshot.number, seal=seal.digest
        ),
    )


def shown(*, assessment, capacity):
    """
    Return what the report page shows: sealed content or, to the board, a draft; None while there is neither.

    A draft shows how scores are spread, so it is for those who may see that.

    :raises PermissionDenied: if the person may not read the assessment, or its draft
    """
    permissions.check(Act.READ, capacity=capacity, assessment=assessment)
    seal = Seal.objects.select_related("snapshot").filter(assessment=assessment).first()
    if seal:
        return of_seal(seal)
    if assessment.state not in DRAFTED:
        return None
    permissions.check(Act.SEE_SPREAD, capacity=capacity, assessment=assessment)
    if assessment.state == State.AGREEING:
        return Shown(document(assessment=assessment, on=timezone.localdate()), None, Identity())
    snapshot = current_snapshot(assessment)
    identity = Identity(digest=snapshot.digest, snapshot=str(snapshot.public_id), number=snapshot.number)
    return Shown(stored(snapshot), None, identity)


def report_of(assessment):
    """Return the report of a sealed assessment with its file, or None while the worker has not made it."""
    return Report.objects.filter(seal__assessment=assessment).select_related("file").first()


def submitted_of(round):
    """
    Return what a round's places have submitted for the ICB to read, each place's last version by name, as data.

    `missing` names the round's other places.
    """
    found = submitted().filter(round=round).select_related("place", "seal__snapshot", "decision")
    rows = found.order_by("place__name", "pk")
    others = round.assessments.exclude(place__in=[row.place_id for row in rows])
    return {
        "format": 1,
        "round": round.name,
        "system": round.system.name,
        "places": [
            {
                "assessment": str(row.public_id),
                "place": row.place.name,
                "number": row.number,
                "content": row.seal.snapshot.digest,
                "seal": row.seal.digest,
                "decision": row.decision.digest if hasattr(row, "decision") else "",
            }
            for row in rows
        ],
        "missing": sorted(set(others.values_list("place__name", flat=True))),
    }


@dataclass(frozen=True)
class Ordered:
    """
    An order of a round's papers, and how far the worker has come.

    `lacks` is what its zip goes without although the place has submitted, as the zip's manifest tells it, each with the
    identifier of the `assessment`.
    """

    order: RoundOrder
    places: int
    missing: list
    is_made: bool
    has_failed: bool
    lacks: tuple[dict, ...] = ()


def told(orders):
    """Return a round's orders, newest first, with what became of each; four queries."""
    papers = Paper.objects.filter(order__in=orders).select_related("file")
    made = {(paper.order_id, paper.kind): paper for paper in papers}
    said = {each.pk: json.loads(each.text) for each in orders}
    there = _made_at([place for each in said.values() for place in each["places"]])
    failed = jobs.given_up(kind="make_round_papers", subjects=[each.public_id for each in orders])
    return [
        Ordered(
            order=each,
            places=len(said[each.pk]["places"]),
            missing=said[each.pk]["missing"],
            is_made={(each.pk, kind) for kind in WHAT} <= set(made),
            has_failed=each.public_id in failed,
            lacks=_lacks(made.get((each.pk, Paper.Kind.BATCH)), said[each.pk]["places"], there),
        )
        for each in orders
    ]


def _made_at(places):
    """Return when the files were made that a zip has of places, by what they are and the digest of what they tell."""
    seals, decisions = ({place[name] for place in places} for name in ("seal", "decision"))
    reports = Report.objects.filter(seal__digest__in=seals).values_list("seal__digest", "made_at")
    papers = Paper.objects.filter(Q(seal__digest__in=seals) | Q(decision__digest__in=decisions))
    found = {("report", digest): at for digest, at in reports}
    for kind, seal, decision, at in papers.values_list("kind", "seal__digest", "decision__digest", "made_at"):
        found[kind, seal or decision] = at
    return found


def _lacks(batch, places, there):
    """
    Return what a zip lacks.

    Its manifest alone is sure of that, but is far away, and so is read only where something was not made before it.
    """
    if batch is None:
        return ()
    keys = [(kind, place["seal"]) for place in places for kind in ("report", Paper.Kind.SUMMARY)]
    keys += [(Paper.Kind.DECISION, place["decision"]) for place in places if place["decision"]]
    if all(key in there and there[key] <= batch.made_at for key in keys):
        return ()
    with storage.open_stored(batch.file) as file:
        files = manifest_of(file)["files"]
    assessments = {(place["place"], place["number"]): place["assessment"] for place in places}
    return tuple(
        each | {"assessment": assessments[each["place"], each["version"]]}
        for each in files
        if not each["path"] and (each["place"], each["version"]) in assessments
    )


@dataclass(frozen=True)
class Finding:
    """
    What is known of a hash.

    `seal` is None where the content was frozen and never sealed. `successor` is the assessment version that took its
    place, the newest sealed one or, before any is, the newest; None while it stands. `reads_successor` says whether the
    person may read that. `is_intact` says that what the portal holds still has its hash.
    `decision` is set where the hash is that of the ICB's decision.
    """

    assessment: Assessment
    seal: Seal | None
    successor: Assessment | None
    is_intact: bool
    decision: Decision | None = None
    reads_successor: bool = False
    paper: Paper | None = None

    @property
    def what(self):
        """What the hash is of, in words."""
        if self.decision:
            return "ICB’s decision on"
        return "board summary of" if self.paper and self.paper.kind == Paper.Kind.SUMMARY else "report of"

    @property
    def of(self):
        return f"the {self.what} {self.assessment.place.name}, {self.assessment.title}"

    @property
    def sentence(self):
        """Say all of it in one sentence, for a command line."""
        if self.seal is None:
            return f"Never sealed: {self.of} was put up for signature with this content."
        if self.successor:
            return f"Authentic, superseded by version {self.successor.number}: {self.of}."
        return f"Authentic: {self.of}, sealed on {self.seal.sealed_at:%Y-%m-%d}."


@dataclass(frozen=True)
class RoundFinding:
    """What is known of the hash of a round's papers; `newer` is an order of the same round that came after it."""

    order: RoundOrder
    paper: Paper | None
    newer: RoundOrder | None
    is_intact: bool

    @property
    def of(self):
        what = WHAT.get(self.paper and self.paper.kind, "list of contents")
        return f"the {what} of {self.order.round.name}, {self.order.round.system.name}"

    @property
    def sentence(self):
        later = f", superseded by what was made on {self.newer.ordered_at:%Y-%m-%d}" if self.newer else ""
        return f"Authentic{later}: {self.of}, made on {self.order.ordered_at:%Y-%m-%d}."


def find(*, user, digest):
    """
    Return what is known to `user` of a hash (of content, seal or file, or the first 12 characters or more), or None.

    What the person may not read does not exist for them.
    """
    digest = "".join(digest.split()).lower()
    if not HASH.fullmatch(digest):
        return None
    for assessment in _matching(Assessment.objects.visible_to(user), digest):
        capacity = permissions.capacity(user=user, assessment=assessment)
        if permissions.can(Act.READ, capacity=capacity, assessment=assessment):
            return _finding(assessment, digest, capacity)
    watched = Membership.objects.current().filter(user=user, system__isnull=False).values("system")
    return _of_round(RoundOrder.objects.filter(round__system__in=watched), digest)


def known(*, digest):
    """Return what is known of a hash to somebody who runs the portal, or None."""
    for assessment in _matching(Assessment.objects.all(), digest):
        return _finding(assessment, digest, None)
    return _of_round(RoundOrder.objects.all(), digest)


def _matching(assessments, digest):
    matches = Q(snapshots__digest__startswith=digest) | Q(seal__digest__startswith=digest)
    matches |= Q(seal__report__file__sha256__startswith=digest) | Q(decision__digest__startswith=digest)
    matches |= Q(seal__papers__file__sha256__startswith=digest) | Q(decision__papers__file__sha256__startswith=digest)
    return assessments.select_related("place", "round").filter(matches).distinct().order_by("pk")


def _of_round(orders, digest):
    found = orders.select_related("round__system").filter(
        Q(digest__startswith=digest) | Q(papers__file__sha256__startswith=digest)
    )
    if (order := found.order_by("pk").first()) is None:
        return None
    return RoundFinding(
        order,
        order.papers.filter(file__sha256__startswith=digest).first(),
        RoundOrder.objects.filter(round=order.round_id, pk__gt=order.pk).order_by("-pk").first(),
        is_intact=audit.digest(order.text) == order.digest,
    )


def _finding(assessment, digest, capacity):
    seal = Seal.objects.select_related("snapshot").filter(assessment=assessment).first()
    frozen = assessment.snapshots.filter(digest__startswith=digest).first()
    if seal is None or (frozen and frozen.pk != seal.snapshot_id):
        return Finding(assessment, None, None, is_intact=audit.digest(frozen.text) == frozen.digest)
    later = Assessment.objects.kept().filter(
        place=assessment.place, round=assessment.round, number__gt=assessment.number
    )
    paper = Paper.objects.filter(
        Q(seal__assessment=assessment) | Q(decision__assessment=assessment), file__sha256__startswith=digest
    ).first()
    of_decision = Q(digest__startswith=digest) | Q(papers=paper) if paper else Q(digest__startswith=digest)
    decision = Decision.objects.filter(of_decision, assessment=assessment).first()
    later = list(later.select_related("round").annotate(sealed_at=F("seal__sealed_at")).order_by("-number"))
    successor = next((each for each in later if each.sealed_at), next(iter(later), None))
    return Finding(
        assessment,
        seal,
        successor,
        is_intact=is_intact(seal) and (decision is None or cites(decision, seal)),
        decision=decision,
        paper=paper,
        reads_successor=bool(successor and capacity)
        and permissions.can(Act.READ, capacity=capacity, assessment=successor),
    )


def cites(decision, seal):
    """Say whether a decision still has the hash that it was sealed with, and cites this seal."""
    return audit.digest(decision.text) == decision.digest and json.loads(decision.text)["seal"]["digest"] == seal.digest


def is_intact(seal):
    """Say whether a seal and the content that it cites still have the hashes that they were sealed with."""
    return (
        audit.digest(seal.snapshot.text) == seal.snapshot.digest
        and audit.digest(seal.text) == seal.digest
        and json.loads(seal.text)["snapshot"]["digest"] == seal.snapshot.digest
    )
