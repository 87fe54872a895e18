"""What holds for every rule, on frameworks made up at random."""

from random import Random

import pytest

from frameworks.definition import parse
from frameworks.rollup import INCOMPLETE, NOT_APPLICABLE, ItemInput, Standing, Status, roll_up
from tests.unit.frameworks.made_up import made_up
from tests.unit.frameworks.test_second_opinion import inputs

SEEDS = range(1000, 1120)
CLAIMED, SUPPORTED = Standing.CLAIMED, Standing.SUPPORTED


@pytest.fixture(scope="module")
def frameworks():
    made = []
    for seed in SEEDS:
        data, items = made_up(seed)
        made.append((Random(seed), data, parse(data), inputs(items)))
    return made


def told(results):
    return {code: (each.status, each.level, each.value) for code, each in results.items()}


def rank(result, scale):
    return scale.below if result.status == Status.NONE_SUPPORTED else result.level


def shuffled(random, node):
    """Return a node of raw data with its children and statements in another order."""
    node = dict(node)
    for field in ("nodes", "statements"):
        if field in node:
            some = [shuffled(random, each) for each in node[field]]
            node[field] = random.sample(some, len(some))
    return node


def test_order_makes_no_difference(frameworks):
    for random, data, definition, items in frameworks:
        other = parse(shuffled(random, data))
        mixed = {code: random.sample(some, len(some)) for code, some in items.items()}
        for standing in Standing:
            one, two = (roll_up(each, some, standing=standing) for each, some in ((definition, items), (other, mixed)))
            assert told(one) == told(two)


def test_no_level_lies_outside_the_scale_and_only_what_is_declared_has_none(frameworks):
    for _, _, definition, items in frameworks:
        for standing in Standing:
            results = roll_up(definition, items, standing=standing)
            for code, result in results.items():
                rule = definition.node(code).rule
                assert (result.level in definition.scale.ranks) == (result.status == Status.LEVEL)
                assert (result.status == Status.NO_LEVEL) <= (not rule.gives_level)
                beneath = {results[each.code].status for each in definition.node(code).walk()} - {result.status}
                within = standing == CLAIMED and Status.NONE_SUPPORTED not in {*beneath, result.status}
                if within and result.exact is not None:
                    assert result.bounds[0] <= result.exact <= result.bounds[1]


def test_evidence_never_supports_more_than_is_claimed(frameworks):
    for _, _, definition, items in frameworks:
        claimed = roll_up(definition, items, standing=CLAIMED)
        supported = roll_up(definition, items, standing=SUPPORTED)
        for code, result in supported.items():
            if all(each.rule.monotone for each in definition.node(code).walk()):
                compare(result, claimed[code], definition.scale)


def test_better_answers_and_stronger_evidence_never_lower_a_node(frameworks):
    for random, _, definition, items in frameworks:
        better = {
            code: [improved(random, definition.node(code), item) for item in some] for code, some in items.items()
        }
        for standing in Standing:
            before = roll_up(definition, items, standing=standing)
            after = roll_up(definition, better, standing=standing)
            for code, result in before.items():
                if all(each.rule.monotone for each in definition.node(code).walk()):
                    compare(result, after[code], definition.scale)


def improved(random, node, item):
    if item.level is None:
        return item
    statement = node.statement(item.statement) if item.statement else None
    scale = statement.answers if statement else node.answers
    ranks = (scale.lowest, item.level) if statement and statement.adverse else (item.level, scale.highest)
    level, strength = random.randint(*ranks), random.randint(item.strength, 4)
    return ItemInput(item.key, level, strength=strength, statement=item.statement)


def compare(low, high, scale):
    """Hold that one result is not above the other; what is decided early may be so for one of them alone."""
    if INCOMPLETE in (low.status, high.status):
        return
    if low.status == NOT_APPLICABLE:
        assert high.status == NOT_APPLICABLE
    elif low.status == Status.NO_LEVEL:
        assert low.value is None or low.value <= high.value
    else:
        assert rank(low, scale) <= rank(high, scale)
        if low.exact is not None:
            assert low.exact <= high.exact
