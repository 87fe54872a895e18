"""Reads of assessments that more than one page needs."""

from django.shortcuts import get_object_or_404

from assessments.models import Assessment


def get_assessment(*, user, public_id):
    """
    Return the assessment if the user has a part at its place or in its system.

    :raises Http404: otherwise; for them it does not exist
    """
    visible = Assessment.objects.visible_to(user).select_related("place__system", "round", "framework_version")
    return get_object_or_404(visible, public_id=public_id)
