"""Read golden cases: made-up items and what the framework's author expects of them."""

from collections.abc import Mapping
from types import MappingProxyType

from frameworks.items import ItemInput
from frameworks.reading import Reader
from frameworks.scale import STRENGTHS
from frameworks.tree import Definition, GoldenCase

MOST_COUNTED = 10_000
STATUSES = ("incomplete", "not_applicable", "none_supported", "no_level")
OUTCOMES = ("pass", "fail", "cannot_tell")


def read_case(reader: Reader, definition: Definition) -> GoldenCase:
    """Read one golden case."""
    name = reader.text("name")
    items = _read_items(reader.reader("items"), definition)
    expected = reader.reader("expect")
    case = GoldenCase(
        name=name,
        items=items,
        unsettled_splits=reader.integer("unsettled_splits", 0, MOST_COUNTED, default=0),
        open_conditions=reader.integer("open_conditions", 0, MOST_COUNTED, default=0),
        claimed=_read_results(expected.reader("claimed", required=False), definition),
        supported=_read_results(expected.reader("supported", required=False), definition),
        gates=_read_outcomes(expected.reader("gates", required=False), definition),
    )
    if not (case.claimed or case.supported or case.gates):
        expected.problem("This expects nothing.", "Give at least one result to expect.")
    expected.close()
    reader.close()
    return case


def _read_items(reader: Reader, definition: Definition) -> Mapping[str, tuple[ItemInput, ...]]:
    criteria = {node.code for node in definition.criteria}
    items = {}
    for code in reader.names():
        if code not in criteria:
            reader.problem(f"There is no criterion {code}.", "Use a criterion's code.", code)
        items[code] = tuple(
            _read_item(each, definition, f"{code}.{number}")
            for number, each in enumerate(reader.readers(code, required=False), start=1)
        )
    return MappingProxyType(items)


def _read_item(reader: Reader, definition: Definition, key: str) -> ItemInput:
    scale = definition.scale
    not_applicable = reader.flag("not_applicable", default=False)
    item = ItemInput(
        key=key,
        level=reader.integer("level", scale.lowest, scale.highest) if reader.has("level") else None,
        not_applicable=not_applicable,
        reason="given in the golden case" if not_applicable else "",
        strength=reader.integer("strength", 0, len(STRENGTHS) - 1, default=0),
    )
    if item.not_applicable and item.level is not None:
        reader.problem("An item that is not applicable has a level.", "Remove one of the two.", "level")
    reader.close()
    return item


def _read_results(reader: Reader, definition: Definition) -> Mapping[str, int | str]:
    results: dict[str, int | str] = {}
    for code in reader.names():
        if code not in definition.nodes:
            reader.problem(f"There is no node {code}.", "Use a node's code, or “” for the root.", code)
        value = reader.rank_or_word(code, definition.scale.ranks, STATUSES)
        if value is not None:
            results[code] = value
    return MappingProxyType(results)


def _read_outcomes(reader: Reader, definition: Definition) -> Mapping[str, Mapping[str, str]]:
    gates = {pathway.code: [gate.code for gate in pathway.gates] for pathway in definition.pathways}
    outcomes = {}
    for code in reader.names():
        if code not in gates:
            reader.problem(f"There is no pathway {code}.", "Use a pathway's code.", code)
        each = reader.reader(code)
        for gate in each.names():
            if gate not in gates.get(code, [gate]):
                each.problem(f"There is no gate {gate}.", f"Use a gate of {code}.", gate)
        outcomes[code] = MappingProxyType({gate: each.choice(gate, OUTCOMES) for gate in each.names()})
    return MappingProxyType(outcomes)
