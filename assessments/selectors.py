"""Reads of assessments that more than one page needs."""

from collections import Counter, defaultdict

from django.db.models import Count, Exists, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from assessments import permissions, visibility, workflow
from assessments.case import Case, CaseItem, Citation, Evidence, Objection
from assessments.models import (
    Agreement,
    ArtefactLink,
    Assessment,
    Condition,
    Decision,
    Dissent,
    EvidenceItem,
    Judgement,
    Round,
    Seal,
    StateChange,
)
from assessments.sectors import Voice
from assessments.standing_in import present_stand_ins
from frameworks import definition
from partnership import stamps
from partnership.models import Membership, Organisation
from partnership.prepared import prepared


def get_assessment(*, user, public_id):
    """
    Return the assessment if the user has a part at its place or in its system.

    :raises Http404: otherwise; for them it does not exist
    """
    return _get(user=user, public_id=public_id, is_stamped=False)


def get_for(act, *, user, public_id):
    """
    Return the assessment and what the user is there, if they may do the act in its present state.

    :raises Http404: if the user has no part at its place or in its system
    :raises PermissionDenied: if they may not do it; `permissions.WrongState` if not now
    """
    assessment = get_assessment(user=user, public_id=public_id)
    capacity = permissions.capacity(user=user, assessment=assessment)
    permissions.check(act, capacity=capacity, assessment=assessment)
    return assessment, capacity


def get_stamped(*, user, public_id):
    """Return what `get_assessment` does with the stamp of what is shown of it, as `stamp` (`partnership.stamps`)."""
    assessment = _get(user=user, public_id=public_id, is_stamped=True)
    assessment.stamp = (assessment.own_shown, assessment.system_shown, assessment.portal_shown)
    return assessment


def _get(*, user, public_id, is_stamped):
    for assessment in _visible(user=user.pk, public_id=public_id, day=timezone.localdate(), is_stamped=is_stamped):
        return assessment
    raise Http404("There is no such assessment for this person")


@prepared
def _visible(*, user, public_id, day, is_stamped):
    found = (
        Assessment.objects.visible_to(user, on=day)
        .select_related("place__system", "place__part_of", "round", "framework_version", "superseded_by")
        .filter(public_id=public_id)
    )
    if not is_stamped:
        return found
    return found.annotate(
        own_shown=stamps.shown("assessment"),
        system_shown=stamps.shown("system", "system__public_id"),
        portal_shown=stamps.shown_of_portal(),
    )


def shared_by_peers(*, user):
    """Return the submitted assessments that the other places of the user's systems share with their peers."""
    own = Membership.objects.current().filter(user=user, place__isnull=False)
    shared = Assessment.objects.filter(
        state__in=workflow.SHARED_WITH_ICB, round__visibility__in=Round.SHARED_WITH_PEERS, seal__isnull=False
    )
    return shared.filter(system__in=own.values("place__system")).exclude(place__in=own.values("place"))


def published():
    """Return the submitted assessments of which anybody may read a summary."""
    return Assessment.objects.filter(
        state__in=workflow.SHARED_WITH_ICB, round__visibility=Round.Visibility.PUBLISHED, seal__isnull=False
    )


def is_published(assessment):
    """Tell whether anybody may read a summary of a sealed assessment."""
    is_submitted = assessment.state in workflow.SHARED_WITH_ICB
    return is_submitted and assessment.round.visibility == Round.Visibility.PUBLISHED


def versions_seen_by(*, user):
    """Return the keys of the framework versions of those rounds that the user sees, for a subquery."""
    return Round.objects.visible_to(user).values("framework_version")


def versions_of(*, assessment):
    """
    Return how each version of the assessment came about, the newest first: state changes with their assessments.

    One query; none, and nothing, where there is a single version.
    """
    if not assessment.is_one_of_several:
        return ()
    first = StateChange.objects.filter(
        assessment__in=Assessment.objects.kept(),
        assessment__round=assessment.round_id,
        assessment__place=assessment.place_id,
        from_state="",
    )
    return tuple(first.select_related("assessment", "changed_by").order_by("-assessment__number"))


def last_state_change(*, assessment):
    """Return how the assessment came into its present state, and whether somebody stands in for the chair today."""
    place, day = assessment.place_id, timezone.localdate()
    return next(iter(_last_state_change(assessment=assessment.pk, place=place, day=day)), None)


@prepared
def _last_state_change(*, assessment, place, day):
    changes = StateChange.objects.filter(assessment=assessment).select_related("changed_by", "stood_in_for__user")
    present = present_stand_ins(place=place, on=day)
    return changes.annotate(somebody_stands_in=Exists(present)).order_by("-pk")[:1]


def get_seal(*, assessment):
    """Return the assessment's seal with its snapshot, or None before it is sealed."""
    return Seal.objects.filter(assessment=assessment).select_related("snapshot").first()


def load_case(*, assessment, on, item=None):
    """
    Read an assessment's case as at a day; five queries, whatever its size.

    The members' scores are in it only once they have been revealed to the board. The caller sees to
    it that the reader may see the case. With `item`, its key, that one alone is in it: enough for what is said of it.
    """
    revealed = assessment.state in workflow.REVEALED
    rows = _items(assessment=assessment.pk, place=assessment.place_id, **_only(item))
    counts, panel = _scores(assessment, item, rows) if revealed else ({}, ())
    citations, evidence = _citations(assessment, item)
    agreements, objections = _agreements(assessment, item)
    return Case(
        definition=definition.load(assessment.framework_version.definition),
        as_at=on,
        items=tuple(
            _case_item(
                row,
                agreement=agreements.get(row.pk),
                counts=counts[row.pk] if revealed else None,
                citations=citations[row.pk],
                objections=objections[row.pk],
            )
            for row in rows
        ),
        evidence=evidence,
        panel=panel,
        # Each item's row says the same, so that it costs no query of its own where there are items.
        open_conditions=rows[0].open_conditions if rows else _alone(assessment),
    )


