"""Record the ICB's decision as a second sealed document, and close the conditions that it made."""

from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from assessments import findings, review_table
from assessments.models import Condition, ConditionClosure, Decision, PathwayDecision
from assessments.selectors import get_seal
from assessments.services import notices
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks.definition import load
from partnership import audit, idempotency
from partnership.models import Organisation
from partnership.selectors import partners_of

DECISION_FORMAT = 1
Outcome = PathwayDecision.Outcome


class DecisionRefused(Exception):
    """The decision cannot be recorded like this; `problems` says what is missing, a sentence each."""

    def __init__(self, *problems):
        super().__init__(" ".join(problems))
        self.problems = problems


class ReviewMissing(DecisionRefused):
    """The review has gaps, or the place has not been given its right of reply."""


class NotDated(DecisionRefused):
    """The day of the decision is missing, before the signing or yet to come."""


class PathwayUndecided(DecisionRefused):
    """The decision does not say something on each pathway, with what belongs to it."""


class AlreadyClosed(Exception):
    """The condition was closed before."""


class NoWords(Exception):
    """The closure does not say how the condition is met."""


@dataclass(frozen=True)
class ConditionSaid:
    """A condition as it is given: what an organisation must do by a day, for a gate of the pathway."""

    text: str
    gate: str
    owner: Organisation
    due_on: date


@dataclass(frozen=True)
class PathwaySaid:
    """What is decided for one pathway, as it is given."""

    pathway: str
    outcome: str
    reasons: str
    functions: str = ""
    conditions: tuple[ConditionSaid, ...] = ()


def decide(assessment, *, capacity, by, at, decided_on, pathways):
    """
    Seal what is decided for each pathway; part of the move DECIDE, which has locked and checked.

    What higher rooms do on a decision (`settings.ON_DECIDED`) happens in the same transaction.

    :raises DecisionRefused: in one of its kinds
    """
    day = timezone.localdate(at)
    seal = get_seal(assessment=assessment)
    if decided_on is None or not timezone.localdate(seal.sealed_at) <= decided_on <= day:
        raise NotDated("Give the day of the decision: not before the place signed, and today or earlier.")
    review = review_table.load_review(assessment=assessment)
    if problems := decision_obstacles(assessment, review):
        raise ReviewMissing(*problems)
    definition = load(assessment.framework_version.definition)
    said = {each.pathway: each for each in pathways}
    _check(definition, said, partners=set(partners_of(place=assessment.place, on=day)), day=decided_on)
    ids = {each.pathway: [uuid4() for _ in each.conditions] for each in pathways}
    ordered = [said[pathway.code] for pathway in definition.pathways]
    text = audit.canonical(
        _document(assessment, seal, review, ordered, ids, definition=definition, decided_on=decided_on, by=by, at=at)
    )
    decision = Decision.objects.create(
        assessment=assessment,
        seal=seal,
        text=text,
        digest=audit.digest(text),
        decided_on=decided_on,
        decided_at=at,
        decided_by=by,
    )
    for each in ordered:
        row = PathwayDecision.objects.create(
            decision=decision,
            pathway=each.pathway,
            outcome=each.outcome,
            functions=each.functions.strip(),
            reasons=each.reasons.strip(),
        )
        for number, (public_id, condition) in enumerate(zip(ids[each.pathway], each.conditions, strict=True), start=1):
            Condition.objects.create(
                public_id=public_id,
                decided=row,
                number=number,
                gate=condition.gate,
                text=condition.text.strip(),
                owner=condition.owner,
                due_on=condition.due_on,
            )
    audit.record(
        audit.Type.DECIDED,
        chain=assessment,
        by=by,
        at=at,
        target=decision,
        digest=decision.digest,
        seal=seal.digest,
        snapshot=seal.snapshot.digest,
        outcomes={each.pathway: str(each.outcome) for each in ordered},
    )
    for path in settings.ON_DECIDED:
        import_string(path)(decision=decision, by=by, at=at)
    notices.decided(decision=decision, at=at)
    return {"decision": decision.digest}


def decision_obstacles(assessment, review):
    """Return why nothing can be decided yet, a sentence each."""
    found = list(findings.obstacles(review.rows))
    if not review_table.is_shared(assessment=assessment):
        found.append("The review is not finished: the place has a right of reply to it before the decision.")
    return tuple(found)


def close_condition(*, condition, words, by, at):
    """
    Say for the ICB that a condition is met, and how, and return the closure.

    :raises PermissionDenied: if `by` is not of the programme office
    :raises permissions.WrongState: if the assessment is not decided
    :raises NoWords: without a word on how it is met
    :raises AlreadyClosed: if it was closed before
    """
    words = words.strip()
    with idempotency.once(by=by, token=None, at=at):
        assessment, _ = lock_for(Act.CLOSE_CONDITION, condition.decided.decision.assessment_id, by=by, at=at)
        if not words:
            raise NoWords("Say how the condition is met.")
        if ConditionClosure.objects.filter(condition=condition).exists():
            raise AlreadyClosed("This condition was closed before, so nothing was added.")
        closure = ConditionClosure.objects.create(condition=condition, words=words, closed_at=at, closed_by=by)
        audit.record(
            audit.Type.CONDITION_CLOSED, chain=assessment, by=by, at=at, target=condition, words=audit.digest(words)
        )
    return closure


