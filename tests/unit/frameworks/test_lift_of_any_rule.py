from itertools import product
from math import prod

import pytest

from frameworks.definition import parse
from frameworks.lift import Change, apply_changes, describe, lift
from frameworks.rollup import INCOMPLETE, LEVEL, NONE_SUPPORTED, ItemInput, Standing, roll_up
from tests.unit.frameworks.made_up import made_up
from tests.unit.frameworks.test_published_shapes import CAF, CLASSES, GATED, answers, checklist, framework, rated
from tests.unit.frameworks.test_second_opinion import TRIED, inputs

MOST_COMBINATIONS = 600


def at_worst(definition, items):
    """Answer what was not asked with the worst there is."""
    filled = {}
    for code, some in items.items():
        node = definition.node(code)
        answered = {item.statement: item for item in some}
        if node.statements:
            some = [
                answered.get(each.code, ItemInput(f"{code}.{each.code}", statement=each.code))
                for each in node.statements
            ]
        filled[code] = [
            item
            if item.level is not None or item.not_applicable
            else ItemInput(item.key, worst(node, item), False, "", item.strength, item.statement)
            for item in some
        ]
    return filled


def worst(node, item):
    statement = node.statement(item.statement) if item.statement else None
    scale = statement.answers if statement else node.answers
    return scale.highest if statement and statement.adverse else scale.lowest


def ways(definition, code, item):
    """List (cost, item) for everything that can be done with one item."""
    if item.not_applicable:
        return [(0, item)]
    node = definition.node(code)
    statement = node.statement(item.statement) if item.statement else None
    scale = statement.answers if statement else node.answers
    better = range(item.level, scale.highest + 1)
    if statement and statement.adverse:
        better = range(item.level, scale.lowest - 1, -1)
    return [
        (
            abs(level - item.level) + (strength > item.strength),
            ItemInput(item.key, level, strength=strength, statement=item.statement),
        )
        for level in better
        for strength in range(item.strength, 5)
    ]


def fewest_by_trying(definition, items, code, target, standing):
    """Count the changes needed by trying every set of them; None if none will do."""
    beneath = [node.code for node in definition.node(code).walk() if node.is_criterion]
    choices = [
        [(each, *way) for way in ways(definition, each, item)] for each in beneath for item in items.get(each, ())
    ]
    if prod(map(len, choices)) > MOST_COMBINATIONS:
        return "too many"
    best = None
    for chosen in product(*choices):
        cost = sum(cost for _, cost, _ in chosen)
        if best is not None and cost >= best:
            continue
        after = dict(items)
        for each in beneath:
            after[each] = [item for criterion, _, item in chosen if criterion == each]
        result = roll_up(definition, after, standing=standing)[code]
        if result.status == LEVEL and result.level >= target:
            best = cost
    return best


