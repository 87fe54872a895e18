"""The evidence register of a place."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from assessments import uploads
from assessments.criterion_items import is_old
from assessments.forms.items import RemovalForm
from assessments.forms.register import ChangedArtefactForm, NewArtefactForm, RegisterFilterForm
from assessments.models import Artefact, EvidenceItem
from assessments.permissions import WrongState
from assessments.register_list import (
    Filters,
    by_title,
    get_artefact,
    load_citations,
    load_register,
    works_here,
)
from assessments.services import register as services
from partnership import permissions as people
from partnership import storage
from partnership.idempotency import AlreadyDone
from partnership.models import Organisation, Partner, Stale
from partnership.revising import show_overtaken
from partnership.selectors import get_place

PAGE_SIZE = 25


@require_GET
def register(request, public_id):
    place = get_place(user=request.user, public_id=public_id)
    capacity = people.capacity(user=request.user, place=place)
    found = load_register(place=place, capacity=capacity)
    form = RegisterFilterForm(request.GET, criteria=found.criteria)
    form.is_valid()
    filters = Filters(**{name: value for name, value in form.cleaned_data.items() if value})
    today = timezone.localdate()
    artefacts = found.artefacts(place=place, user=request.user, filters=filters, day=today)
    page = Paginator(by_title(artefacts), PAGE_SIZE).get_page(request.GET.get("page"))
    page.object_list = found.with_citations(artefacts, page.object_list)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    return TemplateResponse(
        request,
        "assessments/register.html",
        {
            "place": place,
            "register": found,
            "form": form,
            "page": page,
            "rows": [
                {"artefact": each, "strength": each.strength_words, "is_old": is_old(each, today)} for each in page
            ],
            "query": "?" + urlencode(asked) + ("&" if asked else "") + "page=",
            "is_narrowed": filters != Filters(),
            "works_here": works_here(capacity=capacity),
            "may_keep": services.can_keep(capacity=capacity),
        },
    )


@require_http_methods(["GET", "POST"])
def artefact_add(request, public_id):
    place = get_place(user=request.user, public_id=public_id)
    capacity = people.capacity(user=request.user, place=place)
    services.check_can_keep(capacity=capacity)
    item = _item_to_cite(request, place)
    options = {
        "partners": _partners(place),
        "proposes": services.can_propose_strength(capacity=capacity),
        "cited": item is not None,
    }
    if request.method == "POST":
        form = NewArtefactForm(request.POST, request.FILES, **options)
    else:
        form = NewArtefactForm(**options)
    if form.is_valid():
        try:
            made = services.add_artefact(
                place=place,
                item=item,
                locator=form.cleaned_data.get("locator", ""),
                token=form.cleaned_data["token"],
                by=request.user,
                at=timezone.now(),
                **form.said,
            )
        except services.ArtefactRefused as error:
            form.refuse(error.field, str(error))
        except WrongState as error:
            form.show_overtaken(f"{error} Nothing was added")
        except AlreadyDone as error:
            return _after_add(request, place, item, error.result)
        else:
            messages.success(request, f"“{made.title}” was added to the register.")
            return _after_add(request, place, item, made.public_id)
    return TemplateResponse(
        request,
        "assessments/artefact_add.html",
        {"place": place, "item": item, "form": form, "heading": "Add an artefact", "caption": place.name},
    )


@require_GET
def artefact(request, public_id):
    artefact = get_artefact(user=request.user, public_id=public_id)
    capacity = people.capacity(user=request.user, place=artefact.place)
    return TemplateResponse(
        request,
        "assessments/artefact.html",
        {
            "artefact": artefact,
            "strength": artefact.strength_words,
            "is_old": is_old(artefact),
            "size": uploads.megabytes(artefact.file.size) if artefact.file else "",
            "citations": load_citations(artefact=artefact, capacity=capacity),
            "may_keep": services.can_keep(capacity=capacity) and not artefact.ended_on,
        },
    )


@require_http_methods(["GET", "POST"])
def artefact_edit(request, public_id):
    artefact = get_artefact(user=request.user, public_id=public_id)
    capacity = people.capacity(user=request.user, place=artefact.place)
    services.check_can_keep(capacity=capacity)
    options = {
        "partners": _partners(artefact.place),
        "proposes": services.can_propose_strength(capacity=capacity),
        "has_file": artefact.file_id is not None,
        "initial": _shown(artefact),
    }
    if request.method == "POST":
        form = ChangedArtefactForm(request.POST, request.FILES, **options)
    else:
        form = ChangedArtefactForm(**options)
    stored = None
    if form.is_valid():
        try:
            changed = services.change_artefact(
                artefact=artefact,
                based_on=form.cleaned_data["based_on"],
                by=request.user,
                at=timezone.now(),
                **form.said,
            )
        except services.ArtefactRefused as error:
            form.refuse(error.field, str(error))
        except services.ArtefactEnded as error:
            form.show_overtaken(str(error))
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, "The artefact was changed.")
            return _to_artefact(request, changed.place, changed.public_id)
    return TemplateResponse(
        request,
        "assessments/artefact_edit.html",
        {
            "artefact": artefact,
            "form": form,
            "stored": stored,
            "stored_strength": stored.strength_words if stored else "",
            "heading": "Change an artefact",
            "caption": artefact.title,
        },
    )


@require_http_methods(["GET", "POST"])
def artefact_end(request, public_id):
    artefact = get_artefact(user=request.user, public_id=public_id)
    capacity = people.capacity(user=request.user, place=artefact.place)
    services.check_can_keep(capacity=capacity)
    if request.method == "POST":
        form = RemovalForm(request.POST)
    else:
        form = RemovalForm(initial={"based_on": artefact.version})
    stored = None
    if form.is_valid():
        try:
            services.end_artefact(artefact=artefact, by=request.user, at=timezone.now(), **form.cleaned_data)
        except services.ArtefactEnded as error:
            show_overtaken(form, str(error))
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        else:
            messages.success(request, f"“{artefact.title}” was ended. It stays in the register, and where it is cited.")
            return redirect("assessments:register", artefact.place.public_id)
    return TemplateResponse(
        request,
        "assessments/artefact_end.html",
        {
            "artefact": artefact,
            "form": form,
            "stored": stored,
            "heading": "End an artefact",
            "caption": artefact.title,
        },
    )


@require_safe
def artefact_file(request, public_id):
    artefact = get_artefact(user=request.user, public_id=public_id)
    if not artefact.file:
        raise Http404("The artefact has no file")
    # The name's ending was checked against the content; what the browser is told follows from it.
    media_type = uploads.MEDIA_TYPES[uploads.ending_of(artefact.file_name)]
    if request.method == "HEAD":
        response = HttpResponse(content_type=media_type)
        response["Content-Disposition"] = content_disposition_header(True, artefact.file_name)
    else:
        response = FileResponse(
            storage.open_stored(artefact.file),
            as_attachment=True,
            filename=artefact.file_name,
            content_type=media_type,
        )
    response["Content-Length"] = artefact.file.size
    # Should a browser show it all the same, nothing in it may run or reach anything.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _partners(place):
    return Organisation.objects.filter(pk__in=Partner.objects.filter(place=place).values("organisation")).order_by(
        "name"
    )


def _item_to_cite(request, place):
    """
    Return the item for which the address asks that the new artefact be cited, or None.

    :raises Http404: if the place has no such item
    """
    asked = request.GET.get("item")
    if not asked:
        return None
    try:
        public_id = UUID(asked)
    except ValueError as error:
        raise Http404("No such item") from error
    items = EvidenceItem.objects.filter(assessment__place=place).select_related("criterion", "assessment")
    return get_object_or_404(items, public_id=public_id)


def _after_add(request, place, item, public_id):
    if item:
        return redirect("assessments:item", item.assessment.public_id, item.public_id)
    return _to_artefact(request, place, public_id)


def _to_artefact(request, place, public_id):
    """Lead to the artefact, or to the register if the person may not read what they marked for the board."""
    if Artefact.objects.visible_to(request.user).filter(public_id=public_id).exists():
        return redirect("assessments:artefact", public_id)
    return redirect("assessments:register", place.public_id)


def _shown(artefact):
    fields = ("title", "kind", "url", "note", "dated_on", "review_by", "sensitivity", "strength")
    return {name: getattr(artefact, name) for name in fields} | {
        "owner": artefact.owner and artefact.owner.public_id,
        "based_on": artefact.version,
    }
