"""Inviting people to roles at places, and what became of the invitations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partnership import selectors
from partnership.forms.inviting import InviteForm, SendAgainForm, SeveralForm, fingerprint
from partnership.idempotency import AlreadyDone
from partnership.models import Invitation
from partnership.services import invitations as services
from partnership.views.systems import get_system_to_run

PAGE_SIZE = 50


@require_GET
def inviting(request):
    """Lead to the one system for which somebody may invite people, or let them choose."""
    systems = list(selectors.systems_to_invite_for(user=request.user))
    if len(systems) == 1:
        return redirect("partnership:invitations", systems[0].public_id)
    return TemplateResponse(request, "partnership/inviting.html", {"systems": systems})


@require_GET
def invitations(request, public_id):
    system = get_system_to_run(request, public_id)
    page = Paginator(selectors.invitations_of(system=system), PAGE_SIZE).get_page(request.GET.get("page"))
    now = timezone.now()
    return TemplateResponse(
        request,
        "partnership/invitations.html",
        {"system": system, "page": page, "rows": [(each, each.state_at(now)) for each in page]},
    )


@require_http_methods(["GET", "POST"])
def invite(request, public_id):
    system = get_system_to_run(request, public_id)
    form = InviteForm(request.POST if request.method == "POST" else None, system=system)
    if form.is_valid():
        try:
            invited = services.invite(by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.InvitationRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone as error:
            return redirect("partnership:invitation", error.result)
        else:
            messages.success(request, f"{invited.name} was invited. The e-mail is on its way.")
            return redirect("partnership:invitations", public_id)
    return TemplateResponse(
        request,
        "partnership/invite.html",
        {
            "system": system,
            "form": form,
            "heading": "Invite somebody",
            "caption": system.name,
            "button": "Send the invitation",
            "back": _back(system),
        },
    )


@require_http_methods(["GET", "POST"])
def invite_several(request, public_id):
    system = get_system_to_run(request, public_id)
    form = SeveralForm(request.POST if request.method == "POST" else None, system=system)
    looked_at = False
    if form.is_valid():
        values = form.cleaned_data
        if form.was_looked_at:
            people = [line.values for line in form.read]
            try:
                services.invite_all(
                    place=values["place"], people=people, token=values["token"], by=request.user, at=timezone.now()
                )
            except services.LineRefused as error:
                form.add_error("lines", f"Line {form.read[error.index].number}: {error}. Nobody was invited")
            except AlreadyDone:
                return redirect("partnership:invitations", public_id)
            else:
                messages.success(request, f"{len(people)} invitations are on their way.")
                return redirect("partnership:invitations", public_id)
        else:
            looked_at = True
            form.data = form.data.copy()
            form.data["checked"] = fingerprint(values)
    return TemplateResponse(
        request,
        "partnership/invite_several.html",
        {
            "system": system,
            "form": form,
            "looked_at": looked_at,
            "heading": "Invite several people",
            "caption": system.name,
            "button": f"Send {len(form.read)} invitations" if looked_at else "Check the lines",
            "back": _back(system),
        },
    )


@require_GET
def invitation(request, public_id):
    found = selectors.get_invitation(user=request.user, public_id=public_id)
    state = found.state_at(timezone.now())
    return TemplateResponse(
        request,
        "partnership/invitation.html",
        {
            "invitation": found,
            "state": state,
            "again": SendAgainForm(),
            "is_open": state in (Invitation.State.SENT, Invitation.State.EXPIRED),
            "events": found.events.select_related("by").order_by("-pk"),
        },
    )


@require_POST
def send_again(request, public_id):
    form = SendAgainForm(request.POST)
    token = form.cleaned_data["token"] if form.is_valid() else None
    done = "A new link was sent. The one before works no longer."
    return _act(request, public_id, services.send_again, done, token=token)


@require_POST
def withdraw(request, public_id):
    return _act(request, public_id, services.withdraw, "The invitation was withdrawn. Its link works no longer.")


def _act(request, public_id, service, done, **more):
    found = selectors.get_invitation(user=request.user, public_id=public_id)
    try:
        service(invitation=found, by=request.user, at=timezone.now(), **more)
    except services.NotOpen:
        messages.error(request, "The invitation was accepted or withdrawn meanwhile. Nothing was changed.")
    except AlreadyDone:
        messages.success(request, done)
    else:
        messages.success(request, done)
    return redirect("partnership:invitation", public_id)


def _back(system):
    return {"href": reverse("partnership:invitations", args=[system.public_id]), "text": "Invitations"}
