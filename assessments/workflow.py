"""
The life of an assessment as two tables: who may move it on, and what may be done in which state.

Pure: no rows, no clock. Services ask these tables; the tests walk through every cell of them; the
docs print them.
"""

from dataclasses import dataclass

from django.db.models import TextChoices

from partnership.roles import AT_PLACE, BOARD, OF_SYSTEM, Role


class State(TextChoices):
    PREPARING = "PREPARING", "Preparing"
    SCORING = "SCORING", "Scoring"
    AGREEING = "AGREEING", "Agreeing"
    SIGNING = "SIGNING", "Signing"
    SIGNED = "SIGNED", "Signed"
    SUBMITTED = "SUBMITTED", "Submitted"
    IN_REVIEW = "IN_REVIEW", "In review"
    CLARIFY = "CLARIFY", "Waiting for reply"
    DECIDED = "DECIDED", "Decided"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


# What the ICB may read, and what nobody may change any more.
UNDER_REVIEW = frozenset({State.IN_REVIEW, State.CLARIFY})
SHARED_WITH_ICB = UNDER_REVIEW | {State.SUBMITTED, State.DECIDED}
SEALED = SHARED_WITH_ICB | {State.SIGNED}
FROZEN = SEALED | {State.SIGNING}
REVEALED = FROZEN | {State.AGREEING}
ALL_STATES = frozenset(State)
# Without a seal; sorted, since a constraint in the database names them.
UNSIGNED = tuple(sorted(ALL_STATES - SEALED))


class Deadline(TextChoices):
    SCORING = "SCORING", "the last day of scoring"
    SIGNING = "SIGNING", "the last day of signing"


# Which of a round's deadlines each state works towards. A deadline marks what is late; it closes nothing.
DEADLINES = {
    State.PREPARING: Deadline.SCORING,
    State.SCORING: Deadline.SCORING,
    State.AGREEING: Deadline.SIGNING,
    State.SIGNING: Deadline.SIGNING,
    State.SIGNED: Deadline.SIGNING,
}


class Move(TextChoices):
    OPEN_SCORING = "OPEN_SCORING", "Open scoring"
    CLOSE_SCORING = "CLOSE_SCORING", "Close scoring and show the spread"
    SCORE_AGAIN = "SCORE_AGAIN", "Score some items again"
    PUT_UP = "PUT_UP", "Put up for signature"
    TAKE_BACK = "TAKE_BACK", "Take back for changes"
    SEAL = "SEAL", "Close the signing and seal"
    SUBMIT = "SUBMIT", "Submit to the ICB"
    START_REVIEW = "START_REVIEW", "Start the review"
    ASK = "ASK", "Ask the place a question"
    FINISH_REVIEW = "FINISH_REVIEW", "Finish the review and ask for the place's reply"
    REPLIED = "REPLIED", "Give the last reply that was waited for"
    GO_ON = "GO_ON", "Go on without a reply"
    DECIDE = "DECIDE", "Record the decision"
    WITHDRAW = "WITHDRAW", "Withdraw"


class Power(TextChoices):
    """What a chair may let the place lead do in their place, on some days."""

    CLOSE_SCORING = "CLOSE_SCORING", "Close scoring, and have items scored again"
    AGREE = "AGREE", "Settle levels, put the result up for signature and take it back"
    SEAL = "SEAL", "Close the signing, and submit to the ICB"


@dataclass(frozen=True)
class MoveRule:
    """
    From which states a move leads where, who makes it, and whether it must say why.

    With the `power`, the lead makes it in the chair's place.

    One `by_outsiders` is never made by people of the place itself, nor where the round keeps the result at the place.
    One that `follows` is made within another act of the same person, and has no page.
    """

    sources: frozenset
    target: State
    roles: frozenset
    needs_reason: bool = False
    by_outsiders: bool = False
    follows: bool = False
    power: Power | None = None


