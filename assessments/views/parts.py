"""Optional parts of a framework: the board says in one act that all of one does not apply to the place."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions
from assessments.deliberation import load_table
from assessments.forms.agreeing import LeaveOutForm
from assessments.models import Agreement
from assessments.optional_parts import items_beneath
from assessments.permissions import WrongState
from assessments.services.agreeing import leave_out_part
from assessments.views.agreeing import revealed
from assessments.workflow import Act, Move
from frameworks.wording import counted, listed


@require_http_methods(["GET", "POST"])
@partial(revealed, act=Act.AGREE)
def leave_out(request, assessment, capacity, code):
    """List what lies beneath an optional part, and settle all of it as not applicable for one reason."""
    table = load_table(assessment=assessment)
    node = table.case.definition.nodes.get(code)
    if node is None or not node.optional:
        raise Http404("The framework has no such optional part")
    closed = permissions.why_closed(Act.AGREE, capacity=capacity, assessment=assessment)
    items = items_beneath(table, node)
    form = LeaveOutForm(request.POST if request.method == "POST" else None, shown=_versions(items))
    if request.method == "POST" and form.is_valid():
        try:
            outcomes = leave_out_part(
                assessment=assessment, code=code, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except WrongState as error:
            closed = str(error)
        else:
            _tell(request, node, outcomes)
            return redirect("assessments:leave_out", assessment.public_id, code)
    return TemplateResponse(
        request,
        "assessments/leave_out.html",
        {
            "assessment": assessment,
            "node": node,
            "noun": table.case.definition.noun,
            "rows": [table.row(item) for item in items],
            "left": sum(item.judgement != "NOT_APPLICABLE" for item in items),
            "form": form,
            "closed": closed,
            "typed": form.data.get("reason", "") if closed else "",
            "may_score_again": Move.SCORE_AGAIN in permissions.possible_moves(capacity=capacity, assessment=assessment),
        },
        status=409 if closed and request.method == "POST" else 200,
    )


def _versions(items):
    """Return the versions of what is agreed on the items, by their keys in the database."""
    standing = Agreement.objects.standing().filter(item__public_id__in=[item.key for item in items])
    return dict(standing.values_list("item", "version"))


def _tell(request, node, outcomes):
    made = [outcome for outcome in outcomes if outcome.agreement]
    refused = [outcome.entry.item for outcome in outcomes if outcome.refusal]
    if made:
        nouns = counted(len(made), "item is", "items are")
        messages.success(request, f"{node.name}: {nouns} settled as not applicable.")
    if refused:
        names = listed([f"{item.criterion.code}.{item.name}" for item in refused], 5)
        messages.error(request, f"Settled by somebody else meanwhile, and left as it is: {names}. Look at it below.")
    if not outcomes:
        messages.info(request, f"{node.name} was left out already: nothing was changed.")
