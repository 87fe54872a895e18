"""The review of what was submitted, and the decision on it."""

from datetime import date

from assessments.models import Judgement, Score
from assessments.services import replying, reviewing
from assessments.services.deciding import ConditionSaid, PathwaySaid
from assessments.workflow import Move
from frameworks import definition
from partnership.roles import Role
from tests.recalled import recalled

from .moving import move
from .people import create_organisation, holder
from .usual import AT

# The last day for a reply, unless told.
REPLY_BY = date(2026, 10, 15)


@recalled
def create_finding(assessment, *, code="SO1", level=2, words="", recommendation="", based_on=0, by=None, **values):
    """Return the reviewers' finding on a criterion, sure of it unless told; `values` go to `review_criterion`."""
    defaults = {"judgement": Judgement.LEVEL, "confidence": Score.Confidence.SURE}
    return reviewing.review_criterion(
        assessment=assessment,
        code=code,
        level=level,
        words=words,
        recommendation=recommendation,
        based_on=based_on,
        by=by or holder(Role.REVIEWER, assessment.place),
        at=AT,
        **defaults | values,
    )


@recalled
def create_question(assessment, *, code="SO1", text="How often does the board meet?", reply_by=REPLY_BY, by=None):
    """Return the assessment after a reviewer asked the place."""
    return move(assessment, Move.ASK, by=by, code=code, text=text, reply_by=reply_by)


@recalled
def create_reply(question, *, text="Every month.", at=AT, by=None):
    """Return the place's reply to a question, given by its lead."""
    by = by or holder(Role.LEAD, question.assessment.place)
    return replying.reply(question=question, text=text, by=by, at=at)


@recalled
def create_decision_said(assessment, *, conditions=1):
    """Return what DECIDE takes: every pathway accepted, on so many conditions for its first gate."""
    framework = definition.load(assessment.framework_version.definition)
    partner = create_organisation(place=assessment.place) if conditions else None
    return {
        "decided_on": AT.date(),
        "pathways": [
            PathwaySaid(
                pathway=pathway.code,
                outcome="CONDITIONS" if conditions else "ACCEPT",
                functions="Community services",
                reasons="The evidence is there",
                conditions=tuple(
                    ConditionSaid(f"Condition {number}", pathway.gates[0].code, partner, date(2027, 1, 31))
                    for number in range(1, conditions + 1)
                ),
            )
            for pathway in framework.pathways
        ],
    }
