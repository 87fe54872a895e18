"""The assessment's own page, from which everybody goes on to what is theirs to do."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from assessments import permissions, progress, selectors, visibility, workflow
from assessments.workflow import Act, Move, State
from frameworks.definition import load
from partnership.roles import Role

STEPS = (State.PREPARING, State.SCORING, State.AGREEING, State.SIGNING, State.SIGNED, State.SUBMITTED)


@require_GET
def assessment(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    permissions.check(Act.READ_PROGRESS, capacity=capacity, assessment=assessment)
    definition = load(assessment.framework_version.definition)
    tasks = progress.task_list(
        assessment=assessment,
        definition=definition,
        scored=visibility.own_scored_items(user=request.user, assessment=assessment),
    )
    board = progress.board_progress(assessment=assessment, asked=tasks.asked)
    return TemplateResponse(
        request,
        "assessments/assessment.html",
        {
            "assessment": assessment,
            "definition": definition,
            "steps": steps(assessment),
            "tasks": tasks,
            "board": board,
            "unfinished": board.unfinished
            if visibility.may_see_who_is_left(capacity=capacity, assessment=assessment)
            else None,
            "last_change": selectors.last_state_change(assessment=assessment),
            "may_read": workflow.may_read(capacity.roles, assessment.state),
            "may_score": permissions.can(Act.SCORE, capacity=capacity, assessment=assessment),
            "is_member": Role.MEMBER in capacity.roles,
            "may_write_items": permissions.can(Act.WRITE_ITEMS, capacity=capacity, assessment=assessment),
            "moves": [Move(move) for move in permissions.possible_moves(capacity=capacity, assessment=assessment)],
        },
    )


def steps(assessment):
    """Return the steps of an assessment's life with the present one marked and, where it has one, its last day."""
    last_days = {State.SCORING: assessment.round.scoring_closes_on, State.SIGNING: assessment.round.signing_closes_on}
    here = STEPS.index(assessment.state) if assessment.state in STEPS else -1
    return [
        {
            "name": step.label,
            "current": number == here,
            "done": number < here,
            "last_day": last_days.get(step),
        }
        for number, step in enumerate(STEPS)
    ]
