"""Bring a place's case from an earlier round into a new one, and confirm what was brought."""

from collections import Counter

from django.db import transaction

from assessments.comparison import Comparison
from assessments.earlier_items import earlier_assessments, has_words, items_of, statements_here, targets_of
from assessments.models import ArtefactLink, EvidenceItem
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.models import Node
from partnership import audit, idempotency
from partnership.models import revise


class CarryRefused(Exception):
    """Nothing was brought; the text says why."""


class NotAnEarlierRound(CarryRefused):
    """The source is not an earlier assessment of the place whose wording is fixed."""


class NoSuchTarget(CarryRefused):
    """An item is meant for a criterion that its own did not become."""


class NothingToCarry(CarryRefused):
    """Nothing was chosen that is not here already."""


class ItemsChanged(Exception):
    """Items were changed after the page was opened, so none was confirmed; `items` are these."""

    def __init__(self, items):
        super().__init__("Items were changed elsewhere")
        self.items = items


class NothingToConfirm(Exception):
    """None of the items waits for a confirmation any more."""


def carry_forward(*, assessment, source, by, at, choices=None, token=None):
    """
    Bring items of an earlier assessment, unconfirmed, each with its lineage and what it cites; return the new items.

    `choices` gives, by the key of an item, the code of the criterion that it goes to: one that the item's own criterion
    became. Without it, all items come whose criterion is still there, those of a split one to its first part. An item
    that is here already is left alone, and so is a citation of an artefact that was ended. No score comes along.

    :raises PermissionDenied: if `by` is not the place's lead
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises CarryRefused: in one of its kinds; nothing is brought
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.CARRY_FORWARD, assessment.pk, by=by, at=at)
        source = earlier_assessments(assessment=assessment).filter(pk=source.pk).first()
        if source is None:
            raise NotAnEarlierRound("Choose an earlier round of this place")
        chosen = _chosen(items_of(source), choices, _targets(assessment, source))
        here = set(assessment.items.values_list("lineage", flat=True))
        chosen = [(item, code) for item, code in chosen if item.lineage not in here]
        own = [(item, code) for item, code in chosen if not item.is_checklist]
        said = _said(assessment, [(item, code) for item, code in chosen if item.is_checklist])
        if not own and not said:
            raise NothingToCarry("Choose at least one item that is not here already")
        made = _copy(assessment, own) + _fill(said)
        chosen = own + [(item, code) for item, code, _ in said]
        links = _copy_links(chosen, made)
        audit.record_all(
            audit.Type.ITEM_CARRIED,
            chain=assessment,
            by=by,
            at=at,
            entries=[
                (
                    item,
                    {
                        "criterion": item.criterion.code,
                        "number": item.number,
                        "statement": audit.digest(item.statement),
                        "account": audit.digest(item.account) if item.account else "",
                        "source": str(before.public_id),
                        "artefacts": [str(link.artefact.public_id) for link in links if link.item_id == item.pk],
                    },
                )
                for item, (before, _) in zip(made, chosen, strict=True)
            ],
        )
        act.result = str(assessment.public_id)
    return made


@transaction.atomic
def confirm_items(*, assessment, shown, by, at):
    """
    Confirm items that were brought from an earlier round, and return them.

    `shown` gives, by public identifier, the version of each item that `by` was looking at. Those that were removed or
    confirmed meanwhile are passed over.

    :raises PermissionDenied: if `by` is not the place's lead
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises ItemsChanged: if one was changed meanwhile; none is confirmed
    :raises NothingToConfirm: if none of them waits for it any more
    """
    assessment, _ = lock_for(Act.CARRY_FORWARD, assessment.pk, by=by, at=at)
    items = list(assessment.items.unconfirmed().filter(public_id__in=shown).select_related("criterion").order_by("pk"))
    if not items:
        raise NothingToConfirm("These items are confirmed already, or were removed")
    if changed := [item for item in items if shown[str(item.public_id)] != item.version]:
        raise ItemsChanged(changed)
    # The version stays: nobody's words change, and who is writing them need not begin again.
    EvidenceItem.objects.filter(pk__in=[item.pk for item in items]).update(confirmed_at=at, confirmed_by=by)
    audit.record_all(
        audit.Type.ITEM_CONFIRMED,
        chain=assessment,
        by=by,
        at=at,
        entries=[(item, {"statement": audit.digest(item.statement)}) for item in items],
    )
    return items


def _targets(assessment, source):
    """Return the codes of the criteria to which what was written for an earlier one may go, by the earlier one's."""
    comparison = Comparison.with_version(assessment, source.framework_version_id)
    now, then = load(assessment.framework_version.definition), load(source.framework_version.definition)
    return {node.code: [each.code for each in targets_of(node, comparison, now)] for node in then.criteria}


def _chosen(items, choices, targets_by_code):
    """Return the items to bring, each with the code of the criterion that it goes to."""
    found = []
    for item in items:
        targets = targets_by_code[item.criterion.code]
        if choices is None:
            found += [(item, targets[0])] if targets else []
        elif item.pk in choices:
            if choices[item.pk] not in targets:
                raise NoSuchTarget(f"{item.criterion.code} did not become {choices[item.pk]}")
            found.append((item, choices[item.pk]))
    return found


def _said(assessment, chosen):
    """
    Return what was said of the framework's statements, with the items that ask the same now.

    Nothing is brought over what the place has said or shown here, nor from an item of which it had said nothing.
    """
    asked = statements_here(assessment) if chosen else {}
    found = []
    for before, code in chosen:
        item = asked.get((code, before.statement_code))
        if item is not None and not has_words(item) and (before.account or before.artefact_links.all()):
            found.append((before, code, item))
    return found


def _fill(said):
    """Write what was said into the items that ask the same now, each with the earlier one's lineage."""
    made = []
    for before, _, item in said:
        values = {"account": before.account, "lineage": before.lineage, "carried_from": before}
        made.append(revise(item, based_on=item.version, **values))
        made[-1].criterion = item.criterion
    return made


def _copy(assessment, chosen):
    """Add the items after those that each criterion has."""
    nodes = {node.code: node for node in Node.objects.filter(version=assessment.framework_version_id)}
    numbers = Counter(assessment.items.values_list("criterion__code", flat=True))
    made = []
    for item, code in chosen:
        numbers[code] += 1
        made.append(
            EvidenceItem(
                assessment=assessment,
                criterion=nodes[code],
                number=numbers[code],
                statement=item.statement,
                lineage=item.lineage,
                carried_from=item,
            )
        )
    return EvidenceItem.objects.bulk_create(made)


def _copy_links(chosen, made):
    return ArtefactLink.objects.bulk_create(
        ArtefactLink(item=item, artefact=link.artefact, locator=link.locator)
        for item, (before, _) in zip(made, chosen, strict=True)
        for link in before.artefact_links.all()
        if link.artefact.ended_on is None
    )
