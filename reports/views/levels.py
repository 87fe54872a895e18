"""How a level came about: the rule, what went in, what was left out, what holds it down, and what would lift it."""

from fractions import Fraction

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments import selectors
from assessments.kept_back import scoring_first
from assessments.models import Judgement
from assessments.reading import item_tags, number_beside, tags
from assessments.standing import of_item, of_node
from assessments.workflow import REVEALED, Act
from frameworks.definition import load
from frameworks.scale import STRENGTHS
from frameworks.wording import decimal
from reports.figures import STATUS_WORDS
from reports.lifting import remedies, result_of
from reports.method import RULES
from reports.reviewed import reviewed_of
from reports.shown import shown

LEFT_OUT = {
    "not_applicable": "not applicable",
    "zero_weight": "it has no weight",
    "not_asked": "not asked, as no answer there could change the level",
}
ROUNDED = {"half_up": "rounded to", "floor": "rounded down to", "truncate": "cut to"}


@require_GET
def level(request, public_id, code=""):
    """Show the agreed level of a criterion, of a part above it or of the whole, beside what evidence supports."""
    assessment, capacity = selectors.get_for(Act.READ, user=request.user, public_id=public_id)
    definition = load(assessment.framework_version.definition)
    if code not in definition.nodes:
        raise Http404("No such criterion in this framework")
    if not code and not sums_up(definition):
        # Most frameworks sum nothing up: the place's profile is all there is to say.
        return redirect("reports:place", assessment.place.public_id)
    context = {
        "assessment": assessment,
        "node": definition.node(code),
        "versions": selectors.versions_of(assessment=assessment),
        "back": reverse("reports:place", args=[assessment.place.public_id], query={"round": str(assessment.public_id)}),
    }
    if assessment.state not in REVEALED:
        context["why_not"] = "Levels come once the board has agreed them."
    elif first := scoring_first(user=request.user, capacity=capacity, assessment=assessment):
        context["first"] = first
    else:
        what = shown(assessment=assessment, capacity=capacity, on=timezone.localdate())
        context |= _trace(what, definition, code)
        found = reviewed_of(assessment=assessment, capacity=capacity).findings.get(code)
        context["finding"] = found and {
            "finding": found,
            "mark": _mark(what, found.level, Judgement(found.judgement).label),
        }
    return TemplateResponse(request, "reports/level.html", context)


def sums_up(definition):
    """Say whether a framework has one result for the place as a whole."""
    return definition.root.rule.gives_level or definition.root.rule.gives_value


def _trace(what, definition, code):
    document = what.document
    node = result_of(document, definition, code)
    items = {item["label"]: item for item in document["items"]}
    lifts = remedies(document, definition, code)
    return {
        "shown": what,
        "found": node,
        "is_checklist": definition.node(code).is_checklist,
        "parts": [_part(what, definition, child) for child in definition.node(code).children],
        "standings": [
            _standing(what, definition, items, name, words, node[name], lifts.get(name), beside)
            for name, words, beside in (
                ("claimed", "What the board agreed", of_node(document, node)),
                ("supported", "What the evidence supports", ""),
            )
        ],
        "items": [
            {
                "item": item,
                "agreed": _of(item_tags(document, item), item["level"], _lacking(item)) | {"standing": of_item(item)},
                "supported": _of(
                    item_tags(document, item), item["supported"], "–" if item["level"] is None else "None"
                ),
                "strength": STRENGTHS[item["strength"]],
            }
            for item in document["items"]
            if item["criterion"] == code
        ],
    }


def _part(what, definition, child):
    """Return what lies directly beneath a node, with its own levels."""
    found = result_of(what.document, definition, child.code)
    return {"node": child} | {
        name: _mark(what, found[name]["level"], STATUS_WORDS.get(found[name]["status"], ""))
        | {"figure": number_beside(found[name]), "standing": beside}
        for name, beside in (("claimed", of_node(what.document, found)), ("supported", ""))
    }


def _standing(what, definition, items, name, words, result, lift, beside):
    trace = result["trace"]

    def told(key):
        if key in items:
            return items[key]["statement"]
        return definition.node(key).name if key in definition.nodes else ""

    def went_in(each):
        """Return what a child or item brought in: a number, or a level on the scale of what it is rated on."""
        if each["key"] in items:
            return _of(item_tags(what.document, items[each["key"]]), each["level"], "none supported")
        if "value" in each:
            return {"rank": "", "name": decimal(Fraction(each["value"]))}
        return _mark(what, each["level"], "No level")

    held = set(trace["held_by"])
    caps = {cap["key"]: cap for cap in trace["caps"]}
    return {
        "name": name,
        "words": words,
        "mark": _mark(what, result["level"], STATUS_WORDS.get(result["status"], "")) | {"standing": beside},
        "number": number_beside(result),
        "sentence": result["sentence"],
        "rule": RULES.get(trace["rule"], (trace["rule"].replace("_", " ").capitalize(), result["sentence"])),
        "inputs": [
            each
            | {
                "words": told(each["key"]),
                "mark": went_in(each),
                "holds": each["key"] in held,
                "cap": _cap(what, items.get(each["key"]), caps.get(each["key"])),
            }
            for each in trace["inputs"]
        ],
        "left_out": [
            {"key": each["key"], "words": told(each["key"]), "why": each["reason"] or LEFT_OUT[each["why"]]}
            for each in trace["left_out"]
        ],
        "missing": [{"key": key, "words": told(key)} for key in trace["missing"]],
        "steps": [(step.replace("_", " "), what.names.get(rank, "no level")) for step, rank in trace["steps"].items()],
        "rounding": _rounding(trace["rounding"], "%" if trace["rule"] == "percent_of_maximum" else ""),
        "lift": lift,
    }


def _rounding(rounding, unit):
    """Say what the exact number was and what became of it before the level was looked up; "" where it stayed."""
    if not rounding or rounding["exact"] == rounding["rounded"]:
        return ""
    return (
        f"Exactly {decimal(Fraction(rounding['exact']), unit)}, {ROUNDED[rounding['mode']]} "
        f"{decimal(Fraction(rounding['rounded']), unit)}."
    )


def _lacking(item):
    if item["judgement"]:
        return "Not applicable"
    return "Not asked" if item.get("is_decided") else "Not agreed"


def _cap(what, item, cap):
    if cap is None or item is None:
        return ""
    claimed = item_tags(what.document, item)[cap["claimed"]]["name"]
    return (
        f"agreed {claimed}, which needs {STRENGTHS[cap['demand']]}; the best evidence in date is "
        f"{STRENGTHS[cap['strength']]}"
    )


def _mark(what, rank, otherwise):
    """Return a level as components/level_tag.html takes it."""
    return _of(tags(what.document["framework"]["levels"]), rank, otherwise)


def _of(found, rank, otherwise):
    return found.get(rank, {"rank": "", "name": otherwise})
