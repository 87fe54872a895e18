"""Hold an assessment while something that hangs on it is written."""

from django.utils import timezone

from assessments import permissions
from assessments.models import Assessment


def lock_for(act, pk, *, by, at):
    """
    Lock the assessment with a key, then let `by` pass who may do `act` in the state that it really is in.

    Return the assessment and what `by` is there. The lock comes first: somebody may be moving it on right now.

    :raises PermissionDenied: if `by` may not do it there
    :raises assessments.permissions.WrongState: if it cannot be done in the present state
    """
    assessment = Assessment.objects.lock(pk)
    capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
    permissions.check(act, capacity=capacity, assessment=assessment)
    return assessment, capacity
