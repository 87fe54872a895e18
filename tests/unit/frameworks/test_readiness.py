from dataclasses import replace

import pytest

from frameworks.definition import Gate, parse
from frameworks.lift import apply_changes, lift
from frameworks.readiness import Outcome, Verdict, coverage, evaluate, facts_of, verdict
from frameworks.rollup import ItemInput
from tests.unit.frameworks.definitions import GARDEN, LEVELS, flat, garden

PASS, FAIL, CANNOT_TELL = Outcome
NODE = {"kind": "node_at_least", "node": "C1", "level": 3}
FLOOR = {"kind": "floor", "level": 2}
HALF = {"kind": "coverage", "percent": 50}
HALF_OF_C1 = HALF | {"node": "C1"}
COMPLETE = {"kind": "complete"}
SPLITS = {"kind": "splits_settled"}
CONDITIONS = {"kind": "conditions_closed"}

UNUSED = "n/a"


def make(**criteria):
    """Make items by criterion from (level, strength) pairs, None for no level, "n/a" for not applicable."""
    items = {}
    for code, some in criteria.items():
        items[code] = [
            ItemInput(f"{code}.{number}", not_applicable=True)
            if each == UNUSED
            else ItemInput(f"{code}.{number}", each and each[0], strength=each[1] if each else 0)
            for number, each in enumerate(some, start=1)
        ]
    return items


def judge(gate, items, *, splits=0, conditions=0, levels=LEVELS):
    """Judge one gate over a framework of the criteria C1 and C2."""
    definition = flat("C1", "C2", levels=levels, gates=[{"code": "G1", "foundational": True} | gate])
    facts = facts_of(definition, items, unsettled_splits=splits, open_conditions=conditions)
    (result,) = evaluate(definition, definition.pathways[0], facts)
    return result


@pytest.mark.parametrize(
    "gate, items, status, sentence, remedy",
    [
        (
            NODE,
            make(C1=[(3, 2)]),
            PASS,
            "Passes: C1 Criterion C1 is at Established; asked for: Established or above.",
            "",
        ),
        (
            NODE,
            make(C1=[(4, 1), (3, 0)]),
            FAIL,
            "Fails: C1 Criterion C1 is at Evolving; asked for: Established or above.",
            "Give items C1.1 and C1.2 evidence in date of documented process in use or stronger.",
        ),
        (
            NODE,
            make(C1=[(3, 2), None]),
            CANNOT_TELL,
            "Cannot tell: C1 Criterion C1 is incomplete; asked for: Established or above.",
            "Agree a level for item C1.2.",
        ),
        (
            NODE,
            {},
            CANNOT_TELL,
            "Cannot tell: C1 Criterion C1 is incomplete; asked for: Established or above.",
            "Write evidence items for C1 and agree their levels.",
        ),
        (
            NODE,
            make(C1=[UNUSED]),
            FAIL,
            "Fails: C1 Criterion C1 is not applicable; asked for: Established or above.",
            "Agree a level for at least one item that applies.",
        ),
        (
            FLOOR,
            make(C1=[(2, 0)], C2=[(3, 2)]),
            PASS,
            "Passes: no criterion below Evolving; asked for: every criterion at Evolving or above.",
            "",
        ),
        (
            FLOOR,
            make(C1=[(1, 0)], C2=[(1, 0), (3, 2)]),
            FAIL,
            "Fails: 2 of 2 criteria below Evolving: C1 and C2; asked for: every criterion at Evolving or above.",
            "Raise items C1.1 and C2.1 from Emerging to Evolving.",
        ),
        (
            FLOOR,
            make(C1=[(2, 0)]),
            CANNOT_TELL,
            "Cannot tell: 1 of 2 criteria incomplete: C2; asked for: every criterion at Evolving or above.",
            "Write evidence items for C2 and agree their levels.",
        ),
        (
            FLOOR,
            make(C1=[(1, 0)], C2=[None]),
            FAIL,
            "Fails: 1 of 2 criteria below Evolving: C1; asked for: every criterion at Evolving or above.",
            "Raise item C1.1 from Emerging to Evolving. Agree a level for item C2.1.",
        ),
        (
            FLOOR,
            make(C1=[(2, 0)], C2=[UNUSED]),
            PASS,
            "Passes: no criterion below Evolving; asked for: every criterion at Evolving or above.",
            "",
        ),
        (
            FLOOR,
            make(C1=[UNUSED], C2=[UNUSED]),
            FAIL,
            "Fails: no criterion applies; asked for: every criterion at Evolving or above.",
            "Agree a level for at least one item that applies.",
        ),
        (
            HALF,
            make(C1=[(1, 1), (1, 0)], C2=[UNUSED]),
            PASS,
            "Passes: 1 of 2 items (50%) have evidence in date; asked for: at least 50%.",
            "",
        ),
        (
            HALF,
            make(C1=[(1, 1), (1, 0)], C2=[(1, 0)]),
            FAIL,
            "Fails: 1 of 3 items (33%) have evidence in date; asked for: at least 50%.",
            "Attach evidence in date to 1 more of these items: C1.2 and C2.1.",
        ),
        (
            HALF_OF_C1,
            make(C1=[(1, 0)], C2=[(1, 1)]),
            FAIL,
            "Fails: 0 of 1 item (0%) of C1 Criterion C1 has evidence in date; asked for: at least 50%.",
            "Attach evidence in date to item C1.1.",
        ),
        (
            HALF,
            make(C1=[(1, 0)] * 8, C2=[(1, 0)] * 5),
            FAIL,
            "Fails: 0 of 13 items (0%) have evidence in date; asked for: at least 50%.",
            "Attach evidence in date to 7 more of the 13 items without: 8 in C1 and 5 in C2.",
        ),
        (
            HALF,
            {},
            CANNOT_TELL,
            "Cannot tell: no items yet; asked for: at least 50%.",
            "Write evidence items for C1 and C2 and agree their levels.",
        ),
        (
            HALF_OF_C1,
            make(C1=[UNUSED], C2=[(1, 1)]),
            FAIL,
            "Fails: C1 Criterion C1 is not applicable; asked for: at least 50%.",
            "Agree a level for at least one item that applies.",
        ),
        (
            COMPLETE,
            make(C1=[(1, 0), UNUSED], C2=[(1, 0)]),
            PASS,
            "Passes: 3 of 3 items agreed; asked for: every item of every criterion agreed.",
            "",
        ),
        (
            COMPLETE,
            make(C1=[(1, 0), None]),
            FAIL,
            "Fails: 1 of 2 items agreed, no items in C2; asked for: every item of every criterion agreed.",
            "Agree a level for item C1.2. Write evidence items for C2 and agree their levels.",
        ),
    ],
)
def test_a_gate_is_told_with_its_value_threshold_and_remedy(gate, items, status, sentence, remedy):
    got = judge(gate, items)

    assert (got.status, got.sentence, got.remedy) == (status, sentence, remedy)


