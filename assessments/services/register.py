"""Keep a place's evidence register: artefacts, and the items that they are cited for."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import permissions, workflow
from assessments.models import Artefact, ArtefactLink, Assessment
from assessments.workflow import Act
from partnership import audit, idempotency
from partnership import permissions as people
from partnership.models import Partner, Place


class ArtefactRefused(Exception):
    """An artefact cannot be kept like this; `field` names what to mend, the text says how."""

    field = None


class NoTitle(ArtefactRefused):
    """Nobody could tell it from the others."""

    field = "title"


class NowhereHeld(ArtefactRefused):
    """There is neither a file nor a link, and no note of where it is held; or there are both."""

    field = "url"


class NotAPartner(ArtefactRefused):
    """The owner is no partner of the place."""

    field = "owner"


class ReviewedTooEarly(ArtefactRefused):
    """The review would come before the artefact's own date."""

    field = "review_by"


class Frozen(ArtefactRefused):
    """An assessment that was put up for signature cites it, so what it shows must stay."""

    field = "url"


class ArtefactEnded(Exception):
    """The artefact was ended, so nothing new rests on it."""


class LinkedAlready(Exception):
    """The artefact is cited for this item already."""


class OfAnotherPlace(Exception):
    """The artefact is in another place's register."""


def check_can_keep(*, capacity):
    """
    Let those pass who keep the place's register.

    :raises PermissionDenied: for anybody else
    """
    rule = workflow.ACTS[Act.KEEP_REGISTER]
    capacity.check(rule.roles, rule.role_sentence)


def can_keep(*, capacity):
    return bool(capacity.roles & workflow.ACTS[Act.KEEP_REGISTER].roles)


def can_propose_strength(*, capacity):
    return bool(capacity.roles & workflow.ACTS[Act.PROPOSE_STRENGTH].roles)


def add_artefact(
    *,
    place,
    title,
    kind,
    by,
    at,
    url="",
    note="",
    owner=None,
    dated_on=None,
    review_by=None,
    sensitivity=Artefact.Sensitivity.PARTNERSHIP,
    strength=Artefact.Strength.NONE,
    token=None,
):
    """
    Add an artefact to a place's register.

    It has a link, or a note that says where it is held. Only the lead proposes its strength: what others add has none
    until the lead says so.

    :raises PermissionDenied: if `by` does not keep the register here, or gives a strength and is not the lead
    :raises ArtefactRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        place = Place.objects.select_related("system").get(pk=place.pk)
        capacity = _check(place, by=by, at=at)
        if strength:
            _check_strength(capacity)
        _check_values(place, title=title, url=url, note=note, owner=owner, dated_on=dated_on, review_by=review_by)
        artefact = Artefact.objects.create(
            place=place,
            title=title.strip(),
            kind=kind,
            url=url,
            note=note.strip(),
            owner=owner,
            dated_on=dated_on,
            review_by=review_by,
            sensitivity=sensitivity,
            strength=strength,
            added_at=at,
            added_by=by,
        )
        audit.record(
            audit.Type.ARTEFACT_ADDED,
            chain=place.system,
            by=by,
            at=at,
            target=artefact,
            place=str(place.public_id),
            **_recorded(artefact),
        )
        act.result = str(artefact.public_id)
    return artefact


@transaction.atomic
def link_artefact(*, artefact, item, by, at, locator=""):
    """
    Cite an artefact for an item, with the page or section where it says so.

    :raises PermissionDenied: if `by` does not keep the register here
    :raises assessments.permissions.WrongState: if the evidence is fixed by now
    :raises OfAnotherPlace: if the artefact is not the place's
    :raises ArtefactEnded: if it was ended
    :raises LinkedAlready: if it is cited for the item already
    """
    assessment = _check_assessment(item, by=by, at=at)
    artefact = Artefact.objects.get(pk=artefact.pk)
    if artefact.place_id != assessment.place_id:
        raise OfAnotherPlace("The artefact is in another place's register")
    if artefact.ended_on:
        raise ArtefactEnded("The artefact was ended, so it cannot be cited")
    link, made = ArtefactLink.objects.get_or_create(item=item, artefact=artefact, defaults={"locator": locator.strip()})
    if not made:
        raise LinkedAlready("The artefact is cited for this item already")
    audit.record(
        audit.Type.ARTEFACT_LINKED,
        chain=assessment,
        by=by,
        at=at,
        target=artefact,
        item=str(item.public_id),
        locator=audit.digest(link.locator),
    )
    return link


@transaction.atomic
def unlink_artefact(*, artefact, item, by, at):
    """
    Cite an artefact no longer for an item. It stays in the register.

    :raises PermissionDenied: if `by` does not keep the register here
    :raises assessments.permissions.WrongState: if the evidence is fixed by now
    :raises assessments.models.ArtefactLink.DoesNotExist: if it is not cited for the item
    """
    assessment = _check_assessment(item, by=by, at=at)
    ArtefactLink.objects.get(item=item, artefact=artefact).delete()
    audit.record(
        audit.Type.ARTEFACT_UNLINKED, chain=assessment, by=by, at=at, target=artefact, item=str(item.public_id)
    )


def _check(place, *, by, at):
    capacity = people.capacity(user=by, place=place, on=timezone.localdate(at))
    check_can_keep(capacity=capacity)
    return capacity


def _check_strength(capacity):
    if not can_propose_strength(capacity=capacity):
        raise PermissionDenied(workflow.ACTS[Act.PROPOSE_STRENGTH].role_sentence)


def _check_assessment(item, *, by, at):
    assessment = Assessment.objects.locked().get(pk=item.assessment_id)
    capacity = permissions.capacity(user=by, assessment=assessment, on=timezone.localdate(at))
    permissions.check(Act.KEEP_REGISTER, capacity=capacity, assessment=assessment)
    return assessment


def _check_values(place, *, title, url, note, owner, dated_on, review_by):
    if not title.strip():
        raise NoTitle("Enter a title")
    if not url and not note.strip():
        raise NowhereHeld("Give a file or a link, or say in the note where it is held")
    if owner and not Partner.objects.filter(place=place, organisation=owner).exists():
        raise NotAPartner(f"{owner.name} is not a partner of {place.name}")
    if dated_on and review_by and review_by < dated_on:
        raise ReviewedTooEarly("The review date must not lie before the artefact's own date")


def _recorded(artefact):
    """Return what the audit record says of an artefact: the words that people wrote as digests."""
    return {
        "title": audit.digest(artefact.title),
        "note": audit.digest(artefact.note),
        "kind": artefact.kind,
        "link": audit.digest(artefact.url),
        "owner": artefact.owner and str(artefact.owner.public_id),
        "dated_on": artefact.dated_on and artefact.dated_on.isoformat(),
        "review_by": artefact.review_by and artefact.review_by.isoformat(),
        "sensitivity": str(artefact.sensitivity),
        "strength": int(artefact.strength),
    }
