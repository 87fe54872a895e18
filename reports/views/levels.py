"""How a level came about: the rule, what went in, what was left out, what holds it down, and what would lift it."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments import permissions as rights
from assessments import selectors
from assessments.workflow import REVEALED, Act
from frameworks.definition import load
from frameworks.scale import STRENGTHS
from reports.figures import STATUS_WORDS
from reports.lifting import remedies, result_of
from reports.method import RULES
from reports.shown import levels_are_hidden, shown

LEFT_OUT = {"not_applicable": "not applicable", "zero_weight": "it has no weight"}


@require_GET
def level(request, public_id, code):
    """Show a criterion's or domain's agreed level beside the one that evidence supports."""
    assessment = selectors.get_assessment(user=request.user, public_id=public_id)
    capacity = rights.capacity(user=request.user, assessment=assessment)
    rights.check(Act.READ, capacity=capacity, assessment=assessment)
    definition = load(assessment.framework_version.definition)
    if code not in definition.nodes or not code:
        raise Http404("No such criterion in this framework")
    context = {
        "assessment": assessment,
        "node": definition.node(code),
        "back": reverse("reports:place", args=[assessment.place.public_id], query={"round": str(assessment.public_id)}),
    }
    if assessment.state not in REVEALED:
        context["why_not"] = "Levels come once the board has agreed them."
    elif levels_are_hidden(user=request.user, capacity=capacity, assessment=assessment):
        context["why_not"] = (
            "You have still to score items of a later round. Levels of an earlier one are shown once you have, so that "
            "they do not lead you."
        )
    else:
        what = shown(assessment=assessment, capacity=capacity, on=timezone.localdate())
        context |= _trace(what, definition, code)
    return TemplateResponse(request, "reports/level.html", context)


def _trace(what, definition, code):
    document = what.document
    node = result_of(document, definition, code)
    items = {item["label"]: item for item in document["items"]}
    lifts = remedies(document, definition, code)
    return {
        "shown": what,
        "found": node,
        "standings": [
            _standing(what, definition, items, name, words, node[name], lifts.get(name))
            for name, words in (("claimed", "What the board agreed"), ("supported", "What the evidence supports"))
        ],
        "items": [
            {
                "item": item,
                "agreed": _mark(what, item["level"], "Not applicable" if item["judgement"] else "Not agreed"),
                "supported": _mark(what, item["supported"], "No level" if item["level"] else "–"),
                "strength": STRENGTHS[item["strength"]],
            }
            for item in document["items"]
            if item["criterion"] == code
        ],
    }


def _standing(what, definition, items, name, words, result, lift):
    trace = result["trace"]

    def told(key):
        if key in items:
            return items[key]["statement"]
        return definition.node(key).name if key in definition.nodes else ""

    held = set(trace["held_by"])
    caps = {cap["key"]: cap for cap in trace["caps"]}
    return {
        "name": name,
        "words": words,
        "mark": _mark(what, result["level"], STATUS_WORDS.get(result["status"], "")),
        "sentence": result["sentence"],
        "rule": RULES.get(trace["rule"], (trace["rule"].replace("_", " ").capitalize(), result["sentence"])),
        "inputs": [
            each
            | {
                "words": told(each["key"]),
                "mark": _mark(what, each["level"], "No level"),
                "holds": each["key"] in held,
                "cap": _cap(what, caps.get(each["key"])),
            }
            for each in trace["inputs"]
        ],
        "left_out": [
            {"key": each["key"], "words": told(each["key"]), "why": each["reason"] or LEFT_OUT[each["why"]]}
            for each in trace["left_out"]
        ],
        "missing": [{"key": key, "words": told(key)} for key in trace["missing"]],
        "steps": [(step.replace("_", " "), what.names.get(rank, "no level")) for step, rank in trace["steps"].items()],
        "rounding": trace["rounding"],
        "lift": lift,
    }


def _cap(what, cap):
    if cap is None:
        return ""
    return (
        f"agreed {what.names[cap['claimed']]}, which needs {STRENGTHS[cap['demand']]}; the best evidence in date is "
        f"{STRENGTHS[cap['strength']]}"
    )


def _mark(what, rank, otherwise):
    """Return a level as components/level_tag.html takes it."""
    if rank is None:
        return {"rank": "", "name": otherwise}
    return {"rank": what.places[rank], "of": len(what.places), "name": what.names[rank]}
