"""The written framework and the demo's data agree with themselves and with one another. No database."""

import datetime
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from assessments.models import Artefact, Assessment, Round, Signature
from frameworks import golden
from frameworks.definition import parse
from frameworks.items import ItemInput
from frameworks.readiness import NOT_READY, PASS, READY_WITH_CONDITIONS, evaluate, facts_of, verdict
from frameworks.spread import spread
from improvement.models import Action
from partnership.models import Membership, Organisation

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo"
ROUNDS = ["spring-2026", "autumn-2026"]
CRITERIA = ["AV1", "AV2", "AV3", "LC1", "LC2", "LC3", "LC4", "DD1", "DD2", "DD3", "DD4", "GO1"]
ITEMS = dict(zip(CRITERIA, [4, 3, 4, 5, 4, 4, 4, 6, 4, 4, 3, 5], strict=True))


@cache
def read(path):
    return yaml.safe_load(path.read_text())


@cache
def framework():
    return parse(read(ROOT / "frameworks" / "library" / "place_development_1_0.yaml"))


def st_helens():
    return read(DEMO / "st_helens.yaml")


def board_work(name):
    return read(DEMO / "st_helens_rounds.yaml")[name]


def system():
    return read(DEMO / "system.yaml")


def light_places():
    return [place for place in system()["places"] if "file" not in place]


def tally(scores):
    """Return the spread of one item's score string."""
    levels = [int(score) for score in scores if score.isdigit()]
    return spread(levels, framework().scale.ranks, cannot_judge=scores.count("?"), not_applicable=scores.count("-"))


def by_item(scores):
    """Name each string of `criterion -> strings` by its item, such as LC4.2."""
    return {f"{code}.{number}": text for code, texts in scores.items() for number, text in enumerate(texts, 1)}


def strengths(item):
    known = {artefact["key"]: artefact["strength"] for artefact in st_helens()["artefacts"]}
    return [known[link["artefact"]] for link in item["evidence"]]


def agreed_items():
    """Return what the roll-up needs of St Helens' earlier round."""
    agreed = board_work("spring-2026")["agreed"]
    return {
        code: [
            ItemInput(f"{code}.{number}", level=int(level), strength=max(strengths(item), default=0))
            for number, (item, level) in enumerate(zip(items, agreed[code], strict=True), 1)
        ]
        for code, items in st_helens()["items"].items()
    }


def earlier_facts():
    return facts_of(framework(), agreed_items(), unsettled_splits=0, open_conditions=0)


# The framework


def test_the_framework_has_four_domains_and_twelve_criteria():
    assert [(domain.code, len(domain.children)) for domain in framework().domains] == [
        ("AV", 3),
        ("LC", 4),
        ("DD", 4),
        ("GO", 1),
    ]
    assert [criterion.code for criterion in framework().criteria] == list(ITEMS)
    assert "placeholders" in framework().notes


def test_every_level_of_every_criterion_is_described_well_enough_to_score():
    descriptors = [text for criterion in framework().criteria for text in criterion.descriptors.values()]

    assert len(set(descriptors)) == 48
    assert [text for text in descriptors if not 25 <= len(text.split()) <= 50] == []


def test_every_criterion_says_what_evidence_it_expects():
    assert {3 <= len(criterion.expected_evidence) <= 5 for criterion in framework().criteria} == {True}


def test_each_pathway_has_named_gates_some_of_them_foundational():
    for pathway in framework().pathways:
        assert 6 <= len(pathway.gates) <= 8
        assert all(gate.name for gate in pathway.gates)
        assert {gate.foundational for gate in pathway.gates} == {True, False}


def test_full_delegation_asks_more_than_a_shadow_committee_of_the_criteria_that_decide():
    asked = {
        pathway.code: {gate.node: gate.level for gate in pathway.gates if gate.kind == "node_at_least"}
        for pathway in framework().pathways
    }

    assert asked["shadow-committee"] == {"GO1": 2, "DD1": 2, "DD2": 2, "LC4": 2}
    assert asked["full-delegation"] == {"GO1": 3, "DD1": 3, "DD2": 3, "LC4": 3}


