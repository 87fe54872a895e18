"""The rows of this room that the audit record vouches for. People are not: the first one comes by command."""

from partnership import audit
from partnership.audit import Type
from partnership.audit_rows import Recorded
from partnership.models import Body, HelpText, Membership, Organisation, Partner, Place, System
from partnership.services.bodies import details as body_details
from partnership.services.places import details as place_details


def _membership(row):
    return {
        "person": str(row.user.public_id),
        "role": row.role,
        "where": str((row.place or row.system).public_id),
        "organisation": str(row.organisation.public_id),
        "ends_on": row.ends_on and row.ends_on.isoformat(),
    }


RECORDED = (
    Recorded(System, (Type.SYSTEM_ADDED,), lambda row: {"name": row.name}),
    Recorded(
        Place,
        (Type.PLACE_ADDED, Type.PLACE_CLOSED, Type.PLACE_PASSED_ON, Type.PLACE_OPENED_AGAIN),
        place_details,
        related=("part_of",),
    ),
    Recorded(
        Body,
        (Type.BODY_ADDED, Type.BODY_CHANGED, Type.BODY_ENDED),
        body_details,
        related=("place", "parent", "chair", "answers_to_body", "answers_to_organisation"),
    ),
    Recorded(
        HelpText,
        (Type.HELP_PAGE_WRITTEN,),
        lambda row: {"page": row.page, "number": row.number, "text": audit.digest(row.text)},
    ),
    Recorded(Organisation, (Type.ORGANISATION_ADDED,), lambda row: {"name": row.name}),
    Recorded(
        Partner,
        (Type.PARTNER_STARTED,),
        related=("place", "organisation"),
        of_row=lambda row: (str(row.organisation.public_id), str(row.place.public_id), row.starts_on.isoformat()),
        of_event=lambda event, details: (event.target, details["place"], details["starts_on"]),
    ),
    Recorded(
        Membership,
        (Type.MEMBERSHIP_STARTED, Type.MEMBERSHIP_ENDED),
        _membership,
        related=("user", "place", "system", "organisation"),
    ),
)
