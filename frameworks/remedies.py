"""Say in plain English what would mend a gate that does not pass."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from frameworks.lift import describe, lift
from frameworks.trace import INCOMPLETE
from frameworks.tree import Definition
from frameworks.wording import listed

if TYPE_CHECKING:
    from frameworks.readiness import Facts

# More items without evidence than this are counted by criterion instead of named.
MOST_LISTED = 12
NOTHING_APPLIES = "Agree a level for at least one item that applies."


def lift_nodes(definition: Definition, facts: "Facts", codes: Sequence[str], level: int) -> str:
    """Name a smallest set of changes that takes each of some separate nodes to a level."""
    lifts = {code: lift(definition, facts.items, facts.supported, code, target=level) for code in codes}
    found = [each for each in lifts.values() if each is not None]
    changes = [change for each in found for change in each.changes]
    sentences = []
    if changes or not lifts:
        exact = all(each.exact for each in found)
        sentences.append(describe(definition, facts.items, changes, exact=exact))
    beyond = [code for code, each in lifts.items() if each is None]
    if beyond:
        name = definition.scale.name(level)
        sentences.append(f"No change to single items takes {listed(beyond)} to {name}: see what the rule asks.")
    return " ".join(sentences)


def complete(definition: Definition, facts: "Facts", code: str) -> str:
    """Name the items beneath a node that still need a level, and the criteria that still need items; "" if none do."""
    criteria = [
        node.code
        for node in definition.counted_criteria(code)
        if facts.supported[node.code].status == INCOMPLETE and node.code not in facts.not_asked.criteria
    ]
    unscored = [item for criterion in criteria for item in facts.supported[criterion].trace.missing]
    empty = [criterion for criterion in criteria if not facts.supported[criterion].trace.missing]
    sentences = []
    if unscored:
        sentences.append(f"Agree a level for {_items(unscored)}.")
    if empty:
        sentences.append(f"Write evidence items for {listed(empty)} and agree their levels.")
    return " ".join(sentences)


def cover(without: Mapping[str, Sequence[str]], needed: int) -> str:
    """Say how many more items need evidence in date, and where those without are; `without` is by criterion."""
    keys = [key for some in without.values() for key in some]
    if needed >= len(keys):
        return f"Attach evidence in date to {_items(keys)}."
    if len(keys) <= MOST_LISTED:
        return f"Attach evidence in date to {needed} more of these items: {listed(keys)}."
    places = listed([f"{len(some)} in {criterion}" for criterion, some in without.items()])
    return f"Attach evidence in date to {needed} more of the {len(keys)} items without: {places}."


def settle(number: int) -> str:
    return (
        "Settle the split item with a rationale."
        if number == 1
        else f"Settle the {number} split items with rationales."
    )


def close(number: int) -> str:
    return "Close the open condition." if number == 1 else f"Close the {number} open conditions."


def _items(keys: Sequence[str]) -> str:
    return ("item " if len(keys) == 1 else "items ") + listed(keys)
