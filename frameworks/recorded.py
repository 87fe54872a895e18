"""The rows of this room that the audit record vouches for. A version may come from a fixture; publishing never does."""

from frameworks.models import Publication
from partnership.audit import Type, digest
from partnership.audit_rows import Recorded


def _problem(publication):
    whole = digest(publication.version.definition) == publication.version.digest == publication.digest
    return "" if whole else "the published definition has not the hash that it was published with"


RECORDED = (
    Recorded(
        Publication,
        (Type.VERSION_PUBLISHED,),
        lambda row: {"digest": row.digest},
        related=("version",),
        of_row=lambda row: str(row.version.public_id),
        problem=_problem,
    ),
)