@pytest.mark.parametrize(
    "gate, counts, status, value, remedy",
    [
        (SPLITS, {"splits": 0}, PASS, "no unsettled splits", ""),
        (SPLITS, {"splits": 1}, FAIL, "1 unsettled split", "Settle the split item with a rationale."),
        (SPLITS, {"splits": 3}, FAIL, "3 unsettled splits", "Settle the 3 split items with rationales."),
        (
            SPLITS,
            {"splits": None},
            CANNOT_TELL,
            "unsettled splits not known",
            "Find out how many unsettled splits there are.",
        ),
        (CONDITIONS, {"conditions": 0}, PASS, "no open conditions", ""),
        (CONDITIONS, {"conditions": 1}, FAIL, "1 open condition", "Close the open condition."),
        (CONDITIONS, {"conditions": 2}, FAIL, "2 open conditions", "Close the 2 open conditions."),
        (
            CONDITIONS,
            {"conditions": None},
            CANNOT_TELL,
            "open conditions not known",
            "Find out how many open conditions there are.",
        ),
    ],
)
def test_what_must_be_none_is_counted(gate, counts, status, value, remedy):
    got = judge(gate, {}, **counts)

    assert (got.status, got.value, got.threshold, got.remedy) == (status, value, "none", remedy)


def test_gates_look_at_what_evidence_supports_and_not_at_claims():
    assert judge(NODE, make(C1=[(4, 0)])).value == "Evolving"
    assert judge(NODE, make(C1=[(4, 4)])).value == "Thriving"


def test_none_supported_fails():
    demanding = [level | {"demand": 1} for level in LEVELS]
    items = make(C1=[(4, 0)], C2=[(4, 1)])

    node = judge(NODE, items, levels=demanding)
    floor = judge(FLOOR | {"level": 1}, items, levels=demanding)

    assert (node.status, node.value) == (FAIL, "no supported level")
    assert (floor.status, floor.value) == (FAIL, "1 of 2 criteria below Emerging: C1")
    assert floor.remedy == "Give item C1.1 evidence in date of documented intent or stronger."


