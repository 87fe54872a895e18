"""One page for each move: what it will do, what is in its way, and then the button."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments import disagreement, permissions, selectors
from assessments.forms import moves as move_forms
from assessments.forms import review_moves
from assessments.permissions import WrongState
from assessments.prospects import prospect
from assessments.selectors import load_case
from assessments.services.asking import AskingRefused
from assessments.services.deciding import DecisionRefused
from assessments.services.moves import GapsNotAccepted, MoveRefused, make_move
from assessments.services.signing import MeetingNotNamed, SealRefused
from assessments.workflow import Move
from partnership.idempotency import AlreadyDone, is_done
from partnership.models import Stale

DONE = {
    Move.OPEN_SCORING: ("Scoring is open.", "assessments:assessment"),
    Move.CLOSE_SCORING: ("Scoring is closed. Here is how the scores lie.", "assessments:agreeing"),
    Move.SCORE_AGAIN: ("The chosen items are open for scoring again.", "assessments:assessment"),
    Move.PUT_UP: ("The assessment is up for signature.", "assessments:sign"),
    Move.TAKE_BACK: ("The assessment was taken back. The board is agreeing again.", "assessments:agreeing"),
    Move.SEAL: ("The signing is closed and sealed.", "assessments:signoff"),
    Move.SUBMIT: ("The assessment was submitted to the ICB.", "assessments:signoff"),
    Move.START_REVIEW: ("The review has started.", "assessments:review"),
    Move.ASK: ("The question was sent to the place.", "assessments:questions"),
    Move.FINISH_REVIEW: ("The review is finished, and the place was asked for its reply.", "assessments:review"),
    Move.GO_ON: ("The review goes on.", "assessments:review"),
    Move.DECIDE: ("The decision is recorded and sealed.", "assessments:decision"),
    Move.WITHDRAW: ("The assessment was withdrawn.", "assessments:assessment"),
}
# What somebody may have typed at length begins so, and is shown again where the move comes too late.
TYPED = ("reason", "text", "functions", "condition", "minute_reference")
FORMS = move_forms.FORMS | review_moves.FORMS


@require_http_methods(["GET", "POST"])
def move(request, public_id, move):
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = permissions.capacity(user=request.user, assessment=assessment)
    try:
        permissions.check_move(move, capacity=capacity, assessment=assessment)
    except WrongState as error:
        if request.method == "POST" and is_done(by=request.user, token=request.POST.get("token")):
            return redirect(DONE[move][1], assessment.public_id)
        return _not_now(request, assessment, move, error)
    ahead = prospect(assessment=assessment, move=move, capacity=capacity)
    if request.method == "POST":
        form = _form(request, assessment, move, ahead, request.POST)
        if form.is_valid():
            return _make(request, assessment, move, ahead, form)
    else:
        form = _form(request, assessment, move, ahead)
    return _page(request, assessment, ahead, form)


def _make(request, assessment, move, ahead, form):
    data = form.cleaned_data
    try:
        make_move(
            assessment=assessment,
            move=move,
            based_on=data["based_on"],
            reason=data.get("reason", ""),
            token=data["token"],
            by=request.user,
            at=timezone.now(),
            **form.extras(),
        )
    except AlreadyDone:
        return redirect(DONE[move][1], assessment.public_id)
    except WrongState as error:
        return _not_now(request, _fresh(request, assessment), move, error)
    except Stale as stale:
        ahead = prospect(assessment=stale.current, move=move, capacity=_capacity(request, stale.current))
        form = _form(request, stale.current, move, ahead, _based_on(request.POST, stale.current.version))
        form.add_error(
            None,
            "The assessment has moved on and come back since you opened this page. Nothing was done: "
            "check what it says now, then decide again.",
        )
        return _page(request, stale.current, ahead, form, status=409)
    except GapsNotAccepted as error:
        # The list has grown since the page was opened: it is shown anew, and its box is not ticked for anybody.
        ahead = prospect(assessment=assessment, move=move, capacity=_capacity(request, assessment))
        problems = ["More is unsettled than when you opened this page.", *error.problems]
        return _page(request, assessment, ahead, _form(request, assessment, move, ahead), problems=problems)
    except MeetingNotNamed as error:
        form.add_error("meeting_on", " ".join(error.problems))
    except (MoveRefused, SealRefused, AskingRefused, DecisionRefused) as error:
        for problem in error.problems:
            form.add_error(None, problem)
    else:
        text, target = DONE[move]
        messages.success(request, text)
        return redirect(target, assessment.public_id)
    return _page(request, assessment, ahead, form)


def _form(request, assessment, move, ahead, data=None):
    options = {}
    if move == Move.SCORE_AGAIN:
        options = {"items": _items_with_spread(assessment), "chosen": request.GET.getlist("item")}
    if move == Move.ASK:
        options = {"chosen": request.GET.getlist("criterion")}
    return FORMS[move](data, assessment=assessment, prospect=ahead, **options)


def _items_with_spread(assessment):
    case = load_case(assessment=assessment, on=timezone.localdate())
    sentences = {item.key: disagreement.spread_sentence(case, item) for item in case.items}
    rows = assessment.items.select_related("criterion").order_by("criterion__position", "number")
    return [(row, sentences[str(row.public_id)]) for row in rows]


def _based_on(data, version):
    data = data.copy()
    data["based_on"] = str(version)
    return data


def _fresh(request, assessment):
    return selectors.get_assessment(user=request.user, public_id=assessment.public_id)


def _capacity(request, assessment):
    return permissions.capacity(user=request.user, assessment=assessment)


def _page(request, assessment, ahead, form, *, problems=(), status=200):
    return TemplateResponse(
        request,
        "assessments/move.html",
        {
            "assessment": assessment,
            "prospect": ahead,
            "form": form,
            "heading": ahead.heading,
            "caption": f"{assessment.place.name}, {assessment.round.name}",
            "problems": [(problem, "") for problem in problems],
        },
        status=status,
    )


def _not_now(request, assessment, move, error):
    """Say that the move cannot be made in the present state, and who brought it there."""
    return TemplateResponse(
        request,
        "assessments/move_not_now.html",
        {
            "assessment": assessment,
            "move": move,
            "why": str(error),
            "typed": [text for name, text in request.POST.items() if name.startswith(TYPED) and text.strip()],
            "last_change": selectors.last_state_change(assessment=assessment),
        },
        status=409,
    )
