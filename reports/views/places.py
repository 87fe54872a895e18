"""A place's dashboard: its readiness, its profile, its evidence and what is being done."""

from datetime import date, timedelta
from urllib.parse import urlencode

from django.db.models import Q
from django.http import Http404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from assessments import permissions as rights
from assessments import reading
from assessments.models import Artefact, ArtefactLink
from assessments.selectors import versions_of
from assessments.standing import of_item, of_node
from assessments.workflow import EDITORS, Act
from improvement.models import Action
from improvement.verdicts import verdict_with
from partnership import stamps
from partnership.models import Place
from partnership.permissions import capacity as capacity_at
from partnership.prepared import prepared
from partnership.remembered import PARTS, asked
from reports import age_bars, bars, evidence_figures, figures, plotly_bars, plotly_profile, radar, svg, tables, verdicts
from reports.evidence_age import evidence_age
from reports.forms.narrowing import NarrowingForm
from reports.narrowing import Narrowing, narrowed
from reports.reviewed import reviewed_of
from reports.shown import choose, shown, with_present_plans

# An artefact is due for review so many days before its date.
REVIEW_DAYS = 90
VIEWS = ("profile", "radar")
# What the address may say besides the round.
IN_ADDRESS = ("view", "domain", "standing", "only")
# Where the page shows what a gate counts that looks at no node of the framework.
BEHIND_GATES = {
    "floor": "#profile",
    "coverage": "#coverage",
    "complete": "#profile",
    "splits_settled": "#split",
    "conditions_closed": "#actions",
}


@require_GET
def place(request, public_id):
    """Show a place's newest result, or the round that the address names."""
    today = timezone.localdate()
    here = next(iter(_here(user=request.user.pk, public_id=public_id, day=today)), None)
    if here is None:
        raise Http404("There is no such place for this person")
    capacity = capacity_at(user=request.user, place=here)
    wanted = request.GET.get("round")
    choice = choose(user=request.user, capacity=capacity, place=here, wanted=wanted)
    if wanted and choice.chosen is None:
        raise Http404("No such round at this place")
    stamp = (here.shown_hash, here.shown_of_portal, choice.stamp)
    context = {"place": here, "choice": choice, "rounds": _rounds(here, choice, stamp)}
    if choice.chosen and not choice.first:
        query, faceless = asked(request.GET, IN_ADDRESS), capacity.faceless()
        artefacts = _artefacts(
            user=request.user.pk,
            assessment=choice.chosen.pk,
            place=here.pk,
            day=today,
            last=today + timedelta(days=REVIEW_DAYS),
        )
        seen = tuple(each.pk for each in artefacts)
        context["result"] = PARTS.part(
            ("place", stamp, today, faceless, choice.chosen.pk, query.urlencode(), seen),
            lambda: render_to_string("reports/_place.html", _result(here, choice, faceless, today, query, artefacts)),
        )
    return TemplateResponse(request, "reports/place.html", context)


@prepared
def _here(*, user, public_id, day):
    """Return the place if somebody has a part there, with the stamp of all that is not one assessment's alone."""
    visible = Place.objects.visible_to(user, day).with_history().select_related("system", "part_of")
    return visible.filter(public_id=public_id).annotate(
        shown_hash=stamps.shown("system", "system__public_id"), shown_of_portal=stamps.shown_of_portal()
    )


def _rounds(here, choice, stamp):
    """Return the list of the rounds that somebody may read, which grows with the years."""
    readable = tuple(each.pk for each in choice.assessments)
    return PARTS.part(
        ("rounds", stamp, here.pk, readable, choice.chosen and choice.chosen.pk),
        lambda: render_to_string("reports/_rounds.html", {"place": here, "choice": choice}),
    )