def test_the_golden_cases_come_out_as_they_were_worked_out_by_hand():
    assert len(framework().golden) >= 4
    assert golden.run(framework()) == []


# St Helens' case


def test_st_helens_makes_fifty_statements():
    assert {code: len(items) for code, items in st_helens()["items"].items()} == ITEMS
    statements = [item["statement"] for items in st_helens()["items"].values() for item in items]
    assert len(set(statements)) == 50


def test_thirteen_artefacts_are_cited_in_seventeen_places():
    links = [link["artefact"] for items in st_helens()["items"].values() for item in items for link in item["evidence"]]
    keys = [artefact["key"] for artefact in st_helens()["artefacts"]]

    assert len(links) == 17
    assert len(keys) == len(set(keys)) == 13
    assert set(links) == set(keys)


def test_evidence_is_weakest_where_delegation_is_decided():
    evidenced = {code: sum(bool(item["evidence"]) for item in items) for code, items in st_helens()["items"].items()}

    assert sum(evidenced.values()) == 15
    assert list(evidenced.values()) == [4, 2, 2, 1, 1, 2, 0, 0, 0, 0, 1, 2]


@pytest.mark.parametrize("artefact", st_helens()["artefacts"], ids=lambda artefact: artefact["key"])
def test_artefacts_of_st_helens_are_complete_and_in_date_in_both_rounds(artefact):
    assert artefact["kind"] in Artefact.Kind
    assert artefact["sensitivity"] in Artefact.Sensitivity
    assert artefact["strength"] in Artefact.Strength
    assert artefact["owner"] is None or artefact["owner"] in st_helens()["organisations"]
    assert artefact["body"].startswith("Illustrative stand-in for")
    assert "the real" in artefact["body"]
    assert "illustrative" in artefact["note"]
    assert (artefact["url"] is not None) == (artefact["kind"] == "LINK")
    assert artefact["strength"] > 0
    assert artefact["review_by"] >= system()["rounds"][1]["scoring_closes_on"]


def test_the_board_has_twelve_assessors_from_different_organisations():
    people = {person["key"]: person for person in st_helens()["people"]}
    board = [people[key] for key in st_helens()["board"]]

    assert len(board) == 12
    assert all("MEMBER" in person["roles"] for person in board)
    assert {person["organisation"] for person in board} == set(st_helens()["organisations"])
    assert board[0]["key"] == "member"


@pytest.mark.parametrize("case", [st_helens(), system()["small_place"]], ids=["St Helens", "small place"])
def test_people_of_a_place_play_known_parts_for_known_organisations(case):
    people = case["people"]

    assert {role for person in people for role in person["roles"]} <= set(Membership.Role.values)
    assert {person["organisation"] for person in people} <= set(case["organisations"])
    assert {each["sector"] for each in case["organisations"].values()} <= set(Organisation.Sector.values)
    assert len({person["email"] for person in people}) == len({person["key"] for person in people}) == len(people)
    assert all(person["email"].endswith(".example") for person in people)
    signatories = Counter(person["organisation"] for person in people if "SIGNATORY" in person["roles"])
    assert signatories == Counter(case["organisations"].keys())
    assert set(case["required_signatures"]) <= set(case["organisations"])


def test_every_body_comes_after_the_one_it_answers_to():
    known = {None}
    for body in st_helens()["bodies"]:
        assert body["parent"] in known
        known.add(body["key"])


# What St Helens' board did


@pytest.mark.parametrize("name", ROUNDS)
def test_each_item_has_one_score_per_member(name):
    scores = board_work(name)["scores"]

    assert {code: len(texts) for code, texts in scores.items()} == ITEMS
    legal = set("1234?-") | ({"."} if name == "autumn-2026" else set())
    assert {item: text for item, text in by_item(scores).items() if len(text) != 12 or set(text) - legal} == {}


@pytest.mark.parametrize("name", ROUNDS)
def test_not_applicable_has_a_reason_and_nothing_else_has(name):
    board = st_helens()["board"]
    marked = {
        (item, member)
        for item, text in by_item(board_work(name)["scores"]).items()
        for member, score in zip(board, text, strict=True)
        if score == "-"
    }

    assert marked == {(item, member) for item, given in board_work(name)["reasons"].items() for member in given}
    assert all(text for given in board_work(name)["reasons"].values() for text in given.values())


