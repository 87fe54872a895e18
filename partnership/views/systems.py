"""Which system a page of those who run it is about."""

from django.shortcuts import get_object_or_404

from partnership import selectors
from partnership.models import System
from partnership.services.invitations import check_can_invite


def get_system_to_run(request, public_id):
    """
    Return the system if this person runs it, or administers the portal.

    :raises Http404: if they have no part in it; :raises PermissionDenied: if they have another part
    """
    if request.user.is_superuser:
        system = get_object_or_404(System, public_id=public_id)
    else:
        system = selectors.get_system(user=request.user, public_id=public_id)
    check_can_invite(user=request.user, system=system)
    return system