def _result(here, choice, capacity, today, query, artefacts):
    """Return what the page says of the chosen assessment to anybody in a capacity who may open these artefacts."""
    what = with_present_plans(shown(assessment=choice.chosen, capacity=capacity, on=today))
    reviewed = reviewed_of(assessment=choice.chosen, capacity=capacity)
    narrowing = Narrowing.of(query, what.document) if choice.has_levels else Narrowing()
    view = query.get("view") if query.get("view") in VIEWS else "profile"
    context = {"place": here, "choice": choice, "today": today, "may_keep": capacity.roles & EDITORS}
    context |= _content(what, choice, today, reviewed, narrowing, view) | {
        "view": view,
        **_addresses(choice, narrowing, view, what.document),
        "versions": versions_of(assessment=choice.chosen),
        "may_plan": rights.can(Act.PLAN, capacity=capacity, assessment=choice.chosen),
    }
    context["behind"] = list(_behind(context["age"], artefacts))
    context["due"] = list(_due_for_review(here, artefacts, today))
    context["contents"] = list(_contents(context, choice))
    return context


def _addresses(choice, narrowing, view, document):
    """Return what writes the narrowing into addresses: the form, and the page in its other view and with nothing."""
    here = {"round": str(choice.chosen.public_id)}
    query = urlencode(narrowing.query, doseq=True)
    kept = here | ({"view": view} if view != "profile" else {})
    return {
        "narrowing": narrowing,
        "narrowing_words": narrowing.says(document),
        "narrowing_form": NarrowingForm(
            narrowing=narrowing,
            domains=document["domains"],
            tier=document["domains"][0]["tier"] if document["domains"] else "",
            kept=kept,
        ),
        "query": f"?{query}" if query else "",
        "profile_href": "?" + urlencode(here | narrowing.query, doseq=True),
        "radar_href": "?" + urlencode(here | {"view": "radar"} | narrowing.query, doseq=True),
        "all_href": "?" + urlencode(kept),
    }


def _contents(context, choice):
    """Yield what the page holds, in order, as pairs of an anchor and its words, with the number that matters."""
    some = not context["nothing_fits"]
    if choice.has_levels and some:
        yield "profile", "Profile"
        if context["review_lines"]:
            yield "reviewed", "Review"
    if some:
        total = context["coverage"].total
        yield "coverage", f"Evidence: {total.in_date} of {total.applicable}"
        yield "evidence", "Strength and age"
    yield "due", f"Due for review: {len(context['due'])}"
    if choice.has_levels and some:
        yield "split", f"Split: {len(context['split'])}"
    late = f", {context['late']} overdue" if context["late"] else ""
    yield "actions", f"Actions: {len(context['open_actions'])} open{late}"
    for pathway in context.get("pathways", ()):
        yield f"pathway-{pathway['code']}", f"Gates: {pathway['name']}"


def _content(what, choice, today, reviewed, narrowing, view):
    whole, assessment = what.document, choice.chosen
    links = {code: reverse("reports:level", args=[assessment.public_id, code]) for code in _codes(whole)}
    document = narrowed(whole, narrowing)
    nothing_fits = not document["criteria"]
    if nothing_fits:
        document = whole
    age = evidence_age(document)
    age_links = {row.code: f"#evidence-{row.code}" for row in age.rows if row.total}
    coverage = evidence_figures.coverage(document)
    purposes = _purposes(whole)
    actions = [_action(action, what, purposes, links, today) for action in what.present_actions]
    context = {
        "shown": what,
        "nothing_fits": nothing_fits,
        "noun": reading.noun_of(document),
        "links": links,
        "coverage": coverage,
        "coverage_drawings": list(_drawings_of_coverage(coverage, document, links)),
        "coverage_plotly": None if coverage.is_folded else plotly_bars.coverage(coverage, links=links),
        "age": age,
        "age_table": tables.evidence_age(age),
        "age_svg": mark_safe(age_bars.evidence_age(age, links=age_links)),
        "age_narrow": mark_safe(age_bars.narrow_evidence_age(age, links=age_links)),
        "age_plotly": plotly_bars.evidence_age(age, links=age_links),
        "bare": [item for item in document["items"] if reading.counts(item) and not item["strength"]],
        "actions": actions,
        "open_actions": [action for action in actions if action["is_open"]],
        "closed_actions": [action for action in actions if not action["is_open"]],
        "late": sum(action["is_late"] for action in actions),
    }
    if not choice.has_levels:
        return context
    profile = figures.profile(document, reviewed.levels)
    return context | {
        "reviewed": reviewed,
        "review_lines": reviewed.lines(document),
        "profile": profile,
        **(_radar(profile, links) if view == "radar" else _chart(profile, links)),
        "outlook": figures.outlook(whole, figures.profile(whole)),
        "movement": figures.movement(profile),
        "pathways": [_pathway(pathway, whole, actions, links, today) for pathway in whole["improvement"]["pathways"]],
        "targets": reading.target_day(document),
        "has_targets": any(row.target for row in profile.rows),
        "whole": document.get("whole"),
        "whole_standing": document.get("whole") and of_node(document, document["whole"]),
        "domains": _domains(document, profile),
        "split": [_split(document, item) for item in document["items"] if item["spread"] and item["spread"]["split"]],
    }


