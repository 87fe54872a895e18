"""What somebody sent after their sign-in had run out, shown again once they have signed in."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.services import kept_forms


@require_http_methods(["GET", "POST"])
def kept(request, public_id):
    """Offer to send it now, by the person's own hand; posting here throws it away."""
    found = kept_forms.find(person=request.user, public_id=public_id, at=timezone.now())
    if found is None:
        raise Http404("Nothing is kept under this address")
    if request.method == "POST":
        kept_forms.forget(person=request.user, public_id=public_id)
        messages.success(request, "What you had sent was thrown away. Nothing was changed.")
        return redirect("/")
    return TemplateResponse(request, "partnership/kept.html", {"kept": found})