@pytest.mark.parametrize("batch", range(3))
def test_the_changes_are_as_few_as_trying_everything_finds(batch):
    compared = 0
    for seed in range(batch, TRIED // 3, 3):
        data, raw = made_up(seed, most_beneath=2, deepest=2)
        definition = parse(data)
        items = inputs(raw)
        standing = list(Standing)[seed % 2]
        results = roll_up(definition, items, standing=standing)
        filled = at_worst(definition, items)
        for code, result in results.items():
            node = definition.node(code)
            beneath = [results[each.code].status for each in node.counted()]
            if result.status not in (LEVEL, NONE_SUPPORTED) or INCOMPLETE in beneath:
                continue
            target = definition.scale.lowest if result.level is None else result.level + 1
            expected = fewest_by_trying(definition, filled, code, target, standing)
            if expected == "too many" or target > definition.scale.highest:
                continue
            found = lift(definition, items, results, code)
            if all(each.is_criterion or each.rule.monotone for each in node.walk()):
                assert (found and len(found.changes)) == expected, f"seed {seed}, {code}"
                assert found is None or found.exact
            if found is not None:
                after = apply_changes(filled, found.changes)
                assert roll_up(definition, after, standing=standing)[code].level >= target
                assert describe(definition, items, found.changes)
                compared += 1
    assert compared >= 10


def lifted(definition, items, code="C", standing=Standing.CLAIMED, **more):
    return lift(definition, items, roll_up(definition, items, standing=standing), code, **more)


def test_an_adverse_statement_is_lifted_by_its_better_answer():
    statements = {"n1": {"class": "not"}, "f1": {"class": "full"}, "p1": {"class": "part"}}
    definition = framework(checklist(rule="outcome", statements=statements), classes=CLASSES, rules={"outcome": CAF})
    items = answers(n1=1, f1=0, p1=1)

    found = lifted(definition, items, target=3)

    assert found.changes == (Change("C", "C.n1", level=0, statement="n1"),)
    assert describe(definition, items, found.changes) == "Bring statement C.n1 from Yes to No."
    both = lifted(definition, items, target=4)
    assert describe(definition, items, both.changes) == (
        "Bring statement C.n1 from Yes to No; raise statement C.f1 from No to Yes."
    )


def test_what_was_not_asked_is_answered():
    rule = {"kind": "cumulative_gate", "unanswered": "until_decided"}
    definition = framework(checklist(rule=rule, statements=GATED))
    items = answers(a=1, b=1, c=0)

    found = lifted(definition, items, target=4)

    assert describe(definition, items, found.changes) == (
        "Raise statement C.c from No to Yes; answer statement C.d with Yes."
    )
    after = roll_up(definition, apply_changes(items, found.changes), standing=Standing.CLAIMED)
    assert after["C"].level == 4


def test_what_a_rule_cannot_come_to_is_not_promised():
    statements = {"a": {"of_level": 2}, "b": {"of_level": 3}}
    definition = framework(checklist(rule={"kind": "cumulative_gate"}, statements=statements))

    assert lifted(definition, answers(a=1, b=0), target=3).changes == (Change("C", "C.b", level=1, statement="b"),)
    assert lifted(definition, answers(a=1, b=1), target=4) is None


def test_a_plan_that_lifts_a_child_too_far_is_not_promised():
    # The child goes from 1 to 3 at once, and the table wants some node at 2 and none at 3.
    child = {"kind": "rule_table", "rows": [{"level": 3, "when": [{"is": "all"}]}, {"level": 1}]}
    asked = [{"is": "some", "level": 2}, {"is": "none", "level": 3}]
    rule = {"kind": "rule_table", "rows": [{"level": 4, "when": asked}, {"level": 1}]}
    definition = framework(checklist(rule=child, statements={"a": {}}), rule=rule)

    assert lifted(definition, answers(a=0), "") is None


def test_a_node_with_a_number_alone_has_no_next_level():
    rule = {"kind": "sum", "bands": "none"}
    definition = framework(checklist(rule=rule, statements={"a": {}}))

    assert lifted(definition, answers(a=0)) is None


def test_values_are_carried_through_several_tiers():
    practice = {"kind": "sum", "bands": "none"}
    nodes = [
        {
            "code": code,
            "name": code,
            "rule": {"kind": "mean", "carry": "exact", "bands": "none"},
            "nodes": [
                checklist(f"{code}{n}", rule=practice, statements={"a": {"weight": 3}, "b": {}, "c": {}})
                for n in (1, 2)
            ],
        }
        for code in "PQ"
    ]
    definition = framework(*nodes, rule={"kind": "mean", "carry": "exact", "bands": {1: 0, 2: 2, 3: 3, 4: 4}})
    items = {}
    for code in ("P1", "P2", "Q1", "Q2"):
        items |= answers(code, a=0, b=1, c=0)

    found = lifted(definition, items, "")

    # Each heavy statement adds 3 of the 4 points that are missing; together with a light one two of them do.
    assert (len(found.changes), found.exact) == (2, True)
    assert {change.statement for change in found.changes} == {"a"}


def test_thirty_children_of_unlike_weights_are_weighed_exactly():
    codes = [f"N{number}" for number in range(30)]
    nodes = [rated(code, weight=f"{number * 7 % 11 + 1}/{number % 4 + 1}") for number, code in enumerate(codes)]
    definition = framework(*nodes, rule={"kind": "mean", "rounding": "floor", "digits": 2})
    items = {code: [ItemInput(f"{code}.1", 1 + number % 3, strength=number % 4)] for number, code in enumerate(codes)}

    found = lifted(definition, items, "", Standing.SUPPORTED)

    assert found.exact
    after = roll_up(definition, apply_changes(items, found.changes), standing=Standing.SUPPORTED)
    assert after[""].level == 2


def test_more_than_can_be_weighed_in_time_is_told_as_an_upper_bound(monkeypatch):
    monkeypatch.setattr("frameworks.fronts.MOST_PAIRINGS", 0)
    monkeypatch.setattr("frameworks.fronts.FEW", 0)
    nodes = [
        rated(code, weight=weight, rule={"kind": "minimum"}) for code, weight in (("A", 6), ("B", "3.9"), ("C", "3.9"))
    ]
    definition = framework(*nodes, rule={"kind": "mean", "bands": {3: "2.5"}})
    # A gains most for each change, but B and C together are enough, for four changes instead of six.
    items = {
        code: [ItemInput(f"{code}.{n}", 2) for n in range(number)] for code, number in (("A", 3), ("B", 2), ("C", 2))
    }

    found = lifted(definition, items, "")

    assert not found.exact
    assert describe(definition, items, found.changes, exact=found.exact).endswith(
        f"That is {len(found.changes)} changes at most; fewer might do."
    )


def test_a_table_of_hundreds_of_statements_is_lifted_exactly():
    statements = {f"s{number}": {"class": ["not", "part", "full"][number % 3]} for number in range(210)}
    rows = [
        {"level": 1, "when": [{"class": "not", "is": "some"}]},
        {"level": 4, "when": [{"class": "full", "is": "all"}, {"class": "part", "percent": 80}]},
        {"level": 3, "when": [{"class": "full", "at_least": 50}]},
        {"level": 1},
    ]
    node = checklist(rule={"kind": "rule_table", "rows": rows}, statements=statements)
    definition = framework(node, classes=CLASSES)
    items = answers(**{code: 0 if number % 2 else 1 for number, code in enumerate(statements)})

    # 35 adverse ones are true. Of 70 for the next level 35 are, of the 70 partial ones too: 15 more are asked for the
    # next level, all 35 and 21 partial ones for the highest.
    assert len(lifted(definition, items, target=3).changes) == 35 + 15
    assert len(lifted(definition, items, target=4).changes) == 35 + 35 + 21