def _radar(profile, links):
    return {
        "radar_svg": mark_safe(radar.radar(profile, links=links)),
        "radar_narrow": mark_safe(radar.narrow_radar(profile, links=links)),
    }


def _chart(profile, links):
    """Return the profile as its chart's drawings and, where it is not folded, its figure."""
    return {
        "profile_drawings": list(_drawings_of_profile(profile, links)),
        "profile_plotly": None if profile.is_folded else plotly_profile.profile(profile, links=links),
    }


def _drawings_of_profile(profile, links):
    """Yield the profile's drawings: one, or where it is folded one for each domain; the first unfinished is open."""
    parts = list(profile.by_domain()) if profile.is_folded else [("", profile)]
    unfinished = next((name for name, part in parts if part.is_unfinished), None)
    for name, part in parts:
        yield {
            "name": name,
            "message": part.message,
            "is_open": name == unfinished,
            "wide": mark_safe(svg.profile(part, links=links)),
            "narrow": mark_safe(svg.narrow_profile(part, links=links)),
        }


def _drawings_of_coverage(coverage, document, links):
    """Yield the drawings of evidence coverage: one, or where it is folded one for each domain."""
    for name, part in coverage.by_domain(document) if coverage.is_folded else [("", coverage)]:
        yield {
            "name": name,
            "message": part.message,
            "wide": mark_safe(bars.coverage(part, links=links)),
            "narrow": mark_safe(bars.narrow_coverage(part, links=links)),
        }


def _codes(document):
    """Return the codes of all nodes of which a level is shown: a gate may name one between domain and criterion."""
    shown = {node["code"] for node in document["criteria"] + document["domains"] + document.get("tiers", [])}
    gates = (gate["node"] for pathway in document["improvement"]["pathways"] for gate in pathway["gates"])
    return sorted(shown | set(filter(None, gates)))


def _split(document, item):
    """Return an item on which scores were split with what was agreed in words, "" where no level was."""
    agreed = reading.item_tags(document, item).get(item["level"])
    return item | {"agreed": f"{agreed['name']}, {of_item(item)}" if agreed else ""}


def _domains(document, profile):
    """Return the profile as a table by domain: tiers between with their own results, and criteria; all link on."""
    nodes = {domain["code"]: domain for domain in document["domains"]}
    criteria = {criterion["code"]: criterion for criterion in document["criteria"]}
    return [
        {
            "node": nodes[group.code],
            "standing": of_node(document, nodes[group.code]),
            "is_criterion": group.is_criterion,
            "lines": [
                {"node": node, "row": rows.get(node["code"]), "standing": of_node(document, node)}
                for rows in [{row.code: row for row in group.rows}]
                for node in reading.in_order(document, nodes[group.code], criteria)
            ],
        }
        for group in profile.groups
    ]


