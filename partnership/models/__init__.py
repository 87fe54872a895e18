from .attempts import Attempt
from .audit import AuditChain, AuditEvent
from .base import Addressable, Stale, Versioned, revise
from .bodies import Body
from .closing import EndedByClosing, PlaceChange
from .help_texts import HelpText
from .invitations import Invitation, InvitationEvent
from .kept_forms import KeptForm
from .people import Membership, User
from .places import Organisation, Partner, Place, System
from .work import FormToken, Job, OutgoingMail, StoredFile

__all__ = [
    "Addressable",
    "Attempt",
    "AuditChain",
    "AuditEvent",
    "Body",
    "EndedByClosing",
    "FormToken",
    "HelpText",
    "Invitation",
    "InvitationEvent",
    "Job",
    "KeptForm",
    "Membership",
    "Organisation",
    "OutgoingMail",
    "Partner",
    "Place",
    "PlaceChange",
    "Stale",
    "StoredFile",
    "System",
    "User",
    "Versioned",
    "revise",
]
