"""What a scoring page's script saves while the person goes on, answered in JSON."""

from django.http import Http404, JsonResponse
from django.utils import timezone

from assessments import progress, visibility
from assessments.forms.scoring import as_typed
from assessments.permissions import WrongState
from assessments.score_sheet import agreed_last_time, items_to_score
from assessments.services.flagging import flag_item, unflag_item
from assessments.services.scoring import COMPARED, record_scores
from frameworks.definition import load
from frameworks.skipping import asks_everything
from partnership.models import Stale

CHANGED_ELSEWHERE = "it was changed in another tab or on another device"


def moment(at):
    """Return an instant in London time: "14:02" today, "on 3 December 2026 at 14:02" before."""
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else f"on {local:%-d %B %Y} at {local:%H:%M}"


def stored(score, form_class):
    """Return a stored score as the page's script compares and shows it."""
    return {
        "values": as_typed(score),
        "version": score.version if score else 0,
        "shown": form_class.shown_of(score),
        "saved": moment(score.scored_at) if score else "",
    }


def answer(request, assessment, form_class, *, code=""):
    """
    Record what arrived of a criterion's items, or of any, and say of each by its form's prefix what is stored.

    What cannot be stored says why in `problem`; where another save came first, `stored` is what that one left. A flag
    that was asked for is set or taken away.
    """
    if request.POST.get("person") != str(request.user.public_id):
        # A page that stayed open while somebody else signed in on the same device.
        return JsonResponse({"problem": "Somebody else has signed in here since"}, status=401)
    definition = load(assessment.framework_version.definition)
    if code and (code not in definition.nodes or not definition.node(code).is_criterion):
        raise Http404("The framework has no such criterion")
    asked = items_to_score(assessment=assessment, code=code)
    items = {form_class.prefix_of(item): item for item in asked}
    forms = _forms(request, form_class, items, definition)
    sound = [form for form in forms if form.is_valid()]
    try:
        flag(request, items)
        outcomes = record_scores(
            assessment=assessment, entries=[form.entry() for form in sound], by=request.user, at=timezone.now()
        )
    except WrongState as error:
        return JsonResponse({"problem": str(error).removesuffix(".")}, status=409)
    told = {form.prefix: {"problem": _problem(form)} for form in forms if form.errors}
    told |= {form.prefix: _told(outcome, form_class) for form, outcome in zip(sound, outcomes, strict=True)}
    first = {
        outcome.entry.item.pk: form
        for form, outcome in zip(sound, outcomes, strict=True)
        if not outcome.refusal and outcome.score.version == 1
    }
    for item, words in agreed_last_time(assessment, definition, [form.item for form in first.values()]).items():
        told[first[item].prefix]["earlier"] = words
    return JsonResponse({"items": told, "progress": _progress(request.user, assessment, definition, code)})


def _forms(request, form_class, items, definition):
    """Return the forms of the items that arrived."""
    sent = {prefix: item for prefix, item in items.items() if f"{prefix}-shown" in request.POST}
    # A form that does not ask for everything needs what is stored beside it.
    needs_stored = sent and form_class.compared != COMPARED
    own = visibility.own_scores(user=request.user, items=[item.pk for item in sent.values()]) if needs_stored else {}
    return [
        form_class(
            request.POST,
            item=item,
            scale=definition.node(item.criterion.code).scale_of(item.statement_code),
            score=own.get(item.pk),
        )
        for item in sent.values()
    ]


def asks_for_flag(request):
    """Tell whether what was pressed flags an item for later, or takes a flag away."""
    return bool(request.POST.get("flag") or request.POST.get("unflag"))


def flag(request, items):
    """Flag the one of `items`, by their forms' prefixes, that was asked for, or take its flag away."""
    for name, act in (("flag", flag_item), ("unflag", unflag_item)):
        if item := items.get(request.POST.get(name)):
            act(item=item, by=request.user, at=timezone.now())


def _told(outcome, form_class):
    if isinstance(outcome.refusal, Stale):
        return {"problem": CHANGED_ELSEWHERE, "stored": stored(outcome.score, form_class)}
    if outcome.refusal:
        return {"problem": _in_a_sentence(str(outcome.refusal))}
    return {name: value for name, value in stored(outcome.score, form_class).items() if name != "values"}


def _problem(form):
    return _in_a_sentence(next(text for texts in form.errors.values() for text in texts))


def _in_a_sentence(text):
    return text[:1].lower() + text[1:].removesuffix(".")


def _progress(user, assessment, definition, code):
    """Return how many of how many items the person has scored, in all and of the criterion."""
    if asks_everything(definition):
        found = visibility.own_scored(user=user, assessment=assessment)
        here = [is_scored for of, is_scored in found if of == code]
        told = {"all": [sum(is_scored for _, is_scored in found), len(found)]}
        return told | ({"here": [sum(here), len(here)]} if code else {})
    tasks = progress.own_tasks(user=user, assessment=assessment, definition=definition)
    told = {"all": [tasks.scored, tasks.asked]}
    if row := tasks.row(code):
        told["here"] = [row.scored, row.asked]
    return told
