"""Trying a framework version before it is used: the assessor's page, and what follows from made-up items."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from assessments.criterion_items import grouped
from assessments.forms.trial import CountsForm
from assessments.trial_sheet import posted_items, sheet_of, tried_items
from assessments.views.score_rows import shown_levels
from frameworks import golden
from frameworks import trial as trials
from frameworks.definition import DefinitionError, load
from frameworks.gaps import gaps
from frameworks.selectors import get_version, state
from frameworks.trace import Standing, Status
from frameworks.tree import Node
from frameworks.trial import Trial
from frameworks.wording import decimal
from frameworks.writing_yaml import write_golden

# What lies beneath a node is folded by branch where it has more rows than this.
MOST_ROWS = 40

WORDS = {Standing.CLAIMED: "As agreed", Standing.SUPPORTED: "As evidence supports"}
STATUS_WORDS = {
    Status.INCOMPLETE: "Incomplete",
    Status.NOT_APPLICABLE: "Not applicable",
    Status.NONE_SUPPORTED: "No level",
    Status.NO_LEVEL: "No single level",
}


@dataclass(frozen=True)
class Address:
    """Where a trial stands: its version, its items, and the golden case that was opened, by its number from 1."""

    version: object
    # None where the trial is the golden case itself, as it stands.
    items: str | None = None
    case: str = ""

    def of(self, code=""):
        """Return the address of a node's page with this trial."""
        name, values = ("trial_node", [self.version.public_id, code]) if code else ("trial", [self.version.public_id])
        query = {"case": self.case} if self.case else {}
        if self.items or (self.case and self.items is not None):
            query["tried"] = self.items
        path = reverse(f"assessments:{name}", args=values)
        return f"{path}?{urlencode(query)}" if query else path


@dataclass(frozen=True)
class Shown:
    """A node with what it comes to: level tags and sentences for both standings, and how deep it lies."""

    node: Node
    href: str
    depth: int
    standings: tuple


@require_http_methods(["GET", "POST"])
def trial(request, public_id, code=""):
    version = get_version(user=request.user, public_id=public_id)
    try:
        definition = load(version.definition)
    except DefinitionError as error:
        raise Http404("The version's definition is not sound") from error
    if code not in definition.nodes:
        raise Http404("The framework has no such part")
    node = definition.node(code)
    sent = request.POST if request.method == "POST" else request.GET
    tried, case, problem = _tried(definition, sent)
    counts = CountsForm(initial={name: getattr(tried, name) for name in CountsForm.base_fields})
    if request.method == "POST":
        if node.is_criterion:
            tried = tried.with_items(code, posted_items(node, request.POST))
        else:
            counts = CountsForm(request.POST)
            tried = replace(tried, **counts.cleaned_data) if counts.is_valid() else tried
    try:
        address = Address(version, trials.write(tried), sent.get("case", "") if case else "")
    except trials.TooLong:
        address = Address(version, sent.get("tried", ""))
        problem = "This trial has more items than an address can hold, so the last change was not kept. Take some out."
    if request.method == "POST" and not problem and not counts.errors:
        return redirect(address.of(_next(definition, node) if request.POST.get("then") == "next" else code))
    return TemplateResponse(request, "assessments/trial.html", _context(tried, node, case, address, counts, problem))


def _tried(definition, sent):
    """Return the trial that was sent, the golden case that was opened if any, and what is wrong with them."""
    case = _case(definition, sent.get("case", ""))
    try:
        tried = trials.read(definition, sent.get("tried", ""))
    except trials.Unreadable:
        return Trial(definition), None, "The address of this trial was cut, so that it begins anew."
    if case and "tried" not in sent:
        tried = trials.from_case(definition, case)
    return tried, case, ""


def _case(definition, number):
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        return None
    return dict(enumerate(definition.golden, start=1)).get(int(number))


