"""Whether what was done is on record, whole and unchanged."""

from partnership import audit, audit_rows


def no_faults():
    """Say whether every audit chain holds together, and every row holds what was recorded of it."""
    return audit_rows.faults() == [] and not [fault for key in audit.chains() for fault in audit.faults(key)]
