"""Read golden cases: made-up items and what the framework's author expects of them."""

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from frameworks.items import ItemInput
from frameworks.reading import Reader, in_words
from frameworks.scale import STRENGTHS, Scale
from frameworks.tree import Definition, GoldenCase, Node

MOST_COUNTED = 10_000
NOT_APPLICABLE = "not_applicable"
STATUSES = ("incomplete", "not_applicable", "none_supported", "no_level")
EXPECTED = ("claimed", "supported", "gates", "claimed_values", "supported_values")
OUTCOMES = ("pass", "fail", "cannot_tell")


def read_case(reader: Reader, definition: Definition) -> GoldenCase:
    """Read one golden case."""
    name = reader.text("name")
    items = read_items(reader.reader("items"), definition)
    expected = reader.reader("expect")
    case = GoldenCase(
        name=name,
        items=items,
        unsettled_splits=reader.integer("unsettled_splits", 0, MOST_COUNTED, default=0),
        open_conditions=reader.integer("open_conditions", 0, MOST_COUNTED, default=0),
        claimed=_read_results(expected.reader("claimed", required=False), definition),
        supported=_read_results(expected.reader("supported", required=False), definition),
        gates=_read_outcomes(expected.reader("gates", required=False), definition),
        claimed_values=_read_values(expected.reader("claimed_values", required=False), definition),
        supported_values=_read_values(expected.reader("supported_values", required=False), definition),
    )
    if not any(expected.value(field) for field in EXPECTED):
        expected.problem("This expects nothing.", "Give at least one result to expect.")
    expected.close()
    reader.close()
    return case


def read_items(reader: Reader, definition: Definition) -> Mapping[str, tuple[ItemInput, ...]]:
    """Read the items and answers of a case, by criterion."""
    items: dict[str, tuple[ItemInput, ...]] = {}
    for code in reader.names():
        if reader.value(code) == NOT_APPLICABLE and code in definition.nodes:
            beneath = [node for node in definition.node(code).walk() if node.is_criterion]
            items |= {node.code: _all_not_applicable(node) for node in beneath}
            continue
        if code not in definition.criterion_codes:
            reader.problem(f"There is no criterion {code}.", "Use a criterion's code.", code)
            reader.value(code)
            continue
        node = definition.node(code)
        items[code] = _read_answers(reader, node) if node.statements else _read_rated(reader, node)
    return MappingProxyType(items)


def _all_not_applicable(node: Node) -> tuple[ItemInput, ...]:
    reason = "given in the golden case"
    if node.statements:
        codes = [statement.code for statement in node.statements]
        return tuple(ItemInput(f"{node.code}.{code}", None, True, reason, statement=code) for code in codes)
    return (ItemInput(f"{node.code}.1", None, True, reason),)


def _read_rated(reader: Reader, node: Node) -> tuple[ItemInput, ...]:
    if reader.has(node.code) and not isinstance(given := reader.value(node.code), list):
        mend = "Write them as a list, such as [{level: 3, strength: 2}]"
        if isinstance(given, Mapping):
            mend = f"Where they are answers, mend the statements of {node.code} first. Otherwise write them as a list"
        reader.problem(f"The items of {node.code} are not a list.", f"{mend}.", node.code)
        return ()
    items = tuple(
        _read_item(each, node.answers, f"{node.code}.{number}")
        for number, each in enumerate(reader.readers(node.code, required=False), start=1)
    )
    if node.single_item and len(items) > 1:
        reader.problem(f"{node.code} takes exactly one item.", "Leave one.", node.code)
    return items


def _read_answers(reader: Reader, node: Node) -> tuple[ItemInput, ...]:
    """Read the answers to a checklist, by statement: an answer by itself, or in a mapping with its evidence."""
    answers = reader.reader(node.code)
    statements = {statement.code: statement for statement in node.statements}
    items = []
    for code in answers.names():
        if code not in statements:
            answers.problem(f"{node.code} has no statement {code}.", "Use the code of a statement.", code)
            answers.value(code)
            continue
        scale, key = statements[code].answers, f"{node.code}.{code}"
        if isinstance(answers.value(code), Mapping):
            items.append(_read_item(answers.reader(code), scale, key, code))
        else:
            items.append(ItemInput(key, _read_answer(answers, code, scale), statement=code))
    return tuple(items)


def _read_item(reader: Reader, scale: Scale, key: str, statement: str = "") -> ItemInput:
    not_applicable = reader.flag("not_applicable", default=False)
    item = ItemInput(
        key=key,
        level=_read_answer(reader, "level", scale) if reader.has("level") else None,
        not_applicable=not_applicable,
        reason="given in the golden case" if not_applicable else "",
        strength=reader.integer("strength", 0, len(STRENGTHS) - 1, default=0),
        statement=statement,
    )
    if item.not_applicable and item.level is not None:
        reader.problem("An item that is not applicable has a level.", "Remove one of the two.", "level")
    reader.close()
    return item


def _read_answer(reader: Reader, field: str, scale: Scale) -> int | None:
    """Read a level or an answer, by its rank or its name."""
    value = reader.value(field)
    if isinstance(value, bool):
        reader.problem(f"This is {in_words(value)}: YAML reads a bare yes or no so.", "Put it in quotes.", field)
        return None
    if isinstance(value, str) and value in scale.by_name:
        return scale.by_name[value]
    if not isinstance(value, int) or value not in scale.ranks:
        known = ", ".join(f"{level.rank} ({level.name})" for level in scale.levels)
        reader.problem(f"{in_words(value)} is no answer here.", f"Use one of: {known}.", field)
        return None
    return value


def _read_results(reader: Reader, definition: Definition) -> Mapping[str, int | str]:
    results: dict[str, int | str] = {}
    for code in reader.names():
        _check_node(reader, code, definition)
        value = reader.rank_or_word(code, definition.scale.ranks, STATUSES)
        if value is not None:
            results[code] = value
    return MappingProxyType(results)


def _read_values(reader: Reader, definition: Definition) -> Mapping[str, Fraction]:
    values: dict[str, Fraction] = {}
    for code in reader.names():
        _check_node(reader, code, definition)
        values[code] = reader.number(code)
    return MappingProxyType(values)


def _check_node(reader: Reader, code: str, definition: Definition) -> None:
    if code not in definition.nodes:
        reader.problem(f"There is no node {code}.", "Use a node's code, or “” for the root.", code)


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
