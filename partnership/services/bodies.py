"""Keep the bodies of a place's governance: add, change and end them; none is ever deleted."""

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from partnership import audit, idempotency
from partnership.models import Body, Membership, Place, Stale, revise
from partnership.permissions import capacity
from partnership.roles import Role
from partnership.services.places import EndsTooEarly, NameTaken

KEEPERS = frozenset({Role.LEAD, Role.CONTRIBUTOR})
KEEPERS_SENTENCE = "Only the place lead and contributors keep what is said of the place's governance."


class BodyRefused(Exception):
    """A body cannot be kept like this; `field` names what to mend, the text says how."""

    field = None


class NoName(BodyRefused):
    """Nobody could tell it from the others."""

    field = "name"


class OfAnotherPlace(BodyRefused):
    """The parent, the body that it answers to, or its chair is another place's, or has ended."""

    def __init__(self, text, field):
        super().__init__(text)
        self.field = field


class GoesInCircles(BodyRefused):
    """The body would come under itself, or answer to itself, over one or more others."""

    def __init__(self, text, field):
        super().__init__(text)
        self.field = field


class TwoChairs(BodyRefused):
    """A person and a post are both named as the chair."""

    field = "chair_post"


class AnswersTwice(BodyRefused):
    """It is said to answer to a body and to an organisation beside its parent."""

    field = "answers_to_organisation"


class StillNeeded(BodyRefused):
    """Others are under the body, or answer to it."""


class BodyEnded(Exception):
    """The body was ended, so it stays as it is."""


def check_can_keep(*, user, place, on=None):
    """
    Let those pass who keep what is said of the place's governance, administrators, and the portal itself (None).

    :raises PermissionDenied: for anybody else, and for everybody once the place has closed
    """
    if place.ended_on:
        raise PermissionDenied(f"{place.name} has closed, so what is said of its governance stays as it is.")
    if user is not None and not (user.is_active and user.is_superuser):
        capacity(user=user, place=place, on=on).check(KEEPERS, KEEPERS_SENTENCE)


def add_body(*, place, name, by, at, token=None, **values):
    """
    Add a group to a place's governance; `values` are the other fields of `Body` that people write.

    :raises PermissionDenied: if `by` does not keep this here
    :raises NameTaken: if the place has a body of this name
    :raises EndsTooEarly: if its last day lies before its first
    :raises BodyRefused: in one of its kinds, if the values do not fit together
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        place = lock_place(place, by=by, at=at)
        body = Body(place=place)
        values = _checked(body, name=name, at=at, **values)
        body = Body.objects.create(place=place, **values)
        _record(audit.Type.BODY_ADDED, body, by=by, at=at)
        act.result = str(body.public_id)
    return body


def change_body(*, body, based_on, name, by, at, **values):
    """
    Write a body anew.

    :raises PermissionDenied: if `by` does not keep this here
    :raises BodyEnded: if it was ended
    :raises NameTaken, EndsTooEarly, BodyRefused: as `add_body` does
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    with idempotency.once(by=by, token=None, at=at):
        lock_place(body.place, by=by, at=at)
        current = _present(body, based_on)
        body = revise(current, based_on=based_on, **_checked(current, name=name, at=at, **values))
        _record(audit.Type.BODY_CHANGED, body, by=by, at=at)
    return body


def end_body(*, body, based_on, ends_on, by, at):
    """
    Say which day is, or was, the last of a body. It stays on record.

    :raises PermissionDenied: if `by` does not keep this here
    :raises BodyEnded: if it was ended before
    :raises StillNeeded: if other bodies are under it or answer to it
    :raises EndsTooEarly: if its last day lies before its first
    :raises partnership.models.Stale: if somebody changed it since version `based_on`
    """
    with idempotency.once(by=by, token=None, at=at):
        lock_place(body.place, by=by, at=at)
        current = _present(body, based_on)
        below = Body.objects.filter(parent=current, ends_on=None) | Body.objects.filter(
            answers_to_body=current, ends_on=None
        )
        if names := sorted(below.values_list("name", flat=True)):
            raise StillNeeded(f"Move or end first what is under it or answers to it: {', '.join(names)}")
        if current.starts_on and ends_on < current.starts_on:
            raise EndsTooEarly("The last day must not lie before the first")
        body = revise(current, based_on=based_on, ends_on=ends_on)
        _record(audit.Type.BODY_ENDED, body, by=by, at=at)
    return body


def lock_place(place, *, by, at):
    """
    Lock the place and return it, so that two changes together cannot close a circle that neither would alone.

    :raises PermissionDenied: if `by` does not keep what is said of its governance
    """
    place = Place.objects.select_for_update(no_key=True, of=("self",)).select_related("system").get(pk=place.pk)
    check_can_keep(user=by, place=place, on=timezone.localdate(at))
    return place


