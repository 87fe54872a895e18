"""A case and the document made from it."""

import json
from dataclasses import replace
from datetime import date, timedelta

from assessments.case import Case, CaseItem, Citation, Evidence, Objection
from assessments.content import content
from assessments.sectors import Voice
from frameworks.definition import parse
from tests.unit.frameworks.definitions import garden
from tests.unit.frameworks.test_definition_of_checklists import SHED

TODAY = date(2026, 11, 20)
PLAN = Evidence(
    key="plan",
    title="Plan",
    kind="Document",
    strength=2,
    strength_words="Documented process in use",
    sensitivity="Public",
    review_by=TODAY,
)


def item(criterion, number=1, **more):
    return CaseItem(key=f"{criterion}-{number}", criterion=criterion, number=number, statement="We do.", **more)


def agreed(criterion, level, number=1, **more):
    return item(criterion, number, judgement="LEVEL", level=level, **more)


def case(*items, evidence=(PLAN,), on=TODAY, panel=()):
    return Case(
        definition=parse(garden()),
        as_at=on,
        items=items,
        evidence={artefact.key: artefact for artefact in evidence},
        panel=tuple(Voice("Council", "Council", ranks) for ranks in panel),
    )


def criterion_of(document, code):
    return next(criterion for criterion in document["criteria"] if criterion["code"] == code)


def test_evidence_supports_what_was_claimed_until_the_day_of_its_review_is_over():
    cited = agreed("SO1", 3, citations=(Citation("plan"),))

    on_the_day = content(case(cited))
    the_day_after = content(case(cited, on=TODAY + timedelta(days=1)))

    assert criterion_of(on_the_day, "SO1")["supported"]["level"] == 3
    assert criterion_of(the_day_after, "SO1")["supported"]["level"] == 2
    assert criterion_of(the_day_after, "SO1")["claimed"]["level"] == 3


def test_an_ended_artefact_or_one_without_strength_is_no_evidence():
    for artefact in (
        Evidence(**{**PLAN.__dict__, "strength": 0}),
        Evidence(**{**PLAN.__dict__, "strength": None}),
        Evidence(**{**PLAN.__dict__, "ended_on": TODAY}),
    ):
        assert case(agreed("SO1", 3, citations=(Citation("plan"),)), evidence=[artefact]).coverage().in_date == 0


def test_an_item_counts_its_best_artefact():
    strong = Evidence(**{**PLAN.__dict__, "key": "audit", "strength": 4})
    cited = agreed("SO1", 4, citations=(Citation("plan"), Citation("audit")))

    assert case(cited, evidence=[PLAN, strong]).strength(cited) == 4


def test_coverage_leaves_out_what_does_not_apply():
    document = content(
        case(
            agreed("SO1", 3, citations=(Citation("plan"),)),
            agreed("SO1", 2, number=2),
            item("SO1", 3, judgement="NOT_APPLICABLE", rationale="There is no soil."),
        )
    )

    assert criterion_of(document, "SO1")["coverage"] == {"in_date": 1, "applicable": 2}


def test_an_item_without_a_level_leaves_its_criterion_and_domain_incomplete():
    document = content(case(agreed("SO1", 3), item("SO1", 2), agreed("SO2", 3)))

    assert criterion_of(document, "SO1")["claimed"]["status"] == "incomplete"
    assert document["domains"][0]["claimed"] | {"sentence": "", "trace": ""} == {
        "status": "incomplete",
        "level": None,
        "sentence": "",
        "trace": "",
    }


def test_scores_are_absent_while_they_are_hidden():
    document = content(case(item("SO1", counts=None)))

    assert document["items"][0]["spread"] is None
    assert criterion_of(document, "SO1")["counts"] is None


def test_a_split_stays_named_after_a_level_is_agreed():
    torn = agreed("SO1", 2, counts={1: 5, 4: 5}, objections=(Objection("Too low."),))
    made = case(torn)
    document = content(made)

    assert document["agreement"]["split"] == ["SO1-1"]
    assert criterion_of(document, "SO1")["split"] == ["SO1.1"]
    assert document["items"][0]["dissents"] == [{"text": "Too low.", "name": "", "is_withdrawn": False}]
    assert made.unsettled_splits() == []


def test_a_split_without_an_agreed_level_is_unsettled():
    torn = item("SO1", counts={1: 5, 4: 5})

    assert case(torn).unsettled_splits() == [torn]


def test_the_document_is_plain_data_that_survives_being_written_down():
    document = content(
        case(
            agreed("SO1", 3, citations=(Citation("plan", "page 4"),), counts={2: 1, 3: 4}),
            panel=({"SO1-1": 3}, {"SO1-1": 2}),
        )
    )

    assert json.loads(json.dumps(document)) == document
    assert document["artefacts"][0]["items"] == ["SO1.1"]
    assert document["agreement"]["assessors"] == 2


def test_scores_are_added_up_over_what_is_rated_on_the_levels_alone():
    by_level = content(case(item("SO1", counts={1: 1, 3: 2}), item("SO1", number=2, counts={1: 5})))
    answer = CaseItem(key="a", criterion="T1", number=1, statement="", statement_code="a", counts={1: 3})
    by_answer = content(Case(definition=parse(SHED), as_at=TODAY, items=(answer,), evidence={}))

    assert (by_level["agreement"]["counts"], by_level["agreement"]["not_in_counts"]) == ([6, 0, 2, 0], 0)
    assert (by_answer["agreement"]["counts"], by_answer["agreement"]["not_in_counts"]) == ([], 1)


def test_the_document_names_neither_sectors_nor_who_gave_very_many_scores():
    panel = [Voice(name, sector, {"SO1-1": 3}) for name, sector in (("Canary", "Sector canary"),) * 6]
    document = content(replace(case(item("SO1", counts={3: 6})), panel=tuple(panel)))

    assert document["agreement"]["large_shares"] == 1
    assert "anary" not in json.dumps(document)


def test_of_evidence_for_the_board_only_the_document_tells_no_more_than_its_strength():
    secret = Evidence(
        **{
            **PLAN.__dict__,
            "board_only": True,
            "title": "Canary",
            "owner": "Canary",
            "url": "https://canary.example",
            "file_name": "canary.pdf",
            "note": "Canary",
        }
    )

    document = content(case(agreed("SO1", 3, citations=(Citation("plan"),)), evidence=[secret]))

    assert "canary" not in json.dumps(document).lower()
    assert document["artefacts"][0]["strength"] == 2
    assert criterion_of(document, "SO1")["supported"]["level"] == 3