def _check(definition, said, *, partners, day):
    """Hold what is said to the framework's pathways and gates, naming everything that is missing at once."""
    problems = []
    for pathway in definition.pathways:
        each = said.get(pathway.code)
        if each is None or each.outcome not in Outcome.values:
            problems.append(f"{pathway.name}: choose what is decided.")
            continue
        if not each.reasons.strip():
            problems.append(f"{pathway.name}: give the reasons.")
        if each.outcome != Outcome.NOT_YET and not each.functions.strip():
            problems.append(f"{pathway.name}: name the functions that are delegated.")
        if each.outcome == Outcome.NOT_YET and each.functions.strip():
            problems.append(f"{pathway.name}: nothing is delegated yet, so name no functions.")
        if each.outcome == Outcome.CONDITIONS and not each.conditions:
            problems.append(f"{pathway.name}: give at least one condition.")
        if each.outcome != Outcome.CONDITIONS and each.conditions:
            problems.append(f"{pathway.name}: conditions go with “accept with conditions” only.")
        gates = {gate.code for gate in pathway.gates}
        for condition in each.conditions:
            if not condition.text.strip() or condition.gate not in gates or condition.owner not in partners:
                problems.append(f"{pathway.name}: a condition needs words, a gate of the pathway and a partner.")
            elif condition.due_on < day:
                problems.append(f"{pathway.name}: a condition must be due on the day of the decision or later.")
    if problems:
        raise PathwayUndecided(*problems)


def _document(assessment, seal, review, ordered, ids, *, definition, decided_on, by, at):
    length, head = audit.head(assessment)
    names = {gate.code: gate.name for pathway in definition.pathways for gate in pathway.gates}
    return {
        "format": DECISION_FORMAT,
        "assessment": {"id": str(assessment.public_id), "number": assessment.number},
        "place": assessment.place.name,
        "system": {"name": assessment.place.system.name, "board": assessment.place.system.board_name},
        "round": assessment.round.name,
        "framework": {"code": definition.code, "number": definition.number, "name": definition.name},
        "seal": {"id": str(seal.public_id), "digest": seal.digest, "sealed_at": seal.sealed_at.isoformat()},
        "snapshot": {"id": str(seal.snapshot.public_id), "digest": seal.snapshot.digest},
        "decided_on": decided_on.isoformat(),
        "decided_at": at.isoformat(),
        "decided_by": {"name": by.name},
        "pathways": [
            {
                "code": each.pathway,
                "name": definition.pathway(each.pathway).name,
                "outcome": str(each.outcome),
                "outcome_words": Outcome(each.outcome).label,
                "functions": each.functions.strip().splitlines(),
                "reasons": each.reasons.strip(),
                "conditions": [
                    {
                        "id": str(public_id),
                        "text": condition.text.strip(),
                        "gate": condition.gate,
                        "gate_name": names[condition.gate],
                        "owner": condition.owner.name,
                        "due_on": condition.due_on.isoformat(),
                    }
                    for public_id, condition in zip(ids[each.pathway], each.conditions, strict=True)
                ],
            }
            for each in ordered
        ],
        "review": [_reviewed(row, review.levels) for row in review.rows if row.finding],
        "strengths": [
            {
                "artefact": key,
                "title": row.artefact.title,
                "proposed": row.artefact.strength,
                "strength": row.strength,
                "words": row.words,
            }
            for key, row in sorted(review_table.strengths(assessment=assessment).items())
        ],
        "questions": [_asked(question) for question in review_table.questions(assessment=assessment)],
        "audit": {"chain": audit.chain_key(assessment), "length": length, "hash": head},
    }


def _reviewed(row, levels):
    found = row.finding
    return {
        "criterion": row.code,
        "name": row.name,
        "claimed": row.claimed["level"],
        "supported": row.supported["level"],
        "judgement": found.judgement,
        "level": found.level,
        "level_name": levels.get(found.level, ""),
        "claimed_name": levels.get(row.claimed["level"], ""),
        "confidence": found.confidence,
        "words": found.words,
        "recommendation": found.recommendation,
    }


def _asked(question):
    return {
        "number": question.number,
        "kind": question.kind,
        "criterion": question.criterion.code if question.criterion else "",
        "text": question.text,
        "reply_by": question.reply_by.isoformat(),
        "asked_at": question.asked_at.isoformat(),
        "replies": [
            {"text": reply.text, "replied_at": reply.replied_at.isoformat(), "is_late": reply.is_late}
            for reply in question.replies.all()
        ],
    }
