"""The rows of this room that the audit record vouches for."""

from partnership.audit import Type
from partnership.audit_rows import Recorded
from reports.models import Report

RECORDED = (
    Recorded(
        Report,
        (Type.REPORT_MADE,),
        lambda row: {"seal": row.seal.digest, "file": row.file.sha256},
        related=("seal", "file"),
    ),
)