def test_a_share_just_short_of_the_threshold_never_reads_as_if_it_had_met_it():
    short = judge(HALF, make(C1=[(1, 1)] * 100 + [(1, 0)] * 101, C2=[UNUSED]))
    assert (short.status, short.value) == (FAIL, "100 of 201 items (49%)")


def test_an_optional_node_that_does_not_apply_passes():
    data = garden(golden=[])
    data["pathways"][0]["gates"] = [
        {"code": "G1", "kind": "node_at_least", "node": "SO3", "level": 2, "foundational": True},
        {"code": "G2", "kind": "coverage", "node": "SO3", "percent": 50, "foundational": True},
        {"code": "G3", "kind": "node_at_least", "node": "SO1", "level": 2, "foundational": True},
    ]
    definition = parse(data)
    facts = facts_of(definition, make(SO3=[UNUSED], SO1=[UNUSED]), unsettled_splits=0, open_conditions=0)

    assert [result.status for result in evaluate(definition, definition.pathways[0], facts)] == [PASS, PASS, FAIL]


def test_what_has_no_weight_is_not_looked_at():
    definition = parse(GARDEN)
    some = make(
        SO1=[(2, 1)], SO2=[(2, 0)], SO3=[(2, 0)], PE1=[(2, 0)], PE2a=[(2, 0)], PE2b=[(2, 0)], PE3=[(1, 1), None]
    )
    facts = facts_of(definition, some, unsettled_splits=0, open_conditions=0)

    found = {result.code: result for result in evaluate(definition, definition.pathways[0], facts)}

    assert found["G2"].status == PASS
    assert found["G3"].value == "1 of 6 items (16%)"
    assert (found["G4"].status, found["G4"].value) == (PASS, "6 of 6 items agreed")


def test_coverage_names_the_items_without_evidence_by_criterion():
    got = coverage(flat("C1", "C2"), make(C1=[(1, 1), (4, 0), UNUSED], C2=[None]))

    assert (got.in_date, got.applicable, got.without) == (1, 3, {"C1": ("C1.2",), "C2": ("C2.1",)})


def test_the_remedy_of_a_gate_mends_it():
    gate = {"code": "G1", "foundational": True} | NODE | {"node": "D"}
    definition = flat("C1", "C2", gates=[gate])
    items = make(C1=[(4, 0), (2, 0), (3, 2)], C2=[(1, 0), (3, 3)])

    def status(some):
        facts = facts_of(definition, some, unsettled_splits=0, open_conditions=0)
        return facts, evaluate(definition, definition.pathways[0], facts)[0].status

    facts, before = status(items)
    changes = lift(definition, items, facts.supported, "D", target=3).changes
    assert (before, status(apply_changes(items, changes))[1]) == (FAIL, PASS)
    assert status(apply_changes(items, changes[:-1]))[1] == FAIL


@pytest.mark.parametrize(
    "failing, remedied, expected",
    [
        ([], [], Verdict.READY),
        (["G5"], [], Verdict.NOT_READY),
        (["G5"], ["G5"], Verdict.READY_WITH_CONDITIONS),
        (["G5", "G6"], ["G5"], Verdict.NOT_READY),
        (["G5", "G6"], ["G6", "G5"], Verdict.READY_WITH_CONDITIONS),
        (["G1"], ["G1"], Verdict.NOT_READY),
        ([], ["G5"], Verdict.READY),
    ],
)
@pytest.mark.parametrize("how", [FAIL, CANNOT_TELL])
def test_the_verdict_is_never_an_average(failing, remedied, expected, how):
    definition = parse(GARDEN)
    facts = facts_of(definition, definition.golden[0].items, unsettled_splits=0, open_conditions=0)
    results = evaluate(definition, definition.pathways[0], facts)
    assert {result.status for result in results} == {PASS}

    results = [replace(result, status=how) if result.code in failing else result for result in results]

    assert verdict(results, remedied) == expected


def test_a_gate_keeps_its_code_name_and_kind():
    got = judge(NODE | {"name": "Money is in order"}, make(C1=[(3, 2)]))

    assert (got.code, got.name, got.kind, got.foundational, got.node_code) == (
        "G1",
        "Money is in order",
        "node_at_least",
        True,
        "C1",
    )
    assert Gate("G1", "complete", True).node is None
