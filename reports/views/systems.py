"""A system's pages: the round's progress, what its places have submitted, one criterion at all of them, its rounds."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_GET

from assessments import permissions as rights
from assessments import review_table
from assessments.documents import stored
from assessments.models import Round
from assessments.round_table import load_progress
from assessments.services.rounds import OPENERS
from assessments.workflow import SHARED_WITH_ICB, Act, State
from frameworks.definition import load
from improvement.permissions import PLANNERS
from improvement.selectors import help_with, places_spoken_for
from partnership.remembered import PARTS, asked
from reports import plotly_bars, stack_bars, stacks, tables
from reports.counted import round_by_round, rounds_until
from reports.forms.systems import SystemForm
from reports.matrix import Wanted, matrix, narrowed
from reports.sight import Sight, get_sight, stamp_of, submitted_last

STATES = [state for state in State if state in SHARED_WITH_ICB]
# What the address may say.
IN_ADDRESS = ("round", "domain", "standing", "state")


@dataclass(frozen=True)
class Seen:
    """What a person sees of a system: the round whose results are shown, None where there is none, and its matrix."""

    system: object
    sight: Sight
    rounds: list
    newest: Round | None
    chosen: Round | None
    state: str
    matrix: object
    assessments: dict

    @property
    def places(self):
        """The levels' places on the scale by rank, from 1: they choose the blue."""
        return {rank: place for place, (rank, _) in enumerate(self.matrix.levels, start=1)} if self.matrix else {}

    @property
    def has_several(self):
        """Say whether there are several places to count: how the levels of one lie says its row."""
        return bool(self.matrix) and len(self.matrix.rows) > 1

    @property
    def query(self):
        """What the address says of the round and the state."""
        return {"round": str(self.chosen.public_id)} | ({"state": self.state} if self.state else {})


@require_GET
def system(request, public_id):
    """Show a round's progress and its submitted places: the newest that has any, or the round that is asked for."""
    # First of all, so that nothing is older than what it is kept under.
    shown, whole = stamp_of(public_id=public_id)
    found = get_sight(user=request.user, public_id=public_id).faceless()
    query, today = asked(request.GET, IN_ADDRESS), timezone.localdate()
    # Both parts name the rounds, which are read once, and by neither where both were made before.
    rounds = cache(partial(_rounds, found))
    same = (found, today, query.urlencode())
    return TemplateResponse(
        request,
        "reports/system.html",
        {
            "system": found.system,
            "progress": PARTS.part(
                ("progress", whole if found.watches else shown, *same),
                lambda: render_to_string("reports/_progress.html", _progress(found, rounds(), query, today)),
            ),
            "results": PARTS.part(
                ("results", shown, *same),
                lambda: render_to_string("reports/_results.html", _results(_seen(found, rounds(), query), query)),
            ),
        },
    )


def _progress(found, rounds, query, today):
    """Return how far the places have come in the newest round, for those who watch the system, and where else to go."""
    newest, chosen = _chosen(rounds, query.get("round"))
    return {
        "system": found.system,
        "watches": found.watches,
        "kept_back": bool(found.kept_back),
        "newest": newest,
        "chosen": chosen,
        # How far others are is not for the places.
        "rows": load_progress(opened=newest, day=today) if newest and found.watches else [],
        "may_open": bool(found.capacity.roles & OPENERS),
    }


def _results(seen, query):
    """Return what the places have submitted."""
    wanted = Wanted.of(query, seen.matrix)
    context = _context(seen) | {
        "rounds": seen.rounds,
        "matrix": seen.matrix and narrowed(seen.matrix, wanted),
        "whole": seen.matrix,
        "cells": _cells(seen) if seen.matrix else {},
        "links": _links(seen),
        "wanted_words": _words(seen, wanted),
    }
    if seen.has_several:
        context["lies"] = _drawn(stacks.by_criterion(seen.matrix), context["criterion_links"], of="Criterion")
    if seen.chosen:
        here, system = {"round": str(seen.chosen.public_id)}, seen.system.public_id
        context |= {"form": _form(seen, wanted), "all_href": reverse("reports:system", args=[system], query=here)}
    return context


