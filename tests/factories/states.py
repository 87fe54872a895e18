"""Assessments in each state, and the ways from one state to the next."""

from assessments.services import reopening
from assessments.workflow import Move, State
from partnership.models import Membership
from partnership.roles import Role
from tests.recalled import recalled

from .evidence import create_item
from .moving import move
from .people import board, create_place, create_signatory, holder
from .reviewing import REPLY_BY, create_decision_said, create_finding, create_question, create_reply
from .rounds import create_round
from .scoring import create_agreement, create_score
from .signing import create_signature
from .usual import AT

# The garden's criteria other than SO1 that count: where no test writes items for them, they are gaps that it accepts.
EMPTY_CRITERIA = frozenset({"SO2", "PE1", "PE2a", "PE2b"})


@recalled
def create_assessment(*, place=None, state=State.PREPARING, **values):
    """
    Return a place's assessment in a state, in a round of its own; `values` go to `create_round`.

    On the way it gets an item for SO1, three members who score it at level 2, that level agreed, and a signatory who
    signs; `put_up` and the others do the same for an assessment with a case of its own.
    """
    opened = create_round(places=[place or create_place()], **values)
    assessment = opened.assessments.select_related("place__system", "round", "framework_version").get()
    return WAYS[State(state)](assessment)


@recalled
def in_scoring(assessment):
    """Return the assessment after its lead opened scoring, with an item written first where there is none."""
    if not assessment.items.exists():
        create_item(assessment)
    return move(assessment, Move.OPEN_SCORING)


@recalled
def in_agreeing(assessment, *levels):
    """Return the assessment after members gave these levels (three 2s) to each item, and the chair closed scoring."""
    in_scoring(assessment)
    levels = levels or (2, 2, 2)
    for item in assessment.items.order_by("pk"):
        for member, level in zip(board(assessment.place, len(levels)), levels, strict=True):
            create_score(item, by=member, level=level)
    return move(assessment, Move.CLOSE_SCORING)


@recalled
def put_up(assessment):
    """Return the assessment after every open item was settled at level 2 and the chair put it up for signature."""
    in_agreeing(assessment)
    for item in assessment.items.order_by("pk"):
        create_agreement(item)
    return move(assessment, Move.PUT_UP, accepted_gaps=EMPTY_CRITERIA)


@recalled
def signed(assessment):
    """Return the assessment after all that must signed, one at least, and the chair sealed it."""
    put_up(assessment)
    organisations = [row.organisation for row in assessment.required_signatures.select_related("organisation")]
    signatories = [create_signatory(assessment.place, organisation) for organisation in organisations]
    while len(signatories) < assessment.round.minimum_signatures:
        signatories.append(create_signatory(assessment.place))
    for signatory in signatories:
        create_signature(assessment, by=signatory)
    return move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/1")


@recalled
def submitted(assessment):
    return move(signed(assessment), Move.SUBMIT)


@recalled
def in_review(assessment):
    return move(submitted(assessment), Move.START_REVIEW)


@recalled
def asked(assessment):
    """Return the assessment after a reviewer asked the place about SO1."""
    in_review(assessment)
    return create_question(assessment)


@recalled
def reviewed(assessment):
    """Return the assessment after it was submitted and reviewed as `reviewed_after_submission` does."""
    return reviewed_after_submission(submitted(assessment))


@recalled
def reviewed_after_submission(assessment):
    """Return the assessment after SO1 was reviewed, the review was shared, and the place replied."""
    move(assessment, Move.START_REVIEW)
    create_finding(assessment)
    move(assessment, Move.FINISH_REVIEW, text="Thank you for the evidence.", reply_by=REPLY_BY)
    create_reply(assessment.questions.latest("number"))
    assessment.refresh_from_db()
    return assessment


@recalled
def decided_after_review(assessment):
    """Return the assessment in review, with its findings, after the place replied and the ICB decided."""
    move(assessment, Move.FINISH_REVIEW, text="Thank you for the evidence.", reply_by=REPLY_BY)
    create_reply(assessment.questions.latest("number"))
    return move(assessment, Move.DECIDE, **create_decision_said(assessment))


@recalled
def decided(assessment):
    """Return the assessment after the ICB accepted it on every pathway, each with one condition."""
    reviewed(assessment)
    return move(assessment, Move.DECIDE, **create_decision_said(assessment))


@recalled
def withdrawn(assessment):
    """Return the assessment after the chair withdrew it, with an item written first where there is none."""
    if not assessment.items.exists():
        create_item(assessment)
    return move(assessment, Move.WITHDRAW, reason="The partnership is being reorganised")


@recalled
def reopened(assessment, *, by=None, reason="A figure was wrong", **values):
    """Return the next version of a signed assessment, re-opened by its chair; `values` go to `reopen`."""
    assessment.refresh_from_db()
    values = {"based_on": assessment.version, "by": by or holder(Role.CHAIR, assessment.place), "at": AT} | values
    return reopening.reopen(assessment=assessment, reason=reason, **values)


@recalled
def sign_again(assessment, level=2):
    """Return a re-opened assessment after its first item was settled at a level, it was put up, signed and sealed."""
    item = assessment.items.order_by("pk").first()
    agreed = item.agreements.get(ballot=item.ballot)
    create_agreement(item, level=level, reason="Looked at again", based_on=agreed.version)
    move(assessment, Move.PUT_UP, accepted_gaps=EMPTY_CRITERIA)
    signatories = Membership.objects.filter(place=assessment.place, role=Role.SIGNATORY).select_related("user")
    for organisation in signatories.order_by("organisation").distinct():
        create_signature(assessment, by=organisation.user)
    return move(assessment, Move.SEAL, meeting_on=AT.date(), minute_reference="PB/26/2")


WAYS = {
    State.PREPARING: lambda assessment: assessment,
    State.SCORING: in_scoring,
    State.AGREEING: in_agreeing,
    State.SIGNING: put_up,
    State.SIGNED: signed,
    State.SUBMITTED: submitted,
    State.IN_REVIEW: in_review,
    State.CLARIFY: asked,
    State.DECIDED: decided,
    State.WITHDRAWN: withdrawn,
}
