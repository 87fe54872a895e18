"""What somebody who leaves has still to do in assessments, and handing it over: scores, signatures, artefacts."""

from django.db.models import Q

from assessments import own_work
from assessments.models import Artefact, Assessment, Signature
from assessments.services.signing import current_snapshot
from assessments.workflow import State
from frameworks.definition import load
from frameworks.wording import counted
from partnership import audit
from partnership.roles import Role


def open_work(*, memberships, on):
    """
    Say what is open: items to score, a signature to give, artefacts to keep.

    Scores and signatures need no handing over: they go with the seat and the organisation.
    """
    for part in memberships:
        if part.role not in (Role.MEMBER, Role.SIGNATORY):
            continue
        here = Assessment.objects.filter(place=part.place_id).select_related("place", "round").order_by("pk")
        state = State.SCORING if part.role == Role.MEMBER else State.SIGNING
        for assessment in here.filter(state=state):
            yield from _SAID[part.role](part, assessment)
    for artefact in _kept(memberships):
        yield f"Keeps the artefact “{artefact.title}”, {artefact.place}"


def hand_over(*, pairs, by, at):
    """Let the successors keep what their predecessors kept; who added it stays on record."""
    keepers = {(old.user_id, old.place_id): new.user for old, new in pairs.items() if new and old.place_id}
    for artefact in _kept(pairs):
        keeper = keepers[artefact.kept_by_id, artefact.place_id]
        # The version stays: nobody's words change, and who is writing them need not begin again.
        Artefact.objects.filter(pk=artefact.pk).update(kept_by=keeper)
        audit.record(
            audit.Type.WORK_HANDED_OVER,
            chain=artefact.place.system,
            by=by,
            at=at,
            target=artefact,
            kept_by=str(keeper.public_id),
        )


def _kept(memberships):
    mine = Q(pk__in=())
    for part in memberships:
        if part.place_id:
            mine |= Q(kept_by=part.user_id, place=part.place_id)
    return Artefact.objects.filter(mine, ended_on=None).select_related("place__system").order_by("title", "pk")


def _to_score(part, assessment):
    if left := own_work.items_left(user=part.user, assessment=assessment):
        word = load(assessment.framework_version.definition).noun
        yield f"{counted(left, word, f'{word}s')} to score: {assessment.place}, {assessment.round}"


def _to_sign(part, assessment):
    given = Signature.objects.filter(snapshot=current_snapshot(assessment), organisation=part.organisation_id)
    if not given.exists():
        yield f"To sign for {part.organisation.name}: {assessment.place}, {assessment.round}"


_SAID = {Role.MEMBER: _to_score, Role.SIGNATORY: _to_sign}