@require_GET
def criterion(request, public_id, code):
    """Show one criterion at all places: how its levels lie, now and round by round, who can help and who asks."""
    seen = _look(request, public_id)
    if seen.chosen is None:
        # The page says what will come.
        return redirect("reports:system", public_id)
    definition = load(seen.chosen.framework_version.definition)
    codes = [node.code for node in definition.criteria]
    if code not in codes:
        raise Http404(f"There is no criterion {code}")
    place = codes.index(code)
    own = list(places_spoken_for(user=request.user, system=seen.system, roles=PLANNERS))
    framework = seen.chosen.framework_version.framework_id
    rows = list(help_with(system=seen.system, framework=framework, code=code, on=timezone.localdate()))
    context = _context(seen) | {
        "node": definition.node(code),
        "criterion_query": "?" + urlencode(seen.query | {"code": code}),
        "lines": _lines(seen, code),
        "offers": [each for each in rows if each.kind == "OFFER"],
        "asks": [each for each in rows if each.kind == "ASK"],
        "own": own,
        "own_keys": {each.pk for each in own},
        "before": codes[place - 1] if place else None,
        "after": codes[place + 1] if place + 1 < len(codes) else None,
        "links": _links(seen),
    }
    if seen.has_several:
        context["lies"] = _drawn(stacks.of_criterion(seen.matrix, code), of="Standing")
    if seen.matrix:
        context["over_rounds"] = _drawn(_over_rounds(seen, definition, [code])[code], of="Round")
    return TemplateResponse(request, "reports/system_criterion.html", context)


@require_GET
def rounds(request, public_id):
    """Show how many places were at which level of each criterion, round by round."""
    seen = _look(request, public_id)
    if seen.chosen is None:
        # The page says what will come.
        return redirect("reports:system", public_id)
    definition = load(seen.chosen.framework_version.definition)
    codes = [node.code for node in definition.criteria]
    found = _over_rounds(seen, definition, codes)
    context = _context(seen) | {
        "levels": [(level.rank, level.name) for level in definition.scale.levels],
        "level_places": {level.rank: place for place, level in enumerate(definition.scale.levels, start=1)},
        "compared": rounds_until(seen.chosen, seen.rounds),
        "lines": [
            (definition.node(code), [_listed(each, found[code].levels) for each in found[code].bars]) for code in codes
        ],
    }
    return TemplateResponse(request, "reports/system_rounds.html", context)


@dataclass(frozen=True)
class Chart:
    """How a system's chart is made from what a person sees, and what its rows are called."""

    figure: Callable
    of: str


CHARTS = {
    "levels": Chart(lambda seen, definition, code: stacks.by_criterion(seen.matrix), "Criterion"),
    "criterion": Chart(lambda seen, definition, code: stacks.of_criterion(seen.matrix, code), "Standing"),
    "rounds": Chart(lambda seen, definition, code: _over_rounds(seen, definition, [code])[code], "Round"),
}
KINDS = {
    "svg": ("image/svg+xml", lambda chart, figure: stack_bars.stacks(figure)),
    "csv": ("text/csv; charset=utf-8", lambda chart, figure: tables.csv_text(tables.stacks(figure, of=chart.of))),
}


@require_GET
def chart(request, public_id, name, kind):
    """Give a chart of a system's page as a file, to those who see it there."""
    seen = _look(request, public_id)
    if name not in CHARTS or kind not in KINDS:
        raise Http404("No such chart")
    if not seen.matrix:
        # The page says why.
        return redirect("reports:system", public_id)
    definition, code = load(seen.chosen.framework_version.definition), request.GET.get("code", "")
    if name != "levels" and code not in dict(seen.matrix.criteria):
        raise Http404(f"There is no criterion {code}")
    media_type, write = KINDS[kind]
    title = slugify(" ".join([seen.system.name, seen.chosen.name, name, code]))
    return HttpResponse(
        write(CHARTS[name], CHARTS[name].figure(seen, definition, code)),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{title}.{kind}"', "X-Content-Type-Options": "nosniff"},
    )


def _look(request, public_id) -> Seen:
    found = get_sight(user=request.user, public_id=public_id)
    return _seen(found, _rounds(found), request.GET)


def _seen(found, rounds, query) -> Seen:
    newest, chosen = _chosen(rounds, query.get("round"))
    state = query.get("state", "") if query.get("state") in STATES else ""
    snapshots = found.snapshots(chosen) if chosen and chosen.submitted else []
    snapshots = [each for each in snapshots if state in ("", each.assessment.state)]
    assessments = {str(each.assessment.public_id): each.assessment for each in snapshots}
    made = matrix(
        [stored(each) for each in snapshots],
        {key: _note(each) for key, each in assessments.items()},
        _reviewed(found, [each.assessment for each in snapshots]),
    )
    return Seen(found.system, found, rounds, newest, chosen, state, made, assessments)


def _rounds(found):
    """Return the system's rounds, the newest first, with how many places' results are seen; others see these alone."""
    seen = found.of(submitted_last().filter(system=found.system))
    rounds = (
        Round.objects.filter(system=found.system)
        .select_related("framework_version")
        .defer("framework_version__definition")
        .annotate(submitted=Count("assessments", filter=Q(assessments__in=seen.values("pk"))))
        .order_by("-opens_on", "-pk")
    )
    return [each for each in rounds if found.watches or each.submitted]