@pytest.mark.parametrize("name", ROUNDS)
def test_comments_are_members_own_on_items_that_exist(name):
    work = board_work(name)
    for comment in work["comments"]:
        assert comment["item"] in by_item(work["scores"])
        assert comment["member"] in st_helens()["board"]


def test_the_member_who_tries_the_demo_finds_eighteen_items_left():
    texts = list(by_item(board_work("autumn-2026")["scores"]).values())

    assert ["." if text[0] == "." else "scored" for text in texts] == ["scored"] * 32 + ["."] * 18
    assert not any("." in text[1:] for text in texts)


def test_a_rationale_is_given_exactly_where_the_board_needs_one():
    work = board_work("spring-2026")
    agreed = by_item(work["agreed"])
    spreads = {item: tally(text) for item, text in by_item(work["scores"]).items()}
    needed = {item for item, each in spreads.items() if each.split or int(agreed[item]) != each.lower_median}

    assert set(agreed) == set(spreads)
    assert set(work["rationales"]) == needed
    assert {item for item, each in spreads.items() if each.split} >= {"LC4.1", "LC4.2", "LC4.3", "LC4.4"}
    assert tally(by_item(work["scores"])["LC4.2"]).counts == (1, 5, 1, 5)


def test_dissents_come_from_members_who_scored_otherwise():
    work = board_work("spring-2026")
    scores, agreed = by_item(work["scores"]), by_item(work["agreed"])
    for dissent in work["dissents"]:
        if dissent["member"]:
            own = scores[dissent["item"]][st_helens()["board"].index(dissent["member"])]
            assert own != agreed[dissent["item"]]
    assert {bool(dissent["member"]) for dissent in work["dissents"]} == {True, False}


def test_the_earlier_round_was_signed_by_a_quorum_and_one_signature_is_missing():
    signatures = board_work("spring-2026")["signatures"]
    people = {person["key"]: person for person in st_helens()["people"]}
    moves = board_work("spring-2026")["moves"]
    counted = {people[each["member"]]["organisation"] for each in signatures if each["kind"] in {"SIGNED", "RESERVED"}}

    assert all("SIGNATORY" in people[each.get("deputy_of", each["member"])]["roles"] for each in signatures)
    [deputised] = [each for each in signatures if "deputy_of" in each]
    assert people[deputised["member"]]["organisation"] == people[deputised["deputy_of"]]["organisation"]
    assert {each["kind"] for each in signatures} <= set(Signature.Kind.values)
    assert all(bool(each["words"]) == (each["kind"] != "SIGNED") for each in signatures)
    assert all(moves["SIGNING"] <= each["signed_on"] <= moves["SIGNED"] for each in signatures)
    assert counted >= set(st_helens()["required_signatures"])
    assert len(counted) >= system()["rounds"][0]["minimum_signatures"]
    signed = {people[each["member"]]["organisation"] for each in signatures}
    assert set(st_helens()["organisations"]) - signed == {"business"}


def test_actions_have_owners_dates_and_something_they_are_for():
    gates = {(pathway.code, gate.code) for pathway in framework().pathways for gate in pathway.gates}
    for action in board_work("spring-2026")["actions"]:
        assert action["owner"] in st_helens()["organisations"]
        assert isinstance(action["due_on"], datetime.date)
        assert action["status"] in Action.Status
        assert action.get("criterion") in ITEMS or (action["pathway"], action["gate"]) in gates
        assert action["status"] == "OPEN" or (action["changed_on"] and action["note"])


def test_the_board_claims_an_established_place_and_the_evidence_supports_an_evolving_one():
    facts = earlier_facts()

    assert [facts.claimed[code].level for code in CRITERIA] == [4, 3, 3, 4, 3, 3, 3, 3, 3, 4, 3, 3]
    assert [facts.supported[code].level for code in CRITERIA] == [3, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]


