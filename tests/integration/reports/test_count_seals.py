"""What seals say is counted as they are made, and says what they say; it can be counted anew at any time."""

import io
import json

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from assessments.models import Seal
from assessments.workflow import Move
from reports.models import SealedLevel, SealedVerdict
from reports.services import count_seal
from tests import factories
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def seal():
    """What a board agreed at the highest level, without evidence for that."""
    assessment = factories.create_assessment()
    item = factories.create_item(assessment)
    factories.in_agreeing(assessment, 4, 4, 4)
    factories.create_agreement(item, level=4)
    factories.move(assessment, Move.PUT_UP, accepted_gaps=factories.EMPTY_CRITERIA)
    factories.create_signature(assessment, by=factories.create_signatory(assessment.place))
    factories.move(assessment, Move.SEAL, meeting_on=factories.AT.date(), minute_reference="PB/26/1")
    return Seal.objects.select_related("snapshot", "assessment").get(assessment=assessment)


def kept_of(seal):
    levels = seal.levels.values_list("node__code", "claimed_status", "claimed", "supported_status", "supported")
    return set(levels), set(seal.verdicts.values_list("pathway", "verdict"))


def test_what_is_kept_is_what_the_seal_says(seal):
    document = json.loads(seal.snapshot.text)
    said = {
        (
            each["code"],
            each["claimed"]["status"].upper(),
            each["claimed"]["level"],
            each["supported"]["status"].upper(),
            each["supported"]["level"],
        )
        for each in [*document["domains"], *document["tiers"], *document["criteria"]]
    }
    verdicts = {(pathway["code"], pathway["verdict"]) for pathway in document["improvement"]["pathways"]}

    assert kept_of(seal) == (said, verdicts)
    assert len(said) > 7
    assert any(claimed != supported for _, _, claimed, _, supported in said)
    assert verdicts


def test_counting_anew_changes_nothing_and_puts_back_what_is_missing(seal):
    before = kept_of(seal)
    count_seal(seal=seal)
    assert kept_of(seal) == before
    SealedLevel.objects.all().delete()
    SealedVerdict.objects.all().delete()

    told = io.StringIO()
    call_command("count_seals", missing=True, stdout=told)
    call_command("count_seals", missing=True, stdout=told)

    assert kept_of(seal) == before
    assert told.getvalue().split() == ["1", "counted", "0", "counted"]


@pytest.mark.parametrize("values", [{"claimed": None}, {"supported_status": "INCOMPLETE"}])
def test_a_level_or_why_there_is_none_but_never_both_or_neither(seal, values):
    level = seal.levels.filter(claimed_status="LEVEL", supported_status="LEVEL").first()

    with pytest.raises(IntegrityError), transaction.atomic():
        SealedLevel.objects.filter(pk=level.pk).update(**values)


def test_each_node_and_pathway_is_kept_once(seal):
    for row in (seal.levels.first(), seal.verdicts.first()):
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)
