"""Have the worker make the papers beside the reports: board summaries, decisions, and those of a whole round."""

import io
import json

from django.db import transaction
from django.utils import timezone

from assessments import permissions
from assessments.models import Assessment, Decision, Seal
from assessments.services.locking import lock_for
from assessments.workflow import Act
from partnership import audit, jobs, storage
from partnership.idempotency import once
from partnership.models import System
from partnership.permissions import PROGRAMME_OFFICE, system_capacity
from reports import papers, printing
from reports.models import Paper, RoundOrder
from reports.pdf.rendering import PdfNotMade
from reports.sealed import of_seal, submitted_of
from reports.services import make_report

PDF, ZIP = "application/pdf", "application/zip"
# What the worker makes of an assessment, and the act that has it made again.
AGAIN = {"make_report": Act.REPORT_AGAIN, "make_summary": Act.REPORT_AGAIN, "make_decision": Act.PRINT_AGAIN}


class NothingSubmitted(Exception):
    """No place of the round has submitted anything that the ICB reads."""


class NotGivenUp(Exception):
    """The worker has made it, or is still at it."""


def order_summary(*, seal, at):
    """Let the worker make the board summary of a seal, in the transaction that seals."""
    jobs.enqueue(kind="make_summary", subject=seal.public_id, at=at)


def order_decision(*, decision, by, at):
    """Let the worker print a decision, in the transaction that decides."""
    jobs.enqueue(kind="make_decision", subject=decision.public_id, at=at)


def order_again(*, job, assessment, by, at, token=None):
    """
    Let the worker make the report of an assessment, its board summary or its decision anew after it gave up.

    :raises PermissionDenied: if `by` may not read the assessment, or not have this made
    :raises assessments.permissions.WrongState: before there is anything to make it of
    :raises NotGivenUp: also if somebody else was first
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was sent before
    """
    with once(by=by, token=token, at=at) as act:
        # Of two who ask at once, one is let through.
        assessment, capacity = lock_for(Act.READ, assessment.pk, by=by, at=at)
        permissions.check(AGAIN[job.kind], capacity=capacity, assessment=assessment)
        if not _was_given_up(job.kind, job.subject):
            raise NotGivenUp
        _record_again(jobs.enqueue(kind=job.kind, subject=job.subject, at=at), chain=assessment, by=by, at=at)
        act.result = str(job.public_id)


def _was_given_up(kind, subject):
    return bool(jobs.given_up(kind=kind, subjects=[subject]))


def _record_again(job, *, chain, by, at):
    audit.record(audit.Type.PAPER_ORDERED_AGAIN, chain=chain, by=by, at=at, target=job, kind=job.kind)


def check_can_order(*, user, system, on=None):
    """
    Let the system's programme office pass.

    :raises PermissionDenied: for anybody else
    """
    system_capacity(user=user, system=system, on=on).check(
        PROGRAMME_OFFICE, "Only the ICB's programme office has the reports of a round made."
    )


def order_round(*, round, by, at, token=None):
    """
    Let the worker make the system report of a round and the zip with all its reports, and return the order.

    Where the same was ordered before, that order is returned; one that was given up is tried again.

    :raises PermissionDenied: if `by` does not run the system
    :raises NothingSubmitted: if there is nothing to make them of
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was sent before
    """
    with once(by=by, token=token, at=at) as act:
        check_can_order(user=by, system=round.system, on=timezone.localdate(at))
        # The lock comes first: of two who order the same at once, the second finds the first one's.
        system = System.objects.select_for_update(no_key=True).get(pk=round.system_id)
        described = submitted_of(round)
        if not described["places"]:
            raise NothingSubmitted("No place has submitted yet: there is nothing to make reports of.")
        text = audit.canonical(described)
        values = {"text": text, "ordered_at": at, "ordered_by": by}
        order, is_new = RoundOrder.objects.get_or_create(round=round, digest=audit.digest(text), defaults=values)
        if is_new:
            audit.record(
                audit.Type.ROUND_REPORTS_ORDERED, chain=system, by=by, at=at, target=order, digest=order.digest
            )
        was_given_up = _was_given_up("make_round_papers", order.public_id)
        job = jobs.enqueue(kind="make_round_papers", subject=order.public_id, at=at)
        if was_given_up:
            _record_again(job, chain=system, by=by, at=at)
        act.result = str(order.public_id)
    return order


