"""Order readiness reports."""

from partnership import jobs


def order_report(*, seal, at):
    """Let the worker make the report of a seal, in the transaction that seals."""
    jobs.enqueue(kind="make_report", subject=seal.public_id, at=at)
