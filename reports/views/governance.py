"""A place's governance: its bodies and how they hang together, its agreements, its partners."""

from datetime import date, timedelta

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from assessments import governance as governed
from assessments.models import Artefact
from partnership.models import Place
from partnership.permissions import capacity as capacity_at
from partnership.selectors import changes_around
from partnership.services.bodies import KEEPERS
from reports import structure
from reports.tasks import REVIEW_DAYS


@require_GET
def governance(request, public_id):
    place = get_object_or_404(
        Place.objects.visible_to(request.user).with_history().select_related("system", "part_of"), public_id=public_id
    )
    today = timezone.localdate()
    bodies = [_body(each) for each in governed.bodies(place=place, on=today)]
    found = structure.structure(bodies)
    agreements = [_agreement(each, today) for each in governed.agreements(place=place, on=today)]
    ended_agreements = [_agreement(each, today) for each in governed.agreements(place=place, on=today, ended=True)]
    title = f"The bodies of {place.name}"
    return TemplateResponse(
        request,
        "reports/governance.html",
        {
            "place": place,
            "structure": found,
            "wide": mark_safe(structure.chart(found, title=title)) if bodies else "",
            "narrow": mark_safe(structure.chart(found, title=title, layout=structure.NARROW)) if bodies else "",
            "ended": [_body(each) for each in governed.bodies(place=place, on=today, ended=True)],
            "agreements": agreements,
            "ended_agreements": ended_agreements,
            "due": sorted((each for each in agreements if each["is_due"]), key=lambda each: each["review_by"]),
            "readable": _readable(request.user, [*agreements, *ended_agreements]),
            "changes": list(changes_around(place=place)),
            "may_keep": capacity_at(user=request.user, place=place).roles & KEEPERS,
        },
    )


def _body(each):
    return each | {"since": _in_words(each["starts_on"]), "until": _in_words(each["ends_on"])}


def _agreement(each, today):
    review_by = _day(each["review_by"])
    return each | {
        "starts_on": _day(each["starts_on"]),
        "ends_on": _day(each["ends_on"]),
        "review_by": review_by,
        "is_due": bool(review_by and review_by <= today + timedelta(days=REVIEW_DAYS)),
        "is_late": bool(review_by and review_by < today),
    }


def _day(text):
    return date.fromisoformat(text) if text else None


def _in_words(text):
    return date_format(_day(text), "j F Y") if text else ""


def _readable(user, agreements):
    """Return the public identifiers of those artefacts holding an agreement that the person may open."""
    held = {each["artefact"] for each in agreements if each["artefact"]}
    readable = Artefact.objects.visible_to(user).filter(public_id__in=held) if held else ()
    return {str(artefact.public_id) for artefact in readable}
