from itertools import product
from math import prod

import pytest

from frameworks.definition import parse
from frameworks.lift import apply_changes, describe, lift
from frameworks.rollup import INCOMPLETE, LEVEL, NONE_SUPPORTED, ItemInput, Standing, roll_up
from tests.unit.frameworks.made_up import made_up
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
    for seed in range(batch, TRIED // 2, 3):
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
    assert compared > 10
