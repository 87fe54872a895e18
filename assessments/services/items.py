"""Write the evidence items of an assessment, while it is in preparation."""

import uuid

from django.db import transaction
from django.db.models import Case, F, Value, When

from assessments.models import ArtefactLink, EvidenceItem, Score
from assessments.services.locking import lock_for
from assessments.services.notes import remove_notes
from assessments.workflow import Act
from frameworks.definition import load
from partnership import audit, idempotency
from partnership.models import Stale, revise
from partnership.roles import Role

# Numbers are unique at every moment, so that renumbering goes by way of numbers that nobody uses.
ASIDE = 10_000


class NoStatement(Exception):
    """An item without words says nothing that could be scored."""


class NotACriterion(Exception):
    """Items are written for the criteria of the assessment's own framework version."""


class OneItemOnly(Exception):
    """The framework asks for exactly one item for this criterion, and there is one."""


class FrameworkStatement(Exception):
    """The statement is one of the framework's checklist: it stays as it is, where it is."""


class ItemScored(Exception):
    """Somebody has scored the item, so it stays."""


def add_item(*, assessment, criterion, statement, by, at, lineage=None, token=None):
    """
    Add a statement at the end of a criterion's items.

    `lineage` is that of the item of an earlier round which this one continues, None for a new one.

    :raises PermissionDenied: if `by` does not write items here
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises NotACriterion: if `criterion` is no criterion of the assessment's framework version
    :raises FrameworkStatement: if the criterion is a checklist
    :raises NoStatement: if there are no words in it
    :raises OneItemOnly: if the framework asks for one item, and there is one
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.WRITE_ITEMS, assessment.pk, by=by, at=at)
        if criterion.version_id != assessment.framework_version_id or not criterion.is_criterion:
            raise NotACriterion(f"{criterion.code} is not a criterion of this framework version")
        node = load(assessment.framework_version.definition).node(criterion.code)
        if node.is_checklist:
            raise FrameworkStatement(f"{node.name} is a checklist: the framework says what is asked there")
        statement = _words(statement)
        number = EvidenceItem.objects.filter(assessment=assessment, criterion=criterion).count() + 1
        if number > 1 and node.single_item:
            raise OneItemOnly(f"{criterion.name} takes exactly one item, and it has one: change that instead")
        item = EvidenceItem.objects.create(
            assessment=assessment,
            criterion=criterion,
            number=number,
            statement=statement,
            lineage=lineage or uuid.uuid4(),
        )
        audit.record(
            audit.Type.ITEM_ADDED,
            chain=assessment,
            by=by,
            at=at,
            target=item,
            criterion=criterion.code,
            number=number,
            statement=audit.digest(statement),
        )
        act.result = str(item.public_id)
    return item


@transaction.atomic
def edit_item(*, item, statement, number, based_on, by, at):
    """
    Write an item anew; the criterion's other items make way for its `number`.

    A number beyond the last one means the last place. What the lead writes anew needs no other confirmation.

    :raises PermissionDenied: if `by` does not write items here
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises FrameworkStatement: if the framework wrote it
    :raises NoStatement: if there are no words in it
    :raises partnership.models.Stale: if somebody changed the item since version `based_on`
    """
    assessment, capacity = lock_for(Act.WRITE_ITEMS, item.assessment_id, by=by, at=at)
    _check_is_own(item)
    statement = _words(statement)
    values = {"statement": statement}
    if item.is_unconfirmed and Role.LEAD in capacity.roles:
        values |= {"confirmed_at": at, "confirmed_by": by}
    item = revise(item, based_on=based_on, **values)
    order = list(_siblings(item).order_by("number").values_list("pk", flat=True))
    order.remove(item.pk)
    order.insert(max(number, 1) - 1, item.pk)
    _renumber(_siblings(item), order)
    item.refresh_from_db(fields=["number"])
    audit.record(
        audit.Type.ITEM_CHANGED,
        chain=assessment,
        by=by,
        at=at,
        target=item,
        number=item.number,
        statement=audit.digest(statement),
    )
    return item


@transaction.atomic
def remove_item(*, item, based_on, by, at):
    """
    Take an item out, with its links to artefacts and partners' notes on it, and close the gap in the numbers.

    The artefacts stay in the register.

    :raises PermissionDenied: if `by` does not write items here
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises FrameworkStatement: if the framework wrote it
    :raises ItemScored: if it has a score
    :raises EvidenceItem.DoesNotExist: if it was removed at the same moment
    :raises partnership.models.Stale: if somebody changed the item since version `based_on`
    """
    assessment, _ = lock_for(Act.WRITE_ITEMS, item.assessment_id, by=by, at=at)
    current = EvidenceItem.objects.get(pk=item.pk)
    _check_is_own(current)
    if current.version != based_on:
        raise Stale(current)
    if Score.objects.filter(item=current).exists():
        raise ItemScored("The item has been scored, so it cannot be removed")
    siblings = _siblings(current)
    ArtefactLink.objects.filter(item=current).delete()
    remove_notes(current, assessment=assessment, by=by, at=at)
    EvidenceItem.objects.filter(pk=current.pk).delete()
    _renumber(siblings, list(siblings.order_by("number").values_list("pk", flat=True)))
    audit.record(
        audit.Type.ITEM_REMOVED,
        chain=assessment,
        by=by,
        at=at,
        target=current,
        number=current.number,
        statement=audit.digest(current.statement),
    )


def _check_is_own(item):
    if item.is_checklist:
        raise FrameworkStatement("This statement is the framework's: its words and its place are not yours to change")


def _words(statement):
    words = statement.strip()
    if not words:
        raise NoStatement("Enter a statement")
    return words


def _siblings(item):
    """Return the items of the same criterion, the item itself among them."""
    return EvidenceItem.objects.filter(assessment=item.assessment_id, criterion=item.criterion_id)


def _renumber(items, order):
    """Number `items` from 1 in the order of their keys; versions stay, since nobody's words change."""
    numbers = dict(items.values_list("pk", "number"))
    if all(numbers[pk] == number for number, pk in enumerate(order, start=1)):
        return
    items.update(number=F("number") + ASIDE)
    items.update(number=Case(*(When(pk=pk, then=Value(number)) for number, pk in enumerate(order, start=1))))
