"""A system's page, for those who watch it: the round's progress, and what its places have submitted."""

from django.db.models import Count, Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from assessments import permissions as rights
from assessments.documents import stored
from assessments.models import Round, Snapshot
from assessments.round_table import load_rows
from assessments.services.rounds import OPENERS
from assessments.workflow import SHARED_WITH_ICB, Act
from partnership.permissions import system_capacity
from partnership.roles import OF_SYSTEM
from partnership.selectors import get_system
from reports.matrix import matrix


@require_GET
def system(request, public_id):
    """Show a round's progress and its submitted places: the newest that has any, or the round that is asked for."""
    here = get_system(user=request.user, public_id=public_id)
    capacity = system_capacity(user=request.user, system=here)
    capacity.check(OF_SYSTEM, "Only the ICB's programme office and reviewers watch a whole system.")
    rounds = list(
        Round.objects.filter(system=here)
        .select_related("framework_version")
        .defer("framework_version__definition")
        .annotate(
            submitted=Count("assessments__place", distinct=True, filter=Q(assessments__state__in=SHARED_WITH_ICB))
        )
        .order_by("-opens_on", "-pk")
    )
    newest, chosen = _chosen(rounds, request.GET.get("round"))
    made = None
    if chosen and (snapshots := _submitted(chosen, capacity)):
        notes = {str(each.assessment.public_id): _note(each.assessment) for each in snapshots}
        made = matrix([stored(each) for each in snapshots], notes)
    context = {
        "system": here,
        "rounds": rounds,
        "newest": newest,
        "rows": load_rows(opened=newest, day=timezone.localdate()) if newest else [],
        "chosen": chosen,
        "matrix": made,
        "places": {rank: place for place, (rank, _) in enumerate(made.levels, start=1)} if made else {},
        "may_open": bool(capacity.roles & OPENERS),
    }
    return TemplateResponse(request, "reports/system.html", context)


def _chosen(rounds, wanted):
    """Return the newest round, and the one whose results to show; None where there is none."""
    newest = next(iter(rounds), None)
    if not wanted:
        return newest, next((each for each in rounds if each.submitted), newest)
    for each in rounds:
        if str(each.public_id) == wanted:
            return newest, each
    raise Http404("No such round in this system")


def _submitted(chosen, capacity):
    """Return what the round's places submitted last, as far as the reader may read it; one query."""
    submitted = Snapshot.objects.filter(
        assessment__round=chosen, assessment__state__in=SHARED_WITH_ICB, seal__isnull=False
    ).select_related("assessment__round", "assessment__place__part_of")
    latest = {}
    for snapshot in submitted.order_by("assessment__number", "number"):
        if rights.can(Act.READ, capacity=capacity, assessment=snapshot.assessment):
            latest[snapshot.assessment.place_id] = snapshot
    return list(latest.values())


def _note(assessment):
    """Say which version of several a place's row shows, whether a newer one is being made, and if the place closed."""
    words = [f"version {assessment.number}"] if assessment.is_one_of_several else []
    if assessment.is_superseded:
        words.append("re-opened since")
    if closed := assessment.place.closing_words:
        words.append(closed[0].lower() + closed[1:])
    return ", ".join(words)
