"""Bring in statements and their evidence from a place's own document, all of them or none."""

from dataclasses import dataclass

from assessments.importing.proposal import same
from assessments.models import Artefact, EvidenceItem
from assessments.services import items, register
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks.models import Node
from partnership import idempotency


class ThereAlready(Exception):
    """One of the statements came to be there meanwhile."""


@dataclass(frozen=True)
class Brought:
    """How many were written."""

    items: int
    artefacts: int


def bring_in(*, assessment, rows, document, by, at, token=None):
    """
    Write statements, and the artefacts that they cite, as `importing.proposal.Proposed` says; one transaction.

    An artefact whose title is in the register already is cited from there. One without a link says that it is named in
    `document`, the name of the file. None has a strength until the lead proposes one.

    :raises PermissionDenied: if `by` does not write items here
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises ThereAlready: if the place has one of the statements by now; nothing is written
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        held, _ = lock_for(Act.WRITE_ITEMS, assessment.pk, by=by, at=at)
        nodes = Node.objects.filter(version=held.framework_version_id, is_criterion=True)
        criteria = {node.code: node for node in nodes}
        written = EvidenceItem.objects.filter(assessment=held).values_list("criterion__code", "statement")
        taken = {(code, same(statement)) for code, statement in written}
        kept = kept_artefacts(place=held.place_id, user=by)
        before = len(kept)
        for row in rows:
            if (row.criterion.code, same(row.statement)) in taken:
                raise ThereAlready(f"“{row.statement[:80]}” was added meanwhile")
            item = items.add_item(
                assessment=held, criterion=criteria[row.criterion.code], statement=row.statement, by=by, at=at
            )
            cited = {}
            for evidence in row.evidence:
                cited.setdefault(same(evidence.title), evidence)
            for title, evidence in cited.items():
                if title not in kept:
                    kept[title] = _add(held.place, evidence, document, by=by, at=at)
                register.link_artefact(artefact=kept[title], item=item, locator=evidence.locator, by=by, at=at)
        act.result = str(held.public_id)
    return Brought(len(rows), len(kept) - before)


def kept_artefacts(*, place, user):
    """Return the artefacts of a place's register that a person may cite, by their titles as they are compared."""
    here = Artefact.objects.visible_to(user).filter(place=place, ended_on=None).distinct().order_by("-pk")
    return {same(artefact.title): artefact for artefact in here}


def _add(place, evidence, document, *, by, at):
    return register.add_artefact(
        place=place,
        title=evidence.title,
        kind=Artefact.Kind.LINK if evidence.url else Artefact.Kind.DOCUMENT,
        url=evidence.url,
        note=evidence.note or ("" if evidence.url else f"Named in {document}, which does not say where it is held."),
        dated_on=evidence.dated_on,
        by=by,
        at=at,
    )
