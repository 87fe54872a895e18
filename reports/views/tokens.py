"""The tokens with which programs read a system's data over the API: making one, and revoking it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from partnership.idempotency import AlreadyDone
from partnership.models import System
from partnership.selectors import get_system
from reports import services
from reports.forms.tokens import TokenForm
from reports.models import ApiToken


@require_http_methods(["GET", "POST"])
def tokens(request, public_id):
    """List a system's tokens, and make one, which is shown this once."""
    system = _system(request, public_id)
    form, made, secret = TokenForm(), None, ""
    if request.method == "POST":
        form = TokenForm(request.POST)
        if form.is_valid():
            try:
                made, secret = services.make_token(
                    system=system, by=request.user, at=timezone.now(), **form.cleaned_data
                )
            except services.TokenRefused as error:
                form.add_error(error.field, str(error))
            except AlreadyDone:
                messages.error(request, "This token was made before and shown once. If it is lost, make another.")
                return redirect("reports:tokens", public_id)
            else:
                form = TokenForm()
    day = timezone.localdate()
    rows = ApiToken.objects.filter(system=system).select_related("created_by", "revoked_by").order_by("-pk")
    return TemplateResponse(
        request,
        "reports/tokens.html",
        {
            "system": system,
            "form": form,
            "made": made,
            "secret": secret,
            "rows": [(each, each.works_on(day)) for each in rows],
            "heading": "Tokens for the API",
            "caption": system.name,
            "button": "Make the token",
            "back": {"href": reverse("reports:home"), "text": "Home"},
        },
    )


@require_POST
def token_revoke(request, public_id):
    """Let a token work no longer."""
    token = get_object_or_404(ApiToken.objects.select_related("system"), public_id=public_id)
    _system(request, token.system.public_id)
    try:
        services.revoke_token(token=token, by=request.user, at=timezone.now())
    except services.RevokedBefore:
        messages.info(request, f"“{token.name}” was revoked before.")
    else:
        messages.success(request, f"“{token.name}” is revoked: it works no longer.")
    return redirect("reports:tokens", token.system.public_id)


def _system(request, public_id):
    """
    Return the system if this person may keep its tokens.

    :raises Http404: if they have no part in it; :raises PermissionDenied: if they have another part
    """
    if request.user.is_superuser:
        system = System.objects.filter(public_id=public_id).first()
        if system is None:
            raise Http404("No such system")
    else:
        system = get_system(user=request.user, public_id=public_id)
    services.check_can_keep_tokens(user=request.user, system=system)
    return system
