from .agreements import PartnershipAgreement
from .assessment import Assessment, RequiredSignature, Round, StateChange
from .deadlines import DatesChange, Extension, TimeRequest
from .evidence import Artefact, ArtefactLink, EvidenceItem
from .scoring import Agreement, Dissent, Judgement, Score
from .signing import Delegation, Seal, Signature, Snapshot

__all__ = [
    "Agreement",
    "Artefact",
    "ArtefactLink",
    "Assessment",
    "DatesChange",
    "Delegation",
    "Dissent",
    "EvidenceItem",
    "Extension",
    "Judgement",
    "PartnershipAgreement",
    "RequiredSignature",
    "Round",
    "Score",
    "Seal",
    "Signature",
    "Snapshot",
    "StateChange",
    "TimeRequest",
]
