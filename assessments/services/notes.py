"""Write a partner's own notes, which stay with its people and go with the item."""

from django.core.exceptions import PermissionDenied

from assessments import permissions
from assessments.models import PartnerNote
from assessments.notes import partners_of
from assessments.services import notices
from assessments.services.locking import lock_for
from assessments.workflow import Act
from partnership import audit, idempotency
from partnership.models import Stale, revise


def write_note(*, item, organisation, text, based_on, by, at):
    """
    Put down what a partner notes on an item, in place of what it noted before, and return the note; "" clears it.

    `based_on` is the version of the note that `by` was looking at, 0 for none.

    :raises PermissionDenied: if `by` has no part for the organisation at this place
    :raises permissions.WrongState: once the assessment is signed, or where the item was removed meanwhile
    :raises partnership.models.Stale: if somebody of the partner wrote something else meanwhile
    """
    with idempotency.once(by=by, token=None, at=at):
        assessment, capacity = lock_for(Act.KEEP_NOTES, item.assessment_id, by=by, at=at)
        permissions.check_there(item)
        if organisation not in partners_of(capacity=capacity, assessment=assessment):
            raise PermissionDenied("Only a partner's own people at the place keep its notes.")
        current = PartnerNote.objects.filter(item=item, organisation=organisation).first()
        if based_on != (current.version if current else 0):
            raise Stale(current)
        values = {"text": text.strip(), "written_at": at, "written_by": by}
        if current:
            note = revise(current, based_on=based_on, **values)
        else:
            note = PartnerNote.objects.create(item=item, organisation=organisation, **values)
        audit.record(
            audit.Type.NOTE_WRITTEN,
            chain=assessment,
            by=by,
            at=at,
            target=item,
            organisation=str(organisation.public_id),
            version=note.version,
            text=audit.digest(note.text) if note.text else "",
        )
    return note


def remove_notes(item, *, assessment, by, at):
    """Take out what partners noted on an item that is being removed; nobody but who wrote it reads what it was."""
    for note in PartnerNote.objects.filter(item=item).select_related("organisation").order_by("pk"):
        note.delete()
        if note.text:
            notices.note_removed(note=note, item=item, assessment=assessment, by=by, at=at)
        audit.record(
            audit.Type.NOTE_REMOVED,
            chain=assessment,
            by=by,
            at=at,
            target=item,
            organisation=str(note.organisation.public_id),
        )
