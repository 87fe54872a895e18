"""What is still missing before a result is put up for signature, and where each is mended."""

from dataclasses import replace

from assessments.case import Case
from assessments.quorum import Quorum
from assessments.still_missing import still_missing
from tests.unit.reports.documents import EVIDENCE, ITEMS, TODAY, artefact, definition, item

ASKED = Quorum(required=("Council", "Trust"), minimum=2, expected=("Council", "Trust"), given={})
AIMS = {"targets": {"levels": {}}, "pathways": {"seed-fund": {}}}
EXPLAINED = replace(ITEMS[2], rationale="The minutes decide.")
SOUND = tuple(
    replace(
        each,
        judgement="LEVEL",
        level=2,
        rationale="So it is.",
        citations=(ITEMS[0].citations),
    )
    for each in ITEMS
)


def missing(*items, asked=ASKED, aims=AIMS, evidence=EVIDENCE):
    case = Case(definition=definition(), as_at=TODAY, items=items or SOUND, evidence=evidence)
    return {each.kind: each for each in still_missing(case, assessment="A", asked=asked, aims=aims)}


def told(found, kind):
    return [(entry.label, entry.route, entry.values) for entry in found[kind].entries]


def test_nothing_is_missing_where_all_is_settled_evidenced_and_aimed_for():
    assert missing(evidence={"figures": EVIDENCE["figures"]}) == {}


def test_open_items_lead_to_where_they_are_agreed_and_empty_criteria_nowhere():
    found = missing(replace(ITEMS[5], citations=SOUND[0].citations))

    assert found["open"].heading == "1 item is not settled"
    assert told(found, "open") == [("PE2a.1", "assessments:agree", ("A", "PE2a"))]
    assert [label for label, route, _ in told(found, "empty") if not route] == ["SO1", "SO2", "PE1", "PE2b"]


def test_a_split_that_was_settled_without_a_rationale_leads_back_to_it():
    assert told(missing(*ITEMS), "unexplained") == [("SO2.1", "assessments:agree", ("A", "SO2"))]
    assert "unexplained" not in missing(EXPLAINED)


def test_items_without_evidence_in_date_are_told_unless_they_do_not_apply():
    found = missing(*ITEMS)

    assert [entry.label for entry in found["bare"].entries] == ["SO1.2", "SO2.1", "PE2a.1"]
    assert "cites only what does not count" in found["bare"].entries[0].text
    assert "SO3.1" not in [entry.label for entry in found["bare"].entries]


def test_artefacts_past_review_and_without_a_strength_lead_to_themselves():
    evidence = EVIDENCE | {"new": artefact("new", None), "none": artefact("none", 0)}

    found = missing(*ITEMS, evidence=evidence)

    assert told(found, "over") == [("old", "assessments:artefact", ("old",))]
    assert told(found, "unrated") == [("new", "assessments:artefact", ("new",))]


def test_who_must_sign_and_cannot_is_told():
    found = missing(asked=replace(ASKED, expected=("Council",)))

    assert told(found, "unsigned") == [("Trust", "", ())]
    assert found["too_few"].entries[0].text == "1 at the place can."


def test_what_is_not_aimed_for_leads_to_the_pages_of_aims():
    found = missing(aims={"targets": None, "pathways": {}})

    assert told(found, "undated") == [
        ("Seed fund", "reports:pathway", ("A", "seed-fund")),
        ("Targets", "reports:targets", ("A",)),
    ]


def test_an_item_that_is_one_of_many_is_told_once():
    again = item("SO1", 3, counts={2: 3})

    assert len(missing(*SOUND, again)["open"].entries) == 1
