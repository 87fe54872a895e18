"""The assessment's own page, from which everybody goes on to what is theirs to do."""

from typing import NamedTuple

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from assessments import permissions, progress, selectors, visibility
from assessments.standing_in import present_stand_ins
from assessments.workflow import REVEALED, SEALED, SPEAKERS, UNDER_REVIEW, Act, Move, State
from frameworks.definition import load
from partnership.roles import Role

STEPS = (
    State.PREPARING,
    State.SCORING,
    State.AGREEING,
    State.SIGNING,
    State.SIGNED,
    State.SUBMITTED,
    State.IN_REVIEW,
    State.DECIDED,
)
# A state that is part of another's step.
WITHIN = {State.CLARIFY: State.IN_REVIEW}


class Step(NamedTuple):
    """A step of an assessment's life, as components/steps.html takes it."""

    name: str
    state: str
    note: str


@require_GET
def assessment(request, public_id):
    assessment, capacity = selectors.get_for(Act.READ_PROGRESS, user=request.user, public_id=public_id)
    definition = load(assessment.framework_version.definition)
    may_score = permissions.can(Act.SCORE, capacity=capacity, assessment=assessment)
    items = progress.items_of(assessment=assessment)
    told = {"assessment": assessment, "items": items, "definition": definition}
    # How far somebody has come is shown to whoever can score now.
    tasks = progress.own_tasks(user=request.user, **told) if may_score else progress.task_list(**told)
    last_change = selectors.last_state_change(assessment=assessment)
    board = progress.board_progress(**told)
    return TemplateResponse(
        request,
        "assessments/assessment.html",
        {
            "assessment": assessment,
            "definition": definition,
            "steps": steps(assessment) if assessment.state != State.WITHDRAWN else (),
            "tasks": tasks,
            "board": board,
            "unfinished": board.unfinished
            if visibility.may_see_who_is_left(capacity=capacity, assessment=assessment)
            else None,
            "last_change": last_change,
            "may_read": permissions.can(Act.READ, capacity=capacity, assessment=assessment),
            "may_score": may_score,
            "may_write_items": permissions.can(Act.WRITE_ITEMS, capacity=capacity, assessment=assessment),
            "see_also": see_also(assessment, capacity, unconfirmed=tasks.unconfirmed),
            "closing": closing(assessment),
            "stand_ins": present_stand_ins(place=assessment.place, on=timezone.localdate())
            if last_change.somebody_stands_in and assessment.state != State.WITHDRAWN
            else (),
            "route": route(assessment, capacity),
            "door": door(assessment, capacity),
            "may_reopen": permissions.can(Act.REOPEN, capacity=capacity, assessment=assessment),
            "versions": selectors.versions_of(assessment=assessment),
            "moves": [Move(move) for move in permissions.possible_moves(capacity=capacity, assessment=assessment)],
        },
    )


def steps(assessment):
    """Return the steps of an assessment's life with the present one marked and, where it has one, its last day."""
    here = STEPS.index(WITHIN.get(assessment.state, assessment.state))
    marks = ["done"] * here + ["current"] + ["next"] * (len(STEPS) - here - 1)
    last_days = last_day_by_state(assessment)
    notes = {step: f"to close on {in_full(day)}" for step, day in last_days.items()}
    return tuple(
        Step(step.label, mark, "" if mark == "done" else notes.get(step, ""))
        for step, mark in zip(STEPS, marks, strict=True)
    )


def closing(assessment):
    """Return a sentence on when the round begins or the present state is to end; an empty text where neither is."""
    if assessment.state == State.PREPARING and (begins := assessment.round.opens_on) > timezone.localdate():
        return f"The round begins on {in_full(begins)}. Until then the place can get its evidence ready."
    day = last_day_by_state(assessment).get(assessment.state)
    if not day:
        return ""
    name = assessment.get_state_display()
    if day < timezone.localdate():
        return f"{name} was due to close on {in_full(day)}. The chair has not closed it yet."
    return f"{name} is open until the end of {in_full(day)}, or until the chair closes it."


