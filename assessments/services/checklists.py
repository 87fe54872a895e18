"""Put a framework's checklists before a place, and write down what it says about their statements."""

from django.db import transaction

from assessments.models import EvidenceItem
from assessments.services.locking import lock_for
from assessments.workflow import Act
from frameworks.definition import load
from frameworks.models import Node
from partnership import audit
from partnership.models import revise
from partnership.roles import Role


class NotAChecklist(Exception):
    """The place wrote this item itself: its statement is what can be changed."""


def ask_statements(assessment, *, by, at):
    """
    Make an evidence item of each statement of the framework's checklists that counts, and return the items.

    For an assessment that is being made, under the lock of whoever makes it; few queries, whatever the number.
    """
    definition = load(assessment.framework_version.definition)
    checklists = [node for node in definition.counted_criteria() if node.is_checklist]
    if not checklists:
        return []
    rows = {row.code: row for row in Node.objects.filter(version=assessment.framework_version_id, is_criterion=True)}
    items = EvidenceItem.objects.bulk_create(
        EvidenceItem(
            assessment=assessment,
            criterion=rows[node.code],
            number=number,
            statement=statement.text,
            statement_code=statement.code,
        )
        for node in checklists
        for number, statement in enumerate(node.asked, start=1)
    )
    audit.record_all(
        audit.Type.ITEM_ADDED,
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
                    "account": "",
                },
            )
            for item in items
        ],
    )
    return items


@transaction.atomic
def write_account(*, item, account, based_on, by, at):
    """
    Write what the place does about a statement of the framework, and return the item; no words take it back.

    What the lead writes anew needs no other confirmation.

    :raises PermissionDenied: if `by` does not write items here
    :raises assessments.permissions.WrongState: if the wording is fixed by now
    :raises NotAChecklist: if the item's statement is the place's own
    :raises partnership.models.Stale: if somebody changed the item since version `based_on`
    """
    assessment, capacity = lock_for(Act.WRITE_ITEMS, item.assessment_id, by=by, at=at)
    if not item.is_checklist:
        raise NotAChecklist("This item's statement is the place's own: change that instead")
    values = {"account": account.strip()}
    if item.is_unconfirmed and Role.LEAD in capacity.roles:
        values |= {"confirmed_at": at, "confirmed_by": by}
    item = revise(item, based_on=based_on, **values)
    audit.record(
        audit.Type.ITEM_CHANGED,
        chain=assessment,
        by=by,
        at=at,
        target=item,
        number=item.number,
        statement=audit.digest(item.statement),
        account=audit.digest(item.account) if item.account else "",
    )
    return item