@pytest.mark.parametrize(
    "code, ready, failing",
    [
        ("shadow-committee", READY_WITH_CONDITIONS, {"S7": False}),
        ("full-delegation", NOT_READY, {"F1": True, "F2": True, "F3": True, "F4": False, "F6": False}),
    ],
)
def test_the_earlier_round_is_ready_to_rehearse_and_not_to_decide(code, ready, failing):
    results = evaluate(framework(), framework().pathway(code), earlier_facts())
    actions = board_work("spring-2026")["actions"]
    remedied = {action["gate"] for action in actions if action.get("pathway") == code}

    assert {each.code: each.foundational for each in results if each.status != PASS} == failing
    assert verdict(results, remedied) == ready
    # Without its actions it would not even be ready with conditions.
    assert verdict(results, set()) == NOT_READY


# The system


def test_nine_places_stand_in_alphabetical_order():
    assert [place["name"] for place in system()["places"]] == [
        "Cheshire East",
        "Cheshire West and Chester",
        "Halton",
        "Knowsley",
        "Liverpool",
        "Sefton",
        "St Helens",
        "Warrington",
        "Wirral",
    ]
    assert len({place["slug"] for place in system()["places"]}) == 9


def test_rounds_are_dated_in_order():
    for each in system()["rounds"]:
        days = [each["opens_on"], each["scoring_closes_on"], each["signing_closes_on"]]
        assert days == sorted(days)
        assert each["visibility"] in Round.Visibility
    assert [each["key"] for each in system()["rounds"]] == ROUNDS
    assert system()["rounds"][1]["scoring_closes_on"] == datetime.date(2026, 12, 4)


def test_every_assessment_moves_on_day_by_day_to_the_state_it_is_in():
    order = ["PREPARING", "SCORING", "AGREEING", "SIGNING", "SIGNED", "SUBMITTED"]
    usual = {each["key"]: each["usual_moves"] for each in system()["rounds"]}
    work = [(name, board_work(name)["moves"], list(board_work(name)["moves"])[-1]) for name in ROUNDS] + [
        (name, each.get("moves", usual[name]), each["state"])
        for place in light_places()
        for name, each in place["rounds"].items()
    ]

    assert len(work) == 18
    for name, moves, state in work:
        assert state in Assessment.State
        passed = [moves[step] for step in order[: order.index(state) + 1]]
        assert passed == sorted(passed)
        assert passed[0] >= next(each["opens_on"] for each in system()["rounds"] if each["key"] == name)


def test_the_autumn_round_shows_many_states():
    states = Counter(place["rounds"]["autumn-2026"]["state"] for place in light_places())

    assert states == {"SCORING": 3, "PREPARING": 2, "AGREEING": 1, "SIGNING": 1, "SIGNED": 1}
    assert list(board_work("autumn-2026")["moves"])[-1] == "SCORING"


def test_the_pool_has_two_statements_for_each_criterion_and_artefacts_that_cite_them():
    pool = by_item(system()["statements"])

    assert {code: len(texts) for code, texts in system()["statements"].items()} == dict.fromkeys(ITEMS, 2)
    assert len(set(pool.values())) == 24
    for artefact in system()["artefacts"]:
        assert artefact["kind"] in Artefact.Kind
        assert artefact["sensitivity"] in Artefact.Sensitivity
        assert artefact["strength"] in Artefact.Strength
        assert artefact["body"].startswith("Illustrative stand-in for")
        assert set(artefact["cited_by"]) <= set(pool)


@pytest.mark.parametrize("place", light_places(), ids=lambda place: place["slug"])
def test_light_places_are_scored_on_every_criterion_by_a_board_that_can_settle(place):
    assert set(place["artefacts"]) <= {artefact["key"] for artefact in system()["artefacts"]}
    for each in place["rounds"].values():
        state = each["state"]
        if state == "PREPARING":
            assert set(each["prepared"]) <= set(ITEMS)
            continue
        scores = each["scores"]
        settled = each.get("settled", []) if state in {"SCORING", "AGREEING"} else ITEMS
        legal = set("1234?") | ({"."} if state == "SCORING" else set())
        assert list(scores) == list(ITEMS)
        assert all(1 <= len(texts) <= 2 for texts in scores.values())
        assert all(len(text) == 4 and set(text) <= legal for text in by_item(scores).values())
        assert not any(tally(text).split for code in settled for text in scores[code])
        assert set(each.get("signed_by", [])) <= set(system()["small_place"]["board"])
