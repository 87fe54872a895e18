"""A member's own device in a workshop: what is on the screen, and one touch to vote on it."""

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import permissions, visibility
from assessments.deliberation import settled_words
from assessments.forms.workshops import CANNOT_JUDGE, NOT_APPLICABLE, VoteForm
from assessments.models import Judgement
from assessments.permissions import WrongState
from assessments.services import voting as services
from assessments.services.scoring import NotRecorded, ReasonMissing
from assessments.views.scoring import shown_levels
from assessments.workflow import ACTS, Act
from assessments.workshop_room import get_workshop, load_device
from frameworks.wording import quoted
from partnership.models import Stale


@require_http_methods(["GET", "POST"])
def vote(request, public_id):
    workshop = get_workshop(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=workshop.assessment)
    capacity.check(ACTS[Act.VOTE].roles, ACTS[Act.VOTE].role_sentence)
    if workshop.closed_at and request.method == "GET":
        return redirect("assessments:workshop_record", workshop.public_id)
    if not workshop.joined:
        return redirect("assessments:workshop_join")
    room = load_device(workshop)
    if request.method == "POST":
        return _vote(request, room)
    return _page(request, room)


def _vote(request, room):
    """Record the vote; one that comes too late, or from an old page, is shown again beside what is true now."""
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _page(request, room, form=form, problem="Choose one of the buttons.", status=409)
    data = form.cleaned_data
    item = room.workshop.assessment.items.filter(public_id=data["item"]).first()
    try:
        if item is None:
            raise services.VoteClosed
        services.vote(
            workshop=room.workshop,
            item=item,
            ballot=data["ballot"],
            based_on=data["based_on"],
            by=request.user,
            at=timezone.now(),
            **form.voted(),
        )
    except ReasonMissing as error:
        form.add_error("reason", str(error))
        return _page(request, room, form=form, status=409)
    except NotRecorded as error:
        return _page(request, room, problem=str(error), status=409)
    except Stale as stale:
        return _page(request, room, problem=_voted_elsewhere(room, stale.current, form), status=409)
    except (services.VoteClosed, services.NotPresent, WrongState):
        return _page(request, _now(request, room), problem=_too_late(room, form), status=409)
    return redirect("assessments:workshop_vote", room.workshop.public_id)


def _now(request, room):
    return load_device(get_workshop(user=request.user, public_id=room.workshop.public_id))


def _too_late(room, form):
    return f"The vote was over before yours arrived, so it does not count. {_had_chosen(room, form)}"


def _voted_elsewhere(room, score, form):
    stored = settled_words(room.row.scale, score.judgement, score.level) if score else "nothing"
    return (
        f"From another page you had voted: {stored}. That stands, and nothing was overwritten. "
        f"{_had_chosen(room, form)} Choose again if you want to change it."
    )


def _had_chosen(room, form):
    chosen = form.voted()
    names = room.row.case.names(room.row.item)
    known = chosen["level"] in names or chosen["judgement"] in Judgement.values
    words = names.get(chosen["level"]) or (Judgement(chosen["judgement"]).label if known else "")
    ending = f", because {quoted(chosen['reason'])}" if chosen["reason"] else "."
    return f"You had chosen: {words}{ending}" if words else ""


def _page(request, room, *, form=None, problem="", status=200):
    row = room.row
    own = visibility.own_vote(user=request.user, item=room.workshop.item) if room.is_voting else None
    if form is None and room.is_voting:
        form = VoteForm(
            initial={
                "item": room.workshop.item.public_id,
                "ballot": room.ballot,
                "based_on": own.version if own else 0,
                "reason": own.reason if own else "",
            }
        )
    return TemplateResponse(
        request,
        "assessments/workshop_vote.html",
        {
            "assessment": room.workshop.assessment,
            "room": room,
            "form": form,
            "own": own,
            "own_words": settled_words(row.scale, own.judgement, own.level) if own else "",
            "levels": described(room),
            "not_applicable": NOT_APPLICABLE,
            "cannot_judge": CANNOT_JUDGE,
            "problem": problem,
        },
        status=status,
    )


def described(room):
    """Return what the item on the screen is rated on, with what each level or answer means; nothing without an item."""
    row = room.row
    if row is None:
        return []
    if row.item.statement_code:
        return shown_levels(row.scale, is_numbered=False)
    return shown_levels(row.scale, room.criterion.descriptors)
