"""
What is kept back from a member so that it does not lead them: levels of a sealed assessment, while they have to score.

Whoever scores judges alone. What the board agreed the last time, and what reviewers found, is shown to a member once
they have scored all that they are asked to now: on dashboards, levels, charts, in the report and its file, at the
sign-off and in the review. It is not kept from those who do not score, nor from whoever has still to submit it or to
reply for the place, nor while it is being agreed and signed: what must be done with it comes first.
"""

from dataclasses import dataclass

from assessments import own_work, permissions
from assessments.models import Assessment
from assessments.workflow import SEALED, Act, Move, State
from frameworks.definition import load
from partnership.roles import Role


@dataclass(frozen=True)
class First:
    """What a person has to score before they see the levels of another assessment, with how many items are left."""

    assessment: Assessment
    left: int

    @property
    def noun(self):
        return load(self.assessment.framework_version.definition).noun


def scoring_first(*, user, capacity, assessment) -> First | None:
    """
    Return what a person has to score before they see the levels of this assessment; None if they may see them.

    Two queries at least for members where another round is being scored, one where none is, none for anybody else.
    """
    if Role.MEMBER not in capacity.roles or assessment.state not in SEALED:
        return None
    if permissions.can(Act.REPLY, capacity=capacity, assessment=assessment):
        return None
    if permissions.can_move(Move.SUBMIT, capacity, assessment):
        return None
    waiting = Assessment.objects.filter(place=assessment.place_id, state=State.SCORING).exclude(pk=assessment.pk)
    for each in waiting.select_related("round", "framework_version").order_by("-round__opens_on", "-number"):
        if left := own_work.items_left(user=user, assessment=each):
            return First(each, left)
    return None
