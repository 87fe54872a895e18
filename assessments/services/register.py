"""Keep a place's evidence register: artefacts, and the items that they are cited for."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import permissions, workflow
from assessments.models import Artefact, ArtefactLink, Assessment
from assessments.services.locking import lock_for
from assessments.workflow import Act
from partnership import audit, idempotency, storage
from partnership import permissions as people
from partnership.models import Partner, Stale, revise


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
    """Say whether somebody keeps the place's register, as `check_can_keep` does by refusing."""
    return bool(capacity.roles & workflow.ACTS[Act.KEEP_REGISTER].roles)


def can_propose_strength(*, capacity):
    """Say whether somebody proposes how strong the place's artefacts are: its lead, not every keeper."""
    return bool(capacity.roles & workflow.ACTS[Act.PROPOSE_STRENGTH].roles)


def add_artefact(
    *,
    place,
    title,
    kind,
    by,
    at,
    upload=None,
    url="",
    note="",
    owner=None,
    dated_on=None,
    review_by=None,
    sensitivity=Artefact.Sensitivity.PARTNERSHIP,
    strength=None,
    item=None,
    locator="",
    token=None,
):
    """
    Add an artefact to a place's register and, where an item is given, cite it there.

    It has a file (an `uploads.Upload`) or a link, not both, or else a note that says where it is held. Only the lead
    proposes its strength: None says that this is still to come.

    :raises PermissionDenied: if `by` does not keep the register here, or gives a strength and is not the lead
    :raises ArtefactRefused: in one of its kinds, if the values do not fit together
    :raises assessments.permissions.WrongState: if the item's evidence is fixed by now
    :raises OfAnotherPlace: if the item is another place's
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    day = timezone.localdate(at)
    capacity = _check(place, by=by, on=day)
    if strength is not None:
        _check_strength(capacity)
    _check_held(upload=upload, url=url, note=note)
    # Before the transaction, which others wait for: what nobody refers to in the end does no harm.
    stored = upload and storage.keep(upload.content, media_type=upload.media_type, at=at)
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment = _check_assessment(item, by=by, at=at) if item else None
        if assessment and assessment.place_id != place.pk:
            raise OfAnotherPlace("The item is another place's")
        _check_values(place, title=title, owner=owner, dated_on=dated_on, review_by=review_by)
        artefact = Artefact.objects.create(
            place=place,
            title=title.strip(),
            kind=kind,
            url=url,
            file=stored,
            file_name=upload.name if upload else "",
            note=note.strip(),
            owner=owner,
            dated_on=dated_on,
            review_by=review_by,
            sensitivity=sensitivity,
            strength=strength,
            added_at=at,
            added_by=by,
            kept_by=by,
        )
        _record(audit.Type.ARTEFACT_ADDED, artefact, by=by, at=at)
        if assessment:
            _link(artefact, item, locator, assessment=assessment, by=by, at=at)
        act.result = str(artefact.public_id)
    return artefact


def change_artefact(
    *,
    artefact,
    based_on,
    title,
    kind,
    by,
    at,
    upload=None,
    url="",
    note="",
    owner=None,
    dated_on=None,
    review_by=None,
    sensitivity=Artefact.Sensitivity.PARTNERSHIP,
    strength=None,
):
    """
    Write an artefact anew. A new file or a link replaces the file that it has; without either it keeps its file.

    A strength of None leaves what is proposed, if anything is.

    :raises PermissionDenied: if `by` does not keep the register here, or changes the strength and is not the lead
    :raises ArtefactEnded: if it was ended
    :raises ArtefactRefused: in one of its kinds, if the values do not fit together
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    place = artefact.place
    capacity = _check(place, by=by, on=timezone.localdate(at))
    _check_held(upload=upload, url=url, note=note, keeps=bool(artefact.file_id))
    stored = upload and storage.keep(upload.content, media_type=upload.media_type, at=at)
    with transaction.atomic():
        _lock_open_assessments(place)
        current = Artefact.objects.get(pk=artefact.pk)
        if current.version != based_on:
            raise Stale(current)
        if current.ended_on:
            raise ArtefactEnded("The artefact was ended, so it stays as it is")
        if strength is not None and strength != current.strength:
            _check_strength(capacity)
        _check_values(place, title=title, owner=owner, dated_on=dated_on, review_by=review_by)
        if upload:
            held = {"file": stored, "file_name": upload.name, "url": ""}
        elif url or not current.file_id:
            held = {"file": None, "file_name": "", "url": url}
        else:
            held = {}
        if any(getattr(current, field) != value for field, value in held.items()):
            _check_not_frozen(current)
        artefact = revise(
            current,
            based_on=based_on,
            title=title.strip(),
            kind=kind,
            note=note.strip(),
            owner=owner,
            dated_on=dated_on,
            review_by=review_by,
            sensitivity=sensitivity,
            strength=current.strength if strength is None else strength,
            **held,
        )
        _record(audit.Type.ARTEFACT_CHANGED, artefact, by=by, at=at)
    return artefact