@prepared
def _items(*, assessment, place, item=None):
    rows = EvidenceItem.objects.filter(assessment=assessment, **_only(item, "pk"))
    rows = rows.select_related("criterion").order_by("criterion__position", "number")
    return rows.annotate(open_conditions=_open_conditions(assessment, place))


def _only(item, name="item"):
    return {} if item is None else {name: item}


def _open_conditions(assessment, place):
    """
    Return, as an expression, the open conditions of the ICB's last decision on another assessment of a place.

    Both are keys.
    """
    decisions = Decision.objects.filter(assessment__place=place).exclude(assessment=assessment)
    last = decisions.order_by("-decided_at").values("pk")[:1]
    open_now = Condition.objects.still_open().filter(decided__decision=Subquery(last))
    counted = open_now.order_by().values("decided__decision").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _alone(assessment):
    value = _open_conditions(assessment.pk, assessment.place_id)
    return Assessment.objects.filter(pk=assessment.pk).annotate(value=value).values_list("value", flat=True).get()


def _case_item(row, *, agreement, counts, citations, objections):
    return CaseItem(
        key=str(row.public_id),
        criterion=row.criterion.code,
        number=row.number,
        statement=row.statement,
        statement_code=row.statement_code,
        account=row.account,
        lineage=str(row.lineage),
        judgement=agreement.judgement if agreement else "",
        level=agreement.level if agreement else None,
        rationale=agreement.reason if agreement else "",
        undisputed=bool(agreement and agreement.undisputed),
        settled_by=agreement.agreed_by.user.name if agreement else "",
        settled_at=agreement.agreed_at if agreement else None,
        citations=tuple(citations),
        counts=None if counts is None else {key: n for key, n in counts.items() if isinstance(key, int)},
        cannot_judge=counts[Judgement.CANNOT_JUDGE] if counts else 0,
        not_applicable=counts[Judgement.NOT_APPLICABLE] if counts else 0,
        objections=tuple(objections),
    )


def _agreements(assessment, item):
    """Return the agreements that hold by item, and the dissents from them."""
    asked = {"assessment": assessment.pk} | _only(item)
    agreements = {row.item_id: row for row in _standing_agreements(**asked)}
    objections = defaultdict(list)
    for item, text, name, withdrawal, key, user, mark in _standing_dissents(**asked):
        objections[item].append(Objection(text, name or "", withdrawal is not None, key=key, author=str(user or mark)))
    # Those under a name by name, the others by their words: the order tells nothing of when each was written.
    for said in objections.values():
        said.sort(key=lambda objection: (not objection.name, objection.name, objection.text))
    return agreements, objections


@prepared
def _standing_agreements(*, assessment, item=None):
    standing = Agreement.objects.standing().filter(item__assessment=assessment, **_only(item))
    return standing.select_related("agreed_by__user")


@prepared
def _standing_dissents(*, assessment, item=None):
    dissents = Dissent.objects.standing().shown().filter(agreement__item__assessment=assessment)
    fields = ("agreement__item", "text", "membership__organisation__name", "withdrawal", "pk")
    authors = ("membership__user__public_id", "author_mark")
    return dissents.filter(**_only(item, "agreement__item")).values_list(*fields, *authors)


def _scores(assessment, item, rows):
    """Return the last ballot's scores: counts by item (ranks and other judgements), and the voice of each seat."""
    counts, panel, keys = defaultdict(Counter), {}, {row.pk: str(row.public_id) for row in rows}
    scores = visibility.revealed_voices(assessment=assessment.pk, **_only(item))
    for item, judgement, level, seat, name, sector in scores:
        counts[item][judgement if level is None else level] += 1
        if seat not in panel:
            panel[seat] = Voice(name, Organisation.Sector(sector).label, {})
        if level is not None:
            panel[seat].ranks[keys[item]] = level
    return counts, tuple(panel.values())


def _citations(assessment, item):
    """Return the citations by item, and each cited artefact once, by title."""
    citations, evidence = defaultdict(list), {}
    for link in _links(assessment=assessment.pk, **_only(item)):
        artefact = link.artefact
        key = str(artefact.public_id)
        citations[link.item_id].append(Citation(artefact=key, locator=link.locator))
        if key not in evidence:
            evidence[key] = Evidence(
                key=key,
                title=artefact.title,
                kind=artefact.get_kind_display(),
                strength=artefact.strength,
                strength_words=artefact.strength_words,
                sensitivity=artefact.get_sensitivity_display(),
                board_only=artefact.sensitivity == artefact.Sensitivity.BOARD,
                owner=artefact.owner.name if artefact.owner else "",
                url=artefact.url,
                file_name=artefact.file_name,
                sha256=artefact.file.sha256 if artefact.file else "",
                note=artefact.note,
                dated_on=artefact.dated_on,
                review_by=artefact.review_by,
                ended_on=artefact.ended_on,
            )
    return citations, evidence


@prepared
def _links(*, assessment, item=None):
    links = ArtefactLink.objects.filter(item__assessment=assessment, **_only(item))
    links = links.select_related("artefact__owner", "artefact__file")
    return links.order_by("artefact__title", "artefact__pk")
