"""A partner's own notes on an item, read and written by its people alone."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, selectors
from assessments.forms.notes import NoteForm
from assessments.models import EvidenceItem
from assessments.notes import kept_notes
from assessments.permissions import WrongState
from assessments.services.notes import write_note
from assessments.workflow import Act, State
from partnership.models import Stale
from partnership.roles import BOARD, Role


@require_http_methods(["GET", "POST"])
def notes(request, public_id, item_id):
    """Show the notes of the partners for which the person has a part here, and take what they write."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    closed = permissions.why_closed(Act.KEEP_NOTES, capacity=capacity, assessment=assessment)
    items = EvidenceItem.objects.filter(assessment=assessment).select_related("criterion")
    item = get_object_or_404(items, public_id=item_id)
    kept = kept_notes(capacity=capacity, assessment=assessment, items=[item.public_id])[str(item.public_id)]
    forms = {each.organisation: NoteForm(kept=each) for each in kept}
    meanwhile = None
    if request.method == "POST":
        mine = next((each for each in kept if str(each.organisation.public_id) == request.POST.get("partner")), None)
        if mine is None:
            raise Http404("No partner of yours keeps notes here")
        form = forms[mine.organisation] = NoteForm(request.POST, kept=mine)
        if form.is_valid():
            try:
                write_note(
                    item=item, organisation=mine.organisation, by=request.user, at=timezone.now(), **form.cleaned_data
                )
            except WrongState as error:
                closed = str(error)
                form.add_error(None, f"Your note was not saved. {error}")
            except Stale as stale:
                meanwhile = stale.current
                form.show_meanwhile(meanwhile)
            else:
                messages.success(request, f"The notes of {mine.organisation.name} on {item.name} are saved.")
                return redirect(_back(capacity, assessment, item))
    return TemplateResponse(
        request,
        "assessments/notes.html",
        {
            "assessment": assessment,
            "item": item,
            "kept": [(each, forms[each.organisation]) for each in kept],
            "forms": [form for form in forms.values() if form.is_bound],
            "closed": closed,
            "meanwhile": meanwhile,
            "back": _back(capacity, assessment, item),
        },
        status=409 if meanwhile or (closed and request.method == "POST") else 200,
    )


def _back(capacity, assessment, item):
    """Lead to the page on which the person works on the item now."""
    page = "assessments:items"
    if assessment.state == State.SCORING and Role.MEMBER in capacity.roles:
        page = "assessments:score"
    if assessment.state == State.AGREEING and capacity.roles & BOARD:
        page = "assessments:agree"
    return reverse(page, args=[assessment.public_id, item.criterion.code]) + f"#item-{item.number}"
