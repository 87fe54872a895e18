"""Freeze the content of an assessment, so that everybody signs the same thing."""

from django.utils import timezone

from assessments.documents import document
from assessments.models import Snapshot
from partnership import audit


def freeze(*, assessment, by, at):
    """
    Write down the assessment's document, as at the day of `at`, and return the snapshot.

    The caller has locked the assessment and checked that `by` may put it up for signature.
    """
    text = audit.canonical(document(assessment=assessment, on=timezone.localdate(at)))
    snapshot = Snapshot.objects.create(
        assessment=assessment,
        number=assessment.snapshots.count() + 1,
        text=text,
        digest=audit.digest(text),
        frozen_at=at,
    )
    audit.record(
        audit.Type.CONTENT_FROZEN,
        chain=assessment,
        by=by,
        at=at,
        target=snapshot,
        number=snapshot.number,
        digest=snapshot.digest,
    )
    return snapshot
