import os

import pytest

from frameworks.definition import parse
from frameworks.items import ItemInput
from frameworks.rollup import Standing, roll_up
from tests.unit.frameworks.made_up import made_up
from tests.unit.frameworks.second_opinion import opinion

# Set it to some thousands after changing a rule.
TRIED = int(os.environ.get("FRAMEWORKS_TRIED", "300"))
BATCHES = 6


def inputs(items):
    return {
        code: [
            ItemInput(
                key=f"{code}.{number}",
                level=item.get("level"),
                not_applicable=item.get("not_applicable", False),
                strength=item.get("strength", 0),
                statement=item.get("statement", ""),
            )
            for number, item in enumerate(some)
        ]
        for code, some in items.items()
    }


def answers(definition, items, standing):
    results = roll_up(definition, inputs(items), standing=standing)
    return {code: (str(each.status), each.level, each.value) for code, each in results.items()}


@pytest.mark.parametrize("batch", range(BATCHES))
def test_both_implementations_agree_on_made_up_frameworks(batch):
    for seed in range(batch, TRIED, BATCHES):
        data, items = made_up(seed)
        definition = parse(data)
        for standing in Standing:
            expected = opinion(data, items, standing == Standing.SUPPORTED)
            assert answers(definition, items, standing) == expected, f"seed {seed}, {standing}"


def test_the_made_up_frameworks_have_something_of_everything():
    seen = set()
    for seed in range(200):
        data, items = made_up(seed)
        definition = parse(data)
        results = roll_up(definition, inputs(items), standing=Standing.SUPPORTED)
        seen |= {(definition.node(code).rule.kind, str(each.status)) for code, each in results.items()}
        seen |= {each.why for result in results.values() for each in result.trace.left_out}
        for each in results.values():
            assert each.trace.sentence(definition)
            assert each.trace.to_data(definition)
    kinds = {"headline", "lower_median", "minimum", "mean", "sum", "percent_of_maximum", "cumulative_gate"}
    for kind in (*kinds, "rule_table"):
        assert (kind, "level") in seen
        assert (kind, "incomplete") in seen
        assert (kind, "not_applicable") in seen
    for kind in ("headline", "mean", "sum", "percent_of_maximum", "cumulative_gate"):
        assert (kind, "none_supported") in seen
    assert {("mean", "no_level"), "not_applicable", "zero_weight", "not_asked"} <= seen
