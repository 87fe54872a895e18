"""The parts of a framework version: nodes, pathways with gates, golden cases. `frameworks.definition` builds them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from frameworks.items import ItemInput, noun
from frameworks.rules import Rule
from frameworks.scale import Scale


@dataclass(frozen=True)
class Group:
    """A class of statements or nodes that rule tables name. What belongs to an adverse one is better not true."""

    code: str
    name: str
    adverse: bool = False


@dataclass(frozen=True)
class Statement:
    """
    One statement of a checklist, answered on the scale `answers`.

    `group` is the code of its class and `of_level` the level that it belongs to, where its criterion's rule asks.
    """

    code: str
    text: str
    answers: Scale
    weight: Fraction = Fraction(1)
    group: str = ""
    of_level: int | None = None
    adverse: bool = False


@dataclass(frozen=True, eq=False)
class Node:
    """
    A domain, a criterion or a tier between; the root has the code "" and the framework's name.

    `rule` says how the children roll up or, on a criterion, its evidence items or the answers to its statements.
    `weight`, `group` (the code of its class) and `of_level` are the node's own in its parent's roll-up. `tier` is the
    framework's name for the node's tier, "" at the root. `answers` is the scale on which a criterion's items are
    rated: the framework's, unless it declares another. A criterion with `statements` is a checklist and takes one
    answer to each; another takes several evidence items or, with `single_item`, exactly one. `anchors` are examples
    that show what a level means. `topic` is what the node is about, with all beneath it, "" for nothing in particular.
    """

    code: str
    name: str
    summary: str
    weight: Fraction
    rule: Rule
    children: tuple["Node", ...]
    descriptors: Mapping[int, str]
    expected_evidence: tuple[str, ...]
    optional: bool
    parent_code: str | None
    tier: str
    answers: Scale
    statements: tuple[Statement, ...] = ()
    single_item: bool = False
    anchors: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    group: str = ""
    of_level: int | None = None
    topic: str = ""

    @property
    def is_criterion(self) -> bool:
        return not self.children

    @property
    def is_checklist(self) -> bool:
        return bool(self.statements)

    @property
    def noun(self) -> str:
        """What a thing that is scored here is called."""
        return noun(self.is_checklist)

    def statement(self, code: str) -> Statement:
        """
        Return the statement with this code.

        :raises KeyError: if there is none
        """
        for statement in self.statements:
            if statement.code == code:
                return statement
        raise KeyError(code)

    def scale_of(self, statement: str = "") -> Scale:
        """
        Return what an item of this criterion is rated on: the answers to its statement, where it answers one.

        :raises KeyError: if there is no such statement
        """
        return self.statement(statement).answers if statement else self.answers

    @property
    def asked(self) -> tuple[Statement, ...]:
        """The statements that need an answer: those with a weight."""
        return tuple(statement for statement in self.statements if statement.weight)

    def walk(self) -> Iterator["Node"]:
        """Yield this node and all beneath it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def counted(self) -> Iterator["Node"]:
        """Yield this node and all beneath it, except what a zero weight leaves out."""
        yield self
        for child in self.children:
            if child.weight:
                yield from child.counted()


@dataclass(frozen=True)
class Gate:
    """One condition of a pathway. `node`, `level` and `percent` are set where the kind uses them."""

    code: str
    kind: str
    foundational: bool
    name: str = ""
    node: str | None = None
    level: int | None = None
    percent: int | None = None


@dataclass(frozen=True)
class Pathway:
    """A kind of delegation that a place may be ready for, with the gates that decide it."""

    code: str
    name: str
    summary: str
    ready_text: str
    gates: tuple[Gate, ...]


@dataclass(frozen=True)
class Target:
    """A profile to aim for: levels by node code."""

    code: str
    name: str
    summary: str
    levels: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class GoldenCase:
    """
    Made-up items with the results that the framework's author expects of them.

    `claimed` and `supported` give, by node code, a rank or the name of a status; `gates` gives, by pathway and gate
    code, "pass", "fail" or "cannot_tell". `claimed_values` and `supported_values` give the exact numbers of nodes.
    """

    name: str
    items: Mapping[str, tuple[ItemInput, ...]]
    unsettled_splits: int
    open_conditions: int
    claimed: Mapping[str, int | str]
    supported: Mapping[str, int | str]
    gates: Mapping[str, Mapping[str, str]]
    claimed_values: Mapping[str, Fraction] = field(default_factory=dict)
    supported_values: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """
    What a criterion comes from in the version before, as its author says.

    `what` is one of "same", "reworded", "moved", "split", "merged" and "new"; `sources` are the codes that the version
    before had for it, none if it is new.
    """

    what: str
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Changes:
    """Where the criteria of a version come from in version `number`, and what of that was dropped, with notes."""

    number: str
    criteria: Mapping[str, Origin]
    dropped: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Definition:
    """One framework version in full. `changes_from` is None in a framework's first version."""

    code: str
    number: str
    name: str
    owner: str
    notes: str
    language: str
    tiers: tuple[str, ...]
    scale: Scale
    root: Node
    pathways: tuple[Pathway, ...]
    golden: tuple[GoldenCase, ...]
    targets: tuple[Target, ...] = ()
    groups: Mapping[str, Group] = field(default_factory=dict)
    changes_from: Changes | None = None

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """All nodes by code, in document order, the root ("") first."""
        return {node.code: node for node in self.root.walk()}

    def node(self, code: str) -> Node:
        """
        Return the node with this code.

        :raises KeyError: if there is none
        """
        return self.nodes[code]

    def pathway(self, code: str) -> Pathway:
        """
        Return the pathway with this code.

        :raises KeyError: if there is none
        """
        for pathway in self.pathways:
            if pathway.code == code:
                return pathway
        raise KeyError(code)

    @property
    def domains(self) -> tuple[Node, ...]:
        return self.root.children

    @cached_property
    def criteria(self) -> tuple[Node, ...]:
        """All criteria in document order."""
        return tuple(node for node in self.nodes.values() if node.is_criterion)

    @cached_property
    def criterion_codes(self) -> frozenset[str]:
        return frozenset(node.code for node in self.criteria)

    @property
    def noun(self) -> str:
        """What the things that are scored are called: statements where nothing else is, items otherwise."""
        return noun(all(node.is_checklist for node in self.counted_criteria()))

    def is_on_levels(self, node: Node) -> bool:
        """Say whether what a node rolls up is rated on the framework's own levels."""
        return not node.is_criterion or (not node.statements and node.answers is self.scale)

    def described(self, criterion: Node) -> Scale | None:
        """Return the scale that a criterion's descriptors are about; None where there are none for a checklist."""
        if not criterion.is_checklist:
            return criterion.answers
        return self.scale if criterion.descriptors else None

    def group_name(self, criterion: Node, statement: str) -> str:
        """Return the name of the class that a statement of a checklist belongs to, "" if none."""
        group = self.groups.get(criterion.statement(statement).group) if statement else None
        return group.name if group else ""

    def counted_criteria(self, code: str = "") -> tuple[Node, ...]:
        """Return the criteria under a node, without those that a zero weight leaves out."""
        return tuple(node for node in self.node(code).counted() if node.is_criterion)