CHAIR = frozenset({Role.CHAIR})
SPEAKERS = frozenset({Role.LEAD, Role.CHAIR})
PROGRAMME_OFFICE = frozenset({Role.PROGRAMME_OFFICE})
IN_REVIEW, CLARIFY = frozenset({State.IN_REVIEW}), frozenset({State.CLARIFY})
MOVES = {
    Move.OPEN_SCORING: MoveRule(frozenset({State.PREPARING}), State.SCORING, frozenset({Role.LEAD})),
    Move.CLOSE_SCORING: MoveRule(frozenset({State.SCORING}), State.AGREEING, CHAIR, power=Power.CLOSE_SCORING),
    Move.SCORE_AGAIN: MoveRule(
        frozenset({State.AGREEING}), State.SCORING, CHAIR, needs_reason=True, power=Power.CLOSE_SCORING
    ),
    Move.PUT_UP: MoveRule(frozenset({State.AGREEING}), State.SIGNING, CHAIR, power=Power.AGREE),
    Move.TAKE_BACK: MoveRule(frozenset({State.SIGNING}), State.AGREEING, CHAIR, needs_reason=True, power=Power.AGREE),
    Move.SEAL: MoveRule(frozenset({State.SIGNING}), State.SIGNED, CHAIR, power=Power.SEAL),
    Move.SUBMIT: MoveRule(frozenset({State.SIGNED}), State.SUBMITTED, CHAIR, power=Power.SEAL),
    Move.START_REVIEW: MoveRule(frozenset({State.SUBMITTED}), State.IN_REVIEW, OF_SYSTEM, by_outsiders=True),
    Move.ASK: MoveRule(UNDER_REVIEW, State.CLARIFY, OF_SYSTEM, by_outsiders=True),
    Move.FINISH_REVIEW: MoveRule(IN_REVIEW, State.CLARIFY, OF_SYSTEM, by_outsiders=True),
    Move.REPLIED: MoveRule(CLARIFY, State.IN_REVIEW, SPEAKERS, follows=True),
    Move.GO_ON: MoveRule(CLARIFY, State.IN_REVIEW, OF_SYSTEM, needs_reason=True, by_outsiders=True),
    Move.DECIDE: MoveRule(IN_REVIEW, State.DECIDED, PROGRAMME_OFFICE, by_outsiders=True),
    Move.WITHDRAW: MoveRule(
        frozenset({State.PREPARING, State.SCORING, State.AGREEING, State.SIGNING}),
        State.WITHDRAWN,
        frozenset({Role.CHAIR, Role.PROGRAMME_OFFICE}),
        needs_reason=True,
    ),
}


class Act(TextChoices):
    READ = "READ", "Read the assessment"
    READ_PROGRESS = "READ_PROGRESS", "See its state and counts"
    WRITE_ITEMS = "WRITE_ITEMS", "Write evidence items"
    CARRY_FORWARD = "CARRY_FORWARD", "Bring items from an earlier round, and confirm them"
    KEEP_REGISTER = "KEEP_REGISTER", "Keep the evidence register"
    PROPOSE_STRENGTH = "PROPOSE_STRENGTH", "Propose an artefact's strength"
    SCORE = "SCORE", "Score items"
    SEE_WHO_IS_LEFT = "SEE_WHO_IS_LEFT", "See who has still to score"
    SEE_SPREAD = "SEE_SPREAD", "See how the scores are spread"
    SEE_NAMED_SCORES = "SEE_NAMED_SCORES", "See who gave which score"
    AGREE = "AGREE", "Settle levels"
    DISSENT = "DISSENT", "Record dissent"
    KEEP_NOTES = "KEEP_NOTES", "Keep a partner's own notes, for its people alone"
    FACILITATE = "FACILITATE", "Hold a workshop, or name the member who does"
    VOTE = "VOTE", "Vote in a workshop"
    PLAN = "PLAN", "Plan actions, set targets and date pathways"
    SIGN = "SIGN", "Sign for an organisation"
    ASK_FOR_TIME = "ASK_FOR_TIME", "Ask for more time"
    GIVE_TIME = "GIVE_TIME", "Give the place more time"
    SIGN_AS_DEPUTY = "SIGN_AS_DEPUTY", "Sign for an organisation, as the deputy that its signatory named"
    NAME_DEPUTY = "NAME_DEPUTY", "Name a deputy, and withdraw that"
    NAME_PEERS = "NAME_PEERS", "Name people of other places as peer reviewers"
    REVIEW = "REVIEW", "Set reviewed levels and strengths"
    READ_DRAFT_REVIEW = "READ_DRAFT_REVIEW", "Read the review before it is shared with the place"
    REPLY = "REPLY", "Reply for the place to questions and to the review"
    CLOSE_CONDITION = "CLOSE_CONDITION", "Close a condition of the decision"
    REOPEN = "REOPEN", "Re-open as a new version"
    NAME_STAND_IN = "NAME_STAND_IN", "Let the lead stand in for the chair, and withdraw that"
    REPORT_AGAIN = "REPORT_AGAIN", "Have the report or its board summary made again that the worker gave up"
    PRINT_AGAIN = "PRINT_AGAIN", "Have the decision printed again that the worker gave up"


