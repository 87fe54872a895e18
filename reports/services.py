"""Order readiness reports, and make them."""

import io

from django.db import transaction

from assessments.models import Assessment, Seal
from partnership import audit, jobs, storage
from reports import printing
from reports.models import Report
from reports.sealed import of_seal


def order_report(*, seal, at):
    """Let the worker make the report of a seal, in the transaction that seals."""
    jobs.enqueue(kind="make_report", subject=seal.public_id, at=at)


def make_report(*, subject, at):
    """
    Make and keep the PDF of a seal's report, unless there is one, and return the report.

    `subject` is the seal's public identifier. Done a second time, also by two workers at once, it changes nothing.

    :raises reports.pdf.rendering.PdfNotMade: if the PDF could not be made
    """
    seal = Seal.objects.select_related("snapshot").get(public_id=subject)
    if report := Report.objects.filter(seal=seal).first():
        return report
    content = of_seal(seal)
    # Made before the transaction: it takes seconds, and others wait to write.
    pdf, pages = printing.print_report(content.document, identity=content.identity, seal=content.seal)
    file = storage.keep(io.BytesIO(pdf), media_type="application/pdf", at=at)
    with transaction.atomic():
        assessment = Assessment.objects.locked().get(pk=seal.assessment_id)
        if report := Report.objects.filter(seal=seal).first():
            return report
        report = Report.objects.create(seal=seal, file=file, pages=pages, made_at=at)
        audit.record(
            audit.Type.REPORT_MADE,
            chain=assessment,
            by=None,
            at=at,
            target=report,
            seal=seal.digest,
            file=file.sha256,
            pages=pages,
        )
    return report