def _pathway(pathway, document, actions, links, today):
    """
    Return a pathway with its verdict in words, its day, and at each gate what lies behind it and what is planned now.

    `now` is the verdict that these actions make of the same gates, where it differs.
    """
    days = {
        action["id"]: {"due_on": date.fromisoformat(action["due_on"])} for action in document["improvement"]["actions"]
    }
    planned = {}
    for action in actions:
        if action["pathway"] == pathway["code"] and action["is_open"]:
            planned.setdefault(action["gate"], []).append(action)
    now = verdict_with(pathway, remedied=set(planned))
    gates = [
        gate
        | {
            "planned": planned.get(gate["code"], []),
            "outcome": verdicts.OUTCOMES[gate["status"]],
            "href": links[gate["node"]] if gate["node"] else BEHIND_GATES.get(gate["kind"], ""),
        }
        for gate in pathway["gates"]
    ]
    return pathway | {
        "heading": verdicts.heading(pathway),
        "sentence": verdicts.sentence(pathway, days),
        "planned": verdicts.planned(pathway, reading.planned(document, pathway["code"]), on=today),
        "late": sum(
            action["is_late"] for gate in verdicts.failing(pathway) for action in planned.get(gate["code"], ())
        ),
        "prospect": verdicts.prospect(pathway, document["improvement"]),
        "now": verdicts.VERDICTS[now] if now != pathway["verdict"] else "",
        "failing": [gate for gate in gates if gate["status"] != "pass"],
        "passing": [gate for gate in gates if gate["status"] == "pass"],
    }


def _purposes(document):
    """Return what an action may be for, in words: criteria by code, gates by the codes of pathway and gate."""
    criteria = {node["code"]: f"{node['code']} {node['name']}" for node in document["criteria"] + document["domains"]}
    gates = {
        (pathway["code"], gate["code"]): f"{pathway['name']}, gate {gate['code']}"
        for pathway in document["improvement"]["pathways"]
        for gate in pathway["gates"]
    }
    return criteria | gates


def _action(action, what, purposes, links, today):
    purpose = action["criterion"] or (action["pathway"], action["gate"])
    due_on, is_open = date.fromisoformat(action["due_on"]), action["status"] == Action.Status.OPEN
    return action | {
        "due_on": due_on,
        "is_late": is_open and due_on < today,
        "status": Action.Status(action["status"]).label,
        "is_open": is_open,
        "purpose": purposes.get(purpose, ""),
        "purpose_href": links.get(action["criterion"]) or f"#pathway-{action['pathway']}",
        "expected": what.names.get(action["expected_level"], ""),
    }


@prepared
def _artefacts(*, user, assessment, place, day, last):
    """Return the artefacts that an assessment cites or that are due for review, as far as somebody may open them."""
    cited = ArtefactLink.objects.filter(item__assessment=assessment).values("artefact")
    due = Q(place=place, ended_on=None, review_by__lte=last)
    return Artefact.objects.visible_to(user, day).filter(due | Q(pk__in=cited)).order_by("title", "pk")


def _behind(age, artefacts):
    """Yield each strength with the artefacts of it that the person may open, and how many others there are."""
    for row in age.rows:
        shown = [artefact for artefact in artefacts if str(artefact.public_id) in row.artefacts]
        if row.total:
            yield {"row": row, "artefacts": shown, "others": row.total - len(shown)}


def _due_for_review(here, artefacts, today):
    """Return the artefacts in the register whose day of review is near or over, soonest first."""
    last = today + timedelta(days=REVIEW_DAYS)
    here = [each for each in artefacts if each.place_id == here.pk and not each.ended_on]
    due = [each for each in here if each.review_by and each.review_by <= last]
    for artefact in sorted(due, key=lambda each: (each.review_by, each.title)):
        yield {"artefact": artefact, "is_over": artefact.review_by < today}
