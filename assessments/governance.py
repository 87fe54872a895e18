"""
What a place says of its governance, as plain data: its bodies and its agreements.

The page, the chart, the frozen document and the report are made from this, so that all say the same.
"""

from django.db.models import Q

from assessments.content import BOARD_ONLY
from assessments.models import Artefact, PartnershipAgreement
from partnership.models import Body


def bodies(*, place, on, ended=False):
    """Return the bodies that there are on a day, or those that ended before, in the order they were added."""
    rows = Body.objects.filter(place=place)
    rows = rows.filter(ends_on__lt=on) if ended else rows.current(on)
    named = ("parent", "chair__organisation", "answers_to_body", "answers_to_organisation")
    return [_body(row) for row in rows.select_related(*named).order_by("pk")]


def agreements(*, place, on, ended=False):
    """
    Return the agreements that have not ended on a day, or those that have, by title; two queries.

    Of an artefact that is for the board only, no more is told than that there is one.
    """
    rows = PartnershipAgreement.objects.filter(place=place)
    rows = rows.filter(ends_on__lt=on) if ended else rows.filter(Q(ends_on=None) | Q(ends_on__gte=on))
    return [_agreement(row) for row in rows.select_related("artefact").prefetch_related("parties").order_by("title")]


def _body(row):
    other = row.answers_to_body or row.answers_to_organisation
    return {
        "id": str(row.public_id),
        "name": row.name,
        "parent": row.parent.name if row.parent else "",
        "purpose": row.purpose,
        "form": row.form,
        "form_words": row.get_form_display(),
        "chair": row.chair_words,
        "answers_to": other.name if other else "",
        "starts_on": _iso(row.starts_on),
        "ends_on": _iso(row.ends_on),
    }


def _agreement(row):
    held = row.held_at
    if row.artefact:
        hidden = row.artefact.sensitivity == Artefact.Sensitivity.BOARD
        held = BOARD_ONLY if hidden else row.artefact.title
    return {
        "id": str(row.public_id),
        "title": row.title,
        "kind": row.get_kind_display(),
        "status": row.get_status_display(),
        "parties": sorted(party.name for party in row.parties.all()),
        "starts_on": _iso(row.starts_on),
        "ends_on": _iso(row.ends_on),
        "review_by": _iso(row.review_by),
        "artefact": str(row.artefact.public_id) if row.artefact else "",
        "held_at": held,
        "note": row.note,
    }


def _iso(day):
    return day.isoformat() if day else None
