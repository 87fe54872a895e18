"""Scores, and how a board agrees on a level."""

from assessments.models import Judgement
from assessments.services import agreeing, dissenting, scoring, workshops
from partnership.models import Membership
from partnership.roles import Role
from tests.recalled import recalled

from .people import board, holder
from .usual import AT


@recalled
def create_score(item, *, by, level=3, judgement=Judgement.LEVEL, based_on=0, at=AT, **values):
    """Return a member's score of an item; `values` go to the `Entry`. What refuses it is raised."""
    entry = scoring.Entry(item, judgement, based_on, level=level, **values)
    [outcome] = scoring.record_scores(assessment=item.assessment, entries=[entry], by=by, at=at)
    if outcome.refusal:
        raise outcome.refusal
    return outcome.score


@recalled
def create_agreement(item, *, level=2, reason="", judgement=Judgement.LEVEL, based_on=0, by=None):
    """Return the agreement on an item, settled by the place's chair."""
    return agreeing.agree_level(
        item=item,
        judgement=judgement,
        level=level,
        reason=reason,
        based_on=based_on,
        by=by or holder(Role.CHAIR, item.assessment.place),
        at=AT,
    )


@recalled
def create_dissent(agreement, *, text="We disagree", attributed=True, by=None):
    """Return a member's dissent from an agreement."""
    return dissenting.record_dissent(
        agreement=agreement,
        text=text,
        attributed=attributed,
        based_on=agreement.version,
        by=by or board(agreement.item.assessment.place, 1)[0],
        at=AT,
    )


@recalled
def create_workshop(assessment, *, members=0, held_by=None):
    """
    Return a workshop that the chair opened, with the first so many members of the board in it.

    `held_by`, a member, is named to hold it, too.
    """
    chair = holder(Role.CHAIR, assessment.place)
    if held_by:
        membership = Membership.objects.get(user=held_by, place=assessment.place, role=Role.MEMBER)
        workshops.name_facilitator(assessment=assessment, membership=membership, by=chair, at=AT)
    opened = workshops.open_workshop(assessment=assessment, by=chair, at=AT)
    for member in board(assessment.place, members):
        workshops.join_workshop(code=opened.shown_code.lower(), by=member, at=AT)
    return opened
