"""Which e-mails a person gets."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from partnership.forms.preferences import PreferencesForm
from partnership.services import preferences as services


@require_http_methods(["GET", "POST"])
def preferences(request):
    person = request.user
    if request.method == "POST":
        form = PreferencesForm(request.POST)
    else:
        form = PreferencesForm(initial={"kinds": [*services.wanted_by(person)]})
    if form.is_valid():
        services.choose(person=person, wanted=form.cleaned_data["kinds"], by=person, at=timezone.now())
        messages.success(request, "Your choice was saved.")
        return redirect("partnership:preferences")
    return TemplateResponse(
        request,
        "partnership/preferences.html",
        {"form": form, "heading": "E-mails you get", "button": "Save", "back": {"href": "/", "text": "Home"}},
    )


# The mail program posts here by itself when its reader asks it to (RFC 8058), and has no cookie; the signed token in
# the address shows that the link was the reader's. A look at the page changes nothing: mail scanners open links.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request, token):
    try:
        if request.method == "POST":
            person, kind = services.switch_off(token=token, at=timezone.now())
        else:
            person, kind = services.of_link(token)
    except services.LinkBroken:
        return TemplateResponse(request, "partnership/unsubscribe.html", {"broken": True}, status=410)
    is_off = kind not in services.wanted_by(person) or request.method == "POST"
    return TemplateResponse(request, "partnership/unsubscribe.html", {"kind": kind.label, "is_off": is_off})
