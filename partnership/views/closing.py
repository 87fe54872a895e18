"""The places of a system, those that closed among them; closing places, and opening one again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from partnership import selectors
from partnership.forms.closing import CloseForm, ConfirmClosingForm, OpenAgainForm
from partnership.idempotency import AlreadyDone
from partnership.models import Place, Stale
from partnership.services import closing as services
from partnership.services.opening_again import NotClosed, open_again
from partnership.views.systems import get_system_to_run


@require_GET
def places(request, public_id):
    system = get_system_to_run(request, public_id)
    return TemplateResponse(
        request,
        "partnership/places.html",
        {
            "system": system,
            "places": selectors.places_with_changes(system=system),
            "leads": selectors.has_part_in(user=request.user, system=system),
        },
    )


@require_http_methods(["GET", "POST"])
def close_places(request, public_id):
    """Ask what closes; then show what that does, and ask who goes on; then do it."""
    system = get_system_to_run(request, public_id)
    if request.method == "POST":
        form = CloseForm(request.POST, system=system)
    else:
        form = CloseForm(
            initial={"places": request.GET.getlist("place"), "closed_on": timezone.localdate()}, system=system
        )
    closing = confirm = None
    hindrances = ()
    if form.is_valid():
        try:
            closing = services.preview(system=system, at=timezone.now(), **form.asked)
            sent = "shown" in request.POST
            confirm = ConfirmClosingForm(request.POST if sent else None, closing=closing)
            if sent and confirm.is_valid():
                services.close(
                    system=system,
                    reason=form.cleaned_data["reason"],
                    by=request.user,
                    at=timezone.now(),
                    **form.asked,
                    **confirm.cleaned_data,
                )
                messages.success(
                    request, f"{_and([place.name for place in closing.places])} closed. What was done there is kept."
                )
                return redirect("partnership:places", public_id)
        except services.HeldOpen as error:
            hindrances = error.hindrances
            form.add_error("places", f"{error}")
        except services.PartnerNeeded as error:
            confirm.add_error("organisations" if "organisations" in confirm.fields else None, str(error))
        except services.EffectChanged as error:
            messages.warning(request, f"{error}.")
            closing = services.preview(system=system, at=timezone.now(), **form.asked)
            confirm = ConfirmClosingForm(closing=closing)
        except services.ClosingRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone:
            return redirect("partnership:places", public_id)
    return TemplateResponse(
        request,
        "partnership/close_places.html",
        {
            "system": system,
            "form": form,
            "closing": closing,
            "confirm": confirm,
            "two_chairs": _two_chairs(closing) if closing else "",
            "hindrances": [(each.text, reverse(each.route, args=[each.public_id])) for each in hindrances],
            # An administrator without a part in the system is not led to pages that are none for them.
            "leads": selectors.has_part_in(user=request.user, system=system),
            "heading": "Close places, or make them part of another",
            "caption": system.name,
            "button": "Show what this does",
            "back": _back(system),
        },
    )


@require_http_methods(["GET", "POST"])
def open_place_again(request, public_id):
    place = get_object_or_404(Place.objects.select_related("system", "part_of"), public_id=public_id)
    if not place.ended_on:
        return redirect("partnership:places", place.system.public_id)
    form = OpenAgainForm(request.POST if request.method == "POST" else None, initial={"based_on": place.version})
    if form.is_valid():
        try:
            open_again(place=place, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (NotClosed, Stale):
            messages.error(request, "Somebody changed this place meanwhile. Nothing was done: look again.")
        except AlreadyDone:
            pass
        else:
            messages.success(request, f"{place.name} is open again.")
        return redirect("partnership:places", place.system.public_id)
    return TemplateResponse(
        request,
        "partnership/open_place_again.html",
        {
            "place": place,
            "form": form,
            "heading": f"Open {place.name} again",
            "caption": place.closing_words,
            "button": "Open it again",
            "back": _back(place.system),
        },
    )


def _two_chairs(closing):
    """Warn where more than one would chair the successor; it is for those who run the system to say who does."""
    if len(closing.chairs) < 2:
        return ""
    return (
        f"{_and(closing.chairs)} would chair {closing.successor.name} from {closing.closed_on:%-d %B %Y} on. A board "
        "has one chair: let only one of them go on, or end the part of the chair who is there first."
    )


def _and(names):
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _back(system):
    return {"href": reverse("partnership:places", args=[system.public_id]), "text": "Places"}
