"""The evidence items of a criterion: read, write, put in order, and show what they cite."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from assessments import first_steps, permissions, selectors
from assessments.criterion_items import get_criterion, get_item, grouped, is_checklist, is_old, load_criterion_items
from assessments.forms.items import AccountForm, CitationForm, ItemForm, NewItemForm, RemovalForm
from assessments.models import Artefact, ArtefactLink, EvidenceItem
from assessments.permissions import WrongState
from assessments.services import items as services
from assessments.services import register
from assessments.services.checklists import write_account
from assessments.workflow import ACTS, EDITORS, Act
from partnership.guides import lead_in
from partnership.idempotency import AlreadyDone
from partnership.models import Stale
from partnership.revising import show_overtaken


@require_GET
def items(request, public_id, code):
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    sheet = load_criterion_items(assessment=assessment, code=code, user=request.user)
    may_write = permissions.can(Act.WRITE_ITEMS, capacity=capacity, assessment=assessment)
    return TemplateResponse(
        request,
        "assessments/items.html",
        {
            "assessment": assessment,
            "sheet": sheet,
            "groups": _groups(sheet),
            "rows": sheet.items,
            "may_write": may_write,
            "may_cite": permissions.can(Act.KEEP_REGISTER, capacity=capacity, assessment=assessment),
            "first_steps": lead_in(
                request, first_steps.writing_items(scale=sheet.definition.scale, noun=sheet.definition.noun)
            )
            if may_write
            else None,
        },
    )


def _groups(sheet):
    """Return the items with their citations, under the names of their statements' classes where they have any."""
    return grouped(
        (
            sheet.definition.group_name(sheet.criterion, item.statement_code),
            (item, [cited(link) for link in item.citations]),
        )
        for item in sheet.items
    )