@dataclass(frozen=True)
class Rule:
    """
    Which roles may do an act, in which states, and what to tell those who may not.

    One `by_outsiders` is never done by people of the place itself, nor where the round keeps the result at the place.
    With the `power`, the lead does it in the chair's place.
    """

    roles: frozenset
    states: frozenset
    role_sentence: str
    state_sentence: str = ""
    by_outsiders: bool = False
    power: Power | None = None


EDITORS = frozenset({Role.LEAD, Role.CONTRIBUTOR})
BEFORE_FREEZE = frozenset({State.PREPARING, State.SCORING, State.AGREEING})
ACTS = {
    Act.READ: Rule(
        AT_PLACE - {Role.OBSERVER}, ALL_STATES, "Only those who work on it may read it before it is submitted."
    ),
    Act.READ_PROGRESS: Rule(frozenset(Role), ALL_STATES, "Only people of this place and its ICB may see this."),
    Act.WRITE_ITEMS: Rule(
        EDITORS,
        frozenset({State.PREPARING}),
        "Only the place lead and contributors write evidence items.",
        "The wording of the items was fixed when scoring opened.",
    ),
    Act.CARRY_FORWARD: Rule(
        frozenset({Role.LEAD}),
        frozenset({State.PREPARING}),
        "Only the place lead brings items from an earlier round and confirms them.",
        "The wording of the items was fixed when scoring opened.",
    ),
    Act.KEEP_REGISTER: Rule(
        EDITORS,
        BEFORE_FREEZE,
        "Only the place lead and contributors keep the evidence register.",
        "The evidence was fixed when the assessment was put up for signature.",
    ),
    Act.PROPOSE_STRENGTH: Rule(
        frozenset({Role.LEAD}),
        BEFORE_FREEZE,
        "Only the place lead proposes how strong an artefact is.",
        "The evidence was fixed when the assessment was put up for signature.",
    ),
    Act.SCORE: Rule(
        frozenset({Role.MEMBER}),
        frozenset({State.SCORING}),
        "Only members of this place's board score its items.",
        "Scoring is not open, so scores cannot be given or changed.",
    ),
    Act.SEE_WHO_IS_LEFT: Rule(
        frozenset({Role.LEAD, Role.CHAIR}),
        frozenset({State.SCORING}),
        "Only the place lead and the chair see who has still to score.",
    ),
    Act.SEE_SPREAD: Rule(
        BOARD,
        REVEALED,
        "Only the board sees how its scores are spread.",
        "The spread is shown once the chair has closed scoring.",
    ),
    Act.SEE_NAMED_SCORES: Rule(
        BOARD,
        REVEALED,
        "Only the board sees who gave which score.",
        "Scores are shown once the chair has closed scoring.",
    ),
    Act.AGREE: Rule(
        CHAIR,
        frozenset({State.AGREEING}),
        "Only the chair settles levels.",
        "Levels can be settled only while the board is agreeing.",
        power=Power.AGREE,
    ),
    Act.DISSENT: Rule(
        frozenset({Role.MEMBER}),
        frozenset({State.AGREEING}),
        "Only members of the board record dissent.",
        "Dissent can be recorded only while the board is agreeing.",
    ),
    Act.KEEP_NOTES: Rule(
        AT_PLACE - {Role.OBSERVER},
        BEFORE_FREEZE | {State.SIGNING},
        "Only partners who work on the assessment keep notes on it.",
        "The assessment is not worked on any more, so that notes are only read.",
    ),
    Act.FACILITATE: Rule(
        SPEAKERS,
        frozenset({State.AGREEING}),
        "Only the place lead, the chair and the member whom they named hold a workshop.",
        "A workshop can be held only while the board is agreeing.",
    ),
    Act.VOTE: Rule(
        frozenset({Role.MEMBER}),
        frozenset({State.AGREEING}),
        "Only members of this place's board vote.",
        "The board is not agreeing any more, so votes cannot be given or changed.",
    ),
    Act.PLAN: Rule(
        frozenset({Role.LEAD, Role.CHAIR}),
        ALL_STATES - {State.SIGNING, State.WITHDRAWN},
        "Only the place lead and the chair plan actions, set targets and date pathways.",
        "Actions, targets and dates are fixed while the assessment is up for signature.",
    ),
    Act.SIGN: Rule(
        frozenset({Role.SIGNATORY}),
        frozenset({State.SIGNING}),
        "Only an organisation's signatory, or the deputy that they named, signs for it.",
        "The assessment is not up for signature.",
    ),
    Act.ASK_FOR_TIME: Rule(
        frozenset({Role.LEAD, Role.CHAIR}),
        frozenset(DEADLINES),
        "Only the place lead and the chair ask for more time.",
        "Nothing is due at this assessment any more, so there is no more time to ask for.",
    ),
    Act.GIVE_TIME: Rule(
        frozenset({Role.PROGRAMME_OFFICE}),
        frozenset(DEADLINES),
        "Only the ICB's programme office gives a place more time.",
        "Nothing is due at this assessment any more, so there is no more time to give.",
    ),
    Act.SIGN_AS_DEPUTY: Rule(
        AT_PLACE - {Role.OBSERVER},
        frozenset({State.SIGNING}),
        "Only an organisation's signatory, or the deputy that they named, signs for it.",
        "The assessment is not up for signature.",
    ),
    Act.NAME_DEPUTY: Rule(
        frozenset({Role.SIGNATORY}),
        BEFORE_FREEZE | {State.SIGNING},
        "Only an organisation's signatory names their deputy.",
        "The signing is over, so nobody signs it any more.",
    ),
    Act.NAME_PEERS: Rule(
        PROGRAMME_OFFICE,
        UNDER_REVIEW | {State.SUBMITTED},
        "Only the ICB's programme office names peer reviewers.",
        "Peer reviewers can be named from the day of submission until the decision.",
        by_outsiders=True,
    ),
    Act.REVIEW: Rule(
        OF_SYSTEM,
        UNDER_REVIEW,
        "Only reviewers set reviewed levels.",
        "Reviewed levels can be set only while the assessment is in review.",
        by_outsiders=True,
    ),
    Act.READ_DRAFT_REVIEW: Rule(
        OF_SYSTEM,
        UNDER_REVIEW | {State.DECIDED},
        "Only reviewers read the review before it is shared with the place.",
        by_outsiders=True,
    ),
    Act.REPLY: Rule(
        SPEAKERS,
        UNDER_REVIEW,
        "Only the place lead and the chair reply for the place.",
        "Replies can be given only while the assessment is in review.",
    ),
    Act.CLOSE_CONDITION: Rule(
        PROGRAMME_OFFICE,
        frozenset({State.DECIDED}),
        "Only the ICB's programme office closes a condition.",
        "There is no decision whose conditions could be closed.",
        by_outsiders=True,
    ),
    Act.NAME_STAND_IN: Rule(
        CHAIR,
        BEFORE_FREEZE | {State.SIGNING, State.SIGNED},
        "Only the chair lets the place lead stand in.",
        "What the chair does here is done, so nobody stands in for them any more.",
    ),
    Act.REOPEN: Rule(
        CHAIR,
        SEALED,
        "Only the chair re-opens what was signed.",
        "Only what was signed can be re-opened.",
    ),
    # As what orders them first: the sealing, the ICB's order of a whole round, and the decision.
    Act.REPORT_AGAIN: Rule(
        frozenset({Role.CHAIR, Role.PROGRAMME_OFFICE}),
        SEALED,
        "Only the chair and the ICB's programme office have a report made again.",
        "A report is made once the signing is closed.",
        power=Power.SEAL,
    ),
    Act.PRINT_AGAIN: Rule(
        PROGRAMME_OFFICE,
        frozenset({State.DECIDED}),
        "Only the ICB's programme office has a decision printed again.",
        "There is no decision to print.",
        by_outsiders=True,
    ),
}
# All that may be done with a version after a later one took its place, or after its place closed: it is read, what the
# worker gave up is made, and what the ICB made a condition in its decision is still owed, and closed.
WHEN_ONLY_READ = frozenset(
    {
        Act.READ,
        Act.READ_PROGRESS,
        Act.SEE_SPREAD,
        Act.SEE_NAMED_SCORES,
        Act.READ_DRAFT_REVIEW,
        Act.CLOSE_CONDITION,
        Act.REPORT_AGAIN,
        Act.PRINT_AGAIN,
    }
)


def moves_from(state):
    """Return the moves that lead on from a state, in the table's order."""
    return tuple(move for move, rule in MOVES.items() if state in rule.sources)


def may_read(roles, state, *, shared):
    """
    Tell whether somebody with these roles reads the content.

    Those who work on it always do. Once it is submitted, so do the place's observers and, where it is `shared` (the
    round does not keep the result at the place), the ICB.
    """
    if roles & ACTS[Act.READ].roles:
        return True
    if state not in SHARED_WITH_ICB:
        return False
    return bool(roles & AT_PLACE) or (shared and bool(roles))
