"""What differs between a criterion, a node or a pathway and the one it was in another version, in plain English."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

from frameworks.rules import Rule
from frameworks.scale import STRENGTHS, Scale
from frameworks.tree import Definition, Gate, Node, Statement
from frameworks.wording import listed

NOTHING = "nothing"


class Facet(StrEnum):
    """What of a criterion may change; its value stands in a sentence after "its"."""

    WORDING = "wording"
    SCALE = "scale"
    WEIGHT = "weight"
    RULE = "rule"
    POSITION = "position"
    EVIDENCE = "expected evidence"
    TOPIC = "topic"


# A level means the same in two versions only where none of these changed.
MEANING = (Facet.WORDING, Facet.SCALE, Facet.WEIGHT, Facet.RULE)


@dataclass(frozen=True)
class Change:
    """One thing that changed: `what` names it in a sentence without its full stop, beside what it was and is now."""

    facet: Facet
    what: str
    before: str
    after: str


def criterion_changes(later: Definition, new: Node, earlier: Definition, old: Node) -> tuple[Change, ...]:
    """Return all that changed between a criterion and the one that it was."""
    return (
        *_wording(new, old, later.scale),
        *_statements(new, old),
        *_scales(later, new, earlier, old),
        *_weights(new, old),
        *_rules(new, old),
        *_position(later, new, earlier, old),
        *_lists(Facet.EVIDENCE, "The list of expected evidence changed", old.expected_evidence, new.expected_evidence),
        *_topic(new, old),
    )


def scale_changes(new: Scale, old: Scale, name: str = "The scale") -> Iterator[Change]:
    """Yield what changed between two scales, level by level."""
    if new.ranks != old.ranks:
        yield Change(Facet.SCALE, f"{name} has other levels", _levels(old), _levels(new))
        return
    for was, now in zip(old.levels, new.levels, strict=True):
        here = f"{name}, level {now.rank}"
        yield from _text(Facet.SCALE, f"{here}: its name changed", was.name, now.name)
        yield from _text(Facet.SCALE, f"{here}: its meaning changed", was.meaning, now.meaning)
        yield from _text(
            Facet.SCALE, f"{here}: it demands other evidence", STRENGTHS[was.demand], STRENGTHS[now.demand]
        )
        yield from _text(Facet.SCALE, f"{here}: it counts differently", _number(was.value), _number(now.value))


def part_changes(later: Definition, new: Node, earlier: Definition, old: Node) -> tuple[Change, ...]:
    """Return what changed of a domain or another part above the criteria, or of the framework as a whole."""
    return (
        *_text(Facet.WORDING, "The name changed", old.name, new.name),
        *_text(Facet.WORDING, "The summary changed", old.summary, new.summary),
        *_weights(new, old),
        *_rules(new, old),
        *_position(later, new, earlier, old),
        *_topic(new, old),
    )


def pathway_changes(later: Definition, earlier: Definition) -> tuple[Change, ...]:
    """Return what changed of the pathways and their gates."""
    was, now = ({each.code: each for each in definition.pathways} for definition in (earlier, later))
    changes: list[Change] = []
    for code in [*now, *(code for code in was if code not in now)]:
        name = f"Pathway “{(now.get(code) or was[code]).name}”"
        if code not in was or code not in now:
            word = "new" if code in now else "dropped"
            changes.append(Change(Facet.RULE, f"{name} is {word}", _there(code in was), _there(code in now)))
            continue
        changes += _text(Facet.WORDING, f"{name} has another name", was[code].name, now[code].name)
        changes += _text(Facet.WORDING, f"{name} has another summary", was[code].summary, now[code].summary)
        gates = [{gate.code: gate for gate in pathway.gates} for pathway in (was[code], now[code])]
        for gate in sorted(gates[0].keys() | gates[1].keys()):
            before, after = _gate(earlier, gates[0].get(gate)), _gate(later, gates[1].get(gate))
            changes += _text(Facet.RULE, f"{name}: gate {gate} changed", before, after)
    return tuple(changes)


def rule_words(rule: Rule) -> str:
    """Return a rule with those of its options that are not the usual ones, such as "mean (rounding half_up)"."""
    options = [
        f"{each.name.replace('_', ' ')} {_plain(getattr(rule, each.name))}"
        for each in fields(rule)
        if getattr(rule, each.name) != each.default
    ]
    kind = rule.kind.replace("_", " ")
    return f"{kind} ({', '.join(options)})" if options else kind


def _wording(new: Node, old: Node, scale: Scale) -> Iterator[Change]:
    yield from _text(Facet.WORDING, "The name changed", old.name, new.name)
    yield from _text(Facet.WORDING, "The summary changed", old.summary, new.summary)
    for rank in sorted({*old.descriptors, *new.descriptors}):
        what = f"The descriptor of {_level(new, scale, rank)} changed"
        yield from _text(Facet.WORDING, what, old.descriptors.get(rank, ""), new.descriptors.get(rank, ""))
    for rank in sorted({*old.anchors, *new.anchors}):
        what = f"The examples of {_level(new, scale, rank)} changed"
        yield from _lists(Facet.WORDING, what, old.anchors.get(rank, ()), new.anchors.get(rank, ()))


def _statements(new: Node, old: Node) -> Iterator[Change]:
    was, now = ({each.code: each for each in node.statements} for node in (old, new))
    for code in [*now, *(code for code in was if code not in now)]:
        before, after = was.get(code), now.get(code)
        if before is None or after is None:
            word = "new" if before is None else "dropped"
            yield Change(
                Facet.WORDING,
                f"Statement {code} is {word}",
                before.text if before else NOTHING,
                after.text if after else NOTHING,
            )
            continue
        yield from _text(Facet.WORDING, f"Statement {code} has other words", before.text, after.text)
        if before.answers != after.answers:
            yield from scale_changes(after.answers, before.answers, f"The answers to statement {code}")
        counts = (_counts(before), _counts(after))
        yield from _text(Facet.WEIGHT, f"Statement {code} counts differently", *counts)


def _scales(later: Definition, new: Node, earlier: Definition, old: Node) -> Iterator[Change]:
    yield from scale_changes(later.scale, earlier.scale)
    own = new.answers != later.scale or old.answers != earlier.scale
    if own and not new.statements and not old.statements:
        yield from scale_changes(new.answers, old.answers, "What its items are rated on")


def _weights(new: Node, old: Node) -> Iterator[Change]:
    yield from _text(Facet.WEIGHT, "It has another weight", str(old.weight), str(new.weight))
    yield from _text(Facet.WEIGHT, "It belongs to another class", old.group or NOTHING, new.group or NOTHING)
    yield from _text(Facet.WEIGHT, "It belongs to another level", _number(old.of_level), _number(new.of_level))


def _rules(new: Node, old: Node) -> Iterator[Change]:
    if new.rule != old.rule:
        yield Change(Facet.RULE, "The rule changed", rule_words(old.rule), rule_words(new.rule))
    yield from _text(Facet.RULE, "It is rated in another way", _rated(old), _rated(new))
    yield from _text(
        Facet.RULE,
        "What “not applicable” does to gates changed",
        "optional" if old.optional else "not optional",
        "optional" if new.optional else "not optional",
    )


def _position(later: Definition, new: Node, earlier: Definition, old: Node) -> Iterator[Change]:
    yield from _text(Facet.POSITION, "The code changed", old.code, new.code)
    yield from _text(Facet.POSITION, "It stands elsewhere", path(earlier, old), path(later, new))


def _topic(new: Node, old: Node) -> Iterator[Change]:
    yield from _text(Facet.TOPIC, "It is about another topic", old.topic, new.topic)


def path(definition: Definition, node: Node) -> str:
    """Return the codes and names of the parts that a node lies in, from the top."""
    parts: list[str] = []
    while node.parent_code:
        node = definition.node(node.parent_code)
        parts.append(node.code)
    return " › ".join(reversed(parts)) or "the top"


def _text(facet: Facet, what: str, before: str, after: str) -> Iterator[Change]:
    if before != after:
        yield Change(facet, what, before or NOTHING, after or NOTHING)


def _lists(facet: Facet, what: str, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Change]:
    yield from _text(facet, what, "; ".join(before), "; ".join(after))


def _level(node: Node, scale: Scale, rank: int) -> str:
    rated_on = scale if node.statements else node.answers
    return f"“{rated_on.name(rank)}”" if rank in rated_on.ranks else f"level {rank}"


def _levels(scale: Scale) -> str:
    return listed([f"{level.rank} {level.name}" for level in scale.levels])


def _counts(statement: Statement) -> str:
    parts = [f"weight {statement.weight}"]
    if statement.group:
        parts.append(f"class {statement.group}{', adverse' if statement.adverse else ''}")
    if statement.of_level is not None:
        parts.append(f"level {statement.of_level}")
    return ", ".join(parts)


def _rated(node: Node) -> str:
    if node.statements:
        return "by a checklist"
    return "by one evidence item" if node.single_item else "by several evidence items"


def _gate(definition: Definition, gate: Gate | None) -> str:
    if gate is None:
        return ""
    level = "" if gate.level is None else definition.scale.name(gate.level)
    asks = {
        "node_at_least": f"{gate.node} at {level} or above",
        "floor": f"nothing below {level}",
        "coverage": f"evidence for {gate.percent}% of the items{f' of {gate.node}' if gate.node else ''}",
        "complete": "everything complete",
        "splits_settled": "every split settled",
        "conditions_closed": "every condition closed",
    }
    return f"{asks[gate.kind]}, {'foundational' if gate.foundational else 'not foundational'}"


def _there(is_there: bool) -> str:
    return "there" if is_there else NOTHING


def _number(number: Fraction | int | None) -> str:
    return "" if number is None else str(number)


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    if isinstance(value, (tuple, list)):
        return ", ".join(_plain(each) for each in value) or NOTHING
    if hasattr(value, "__dataclass_fields__"):
        return " ".join(_plain(getattr(value, each.name)) for each in fields(value) if getattr(value, each.name))
    return str(value).replace("_", " ")
