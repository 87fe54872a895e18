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
from partnership import audit
from partnership.models import Job
from reports.models import Report
from reports.readiness_report import SHORT, Identity

HASH = re.compile(rf"[0-9a-f]{{{SHORT},64}}")
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


def job_of(assessment):
    """Return the job that makes the report, None if none was ordered."""
    return Job.objects.filter(
        kind="make_report", subject__in=Seal.objects.filter(assessment=assessment).values("public_id")
    ).first()


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


def find(*, user, digest):
    """
    Return what is known to `user` of a hash (of content, seal or file, or the first 12 characters or more), or None.

    What the person may not read does not exist for them.
    """
    digest = "".join(digest.split()).lower()
    if not HASH.fullmatch(digest):
        return None
    visible = Assessment.objects.visible_to(user).select_related("place", "round")
    matches = Q(snapshots__digest__startswith=digest) | Q(seal__digest__startswith=digest)
    matches |= Q(seal__report__file__sha256__startswith=digest) | Q(decision__digest__startswith=digest)
    for assessment in visible.filter(matches).distinct().order_by("pk"):
        capacity = permissions.capacity(user=user, assessment=assessment)
        if permissions.can(Act.READ, capacity=capacity, assessment=assessment):
            return _finding(assessment, digest, capacity)
    return None


def _finding(assessment, digest, capacity):
    seal = Seal.objects.select_related("snapshot").filter(assessment=assessment).first()
    frozen = assessment.snapshots.filter(digest__startswith=digest).first()
    if seal is None or (frozen and frozen.pk != seal.snapshot_id):
        return Finding(assessment, None, None, is_intact=audit.digest(frozen.text) == frozen.digest)
    later = Assessment.objects.kept().filter(
        place=assessment.place, round=assessment.round, number__gt=assessment.number
    )
    decision = Decision.objects.filter(assessment=assessment, digest__startswith=digest).first()
    later = list(later.select_related("round").annotate(sealed_at=F("seal__sealed_at")).order_by("-number"))
    successor = next((each for each in later if each.sealed_at), next(iter(later), None))
    return Finding(
        assessment,
        seal,
        successor,
        is_intact=is_intact(seal) and (decision is None or cites(decision, seal)),
        decision=decision,
        reads_successor=bool(successor) and permissions.can(Act.READ, capacity=capacity, assessment=successor),
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
