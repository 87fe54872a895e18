"""A person leaves: an administrator says when and who takes over, sees what that does, and confirms it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnership.forms.leaving import ConfirmLeavingForm, LeavingForm
from partnership.idempotency import AlreadyDone
from partnership.models import User
from partnership.services import leaving


@require_http_methods(["GET", "POST"])
def leave(request, public_id):
    person = get_object_or_404(User, public_id=public_id)
    today = timezone.localdate()
    parts = list(leaving.open_parts(person=person, last_day=today))
    if request.method == "POST":
        form = LeavingForm(request.POST, parts=parts)
    else:
        form = LeavingForm(initial={"last_day": today}, parts=parts)
    shown = None
    if form.is_valid():
        confirmed = ConfirmLeavingForm(request.POST)
        try:
            if confirmed.is_valid():
                leaving.leave(
                    person=person, by=request.user, at=timezone.now(), **form.cleaned_data, **confirmed.cleaned_data
                )
                messages.success(request, _said(person, **form.cleaned_data))
                return _back(person)
            shown = leaving.preview(person=person, **form.cleaned_data)
        except leaving.WorkChanged as error:
            messages.warning(request, f"{error}.")
            shown = leaving.preview(person=person, **form.cleaned_data)
        except leaving.LeavingRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone:
            return _back(person)
    return TemplateResponse(
        request,
        "partnership/leave.html",
        {
            "person": person,
            "parts": parts,
            "form": form,
            "shown": shown,
            "confirm": shown and ConfirmLeavingForm(initial={"shown": shown.digest}),
            "last_day": shown and form.cleaned_data["last_day"],
            "first_day": shown and leaving.taken_over_on(form.cleaned_data["last_day"], at=timezone.now()),
            "heading": "End somebody's part and hand it over",
            "caption": person.name,
            "button": "Show what this does",
        },
    )


def _said(person, *, last_day, successor, where):
    """Say what was done, and of whoever takes over from when on."""
    ended = f"{person.name}'s part{f' at {where}' if where else ''} ends on {last_day:%-d %B %Y}."
    if successor is None:
        return ended
    first_day = leaving.taken_over_on(last_day, at=timezone.now())
    return f"{ended} {successor.name} takes over from {first_day:%-d %B %Y}, and is told by e-mail."


def _back(person):
    return redirect("admin:partnership_user_change", person.pk)
