"""What a scoring page's script saves while the person goes on, answered in JSON."""

from django.http import Http404, JsonResponse
from django.utils import timezone
from django.utils.formats import date_format

from assessments import progress
from assessments.forms.scoring import ScoreForm, as_typed, fingerprint, prefix, stored_values
from assessments.own_work import own_work
from assessments.permissions import WrongState
from assessments.score_sheet import agreed_last_time
from assessments.services.scoring import record_scores
from frameworks.definition import load
from partnership.models import Stale

CHANGED_ELSEWHERE = "it was changed in another tab or on another device"


def moment(at):
    """Return an instant in London time: "14:02" today, "on 3 December 2026 at 14:02" before."""
    local = timezone.localtime(at)
    time = date_format(local, "H:i")
    return time if local.date() == timezone.localdate() else f"on {date_format(local, 'j F Y')} at {time}"


def stored(score):
    """Return a stored score as the page's script compares and shows it."""
    return {
        "values": as_typed(score),
        "version": score.version if score else 0,
        "shown": fingerprint(stored_values(score)),
        "saved": moment(score.scored_at) if score else "",
    }


def answer(request, assessment, code):
    """
    Record what arrived of a criterion's items, and say of each by its form's prefix what is stored, or why it is not.

    What cannot be stored says so in `problem`; where another save came first, `stored` is what that one left.
    """
    if request.POST.get("person") != str(request.user.public_id):
        # A page that stayed open while somebody else signed in on the same device.
        return JsonResponse({"problem": "Somebody else has signed in here since"}, status=401)
    definition = load(assessment.framework_version.definition)
    if code not in definition.nodes or not definition.node(code).is_criterion:
        raise Http404("The framework has no such criterion")
    items = [
        item
        for item in assessment.items.filter(criterion__code=code).select_related("criterion")
        if f"{prefix(item)}-shown" in request.POST
    ]
    forms = [
        ScoreForm(request.POST, item=item, scale=definition.node(code).scale_of(item.statement_code)) for item in items
    ]
    sound = [form for form in forms if form.is_valid()]
    try:
        outcomes = record_scores(
            assessment=assessment, entries=[form.entry() for form in sound], by=request.user, at=timezone.now()
        )
    except WrongState as error:
        return JsonResponse({"problem": str(error).removesuffix(".")}, status=409)
    told = {form.prefix: {"problem": _problem(form)} for form in forms if form.errors}
    told |= {prefix(outcome.entry.item): _told(outcome) for outcome in outcomes}
    first = [outcome.entry.item for outcome in outcomes if not outcome.refusal and outcome.score.version == 1]
    for item, words in agreed_last_time(assessment, definition, first).items():
        told[prefix(next(each for each in first if each.pk == item))]["earlier"] = words
    return JsonResponse({"items": told, "progress": _progress(request.user, assessment, definition, code)})


def _told(outcome):
    if isinstance(outcome.refusal, Stale):
        return {"problem": CHANGED_ELSEWHERE, "stored": stored(outcome.score)}
    if outcome.refusal:
        return {"problem": _in_a_sentence(str(outcome.refusal))}
    return {name: value for name, value in stored(outcome.score).items() if name != "values"}


def _problem(form):
    return _in_a_sentence(next(text for texts in form.errors.values() for text in texts))


def _in_a_sentence(text):
    return text[:1].lower() + text[1:].removesuffix(".")


def _progress(user, assessment, definition, code):
    """Return how many of how many items the person has scored, of the criterion and in all."""
    work = own_work(user=user, assessment=assessment, definition=definition)
    tasks = progress.task_list(assessment=assessment, definition=definition, work=work)
    row = tasks.row(code)
    return {"here": [row.scored, row.asked], "all": [tasks.scored, tasks.asked]} if row else {}
