"""
A trial of a framework: made-up items, all that follows from them, and the same as a golden case.

Pure. A trial is stored nowhere: its items stand in the address of its page, written as in a golden case, so that one
who mends the file and loads it again goes on with the same trial.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from frameworks import golden
from frameworks.items import ItemInput
from frameworks.lift import apply_changes, describe, lift
from frameworks.parsing_golden import MOST_COUNTED, read_items
from frameworks.readiness import Facts, GateResult, evaluate, facts_of
from frameworks.reading import Problem, Reader
from frameworks.rollup import roll_up
from frameworks.trace import INCOMPLETE, Result, Standing, exact
from frameworks.tree import Definition, GoldenCase, Node

# What a web server takes as an address, with room for the rest of it.
LONGEST_ADDRESS = 3_600
# What an address may unpack to, in bytes: more than anybody tries by hand.
MOST_UNPACKED = 200_000
NAME = "What this case shows"

Items = Mapping[str, tuple[ItemInput, ...]]


class Unreadable(ValueError):
    """An address that holds no trial, such as one that was cut."""


class TooLong(ValueError):
    """A trial of more items than an address holds."""


@dataclass(frozen=True)
class Trial:
    """Made-up items of a framework, and the two counts that gates ask for; `lost` is what it does not have any more."""

    definition: Definition
    items: Items = field(default_factory=dict)
    unsettled_splits: int = 0
    open_conditions: int = 0
    lost: tuple[Problem, ...] = ()

    @cached_property
    def facts(self) -> Facts:
        return facts_of(
            self.definition,
            self.items,
            unsettled_splits=self.unsettled_splits,
            open_conditions=self.open_conditions,
        )

    def results(self, code: str) -> dict[Standing, Result]:
        return {Standing.CLAIMED: self.facts.claimed[code], Standing.SUPPORTED: self.facts.supported[code]}

    def with_items(self, code: str, items: tuple[ItemInput, ...]) -> "Trial":
        """Return the trial with other items for one criterion."""
        return replace(self, items={**self.items, code: items})

    def gates(self) -> Iterator[tuple[object, tuple[GateResult, ...]]]:
        """Yield each pathway with its gates judged."""
        for pathway in self.definition.pathways:
            yield pathway, evaluate(self.definition, pathway, self.facts)

    def lifts(self, code: str) -> Iterator[tuple[Standing, str]]:
        """Yield, for each standing that a smallest set of changes can lift, what to change and where that leads."""
        for standing, result in self.results(code).items():
            results = self.facts.claimed if standing == Standing.CLAIMED else self.facts.supported
            found = lift(self.definition, self.items, results, result.code)
            if found and found.changes:
                items = apply_changes(self.items, found.changes)
                after = roll_up(self.definition, items, standing=standing, code=code)[code]
                said = describe(self.definition, self.items, found.changes, exact=found.exact)
                yield standing, f"{said} That makes it {self.definition.scale.name(after.level)}."

    def sentence(self, result: Result) -> str:
        return result.trace.sentence(self.definition)


def from_case(definition: Definition, case: GoldenCase) -> Trial:
    return Trial(definition, case.items, case.unsettled_splits, case.open_conditions)


def read(definition: Definition, address: str) -> Trial:
    """
    Return the trial that an address holds, without what the framework does not have.

    :raises Unreadable: if the address holds none
    """
    if not address:
        return Trial(definition)
    try:
        packed = base64.urlsafe_b64decode(address + "=" * (-len(address) % 4))
        unpacking = zlib.decompressobj()
        data = json.loads(unpacking.decompress(packed, MOST_UNPACKED))
        if not unpacking.eof:
            raise Unreadable("The trial was cut, or is too large")
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise Unreadable("This address holds no trial") from error
    lost: list[Problem] = []
    reader = Reader(data, "", lost)
    items = read_items(reader.reader("items", required=False), definition)
    counts = [reader.integer(name, 0, MOST_COUNTED, default=0) for name in ("unsettled_splits", "open_conditions")]
    return Trial(definition, items, *counts, tuple(lost))


def write(trial: Trial) -> str:
    """
    Return the trial as a part of an address, "" where nothing is tried.

    :raises TooLong: if no address holds it
    """
    data = case_items(trial)
    if not data:
        return ""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    address = base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")
    if len(address) > LONGEST_ADDRESS or len(text.encode()) > MOST_UNPACKED:
        raise TooLong(f"An address of {len(address)} characters")
    return address


def case_items(trial: Trial) -> dict[str, object]:
    """Return what is tried as the fields of a golden case."""
    items = {code: _written(trial.definition.node(code), some) for code, some in trial.items.items() if some}
    counts = {"unsettled_splits": trial.unsettled_splits, "open_conditions": trial.open_conditions}
    return ({"items": items} if items else {}) | {name: number for name, number in counts.items() if number}


def golden_case(trial: Trial) -> dict[str, object]:
    """Return the trial as a golden case that expects what comes out now, without what is incomplete."""
    claimed, supported = trial.facts.claimed, trial.facts.supported
    expect: dict[str, object] = {}
    for name, results in (("claimed", claimed), ("supported", supported)):
        told = {code: golden.outcome(each) for code, each in results.items() if each.status != INCOMPLETE}
        values = {
            code: exact(each.value) for code, each in results.items() if each.trace.rounding and each.value is not None
        }
        expect |= {name: told} if told else {}
        expect |= {f"{name}_values": values} if values else {}
    gates = {pathway.code: {gate.code: str(gate.status) for gate in results} for pathway, results in trial.gates()}
    expect |= {"gates": gates} if gates else {}
    if not expect:
        expect = {"claimed": {"": golden.outcome(claimed[""])}}
    return {"name": NAME, "items": {}} | case_items(trial) | {"expect": expect}


def _written(node: Node, items: tuple[ItemInput, ...]) -> object:
    if node.statements:
        return {item.statement: _item(item) for item in items}
    return [_item(item) for item in items]


def _item(item: ItemInput) -> dict[str, object]:
    told: dict[str, object] = {"not_applicable": True} if item.not_applicable else {}
    told |= {} if item.level is None else {"level": item.level}
    return told | ({"strength": item.strength} if item.strength else {})
