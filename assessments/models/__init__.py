from .agreements import PartnershipAgreement
from .aims import PathwayDate, Target, TargetSet
from .assessment import Assessment, RequiredSignature, Round, StateChange
from .deadlines import DatesChange, Extension, TimeRequest
from .deciding import Condition, ConditionClosure, Decision, PathwayDecision
from .evidence import Artefact, ArtefactLink, EvidenceItem
from .notes import PartnerNote
from .peers import PeerReviewer
from .reviewing import ArtefactReview, CriterionReview, Question, Reply
from .scoring import Agreement, Dissent, DissentWithdrawal, Flag, Judgement, Score
from .signing import Delegation, Seal, Signature, Snapshot
from .standing_in import StandIn
from .workshops import Facilitator, Presence, Step, Workshop

__all__ = [
    "Agreement",
    "Artefact",
    "ArtefactLink",
    "ArtefactReview",
    "Assessment",
    "DatesChange",
    "Delegation",
    "Condition",
    "ConditionClosure",
    "CriterionReview",
    "Decision",
    "Dissent",
    "DissentWithdrawal",
    "EvidenceItem",
    "Extension",
    "Facilitator",
    "Flag",
    "Judgement",
    "PartnerNote",
    "PartnershipAgreement",
    "PathwayDate",
    "PathwayDecision",
    "PeerReviewer",
    "Presence",
    "Question",
    "Reply",
    "RequiredSignature",
    "Round",
    "Score",
    "Seal",
    "Signature",
    "Snapshot",
    "StandIn",
    "StateChange",
    "Step",
    "Target",
    "TargetSet",
    "TimeRequest",
    "Workshop",
]
