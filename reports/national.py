"""
All systems in numbers: reads of how far each has come, and of how the levels of its places lie.

Readers may not read each place, so of fewer than `FEWEST` submitted places nothing is counted. What a round keeps at
its places is not counted at all.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, F, Q

from assessments.models import Assessment, Round
from assessments.workflow import State
from frameworks.definition import load
from frameworks.models import FrameworkVersion
from frameworks.wording import counted
from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import OF_SYSTEM
from reports.counted import what
from reports.models import SealedLevel, SealedVerdict
from reports.sight import submitted_last
from reports.stacks import FEWEST, Bar, Stacks, bar, upper_half

ALL = ""


def systems_watched(*, user):
    """
    Return the keys of the systems that a person watches, and let them pass who watch one, and administrators.

    :raises PermissionDenied: for anybody else
    """
    parts = Membership.objects.current().filter(user=user, role__in=OF_SYSTEM, system__isnull=False)
    watched = set(parts.values_list("system", flat=True))
    if not watched and not user.is_superuser:
        raise PermissionDenied("Only those who watch a system, and administrators, see all systems in numbers.")
    return watched


@dataclass(frozen=True)
class Line:
    """
    One system. `states` are pairs of a state in words and how many places of its newest round are in it.

    `shown` is the newest round with submitted results, None where there is none; `submitted` how many places those
    are, `bar` how their levels lie, None where another framework was used. `verdicts` are counts by pathway, in the
    order of the framework's, None where they are not shown.
    """

    system: object
    newest: Round
    places: int
    states: tuple[tuple[str, int], ...]
    shown: Round | None
    submitted: int
    bar: Bar | None
    verdicts: tuple[tuple[tuple[str, int], ...], ...] | None
    note: str = ""

    @property
    def is_hidden(self):
        return 0 < self.submitted < FEWEST


@dataclass(frozen=True)
class Overview:
    """
    All systems by name. `framework` is the one whose levels are shown, None where nothing is submitted anywhere;
    `frameworks` are all that were used; `nodes` what can be chosen of it, as pairs of code and name, and `code` what
    is, "" for all criteria together.
    """

    lines: tuple[Line, ...]
    figure: Stacks | None
    framework: object | None
    frameworks: tuple
    nodes: tuple[tuple[str, str], ...]
    code: str
    pathways: tuple[str, ...]


def overview(*, framework="", code="") -> Overview:
    """Return all systems with what is asked for, by the codes of a framework and a node; six queries."""
    newest, shown = _rounds()
    used = Counter(each.framework_version.framework for each in shown.values())
    frameworks = tuple(sorted(used, key=lambda each: each.name))
    chosen = next((each for each in frameworks if each.code == framework), None)
    chosen = chosen or max(frameworks, key=lambda each: (used[each], each.name), default=None)
    versions = {each.framework_version for each in shown.values() if each.framework_version.framework == chosen}
    definitions = {each.pk: load(each.definition) for each in versions}
    latest = definitions[max(definitions)] if definitions else None
    nodes = tuple((node.code, node.name) for domain in latest.domains for node in domain.walk()) if latest else ()
    code = code if code in dict(nodes) else ALL
    rounds = {each.pk: each for each in shown.values() if each.framework_version_id in definitions}
    levels, verdicts = (_levels(rounds, code), _verdicts(rounds)) if rounds else ({}, {})
    states = _states(newest)
    lines = tuple(
        _line(system, newest[system], shown.get(system), states, definitions, latest, levels, verdicts)
        for system in sorted(newest, key=lambda system: system.name)
    )
    return Overview(
        lines=lines,
        figure=_figure(lines, latest, dict(nodes).get(code, "")) if latest else None,
        framework=chosen,
        frameworks=frameworks,
        nodes=nodes,
        code=code,
        pathways=tuple(pathway.name for pathway in latest.pathways) if latest else (),
    )


def _rounds():
    """
    Return, by system, the newest round and the newest with results that the ICB shares; three queries.

    Of the others, of which there are more each year, nothing is read but how many results they have.
    """
    newest, shown, counts = {}, {}, {}
    for key, system, submitted in _every():
        newest[system], counts[key] = key, submitted
        if submitted:
            shown[system] = key
    rounds = {each.pk: each for each in _some(rounds={*newest.values(), *shown.values()})}
    versions = {each.pk: each for each in _versions(versions={each.framework_version_id for each in rounds.values()})}
    for each in rounds.values():
        each.framework_version, each.submitted = versions[each.framework_version_id], counts[each.pk]
    return tuple({rounds[key].system: rounds[key] for key in found.values()} for found in (newest, shown))


@prepared
def _every():
    counted = submitted_last().exclude(round__visibility=Round.Visibility.PLACE)
    rounds = Round.objects.annotate(submitted=Count("assessments", filter=Q(assessments__in=counted.values("pk"))))
    return rounds.values_list("pk", "system", "submitted").order_by("opens_on", "pk")


@prepared
def _some(*, rounds):
    return Round.objects.filter(pk__in=rounds).select_related("system")


@prepared
def _versions(*, versions):
    return FrameworkVersion.objects.filter(pk__in=versions).select_related("framework")


def _states(newest):
    """Return how many places of the newest rounds are in which state, by round; one query."""
    found = defaultdict(Counter)
    for key, state, number in _by_state(rounds={each.pk for each in newest.values()}):
        found[key][state] += number
    return found


@prepared
def _by_state(*, rounds):
    rows = Assessment.objects.newest().filter(round__in=rounds)
    return rows.values_list("round", "state").annotate(n=Count("pk")).order_by()


def _of(model, rounds):
    """Return the rows of what was submitted last in these rounds, with the round's key."""
    seen = submitted_last().filter(round__in=rounds)
    return model.objects.filter(seal__assessment__in=seen).annotate(round=F("seal__assessment__round")).order_by()


