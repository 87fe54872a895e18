"""The rows of this room that the audit record vouches for."""

from partnership.audit import Type
from partnership.audit_rows import Recorded
from reports.models import ApiToken, Paper, Report, RoundOrder

RECORDED = (
    Recorded(
        Report,
        (Type.REPORT_MADE,),
        lambda row: {"seal": row.seal.digest, "file": row.file.sha256},
        related=("seal", "file"),
    ),
    Recorded(RoundOrder, (Type.ROUND_REPORTS_ORDERED,), lambda row: {"digest": row.digest}),
    Recorded(
        Paper,
        (Type.PAPER_MADE,),
        lambda row: {"kind": row.kind, "of": (row.seal or row.decision or row.order).digest, "file": row.file.sha256},
        related=("seal", "decision", "order", "file"),
    ),
    Recorded(
        ApiToken,
        (Type.API_TOKEN_MADE, Type.API_TOKEN_REVOKED),
        lambda row: {
            "digest": row.digest,
            "expires_on": row.expires_on.isoformat(),
            "is_revoked": row.revoked_at is not None,
        },
    ),
)
