"""Coming in by the link of an invitation."""

from django.conf import settings
from django.contrib import auth, messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partnership import sign_in_time
from partnership.forms.inviting import JoinForm
from partnership.services import invitations as services


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def join(request, token):
    """Show what somebody is invited to, and nothing of the place; on their word, let them in and lead them home."""
    try:
        invitation = services.of_link(token=token, at=timezone.now())
    except services.LinkSpent as error:
        return _spent(request, error.invitation)
    person = services.known_person(invitation)
    is_other = request.user.is_authenticated and request.user != person
    form = None
    if not is_other and person is None:
        form = JoinForm(
            request.POST if request.method == "POST" else None,
            email=invitation.email,
            initial={"name": invitation.name},
        )
    if request.method == "POST" and not is_other and (form is None or form.is_valid()):
        try:
            person, membership = services.accept(token=token, at=timezone.now(), **(form.cleaned_data if form else {}))
        except services.LinkSpent as error:
            return _spent(request, error.invitation)
        except services.PasswordNeeded:
            return redirect("partnership:join", token)
        if form:
            auth.login(request, person)
            sign_in_time.begin(request, at=timezone.now())
        if membership:
            text = f"You are now {membership.get_role_display().lower()} at {invitation.place.name}."
        else:
            text = f"You held this role at {invitation.place.name} already: nothing was changed."
        messages.success(request, text)
        if request.user.is_authenticated:
            return redirect(settings.LOGIN_REDIRECT_URL)
        return redirect(reverse("partnership:sign_in", query={"email": person.email}))
    return TemplateResponse(
        request,
        "partnership/join.html",
        {
            "invitation": invitation,
            "form": form,
            "is_other": is_other,
            "heading": f"Your invitation to {invitation.place.name}",
            "button": "Accept the invitation",
        },
    )


def _spent(request, invitation):
    state = invitation.state_at(timezone.now()) if invitation else None
    return TemplateResponse(
        request, "partnership/invitation_spent.html", {"invitation": invitation, "state": state}, status=410
    )
