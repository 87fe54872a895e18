"""Nothing that is stored of an assessment is forgotten in an export: the fields are taken from the models."""

import pytest

from assessments.models import Assessment
from reports.exports.gathering import SHEETS
from tests.stored_fields import stored_models

# What no export holds, and why: a model, or a field of one.
LEFT_OUT = {
    "Flag": "what a member marked to come back to is theirs alone",
    "Paper": "a file that is made of what is exported",
    "RoundOrder": "which sealed contents a file was made of",
    "PartnerNote": "stays with the partner whose note it is",
    "Invitation": "whom the programme office invited is no part of an assessment",
    "Membership": "the board's people are in the table board; the rest is the portal's own",
    "Help": "what a place offers the others of its system is no part of an assessment",
    "HelpChange": "as what it is of",
    "SealedLevel": "counted from what was sealed, which is exported",
    "SealedVerdict": "counted from what was sealed, which is exported",
    "PlaceChange": "what became of a place later is no part of what it signed",
    "Delegation": "between a signatory and their deputy; whose deputy signed is in signatures",
    "StandIn": "between a chair and the lead; in whose place somebody acted is in states",
    "*.id": "the key inside stays inside",
    "*.version": "counts saves, to refuse one that is based on an older",
    "Round.opened_at": "opens_on is the round's first day",
    "EvidenceItem.open_for_scoring": "whether a second ballot on it is open: over once there are levels to take along",
    "Artefact.added_at": "when the register got it; the content was frozen later",
    "Artefact.added_by": "who keeps the register is the place's own",
    "Artefact.kept_by": "who keeps the register is the place's own",
    "Place.ended_on": "what became of a place later is no part of what it signed",
    "Partner.starts_on": "the partners are those of the day",
    "Partner.ends_on": "the partners are those of the day",
    "Snapshot.text": "in the JSON file, word for word, where it is sealed",
    "Seal.text": "in the JSON file, word for word",
    "Decision.text": "in the JSON file, word for word",
    "Dissent.recorded_at": "beside other times it would tell who dissented without being named",
    "Dissent.author_mark": "lets its author withdraw it, and tells nobody else anything",
    "DissentWithdrawal.withdrawn_at": "beside other times it would tell who dissented without being named",
    "ConditionClosure.condition": "it stands in the row of its condition",
    "Workshop.code": "lets members in while the workshop is open",
}


def held():
    return {label for sheet in SHEETS for column in sheet.columns for label in column.holds}


def parent_of(field):
    """Say whether a field only says to what its row belongs, which the columns of every row say."""
    return field.is_relation and field.related_model.__name__ in {"Assessment", "Round", "Place", "Seal", "Decision"}


def forgotten(model, held, left_out):
    label = model.__name__
    if label in left_out:
        return []
    fields = [*model._meta.concrete_fields, *model._meta.many_to_many]
    return [
        f"{label}.{field.name}"
        for field in fields
        if not parent_of(field) and not {f"{label}.{field.name}", f"*.{field.name}"} & (held | left_out.keys())
    ]


@pytest.mark.parametrize("model", stored_models(), ids=lambda model: model.__name__)
def test_every_field_is_exported_or_left_out_for_a_reason(model):
    assert forgotten(model, held(), LEFT_OUT) == []


def test_nothing_is_on_the_list_that_is_not_there_or_is_exported():
    known = {model.__name__ for model in stored_models()}
    fields = {f"{model.__name__}.{field.name}" for model in stored_models() for field in model._meta.get_fields()}
    names = {f"*.{field.partition('.')[2]}" for field in fields}

    assert LEFT_OUT.keys() - known - fields - names == set()
    assert LEFT_OUT.keys() & held() == set()


def test_a_forgotten_field_is_found():
    assert forgotten(Assessment, held() - {"Assessment.state"}, LEFT_OUT) == ["Assessment.state"]
    assert all(each.meaning and each.own for each in SHEETS)
    assert len({each.name for each in SHEETS}) == len(SHEETS)