def _chosen(rounds, wanted):
    """Return the newest round, and the one whose results to show; None where there is none."""
    newest = next(iter(rounds), None)
    if not wanted:
        return newest, next((each for each in rounds if each.submitted), newest)
    for each in rounds:
        if str(each.public_id) == wanted:
            return newest, each
    raise Http404("No such round in this system")


def _reviewed(found, assessments):
    """Return the reviewers' levels by assessment and criterion, for those who see a review while it is made."""
    seen = [
        each
        for each in assessments
        if each.state != State.SUBMITTED and rights.can(Act.READ_DRAFT_REVIEW, capacity=found.capacity, assessment=each)
    ]
    keys = {each.pk: str(each.public_id) for each in seen}
    standing = review_table.standing(assessments=seen) if seen else {}
    return {
        keys[key]: {code: finding.level for code, finding in by_code.items() if finding.level is not None}
        for key, by_code in standing.items()
    }


def _note(assessment):
    """Say which version of several a place's row shows, whether a newer one is being made, and if the place closed."""
    words = [f"version {assessment.number}"] if assessment.is_one_of_several else []
    if assessment.is_superseded:
        words.append("re-opened since")
    if closed := assessment.place.closing_words:
        words.append(closed[0].lower() + closed[1:])
    return ", ".join(words)


def _context(seen):
    codes = [code for code, _ in seen.matrix.criteria] if seen.matrix else []
    return {
        "system": seen.system,
        "watches": seen.sight.watches,
        "kept_back": bool(seen.sight.kept_back),
        "chosen": seen.chosen,
        "places": seen.places,
        "query": "?" + urlencode(seen.query) if seen.chosen else "",
        "criterion_links": {
            code: reverse("reports:system_criterion", args=[seen.system.public_id, code], query=seen.query)
            for code in codes
        },
    }


def _cells(seen):
    """Return each cell and part of the matrix as markup; those that look alike are drawn once."""
    drawn, found = {}, {}
    for row in seen.matrix.rows:
        for template, cells in (("_matrix_cell", row.cells), ("_matrix_part", row.parts)):
            for cell in cells:
                if cell.look not in drawn:
                    shown = {"cell": cell, "places": seen.places}
                    drawn[cell.look] = render_to_string(f"reports/{template}.html", shown)
                found[cell] = drawn[cell.look]
    return found


def _links(seen):
    """Return, by assessment, whether the person may open its own pages: what peers share has a report alone."""
    return {key: seen.sight.may_open(each) for key, each in seen.assessments.items()}


def _form(seen, wanted):
    return SystemForm(
        shown=seen.query | wanted.query,
        rounds=seen.rounds,
        domains=[(code, name) for code, name, _ in seen.matrix.domains] if seen.matrix else [],
        tier=seen.matrix.tier if seen.matrix else "Domain",
        states=STATES,
    )


def _words(seen, wanted):
    told = [wanted.says(seen.matrix)] if seen.matrix and wanted else []
    return "; ".join(told + ([State(seen.state).label] if seen.state else []))


def _drawn(figure, links=None, *, of):
    """Return a chart in all its forms, as reports/_stacks.html takes it."""
    return {
        "figure": figure,
        "svg": mark_safe(stack_bars.stacks(figure, links=links)),
        "narrow": mark_safe(stack_bars.narrow_stacks(figure, links=links)),
        "plotly": plotly_bars.stacks(figure, links=links or {}),
        "table": tables.stacks(figure, of=of),
        "links": links or {},
    }


def _over_rounds(seen, definition, codes):
    """Return, by criterion, the chart of its levels round by round, up to the chosen one."""
    levels = tuple((level.rank, level.name) for level in definition.scale.levels)
    shown = rounds_until(seen.chosen, seen.rounds)
    found = round_by_round(sight=seen.sight, chosen=seen.chosen, rounds=shown, codes=codes, levels=levels)
    return {code: stacks.over_rounds(definition.node(code).name, bars, levels) for code, bars in found.items()}


def _listed(bar, levels):
    """Return a bar for a table's cell: each level that some are at, with its place on the scale, from 1."""
    counts = [
        {"place": place, "rank": rank, "name": name, "number": number}
        for place, ((rank, name), number) in enumerate(zip(levels, bar.counts, strict=True), start=1)
        if number
    ]
    return {"bar": bar, "counts": counts}


def _lines(seen, code):
    """Return a line for each place with its cell of one criterion."""
    return [
        {"row": row, "cell": cell}
        for row in (seen.matrix.rows if seen.matrix else ())
        for cell in row.cells
        if cell.code == code
    ]