@transaction.atomic
def end_artefact(*, artefact, based_on, by, at):
    """
    Say that an artefact counts no longer, from today. It stays in the register, and where it is cited.

    :raises PermissionDenied: if `by` does not keep the register here
    :raises ArtefactEnded: if it was ended before
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    day = timezone.localdate(at)
    _check(artefact.place, by=by, on=day)
    _lock_open_assessments(artefact.place)
    current = Artefact.objects.get(pk=artefact.pk)
    if current.ended_on:
        raise ArtefactEnded("The artefact was ended before")
    artefact = revise(current, based_on=based_on, ended_on=day)
    _record(audit.Type.ARTEFACT_CHANGED, artefact, by=by, at=at)
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
    return _link(artefact, item, locator, assessment=assessment, by=by, at=at)


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


def _link(artefact, item, locator, *, assessment, by, at):
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


def _check(place, *, by, on):
    capacity = people.capacity(user=by, place=place, on=on)
    check_can_keep(capacity=capacity)
    return capacity


def _check_strength(capacity):
    if not can_propose_strength(capacity=capacity):
        raise PermissionDenied(workflow.ACTS[Act.PROPOSE_STRENGTH].role_sentence)


def _check_assessment(item, *, by, at):
    assessment, _ = lock_for(Act.KEEP_REGISTER, item.assessment_id, by=by, at=at)
    permissions.check_there(item)
    return assessment


def _lock_open_assessments(place):
    """Make a change wait for a freeze that is under way, and the other way round."""
    here = Assessment.objects.filter(place=place, state__in=workflow.BEFORE_FREEZE)
    list(here.order_by("pk").select_for_update(no_key=True))


def _check_not_frozen(artefact):
    fixed = workflow.ALL_STATES - workflow.BEFORE_FREEZE - {workflow.State.WITHDRAWN}
    if ArtefactLink.objects.filter(artefact=artefact, item__assessment__state__in=fixed).exists():
        raise Frozen(
            "An assessment that was put up for signature cites this artefact, so its file or link stays. "
            "Add the new one as another artefact, and end this one if it counts no longer"
        )


def _check_held(*, upload, url, note, keeps=False):
    if upload and url:
        raise NowhereHeld("Give a file or a link, not both")
    if not (upload or url or keeps or note.strip()):
        raise NowhereHeld("Give a file or a link, or say in the note where it is held")


def _check_values(place, *, title, owner, dated_on, review_by):
    if not title.strip():
        raise NoTitle("Enter a title")
    if owner and not Partner.objects.filter(place=place, organisation=owner).exists():
        raise NotAPartner(f"{owner.name} is not a partner of {place.name}")
    if dated_on and review_by and review_by < dated_on:
        raise ReviewedTooEarly("The review date must not lie before the artefact's own date")


def _record(type, artefact, *, by, at):
    """Record what an artefact is now; the words that people wrote as digests."""
    audit.record(
        type,
        chain=artefact.place.system,
        by=by,
        at=at,
        target=artefact,
        place=str(artefact.place.public_id),
        title=audit.digest(artefact.title),
        note=audit.digest(artefact.note),
        kind=str(artefact.kind),
        link=audit.digest(artefact.url),
        file=artefact.file and artefact.file.sha256,
        owner=artefact.owner and str(artefact.owner.public_id),
        dated_on=artefact.dated_on and artefact.dated_on.isoformat(),
        review_by=artefact.review_by and artefact.review_by.isoformat(),
        sensitivity=str(artefact.sensitivity),
        strength=int(artefact.strength or 0),
        proposed=artefact.strength is not None,
        ended_on=artefact.ended_on and artefact.ended_on.isoformat(),
    )
