"""
What a place would come to once some of its parts had reached the levels that are expected of them. Pure.

A part reaches a level by a smallest set of changes to its items (`frameworks.lift`): no more than that is taken for
granted, and everything above it follows by the framework's own roll-up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from frameworks.items import ItemInput
from frameworks.lift import apply_changes, lift
from frameworks.rollup import roll_up
from frameworks.trace import Standing
from frameworks.tree import Definition

Items = Mapping[str, Sequence[ItemInput]]


@dataclass(frozen=True)
class Projection:
    """The items as they would be. `out_of_reach` are the parts that no change to single items takes to their level."""

    items: Items
    out_of_reach: tuple[str, ...]


def project(definition: Definition, items: Items, expected: Mapping[str, int]) -> Projection:
    """
    Return the items once the supported level of each node in `expected` is at least the one given there.

    Criteria come first, then what is above them, which they may have taken there already. A node that is incomplete or
    does not apply is out of reach: nothing tells how many of its items an action would settle.
    """
    out_of_reach = []
    results = roll_up(definition, items, standing=Standing.SUPPORTED)
    nodes = [definition.node(code) for code in definition.nodes if code in expected]
    for node in sorted(nodes, key=lambda node: not node.is_criterion):
        if not node.is_criterion:
            results = roll_up(definition, items, standing=Standing.SUPPORTED)
        found = lift(definition, items, results, node.code, target=expected[node.code])
        if found is None:
            out_of_reach.append(node.code)
        else:
            items = apply_changes(items, found.changes)
    return Projection(items, tuple(out_of_reach))
