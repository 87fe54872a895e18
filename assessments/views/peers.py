"""Naming people of other places as reviewers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.forms.reviewing import PeerForm
from assessments.permissions import WrongState
from assessments.services import reviewing as services
from assessments.workflow import Act


@require_http_methods(["GET", "POST"])
def peers(request, public_id):
    """Name people of other places as peer reviewers of this assessment, and end their part."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    closed = permissions.why_closed(Act.NAME_PEERS, capacity=capacity, assessment=assessment)
    named = assessment.peer_reviewers.filter(ended_at=None).select_related("membership__user", "membership__place")
    possible = services.possible_peers(assessment=assessment, on=timezone.localdate())
    form = PeerForm(people=possible)
    if request.method == "POST":
        answer, form, closed = _name(request, assessment, named, possible)
        if answer:
            return answer
    return TemplateResponse(
        request,
        "assessments/peers.html",
        {"assessment": assessment, "named": named.order_by("pk"), "form": form, "closed": closed},
        status=409 if closed and request.method == "POST" else 200,
    )


def _name(request, assessment, named, possible):
    """Name or end a peer; return the answer if it was done, else the form and why it is closed."""
    done = {"assessment": assessment, "by": request.user, "at": timezone.now()}
    form = PeerForm(people=possible)
    try:
        if ending := request.POST.get("end"):
            peer = get_object_or_404(named, pk=int(ending) if ending.isdigit() else 0)
            services.end_peer(peer=peer, **done)
            messages.success(request, f"{peer.membership.user.name} reviews it no longer.")
            return redirect("assessments:peers", assessment.public_id), form, ""
        form = PeerForm(request.POST, people=possible)
        if form.is_valid():
            peer = services.name_peer(membership=form.part(), **done)
            messages.success(request, f"{peer.membership.user.name} can review it now.")
            return redirect("assessments:peers", assessment.public_id), form, ""
    except WrongState as error:
        return None, form, str(error)
    except services.NotAPeer as error:
        form.add_error("membership", str(error))
    return None, form, ""