def _levels(rounds, code):
    """Return how often which level is supported, by round: at one node, or over all criteria; one query."""
    found = defaultdict(list)
    for key, status, level, number in _at(rounds=set(rounds), code=code) if code else _at_all(rounds=set(rounds)):
        found[key].append((what(status, level), number))
    return found


@prepared
def _at(*, rounds, code):
    return _by_level(_of(SealedLevel, rounds).filter(node__code=code))


@prepared
def _at_all(*, rounds):
    return _by_level(_of(SealedLevel, rounds).filter(node__is_criterion=True))


def _by_level(rows):
    return rows.values_list("round", "supported_status", "supported").annotate(n=Count("pk"))


def _verdicts(rounds):
    """Return how many places have which verdict, by round and pathway; one query."""
    found = defaultdict(Counter)
    for key, pathway, verdict, number in _by_verdict(rounds=set(rounds)):
        found[key, pathway][verdict] += number
    return found


@prepared
def _by_verdict(*, rounds):
    return _of(SealedVerdict, rounds).values_list("round", "pathway", "verdict").annotate(n=Count("pk"))


def _line(system, newest, shown, states, definitions, latest, levels, verdicts):
    counts = states[newest.pk]
    submitted = shown.submitted if shown else 0
    made, told, note = None, None, ""
    if shown and shown.framework_version_id not in definitions:
        note = f"assessed by another framework: {shown.framework_version.framework.name}"
    elif shown and _scale(definitions[shown.framework_version_id]) != _scale(latest):
        note = "assessed on other levels"
    elif shown:
        # It is places that must be many, not the results of them that are counted together.
        is_hidden = submitted < FEWEST
        found = levels.get(shown.pk, ())
        made = bar(str(system.public_id), system.name, found, _scale(latest), is_hidden=is_hidden)
        if not is_hidden:
            told = tuple(_told(verdicts[shown.pk, pathway.code]) for pathway in latest.pathways)
    return Line(
        system=system,
        newest=newest,
        places=sum(counts.values()),
        states=tuple((state.label, counts[state]) for state in State if counts[state]),
        shown=shown,
        submitted=submitted,
        bar=made,
        verdicts=told,
        note=note,
    )


def _scale(definition):
    return tuple((level.rank, level.name) for level in definition.scale.levels)


def _told(counts):
    return tuple((verdict.label.lower(), counts[verdict]) for verdict in SealedVerdict.Verdict if counts[verdict])


def _figure(lines, latest, name):
    levels = _scale(latest)
    upper, half = upper_half(levels)
    bars = tuple(line.bar for line in lines if line.bar)
    shown = [each for each in bars if not each.is_hidden]
    reached, total = sum(each.reaching(upper) for each in shown), sum(each.total for each in shown)
    if name:
        message = f"{name}: evidence supports {half} at {reached} of {counted(total, 'place', 'places')}"
    else:
        message = (
            f"Evidence supports {half} in {reached} of {counted(total, 'result', 'results')}, all criteria together"
        )
    description = f"{name or 'All criteria'}, {counted(len(bars), 'system', 'systems')}: level that evidence supports"
    return Stacks(message, description, levels, bars)
