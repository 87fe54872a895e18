"""The rows of this room that the audit record vouches for."""

import json

from assessments.models import (
    Agreement,
    Artefact,
    ArtefactReview,
    Assessment,
    CriterionReview,
    Decision,
    Delegation,
    Dissent,
    DissentWithdrawal,
    EvidenceItem,
    Facilitator,
    PartnerNote,
    PartnershipAgreement,
    PathwayDate,
    Presence,
    Question,
    Reply,
    Round,
    Score,
    Seal,
    Signature,
    Snapshot,
    StandIn,
    Step,
    TargetSet,
    Workshop,
)
from assessments.services.agreements import details as agreement_details
from assessments.services.standing_in import details as stand_in_details
from assessments.services.workshops import step_details
from partnership.audit import Type, chain_key, digest
from partnership.audit_rows import Recorded
from partnership.models import AuditEvent


def _digest(text):
    return digest(text) if text else ""


def _assessment(row):
    later = row.superseded_by
    return {"entered": row.state, "superseded_by": str(later.public_id) if later else ""}


def _artefact(row):
    return {
        "title": digest(row.title),
        "note": digest(row.note),
        "kind": row.kind,
        "link": digest(row.url),
        "file": row.file and row.file.sha256,
        "owner": row.owner and str(row.owner.public_id),
        "dated_on": row.dated_on and row.dated_on.isoformat(),
        "review_by": row.review_by and row.review_by.isoformat(),
        "sensitivity": row.sensitivity,
        "strength": row.strength or 0,
        "proposed": row.strength is not None,
        "ended_on": row.ended_on and row.ended_on.isoformat(),
    }


def _score(row):
    return {
        "version": row.version,
        "judgement": row.judgement,
        "level": row.level,
        "confidence": row.confidence,
        "reason": _digest(row.reason),
        "comment": _digest(row.comment),
    }


def _agreement(row):
    return {
        "version": row.version,
        "judgement": row.judgement,
        "level": row.level,
        "reason": _digest(row.reason),
        "undisputed": row.undisputed,
    }


def _dissent(row):
    return {"judgement": row.judgement, "level": row.level, "attributed": row.membership_id is not None}


def _signature(row):
    return {
        "organisation": str(row.organisation.public_id),
        "kind": row.kind,
        "words": _digest(row.words),
        "snapshot": row.digest,
        "number": row.number,
        "delegation": str(row.delegation.public_id) if row.delegation else "",
    }


def _delegation(row):
    return {
        "organisation": str(row.signatory.organisation.public_id),
        "deputy": str(row.deputy.user.public_id),
        "starts_on": row.starts_on and row.starts_on.isoformat(),
        "ends_on": row.ends_on and row.ends_on.isoformat(),
        "withdrawn": row.withdrawn_at is not None,
    }


def _problem_of_snapshot(row):
    return "" if digest(row.text) == row.digest else "the frozen content has not the hash that it was frozen with"


def _problem_of_signature(row):
    return "" if row.digest == row.snapshot.digest else "the signature is on other content than its snapshot holds"


def _problem_of_seal(row):
    """Hold a seal to its hash, to the content that it cites, and to the audit record as it stood at the time."""
    if digest(row.text) != row.digest:
        return "the seal has not the hash that it was sealed with"
    said = json.loads(row.text)
    if said["snapshot"]["digest"] != row.snapshot.digest:
        return "the seal cites other content than its snapshot holds"
    head = AuditEvent.objects.filter(chain=said["audit"]["chain"], sequence=said["audit"]["length"])
    if head.values_list("hash", flat=True).first() != said["audit"]["hash"]:
        return "the audit record no longer runs through the event that the seal cites"
    return ""


def _criterion_review(row):
    return {
        "judgement": row.judgement,
        "level": row.level,
        "confidence": row.confidence,
        "words": _digest(row.words),
        "recommendation": _digest(row.recommendation),
    }


def _question(row):
    return {
        "number": row.number,
        "kind": row.kind,
        "criterion": row.criterion.code if row.criterion else "",
        "reply_by": row.reply_by.isoformat(),
        "text": digest(row.text),
    }


def _pathway_date(row):
    return {
        "pathway": row.pathway,
        "number": row.number,
        "planned_on": row.planned_on.isoformat(),
        "reason": _digest(row.reason),
    }


def _targets(row):
    return {
        "number": row.number,
        "reach_by": row.reach_by and row.reach_by.isoformat(),
        "reason": _digest(row.reason),
        "levels": {target.criterion.code: target.level for target in row.targets.select_related("criterion")},
    }


def _problem_of_decision(row):
    if digest(row.text) != row.digest:
        return "the decision has not the hash that it was sealed with"
    cited = json.loads(row.text)["seal"]["digest"]
    return "" if cited == row.seal.digest else "the decision cites another seal than its own"