def _present(body, based_on):
    current = Body.objects.select_related("place__system").get(pk=body.pk)
    if current.version != based_on:
        raise Stale(current)
    if current.ends_on:
        raise BodyEnded("The body was ended, so it stays as it is")
    return current


def _checked(
    body,
    *,
    name,
    at,
    purpose="",
    parent=None,
    form=Body.Form.NOT_STATED,
    chair=None,
    chair_post="",
    answers_to_body=None,
    answers_to_organisation=None,
    starts_on=None,
    ends_on=None,
):
    """Return the values as they are to be stored, once they are sound."""
    name, chair_post = name.strip(), chair_post.strip()
    if not name:
        raise NoName("Enter the body's name")
    if Body.objects.filter(place=body.place, name=name).exclude(pk=body.pk).exists():
        raise NameTaken(f"{body.place} has a body named {name} already")
    if starts_on and ends_on and ends_on < starts_on:
        raise EndsTooEarly("The last day must not lie before the first")
    if chair and chair_post:
        raise TwoChairs("Choose the person who chairs, or write the post, not both")
    if answers_to_body and answers_to_organisation:
        raise AnswersTwice("Choose the body or the organisation that it answers to beside its parent, not both")
    _check_chair(body, chair, on=timezone.localdate(at))
    for field, other in (("parent", parent), ("answers_to_body", answers_to_body)):
        if other and (other.place_id != body.place_id or other.ends_on):
            raise OfAnotherPlace(f"{other} is not a present body of {body.place}", field)
    _check_circles(body, parent=parent, answers_to_body=answers_to_body)
    return {
        "name": name,
        "purpose": purpose.strip(),
        "parent": parent,
        "form": Body.Form(form),
        "chair": chair,
        "chair_post": chair_post,
        "answers_to_body": answers_to_body,
        "answers_to_organisation": answers_to_organisation,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def _check_chair(body, chair, *, on):
    # Who chaired it before stays possible after they have left, until somebody else is named.
    if chair is None or chair.pk == body.chair_id:
        return
    if not Membership.objects.current(on).filter(pk=chair.pk, place=body.place).exists():
        raise OfAnotherPlace(f"Choose somebody with a present part at {body.place}", "chair")


def _check_circles(body, **above):
    """
    Let a body pass that no line from what is above it leads back to.

    What it is under and what it answers to are lines of the same kind: a circle over both is one, too.
    """
    lines = {
        key: [each for each in over if each]
        for key, *over in Body.objects.filter(place=body.place).values_list("pk", "parent", "answers_to_body")
    }
    for field, other in above.items():
        seen, ahead = set(), [other.pk] if other else []
        while ahead:
            key = ahead.pop()
            if body.pk and key == body.pk:
                verb = "come under" if field == "parent" else "answer to"
                raise GoesInCircles(f"The body would {verb} itself, by way of {other}", field)
            if key not in seen:
                seen.add(key)
                ahead += lines.get(key, [])


def record_changed(body, *, by, at):
    """Record that a body's words were changed."""
    _record(audit.Type.BODY_CHANGED, body, by=by, at=at)


def _record(type, body, *, by, at):
    audit.record(type, chain=body.place.system, by=by, at=at, target=body, **details(body))


def details(body):
    """Return what the record says of a body as it is now; the words that people wrote as digests."""
    return {
        "place": str(body.place.public_id),
        "name": body.name,
        "purpose": audit.digest(body.purpose),
        "parent": body.parent and str(body.parent.public_id),
        "form": str(body.form),
        "chair": body.chair and str(body.chair.public_id),
        "chair_post": audit.digest(body.chair_post),
        "answers_to_body": body.answers_to_body and str(body.answers_to_body.public_id),
        "answers_to_organisation": body.answers_to_organisation and str(body.answers_to_organisation.public_id),
        "starts_on": body.starts_on and body.starts_on.isoformat(),
        "ends_on": body.ends_on and body.ends_on.isoformat(),
    }


def open_work(*, memberships, on):
    """Say which present bodies are chaired by these memberships."""
    for body in _chaired(memberships).select_related("place"):
        yield f"Chair of the {body.name}, {body.place}"


def hand_over(*, pairs, by, at):
    """Let the successors chair what their predecessors did."""
    for body in _chaired(pairs).select_related("place__system"):
        chair = next(new for old, new in pairs.items() if old.pk == body.chair_id)
        body = revise(body, based_on=body.version, chair=chair)
        _record(audit.Type.BODY_CHANGED, body, by=by, at=at)


def _chaired(memberships):
    return Body.objects.filter(chair__in=[each.pk for each in memberships], ends_on=None).order_by("pk")
