"""Read the gates of a pathway, and check that each asks for something the framework can answer."""

from collections.abc import Callable, Mapping

from frameworks.reading import Reader
from frameworks.tree import Definition, Gate

Options = dict[str, str | int | None]


def read_gate(reader: Reader, definition: Definition) -> Gate:
    """Read one gate of any kind."""
    code = reader.text("code")
    name = reader.text("name", required=False)
    kind = reader.choice("kind", tuple(GATES))
    foundational = reader.flag("foundational")
    options = GATES[kind](reader, definition) if kind else {}
    if kind:
        reader.close()
    return Gate(code, kind, foundational, name, **options)


def _node_at_least(reader: Reader, definition: Definition) -> Options:
    code = _node_code(reader, definition)
    if code and not definition.node(code).rule.gives_level:
        reader.problem(f"{code} comes to no single level.", "Name a node whose rule gives a level.", "node")
    return {"node": code, "level": read_rank(reader, definition)}


def _floor(reader: Reader, definition: Definition) -> Options:
    without = [node.code for node in definition.counted_criteria() if not node.rule.gives_level]
    if without:
        reader.problem(
            f"A floor asks every criterion for its level, but {without[0]} comes to none.",
            "Give its rule bands, or name nodes one by one.",
            "kind",
        )
    return {"level": read_rank(reader, definition)}


def _coverage(reader: Reader, definition: Definition) -> Options:
    node = _node_code(reader, definition) if reader.has("node") else None
    return {"node": node, "percent": reader.integer("percent", 0, 100)}


def _no_options(reader: Reader, definition: Definition) -> Options:
    return {}


GATES: Mapping[str, Callable[[Reader, Definition], Options]] = {
    "node_at_least": _node_at_least,
    "floor": _floor,
    "coverage": _coverage,
    "complete": _no_options,
    "splits_settled": _no_options,
    "conditions_closed": _no_options,
}


def read_rank(reader: Reader, definition: Definition) -> int:
    """Read a level of the framework's scale by its rank."""
    return reader.integer("level", definition.scale.lowest, definition.scale.highest)


def _node_code(reader: Reader, definition: Definition) -> str | None:
    """Read the code of a node that counts; None if there is no such node."""
    code = reader.text("node")
    if not code:
        return None
    if code not in definition.nodes:
        named = next((node.code for node in definition.nodes.values() if node.code and node.name == code), "")
        mend = f"Use its code, {named}." if named else "Use the code of a domain or criterion."
        reader.problem(f"There is no node {code}.", mend, "node")
        return None
    if code not in [node.code for node in definition.root.counted()]:
        reader.problem(f"A zero weight leaves {code} out.", "Name a node that counts.", "node")
    return code
