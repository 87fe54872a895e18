"""What the places of a system offer each other and ask of each other: the list, saying something new, changing it."""

from collections import defaultdict

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from improvement import selectors
from improvement.forms.helping import HelpForm, NewHelpForm
from improvement.models import Help
from improvement.permissions import PLANNERS, check_can_offer_help
from improvement.services import helping as services
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.selectors import get_place, get_system, partners_of


@require_GET
def help(request, public_id):
    """Show what the places of a system offer and ask now, by criterion, and what they did."""
    system = get_system(user=request.user, public_id=public_id)
    today = timezone.localdate()
    every = list(selectors.help_in(system))
    own = list(selectors.places_spoken_for(user=request.user, system=system, roles=PLANNERS))
    now = [each for each in every if _stands(each, today)]
    return TemplateResponse(
        request,
        "improvement/help.html",
        {
            "system": system,
            "criteria": list(_by_criterion(now)),
            "over": [each for each in every if not _stands(each, today)],
            "own": own,
            "own_keys": {place.pk for place in own},
        },
    )


@require_http_methods(["GET", "POST"])
def help_add(request, public_id):
    place = get_place(user=request.user, public_id=public_id)
    check_can_offer_help(user=request.user, place=place)
    criteria = list(selectors.criteria_of(place))
    options = {"criteria": criteria, "partners": partners_of(place=place, on=timezone.localdate())}
    if request.method == "POST":
        form = NewHelpForm(request.POST, **options)
    else:
        form = NewHelpForm(initial={name: request.GET.get(name, "") for name in ("kind", "criterion")}, **options)
    if form.is_valid():
        values = form.cleaned_data
        criterion = next(node for node in criteria if node.code == values["criterion"])
        try:
            said = services.say(place=place, by=request.user, at=timezone.now(), **values | {"criterion": criterion})
        except services.HelpRefused as error:
            form.add_error(error.field, str(error))
        except AlreadyDone as error:
            return _to(place.system, error.result)
        else:
            messages.success(request, "It is on the list, for all places of the system to read.")
            return _to(place.system, said.public_id)
    return _form(
        request, form, place, heading="Offer help, or ask for it", button="Put it on the list", criteria=criteria
    )


@require_http_methods(["GET", "POST"])
def help_edit(request, public_id):
    said = selectors.get_help(user=request.user, public_id=public_id)
    place = said.place
    check_can_offer_help(user=request.user, place=place)
    partners = partners_of(place=place, on=timezone.localdate())
    # Who was named when it was said stays a choice after they have left.
    partners = partners | type(said.contact).objects.filter(pk=said.contact_id)
    if request.method == "POST":
        form = HelpForm(request.POST, partners=partners)
    else:
        shown = {"words": said.words, "contact": said.contact.public_id, "ends_on": said.ends_on}
        form = HelpForm(initial=shown | {"based_on": said.version}, partners=partners)
    stored = None
    if form.is_valid():
        try:
            services.change(help=said, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.HelpRefused as error:
            form.add_error(error.field, str(error))
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "It was changed.")
            return _to(place.system, said.public_id)
    heading = "Change an offer" if said.kind == Help.Kind.OFFER else "Change what you ask for"
    return _form(
        request, form, place, heading=heading, button="Save", said=said, stored=stored, criteria=[said.criterion]
    )


def _stands(each, today):
    return not each.place.ended_on and not (each.ends_on and each.ends_on < today)


def _by_criterion(rows):
    """Yield each criterion, named as in its latest version, with what is offered and what is asked for it."""
    groups = defaultdict(list)
    for each in rows:
        groups[each.criterion.version.framework_id, each.criterion.code].append(each)
    for group in groups.values():
        yield {
            "node": max((each.criterion for each in group), key=lambda node: node.version_id),
            "offers": [each for each in group if each.kind == Help.Kind.OFFER],
            "asks": [each for each in group if each.kind == Help.Kind.ASK],
        }


def _form(request, form, place, **context):
    back = {"href": reverse("improvement:help", args=[place.system.public_id]), "text": "Offers and asks"}
    caption = f"{place.name} · {place.system.name}"
    values = {"form": form, "place": place, "back": back, "caption": caption, "cancel_href": back["href"]}
    return TemplateResponse(request, "improvement/help_form.html", values | context)


def _to(system, public_id):
    return redirect(f"{reverse('improvement:help', args=[system.public_id])}#help-{public_id}")
