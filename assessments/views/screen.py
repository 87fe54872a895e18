"""The screen in a workshop's room, and what whoever holds the workshop does on it."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions
from assessments.deliberation import ballots, settled_meanwhile, settled_words
from assessments.forms.workshops import SettleForm, StepForm
from assessments.models import Agreement, Workshop
from assessments.permissions import WrongState
from assessments.services import workshops as services
from assessments.services.agreeing import AgreementRefused
from assessments.views.voting import described
from assessments.workshop_room import get_workshop, last_step, load_room
from partnership.models import Stale

STEPS = {"vote": services.open_vote, "call_off": services.call_off_vote, "reveal": services.reveal}
SETTLING = frozenset({"settle", "settle_next"})


@dataclass
class Problem:
    """Why what the facilitator did was not done, and what they had typed."""

    text: str
    typed: list = field(default_factory=list)


@require_http_methods(["GET", "POST"])
def screen(request, public_id):
    workshop = get_workshop(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=workshop.assessment)
    try:
        permissions.check_facilitator(capacity=capacity, assessment=workshop.assessment)
    except WrongState as error:
        return _over(request, workshop, str(error))
    if workshop.closed_at:
        return _over(request, workshop, "The workshop was closed.")
    if request.method == "POST":
        return _act(request, workshop, capacity)
    return _page(request, load_room(workshop), capacity)


def _act(request, workshop, capacity):
    """Do what the pressed button says; whatever is refused comes back with what was typed."""
    room = load_room(workshop)
    settle = None
    try:
        if request.POST.get("act") in SETTLING:
            settle = _settle_form(room, request.POST)
            if not settle or not settle.is_valid():
                return _page(request, room, capacity, settle=settle, status=409)
            _settle(request, room, settle)
        else:
            _step(request, room)
    except Stale as stale:
        if isinstance(stale.current, Workshop):
            return _somebody_went_on(request, capacity, settle)
        return _settled_meanwhile(request, room, capacity, stale.current)
    except AgreementRefused as error:
        settle.add_error(error.field, str(error))
        return _page(request, room, capacity, settle=settle, status=409)
    except (services.ClosedAlready, WrongState):
        return _over(request, workshop, "The workshop was closed.")
    except services.WorkshopRefused as error:
        return _page(request, room, capacity, problem=Problem(str(error)), status=409)
    return redirect("assessments:workshop_screen", workshop.public_id)


def _over(request, workshop, why):
    """Lead to what is left of the workshop; whoever was doing something there is told that it was not done."""
    if request.method == "GET":
        return redirect("assessments:workshop_record", workshop.public_id)
    typed = [text for name, text in request.POST.items() if name.endswith(("-reason", "-dissent")) and text.strip()]
    context = {"assessment": workshop.assessment, "workshop": workshop, "why": why, "typed": typed}
    return TemplateResponse(request, "assessments/workshop_over.html", context, status=409)


def _step(request, room):
    form = StepForm(request.POST)
    if not form.is_valid():
        raise services.OutOfTurn("Choose one of the buttons on this page.")
    act, item = form.cleaned_data["act"], form.cleaned_data["item"]
    said = {"workshop": room.workshop, "based_on": form.cleaned_data["based_on"], "by": request.user}
    said["at"] = timezone.now()
    if act == "close":
        services.close_workshop(**said)
    elif act in STEPS:
        STEPS[act](**said)
    else:
        if act == "next":
            item = room.next and room.next.item.key
        if item is None:
            raise services.OutOfTurn("Choose an item to put on the screen.")
        chosen = get_object_or_404(room.workshop.assessment.items, public_id=item)
        services.take_item(item=chosen, **said)


def _settle(request, room, form):
    following = room.next if request.POST["act"] == "settle_next" else None
    services.settle(
        workshop=room.workshop,
        **form.settled(),
        reason=form.cleaned_data["reason"],
        dissent=form.cleaned_data["dissent"],
        agreement_based_on=form.cleaned_data["based_on"],
        next_item=following and room.workshop.assessment.items.get(public_id=following.item.key),
        based_on=_number(request.POST.get("based_on")),
        by=request.user,
        at=timezone.now(),
    )
    chosen = form.settled()
    words = settled_words(room.row.scale, chosen["judgement"], chosen["level"])
    messages.success(request, f"Item {room.row.item.label} is settled: {words}.")


def _settle_form(room, data=None):
    """Return the form that settles the item on the screen, once its scores are shown; None before."""
    if not room.row or not (room.is_revealed or data):
        return None
    row = room.row
    agreement = Agreement.objects.standing().filter(item=room.workshop.item).first()
    # A split has no answer that suggests itself, so none is chosen beforehand.
    median = None if row.spread.split or row.spread.not_applicable else row.spread.lower_median
    return SettleForm(
        data,
        number=row.item.number,
        scale=row.scale,
        agreement=agreement,
        median=median,
        is_checklist=bool(row.item.statement_code),
    )


def _somebody_went_on(request, capacity, settle):
    """Show how the room stands now, beside what the person had chosen and typed."""
    workshop = get_workshop(user=request.user, public_id=request.resolver_match.kwargs["public_id"])
    if workshop.closed_at:
        return _over(request, workshop, "Somebody closed the workshop.")
    room = load_room(workshop)
    problem = Problem(
        f"{last_step(workshop) or 'Somebody'} while you were looking at an earlier screen, so what you pressed was not "
        "done. This is how the workshop stands now.",
        typed=_typed(settle),
    )
    return _page(request, room, capacity, problem=problem, status=409)


def _typed(settle):
    if settle is None:
        return []
    chosen = settle.cleaned_data.get("choice", "")
    names = dict(settle.fields["choice"].choices)
    return [
        f"{label}: {text}"
        for label, text in (
            ("Level", names.get(chosen, "")),
            ("Rationale", settle.cleaned_data.get("reason", "")),
            ("Dissent", settle.cleaned_data.get("dissent", "")),
        )
        if text
    ]


def _settled_meanwhile(request, room, capacity, agreement):
    """Show what was agreed on another page meanwhile beside what the person typed, which they can record now."""
    data = request.POST.copy()
    form = _settle_form(room, data)
    data[form.add_prefix("based_on")] = str(agreement.version if agreement else 0)
    again = _settle_form(room, data)
    again.is_valid()
    said = settled_meanwhile(room.row.scale, agreement)
    again.add_error("choice", f"{said} Nothing was overwritten: record yours to change it")
    return _page(request, room, capacity, settle=again, status=409)


def _number(text):
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _page(request, room, capacity, *, settle=None, problem=None, status=200):
    row, assessment = room.row, room.workshop.assessment
    held = []
    if room.is_revealed:
        settle = settle or _settle_form(room)
        by_item = ballots(table=room.table, assessment=assessment, code=row.item.criterion, capacity=capacity)
        held = by_item.get(row.item.key, [])
    return TemplateResponse(
        request,
        "assessments/workshop_screen.html",
        {
            "assessment": assessment,
            "room": room,
            "form": settle if room.is_revealed else None,
            "ballots": held,
            "levels": [] if room.is_revealed else described(room),
            "join_at": f"{request.get_host()}{reverse('assessments:workshop_join')}",
            "problem": problem,
        },
        status=status,
    )
