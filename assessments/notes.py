"""Whose private notes somebody reads: those of the partners for which they have a part at the place."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from assessments.models import PartnerNote
from assessments.workflow import ACTS, Act
from partnership.models import Organisation
from partnership.prepared import prepared


class Blank(NamedTuple):
    """A partner that has no note on an item, as a value that part of a page can be kept by."""

    partner: str
    text = ""


@dataclass(frozen=True)
class Kept:
    """A partner, and its note on an item; None where it has written none."""

    organisation: Organisation
    note: PartnerNote | None

    @property
    def partner(self):
        return self.organisation.name

    @property
    def text(self):
        return self.note.text if self.note else ""

    @property
    def blank(self):
        return Blank(self.partner)


def partners_of(*, capacity, assessment):
    """Return the partners for which a person keeps notes at the assessment's place, by name; no query."""
    parts = (
        part
        for part in capacity.memberships
        if part.place_id == assessment.place_id and part.role in ACTS[Act.KEEP_NOTES].roles
    )
    return sorted({part.organisation for part in parts}, key=lambda organisation: (organisation.name, organisation.pk))


def kept_notes(*, capacity, assessment, items):
    """
    Return what a person's partners keep on items, by the item's public identifier as text; one query.

    `items` are public identifiers. For each a list of `Kept`, one for each of the person's partners.
    """
    partners = partners_of(capacity=capacity, assessment=assessment)
    if not partners:
        return {}
    written = _written(
        assessment=assessment.pk,
        items=[UUID(str(key)) for key in items],
        organisations=[partner.pk for partner in partners],
    )
    found = {(str(note.item.public_id), note.organisation_id): note for note in written}
    return {str(key): [Kept(partner, found.get((str(key), partner.pk))) for partner in partners] for key in items}


@prepared
def _written(*, assessment, items, organisations):
    notes = PartnerNote.objects.filter(item__assessment=assessment, item__public_id__in=items)
    return notes.filter(organisation__in=organisations).select_related("item", "written_by")