def _next(definition, node):
    """Return the code of the criterion after this one, "" after the last."""
    codes = [each.code for each in definition.criteria]
    return next(iter(codes[codes.index(node.code) + 1 :]), "") if node.code in codes else ""


def _context(tried, node, case, address, counts, problem):
    definition = tried.definition
    path = _path(definition, node)
    items = tried_items(definition, node, tried.items.get(node.code, ())) if node.is_criterion else []
    sheet = sheet_of(definition, node, items)
    codes = [each.code for each in definition.criteria]
    at = codes.index(node.code) if node.is_criterion else -1
    compared = list(golden.compare(definition, case, tried.facts)) if case else []
    return {
        "version": address.version,
        "state": state(address.version),
        "definition": definition,
        "node": node,
        "links": [{"href": address.of(each.code), "text": each.name} for each in reversed(path[1:])],
        "address": address,
        "here": address.of(node.code),
        "problem": problem,
        "lost": tried.lost,
        "groups": grouped((each.sheet.group, each) for each in items),
        "levels": shown_levels(sheet.described, node.descriptors) if sheet.described else (),
        "answers": sheet.answers,
        "counts": counts,
        "previous": definition.criteria[at - 1] if at > 0 else None,
        "next": definition.criteria[at + 1] if 0 <= at < len(codes) - 1 else None,
        "previous_href": address.of(codes[at - 1]) if at > 0 else "",
        "next_href": address.of(codes[at + 1]) if 0 <= at < len(codes) - 1 else "",
        "path": [_shown(tried, each, address, lifts=True) for each in path],
        "beneath": _parts_beneath(tried, node, address),
        "pathways": list(tried.gates()),
        "case": case,
        "compared": compared,
        "differing": [each for each in compared if not each.holds],
        "cases": [
            (each, Address(address.version, case=str(number)).of()) for number, each in enumerate(definition.golden, 1)
        ],
        "yaml": "" if node.code else write_golden(trials.golden_case(tried)),
        "gaps": () if node.code else gaps(definition),
        "first": (definition.criteria[0], address.of(codes[0])),
        "anew": Address(address.version).of(node.code),
    }


def _path(definition, node):
    """Return the node and all above it, the root last."""
    path = [node]
    while path[-1].parent_code is not None:
        path.append(definition.node(path[-1].parent_code))
    return path


def _parts_beneath(tried, node, address):
    """Return tables of what lies beneath a node, with what each is folded under: none, or its first row."""
    is_folded = sum(1 for _ in node.walk()) > MOST_ROWS
    open_rows, folded = [], []
    for child in node.children:
        rows = [_shown(tried, child, address), *_beneath(tried, child, address, 1)]
        if is_folded and child.children:
            folded.append((rows[0], rows))
        else:
            open_rows += rows
    return [(None, open_rows), *folded] if open_rows else folded


def _beneath(tried, node, address, depth=0):
    for child in node.children:
        yield _shown(tried, child, address, depth=depth)
        yield from _beneath(tried, child, address, depth + 1)


def _shown(tried, node, address, *, depth=0, lifts=False):
    lifted = dict(tried.lifts(node.code)) if lifts else {}
    standings = [
        {
            "words": WORDS[standing],
            "mark": _mark(tried, result),
            "sentence": tried.sentence(result),
            "lift": lifted.get(standing, ""),
        }
        for standing, result in tried.results(node.code).items()
    ]
    return Shown(node, address.of(node.code), depth, tuple(standings))


def _mark(tried, result):
    scale = tried.definition.scale
    if result.level is not None:
        place = scale.ranks.index(result.level) + 1
        return {"rank": place, "of": len(scale.ranks), "number": result.level, "name": scale.name(result.level)}
    name = STATUS_WORDS[result.status]
    if result.status == Status.NO_LEVEL and result.value is not None:
        name = decimal(result.value, "%" if result.trace.rule == "percent_of_maximum" else "")
    return {"rank": None, "of": len(scale.ranks), "number": "", "name": name}
