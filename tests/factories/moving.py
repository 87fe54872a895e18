"""Moves of an assessment from state to state."""

from assessments.services import moves
from assessments.workflow import MOVES
from tests.recalled import recalled

from .people import holder
from .usual import AT


@recalled
def move(assessment, move, *, by=None, at=AT, **extras):
    """Return the assessment after somebody who may made a move."""
    assessment.refresh_from_db()
    role = min(MOVES[move].roles)
    by = by or holder(role, assessment.place)
    return moves.make_move(assessment=assessment, move=move, based_on=assessment.version, by=by, at=at, **extras)