def make_summary(*, subject, at):
    """
    Make and keep the board summary of a seal, unless there is one, and return it. `subject` is the seal's.

    :raises reports.pdf.rendering.PdfNotMade: if the PDF could not be made
    """
    seal = Seal.objects.select_related("snapshot").get(public_id=subject)

    def make():
        content = of_seal(seal)
        return printing.print_summary(content.document, identity=content.identity, seal=content.seal)

    return _keep(Paper.Kind.SUMMARY, {"seal": seal}, make, cites=seal.digest, assessment=seal.assessment_id, at=at)


def make_decision(*, subject, at):
    """
    Print and keep a decision, unless that was done, and return the paper. `subject` is the decision's.

    :raises reports.pdf.rendering.PdfNotMade: if the PDF could not be made
    """
    decision = Decision.objects.get(public_id=subject)

    def make():
        return printing.print_decision(json.loads(decision.text), digest=decision.digest)

    owner = {"decision": decision}
    return _keep(Paper.Kind.DECISION, owner, make, cites=decision.digest, assessment=decision.assessment_id, at=at)


def make_round_papers(*, subject, at):
    """
    Make and keep the system report and the zip of an order, where they are not there yet. `subject` is the order's.

    :raises reports.pdf.rendering.PdfNotMade: if the system report could not be made, or a file of the zip that may
        still be made: the zip is kept for good, and lacks only what was given up
    """
    order = RoundOrder.objects.select_related("round").get(public_id=subject)
    said = json.loads(order.text)
    digests = [each["seal"] for each in said["places"]]
    seals = {seal.digest: seal for seal in Seal.objects.filter(digest__in=digests).select_related("snapshot")}

    def report():
        documents = [of_seal(seals[digest]).document for digest in digests]
        return printing.print_system(said, documents, digest=order.digest)

    def batch():
        files = [file for place in said["places"] for file in _files_of(place, seals[place["seal"]], at=at)]
        return papers.archive(said, files), 0

    owner = {"order": order}
    _keep(Paper.Kind.SYSTEM, owner, report, cites=order.digest, system=order.round.system_id, at=at)
    return _keep(
        Paper.Kind.BATCH, owner, batch, cites=order.digest, system=order.round.system_id, at=at, media_type=ZIP
    )


def _files_of(place, seal, *, at):
    """
    Yield what the zip has of a place: each paper with its file, or with why it is missing.

    :raises reports.pdf.rendering.PdfNotMade: if one could not be made that was not given up
    """
    makers = [("Readiness report", "report", make_report, seal), ("Board summary", "summary", make_summary, seal)]
    if place["decision"]:
        decision = Decision.objects.get(digest=place["decision"])
        makers.append(("Decision", "decision", make_decision, decision))
    for title, name, make, of in makers:
        packed = papers.Packed(place=place["place"], version=place["number"], what=title, name=name)
        try:
            made = make(subject=of.public_id, at=at)
        except PdfNotMade:
            if not _was_given_up(make.__name__, of.public_id):
                raise
            yield packed
        else:
            with storage.open_stored(made.file) as file:
                yield papers.with_file(packed, file.read(), pages=made.pages)


def _keep(kind, owner, make, *, cites, at, assessment=None, system=None, media_type=PDF):
    """Make and keep a paper unless there is one; also by two workers at once it is kept once."""
    found = Paper.objects.filter(kind=kind, **owner).select_related("file")
    if paper := found.first():
        return paper
    # Made before the transaction: it takes seconds, and others wait to write.
    content, pages = make()
    file = storage.keep(io.BytesIO(content), media_type=media_type, at=at)
    with transaction.atomic():
        if assessment:
            chain = Assessment.objects.lock(assessment)
        else:
            chain = System.objects.select_for_update(no_key=True).get(pk=system)
        if paper := found.first():
            return paper
        paper = Paper.objects.create(kind=kind, file=file, pages=pages, made_at=at, **owner)
        audit.record(
            audit.Type.PAPER_MADE,
            chain=chain,
            by=None,
            at=at,
            target=paper,
            kind=str(kind),
            of=cites,
            file=file.sha256,
        )
    return paper
