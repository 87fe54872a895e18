"""Bringing a place's items from an earlier round, and confirming what was brought."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.earlier_items import earlier_assessments, load_candidates, load_carried
from assessments.forms.carrying import CarryForm, ConfirmForm
from assessments.permissions import WrongState
from assessments.services import carrying as services
from assessments.views.items import cited
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.wording import counted
from partnership.idempotency import AlreadyDone
from partnership.revising import show_overtaken


@require_http_methods(["GET", "POST"])
def bring(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    closed = _closed(request, assessment)
    sources = list(earlier_assessments(assessment=assessment))
    source = _chosen(sources, request.GET.get("from"))
    candidates = source and load_candidates(assessment=assessment, source=source)
    form = None
    if source:
        form = CarryForm(request.POST if request.method == "POST" else None, candidates=candidates)
    if form and form.is_valid():
        try:
            made = services.carry_forward(
                assessment=assessment,
                source=source,
                choices=form.choices,
                token=form.cleaned_data["token"],
                by=request.user,
                at=timezone.now(),
            )
        except AlreadyDone:
            return redirect("assessments:carried", assessment.public_id)
        except WrongState as error:
            show_overtaken(form, f"{error} Nothing was brought")
        except services.CarryRefused as error:
            form.add_error(None, str(error))
        else:
            number = counted(len(made), "item was", "items were")
            messages.success(
                request, f"{number} brought from {source.round.name}. Say of each that it still holds, or change it."
            )
            return redirect("assessments:carried", assessment.public_id)
    return TemplateResponse(
        request,
        "assessments/bring.html",
        {
            "assessment": assessment,
            "source": source,
            "sources": sources,
            "candidates": candidates,
            "form": form,
            "closed": closed,
            "heading": "Bring items from an earlier round",
            "caption": f"{assessment.place.name}, {assessment.round.name}",
        },
    )


@require_http_methods(["GET", "POST"])
def carried(request, public_id):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    closed = _closed(request, assessment)
    if request.method == "POST":
        return _confirm(request, assessment)
    rows = load_carried(assessment=assessment, user=request.user)
    return TemplateResponse(
        request,
        "assessments/carried.html",
        {
            "assessment": assessment,
            "rows": [(row, [cited(link) for link in row.item.citations]) for row in rows],
            "noun": load(assessment.framework_version.definition).noun,
            "all_shown": " ".join(row.shown for row in rows),
            "closed": closed,
        },
    )


def _confirm(request, assessment):
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was confirmed: the page did not say which items. Try again.")
        return redirect("assessments:carried", assessment.public_id)
    try:
        confirmed = services.confirm_items(
            assessment=assessment, shown=form.cleaned_data["shown"], by=request.user, at=timezone.now()
        )
    except WrongState as error:
        messages.error(request, f"{error} Nothing was confirmed.")
    except services.ItemsChanged as error:
        labels = ", ".join(f"{item.criterion.code}.{item.name}" for item in error.items)
        messages.error(
            request, f"Nothing was confirmed: somebody changed {labels} after you opened the page. Read it again."
        )
    except services.NothingToConfirm as error:
        messages.info(request, f"{error}.")
    else:
        noun = load(assessment.framework_version.definition).noun
        messages.success(request, f"{counted(len(confirmed), f'{noun} is', f'{noun}s are')} confirmed.")
    return redirect("assessments:carried", assessment.public_id)


def _chosen(sources, wanted):
    """
    Return the earlier assessment that is asked for, else the latest; None if there is none.

    :raises Http404: if what is asked for is not among them
    """
    if not wanted:
        return next(iter(sources), None)
    for source in sources:
        if str(source.public_id) == wanted:
            return source
    raise Http404("The place has no such earlier assessment")


def _closed(request, assessment):
    """Return why items cannot be brought now, nothing if they can."""
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    return permissions.why_closed(Act.CARRY_FORWARD, capacity=capacity, assessment=assessment)
