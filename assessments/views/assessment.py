"""The assessment's own page, from which everybody goes on to what is theirs to do."""

from typing import NamedTuple

from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET

from assessments import permissions, progress, selectors, visibility
from assessments.standing_in import present_stand_ins
from assessments.workflow import REVEALED, SEALED, UNDER_REVIEW, Act, Move, State
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

    found = []
    if may(Act.CARRY_FORWARD):
        found.append(("Bring items from an earlier round", reverse("assessments:bring", args=[assessment.public_id])))
    if may(Act.CARRY_FORWARD) and unconfirmed:
        found.append(
            ("Items brought that wait for confirmation", reverse("assessments:carried", args=[assessment.public_id]))
        )
    if may(Act.READ) and assessment.state in {State.PREPARING, State.SCORING}:
        found.append(("Score sheet to print", reverse("assessments:paper", args=[assessment.public_id])))
    if may(Act.WRITE_ITEMS):
        found.append(
            ("Bring in statements from a document", reverse("assessments:import_items", args=[assessment.public_id]))
        )
    if may(Act.SEE_SPREAD) and assessment.state != State.AGREEING:
        found.append(
            ("How the scores lie and what was agreed", reverse("assessments:agreeing", args=[assessment.public_id]))
        )
    if may(Act.SEE_SPREAD) and assessment.state == State.AGREEING:
        found.append(("Workshop", reverse("assessments:workshop", args=[assessment.public_id])))
    if Role.MEMBER in capacity.roles and assessment.state in REVEALED:
        found.append(("The scores that you gave", reverse("assessments:scored", args=[assessment.public_id])))
    # Report and data belong to a higher room, which is known here by its addresses only.
    report = reverse("reports:report", args=[assessment.public_id])
    if may(Act.READ) and assessment.state in SEALED:
        found.append(("Readiness report", report))
    elif may(Act.SEE_SPREAD) and assessment.state in {State.AGREEING, State.SIGNING}:
        found.append(("Draft of the readiness report", report))
    if may(Act.READ):
        found.append(("Download the data", reverse("reports:data", args=[assessment.public_id])))
    found.append(("Deadlines and more time", reverse("assessments:deadlines", args=[assessment.public_id])))
    if may(Act.READ) and assessment.state in UNDER_REVIEW | {State.DECIDED}:
        found += [
            (text, reverse(f"assessments:{page}", args=[assessment.public_id]))
            for text, page in (("Sign-off", "signoff"), ("Review", "review"), ("Questions and replies", "questions"))
        ]
    if capacity.roles & {Role.CHAIR, Role.LEAD}:
        stand_ins = reverse("assessments:stand_ins", args=[assessment.public_id])
        found.append(("Who stands in for the chair", stand_ins))
    if may(Act.NAME_PEERS):
        found.append(("Peer reviewers", reverse("assessments:peers", args=[assessment.public_id])))
    # A peer reviewer has no part at the place, and so none in its register.
    if may(Act.READ) and capacity.memberships:
        found.append(("Evidence register", reverse("assessments:register", args=[assessment.place.public_id])))
    return found