def last_day_by_state(assessment):
    return {State.SCORING: assessment.scoring_closes_on, State.SIGNING: assessment.signing_closes_on}


def in_full(day):
    return date_format(day, "l j F Y")


def route(assessment, capacity):
    """Return the name of the page to which a criterion's row leads this person now."""
    if assessment.state == State.SCORING and Role.MEMBER in capacity.roles:
        return "assessments:score"
    if assessment.state == State.AGREEING and permissions.can(Act.SEE_SPREAD, capacity=capacity, assessment=assessment):
        return "assessments:agree"
    return "assessments:items"


def door(assessment, capacity):
    """Return the page on which the present state happens, as its name and what this person does there; or None."""

    def may(act):
        return permissions.can(act, capacity=capacity, assessment=assessment)

    if assessment.state == State.AGREEING and may(Act.SEE_SPREAD):
        return {"route": "assessments:agreeing", "text": "Agree levels" if may(Act.AGREE) else "See how the scores lie"}
    if assessment.state == State.SIGNING and may(Act.READ):
        return {"route": "assessments:sign", "text": "Read and sign" if may(Act.SIGN) else "See what is being signed"}
    if assessment.state == State.DECIDED and may(Act.READ):
        return {"route": "assessments:decision", "text": "Read the decision"}
    if assessment.state == State.CLARIFY and may(Act.REPLY):
        return {"route": "assessments:questions", "text": "Read the questions and reply"}
    if assessment.state in UNDER_REVIEW and may(Act.READ):
        return {"route": "assessments:review", "text": "Review it" if may(Act.REVIEW) else "See the review"}
    if assessment.state in SEALED and may(Act.READ):
        return {"route": "assessments:signoff", "text": "See the sign-off"}
    return None


def see_also(assessment, capacity, *, unconfirmed):
    """
    Return what else about the assessment this person may read, as pairs of a text and an address.

    `unconfirmed` is how many items were brought and wait for the lead's word.
    """

    def may(act):
        return permissions.can(act, capacity=capacity, assessment=assessment)

    reads, reveals = may(Act.READ), may(Act.SEE_SPREAD)
    state = assessment.state
    is_agreeing, is_reviewed = state == State.AGREEING, state in UNDER_REVIEW | {State.DECIDED}
    # Reports and data belong to a higher room, which is known here by its addresses only.
    pages = (
        ("Bring items from an earlier round", "assessments:bring", may(Act.CARRY_FORWARD)),
        ("Items brought that wait for confirmation", "assessments:carried", may(Act.CARRY_FORWARD) and unconfirmed),
        ("Score sheet to print", "assessments:paper", reads and state in {State.PREPARING, State.SCORING}),
        ("Bring in statements from a document", "assessments:import_items", may(Act.WRITE_ITEMS)),
        ("How the scores lie and what was agreed", "assessments:agreeing", reveals and not is_agreeing),
        ("Workshop", "assessments:workshop", reveals and is_agreeing),
        ("The scores that you gave", "assessments:scored", Role.MEMBER in capacity.roles and state in REVEALED),
        ("Readiness report", "reports:report", reads and state in SEALED),
        ("Draft of the readiness report", "reports:report", reveals and state in {State.AGREEING, State.SIGNING}),
        ("Download the data", "reports:data", reads),
        ("Deadlines and more time", "assessments:deadlines", True),
        ("Sign-off", "assessments:signoff", reads and is_reviewed),
        ("Review", "assessments:review", reads and is_reviewed),
        ("Questions and replies", "assessments:questions", reads and is_reviewed),
        ("Who stands in for the chair", "assessments:stand_ins", capacity.roles & SPEAKERS),
        ("Peer reviewers", "assessments:peers", may(Act.NAME_PEERS)),
    )
    found = [(text, reverse(route, args=[assessment.public_id])) for text, route, is_offered in pages if is_offered]
    # A peer reviewer has no part at the place, and so none in its register.
    if reads and capacity.memberships:
        found.append(("Evidence register", reverse("assessments:register", args=[assessment.place.public_id])))
    return found