@require_GET
def item(request, public_id, item_id):
    assessment, item = _item(request, public_id, item_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    permissions.check(Act.READ, capacity=capacity, assessment=assessment)
    return _item_page(request, assessment, item, capacity=capacity)


@require_http_methods(["GET", "POST"])
def item_add(request, public_id, code):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    criterion = get_criterion(assessment=assessment, code=code)
    form = NewItemForm(request.POST) if request.method == "POST" else NewItemForm()
    closed = _closed(request, assessment)
    if is_checklist(assessment, code):
        closed = "This criterion is a checklist: the framework says what is asked, and nothing is added to it."
    if form.is_valid():
        try:
            made = services.add_item(
                assessment=assessment, criterion=criterion, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was added")
        except (services.NoStatement, services.OneItemOnly, services.FrameworkStatement) as error:
            form.add_error("statement", str(error))
        except AlreadyDone:
            return redirect("assessments:items", assessment.public_id, code)
        else:
            messages.success(request, f"Item {made.number} was added.")
            another = request.POST.get("then") == "another"
            return redirect(
                "assessments:item_add" if another else "assessments:items", assessment.public_id, criterion.code
            )
    return TemplateResponse(
        request,
        "assessments/item_add.html",
        {
            "assessment": assessment,
            "criterion": criterion,
            "form": form,
            "closed": closed,
            "heading": "Add an item",
            "caption": criterion.name,
        },
    )


@require_http_methods(["GET", "POST"])
def item_edit(request, public_id, item_id):
    try:
        assessment, item = _item(request, public_id, item_id)
    except Http404:
        return _gone(request, public_id)
    shown = {"statement": item.statement, "account": item.account, "number": item.number, "based_on": item.version}
    kind = AccountForm if item.is_checklist else ItemForm
    write = write_account if item.is_checklist else services.edit_item
    form = kind(request.POST) if request.method == "POST" else kind(initial=shown)
    closed, stored = _closed(request, assessment), None
    heading = named(item)
    if form.is_valid():
        try:
            write(item=item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was changed")
        except services.NoStatement as error:
            form.add_error("statement", str(error))
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        except EvidenceItem.DoesNotExist:
            return _gone(request, public_id)
        else:
            messages.success(request, f"{heading} was changed.")
            return redirect(
                reverse("assessments:items", args=[assessment.public_id, item.criterion.code]) + f"#item-{item.number}"
            )
    return TemplateResponse(
        request,
        "assessments/item_edit.html",
        {
            "assessment": assessment,
            "item": item,
            "form": form,
            "closed": closed,
            "stored": stored,
            "heading": f"What you do: {heading}" if item.is_checklist else f"Change item {item.number}",
            "caption": item.criterion.name,
        },
    )


@require_http_methods(["GET", "POST"])
def item_remove(request, public_id, item_id):
    assessment, item = _item(request, public_id, item_id)
    form = RemovalForm(request.POST) if request.method == "POST" else RemovalForm(initial={"based_on": item.version})
    closed, stored = _closed(request, assessment), None
    if form.is_valid():
        try:
            services.remove_item(item=item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (WrongState, services.ItemScored, services.FrameworkStatement) as error:
            show_overtaken(form, f"{error} Nothing was removed")
        except Stale as error:
            stored = error.current
            form.show_conflict(stored)
        except EvidenceItem.DoesNotExist:
            messages.info(request, "The item was removed at the same moment already.")
            return redirect("assessments:items", assessment.public_id, item.criterion.code)
        else:
            messages.success(request, "The item was removed. What it cited is still in the register.")
            return redirect("assessments:items", assessment.public_id, item.criterion.code)
    return TemplateResponse(
        request,
        "assessments/item_remove.html",
        {
            "assessment": assessment,
            "item": item,
            "form": form,
            "closed": closed,
            "stored": stored,
            "heading": f"Remove item {item.number}",
            "caption": item.criterion.name,
        },
    )


@require_POST
def item_cite(request, public_id, item_id):
    assessment, item = _item(request, public_id, item_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    rule = ACTS[Act.KEEP_REGISTER]
    capacity.check(rule.roles, rule.role_sentence)
    form = CitationForm(request.POST, artefacts=_citable(request.user, assessment, item))
    if form.is_valid():
        try:
            register.link_artefact(item=item, by=request.user, at=timezone.now(), **form.cleaned_data)
        except (WrongState, register.ArtefactEnded, register.LinkedAlready) as error:
            show_overtaken(form, str(error))
        else:
            messages.success(request, f"“{form.cleaned_data['artefact'].title}” is cited for this item now.")
            return redirect("assessments:item", assessment.public_id, item.public_id)
    return _item_page(request, assessment, item, capacity=capacity, form=form)


@require_POST
def item_uncite(request, public_id, item_id, artefact_id):
    assessment, item = _item(request, public_id, item_id)
    try:
        artefact = Artefact.objects.visible_to(request.user).get(public_id=artefact_id)
    except Artefact.DoesNotExist as error:
        raise Http404 from error
    try:
        register.unlink_artefact(artefact=artefact, item=item, by=request.user, at=timezone.now())
    except WrongState as error:
        messages.error(request, f"{error} Nothing was changed.")
    except ArtefactLink.DoesNotExist:
        messages.info(request, f"This item did not cite “{artefact.title}” any more.")
    else:
        messages.success(
            request, f"“{artefact.title}” is not cited for this item any more. It is still in the register."
        )
    return redirect("assessments:item", assessment.public_id, item.public_id)


def named(item):
    """Name an item within its criterion, at the beginning of a sentence."""
    return f"{item.noun.capitalize()} {item.name}"


def cited(link):
    """Return a citation with what a page says about it."""
    return {"link": link, "strength": link.artefact.strength_words, "is_old": is_old(link.artefact)}


def _item(request, public_id, item_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    return assessment, get_item(assessment=assessment, public_id=item_id, user=request.user)


def _gone(request, public_id):
    """
    Give back what a person typed for an item that somebody else removed meanwhile.

    :raises Http404: if nothing was typed, or they do not write items here
    """
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    typed = request.POST.get("statement", "").strip()
    if not typed or not capacity.roles & EDITORS:
        raise Http404("The assessment has no such item")
    context = {"assessment": assessment, "typed": typed}
    return TemplateResponse(request, "assessments/item_gone.html", context, status=404)


def _closed(request, assessment):
    """Return why items cannot be written now, nothing if they can."""
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    return permissions.why_closed(Act.WRITE_ITEMS, capacity=capacity, assessment=assessment)


def _citable(user, assessment, item):
    """Return what the item could cite: what is in the place's register now and it does not cite yet."""
    here = Artefact.objects.visible_to(user).filter(place=assessment.place_id, ended_on=None)
    return here.exclude(links__item=item).order_by("title", "pk")


def _item_page(request, assessment, item, *, capacity, form=None):
    may_cite = permissions.can(Act.KEEP_REGISTER, capacity=capacity, assessment=assessment)
    if may_cite and form is None:
        form = CitationForm(artefacts=_citable(request.user, assessment, item))
    return TemplateResponse(
        request,
        "assessments/item.html",
        {
            "assessment": assessment,
            "item": item,
            "heading": named(item),
            "citations": [cited(link) for link in item.citations],
            "form": form,
            "typed": [form["locator"].value()] if form and form.is_bound and form["locator"].value() else [],
            "may_cite": may_cite,
            "may_write": permissions.can(Act.WRITE_ITEMS, capacity=capacity, assessment=assessment),
        },
    )
