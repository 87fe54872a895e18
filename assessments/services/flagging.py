"""
Flag items for later while scoring.

A flag is its owner's alone and no part of what the board decides, so that it leaves no trace in the record.
"""

from django.db import transaction
from django.utils import timezone

from assessments import permissions
from assessments.models import Flag
from assessments.workflow import Act


@transaction.atomic
def flag_item(*, item, by, at):
    """
    Remind a member of an item; flagging it again changes nothing.

    :raises PermissionDenied: if `by` is not a member of the place's board
    :raises assessments.permissions.WrongState: if scoring is not open
    """
    _check(item, by, at)
    flag, _ = Flag.objects.get_or_create(item=item, user=by, defaults={"flagged_at": at})
    return flag


@transaction.atomic
def unflag_item(*, item, by, at):
    """
    Take a member's own flag off an item, if there is one.

    :raises PermissionDenied: if `by` is not a member of the place's board
    :raises assessments.permissions.WrongState: if scoring is not open
    """
    _check(item, by, at)
    Flag.objects.filter(item=item, user=by).delete()


def _check(item, by, at):
    assessment = item.assessment
    capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
    permissions.check(Act.SCORE, capacity=capacity, assessment=assessment)