RECORDED = (
    Recorded(Round, (Type.ROUND_OPENED,)),
    Recorded(
        Assessment,
        (
            Type.ASSESSMENT_OPENED,
            Type.STATE_CHANGED,
            Type.ASSESSMENT_REOPENED,
            Type.ASSESSMENT_STANDS_AGAIN,
        ),
        _assessment,
        related=("superseded_by",),
    ),
    Recorded(
        EvidenceItem,
        (Type.ITEM_ADDED, Type.ITEM_CHANGED, Type.ITEM_CARRIED, Type.ITEM_CONFIRMED, Type.ITEM_COPIED),
        lambda row: {"statement": digest(row.statement), "account": _digest(row.account)},
        gone=(Type.ITEM_REMOVED,),
    ),
    Recorded(
        Artefact,
        (Type.ARTEFACT_ADDED, Type.ARTEFACT_CHANGED),
        _artefact,
        related=("file", "owner"),
    ),
    Recorded(
        PartnershipAgreement,
        (Type.AGREEMENT_ADDED, Type.AGREEMENT_CHANGED, Type.AGREEMENT_ENDED),
        agreement_details,
        related=("place", "artefact"),
    ),
    Recorded(
        Score,
        (Type.SCORE_RECORDED, Type.SCORE_COPIED, Type.COMMENT_ERASED),
        _score,
        related=("item", "membership__user"),
        of_row=lambda row: (str(row.item.public_id), str(row.membership.user.public_id), row.ballot),
        of_event=lambda event, details: (event.target, details.get("author", event.actor), details["ballot"]),
    ),
    Recorded(
        Agreement,
        (Type.LEVEL_AGREED, Type.LEVEL_COPIED),
        _agreement,
        related=("item",),
        of_row=lambda row: (str(row.item.public_id), row.ballot),
        of_event=lambda event, details: (event.target, details["ballot"]),
    ),
    Recorded(
        Dissent,
        (Type.DISSENT_RECORDED, Type.DISSENT_COPIED),
        _dissent,
        related=("agreement__item",),
        of_row=lambda row: (str(row.agreement.item.public_id), digest(row.text)),
        of_event=lambda event, details: (event.target, details["text"]),
        one_each=True,
    ),
    Recorded(
        Facilitator,
        (Type.FACILITATOR_NAMED, Type.FACILITATOR_ENDED),
        lambda row: {"person": str(row.membership.user.public_id), "ended": row.ended_at is not None},
        related=("membership__user",),
    ),
    Recorded(
        Workshop,
        (Type.WORKSHOP_OPENED, Type.WORKSHOP_WENT_ON, Type.WORKSHOP_CLOSED),
        lambda row: {
            "number": row.version,
            "item": row.item and str(row.item.public_id),
            "closed": row.closed_at is not None,
        },
        related=("item",),
    ),
    Recorded(
        Presence,
        (Type.WORKSHOP_JOINED,),
        related=("workshop", "membership__user"),
        of_row=lambda row: (str(row.workshop.public_id), str(row.membership.user.public_id)),
        of_event=lambda event, details: (event.target, event.actor),
    ),
    Recorded(
        Step,
        (Type.WORKSHOP_WENT_ON,),
        step_details,
        related=("workshop", "item"),
        of_row=lambda row: (str(row.workshop.public_id), row.number),
        of_event=lambda event, details: (event.target, details["number"]),
    ),
    Recorded(
        PartnerNote,
        (Type.NOTE_WRITTEN, Type.NOTE_COPIED),
        lambda row: {"version": row.version, "text": _digest(row.text)},
        related=("item", "organisation"),
        of_row=lambda row: (str(row.item.public_id), str(row.organisation.public_id)),
        of_event=lambda event, details: (event.target, details["organisation"]),
        gone=(Type.NOTE_REMOVED,),
    ),
    Recorded(
        DissentWithdrawal,
        (Type.DISSENT_WITHDRAWN, Type.DISSENT_WITHDRAWAL_COPIED),
        lambda row: {"is_shown": row.is_shown},
        related=("dissent__agreement__item",),
        of_row=lambda row: (str(row.dissent.agreement.item.public_id), digest(row.dissent.text)),
        of_event=lambda event, details: (event.target, details["text"]),
        one_each=True,
    ),
    Recorded(
        Snapshot,
        (Type.CONTENT_FROZEN,),
        lambda row: {"number": row.number, "digest": row.digest},
        problem=_problem_of_snapshot,
    ),
    Recorded(
        Signature,
        (Type.SIGNATURE_GIVEN,),
        _signature,
        related=("organisation", "snapshot", "delegation"),
        problem=_problem_of_signature,
    ),
    Recorded(
        StandIn,
        (Type.STAND_IN_NAMED, Type.STAND_IN_WITHDRAWN),
        stand_in_details,
        related=("chair__user", "lead__user"),
    ),
    Recorded(
        Delegation,
        (Type.DEPUTY_NAMED, Type.DEPUTY_WITHDRAWN),
        _delegation,
        related=("signatory__organisation", "deputy__user"),
    ),
    Recorded(
        Seal,
        (Type.SEALED,),
        lambda row: {"digest": row.digest, "snapshot": row.snapshot.digest},
        related=("snapshot",),
        problem=_problem_of_seal,
    ),
    Recorded(
        CriterionReview,
        (Type.CRITERION_REVIEWED,),
        _criterion_review,
        related=("assessment", "criterion"),
        of_row=lambda row: f"{row.assessment.public_id} {row.criterion.code} {row.number}",
        of_event=lambda event, details: f"{event.target} {details['criterion']} {details['number']}",
    ),
    Recorded(
        ArtefactReview,
        (Type.ARTEFACT_REVIEWED,),
        lambda row: {"strength": row.strength, "words": _digest(row.words)},
        related=("assessment", "artefact"),
        of_row=lambda row: f"{chain_key(row.assessment)} {row.artefact.public_id} {row.number}",
        of_event=lambda event, details: f"{event.chain} {event.target} {details['number']}",
    ),
    Recorded(Question, (Type.QUESTION_ASKED,), _question, related=("criterion",)),
    Recorded(
        Reply,
        (Type.REPLY_GIVEN,),
        lambda row: {"question": str(row.question.public_id), "text": digest(row.text)},
        related=("question",),
    ),
    Recorded(
        Decision,
        (Type.DECIDED,),
        lambda row: {"digest": row.digest, "seal": row.seal.digest},
        related=("seal",),
        problem=_problem_of_decision,
    ),
    Recorded(TargetSet, (Type.TARGETS_SET,), _targets),
    Recorded(PathwayDate, (Type.PATHWAY_DATED,), _pathway_date),
)
