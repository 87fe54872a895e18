"""Where this room holds words that somebody wrote."""

from assessments.models import (
    Agreement,
    Artefact,
    ArtefactReview,
    ConditionClosure,
    CriterionReview,
    DatesChange,
    Dissent,
    Extension,
    PartnerNote,
    PathwayDate,
    PathwayDecision,
    Question,
    Reply,
    Score,
    Signature,
    StateChange,
    Step,
    TargetSet,
    TimeRequest,
)
from assessments.services.scoring import erase_comments
from partnership.personal import Words

PERSONAL = (
    Words(Score, ("comment",), "membership__user", "comments on scores", erase=erase_comments),
    Words(Score, ("reason",), "membership__user", "reasons why an item is not applicable"),
    Words(Agreement, ("reason",), "agreed_by__user", "rationales of agreed levels"),
    Words(Dissent, ("text",), "membership__user", "dissents with a name"),
    Words(PartnerNote, ("text",), "written_by", "notes of a partner, for its own people"),
    Words(Step, ("reason",), "taken_by", "rationales of what a workshop settled"),
    Words(Signature, ("words",), "membership__user", "reservations and reasons of signatures"),
    Words(StateChange, ("reason",), "changed_by", "reasons for moving an assessment on or re-opening it"),
    Words(DatesChange, ("reason",), "changed_by", "reasons for changing dates"),
    Words(TimeRequest, ("reason",), "asked_by", "requests for more time"),
    Words(TimeRequest, ("answer",), "answered_by", "answers to requests for more time"),
    Words(Extension, ("reason",), "given_by", "reasons for giving more time"),
    Words(TargetSet, ("reason",), "set_by", "reasons for targets"),
    Words(PathwayDate, ("reason",), "set_by", "reasons for the days of pathways"),
    Words(Question, ("text",), "asked_by", "questions of the review"),
    Words(Reply, ("text",), "replied_by", "replies to the review"),
    Words(CriterionReview, ("words", "recommendation"), "reviewed_by", "findings of the review"),
    Words(ArtefactReview, ("words",), "reviewed_by", "words on strengths of artefacts"),
    Words(PathwayDecision, ("functions", "reasons"), "decision__decided_by", "decisions of the ICB"),
    Words(ConditionClosure, ("words",), "closed_by", "words on closed conditions"),
    Words(Artefact, ("title", "url", "file_name", "note"), "added_by", "artefacts in the register, and their files"),
)
