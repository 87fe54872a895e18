"""The rows of this room that the audit record vouches for."""

from improvement.models import Action, Help
from improvement.services.helping import details as help_details
from partnership.audit import Type, digest
from partnership.audit_rows import Recorded


def _action(row):
    return {"title": digest(row.title), "due_on": row.due_on.isoformat(), "status": row.status}


RECORDED = (
    Recorded(Action, (Type.ACTION_ADDED, Type.ACTION_CHANGED), _action),
    Recorded(Help, (Type.HELP_SAID, Type.HELP_CHANGED), help_details, related=("place", "criterion", "contact")),
)
