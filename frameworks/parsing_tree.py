"""Read the tree of a definition, from the root down to its criteria."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from frameworks.parsing_criteria import (
    LONGEST_CODE,
    Criterion,
    read_criterion,
    read_group,
    read_of_level,
    read_weight,
)
from frameworks.practices import CumulativeGate
from frameworks.reading import Problem, Reader
from frameworks.rulebook import Setting, read_rule
from frameworks.rules import Headline, ProfileOnly, Rule
from frameworks.scale import Scale
from frameworks.tree import Group, Node, Statement
from frameworks.vocabulary_fields import TOPICS

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
SLUG_MEANING = "lower-case letters, digits and hyphens, such as “place-development”"
CODE = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", re.ASCII)
CODE_MEANING = "letters and digits, such as “DD1”"


@dataclass(frozen=True)
class Common:
    """What the whole framework declares and its nodes refer to."""

    scale: Scale
    tiers: tuple[str, ...]
    answers: Mapping[str, Scale]
    groups: Mapping[str, Group]
    not_applicable: str
    rules: Mapping[str, object]
    weights_total: Fraction | None


class TreeReader:
    """Read the nodes of one definition, remembering the codes already used."""

    def __init__(self, common: Common, problems: list[Problem]) -> None:
        self.common = common
        self.scale = common.scale
        self.problems = problems
        self.codes: set[str] = set()
        self.used_rules: set[str] = set()
        self.deepest = 0

    def read_root(self, reader: Reader, name: str) -> Node:
        tiers, since = self.common.tiers, len(self.problems)
        children = self._read_children(reader, depth=0, parent_code="")
        rule = self._read_rule(reader, ProfileOnly, children)
        if any(tiers) and self.deepest < len(tiers):
            reader.problem(
                f"{len(tiers)} tiers are named, but the deepest node is on tier {self.deepest}.",
                "Name as many tiers as the tree has.",
                "tiers",
            )
        root = Node("", name, "", Fraction(1), rule, children, MappingProxyType({}), (), False, None, "", self.scale)
        self._check(root, reader, self.common.weights_total, since)
        return root

    def _read_children(self, reader: Reader, depth: int, parent_code: str) -> tuple[Node, ...]:
        if depth == len(self.common.tiers):
            reader.problem(f"This lies deeper than the {depth} named tiers.", "Name one more tier.", "nodes")
            reader.has("nodes")
            return ()
        self.deepest = max(self.deepest, depth + 1)
        return tuple(self._read_node(each, depth, parent_code) for each in reader.readers("nodes"))

    def _read_node(self, reader: Reader, depth: int, parent_code: str) -> Node:
        code = self._read_code(reader)
        common, since = self.common, len(self.problems)
        if reader.has("nodes"):
            children = self._read_children(reader, depth + 1, code)
            own = Criterion(answers=self.scale)
        else:
            children = ()
            own = read_criterion(reader, self.scale, common.answers, common.groups)
        group = read_group(reader, common.groups)
        if group and common.groups[group].adverse:
            reader.problem("Only statements can be adverse.", "Choose a class that is not.", "class")
        node = Node(
            code=code,
            name=reader.text("name"),
            summary=reader.text("summary", required=False),
            weight=read_weight(reader),
            rule=self._read_rule(reader, Headline, children, own),
            children=children,
            descriptors=own.descriptors,
            expected_evidence=own.expected_evidence,
            optional=reader.flag("optional", default=False),
            parent_code=parent_code,
            tier=common.tiers[depth],
            answers=own.answers,
            statements=own.statements,
            single_item=own.single_item,
            anchors=own.anchors,
            group=group,
            of_level=read_of_level(reader, self.scale),
            topic=reader.choice("topic", TOPICS, default=""),
        )
        total = common.weights_total if children else None
        if (children or own.statements) and reader.has("weights_total"):
            total = reader.number("weights_total")
        reader.close()
        self._check(node, reader, total, since)
        return node

    def _read_code(self, reader: Reader) -> str:
        code = reader.code("code", CODE, CODE_MEANING)
        if code in self.codes:
            reader.problem(f"Another node has the code {code}.", "Give each node its own code.", "code")
        if len(code) > LONGEST_CODE:
            reader.problem(f"The code is longer than {LONGEST_CODE} characters.", "Shorten it.", "code")
        self.codes.add(code)
        return code

    def _read_rule(
        self, reader: Reader, default: type[Rule], children: tuple[Node, ...], own: Criterion | None = None
    ) -> Rule:
        common = self.common
        beneath: tuple[Node | Statement, ...] = children
        rated, on_levels = "children", True
        if own is not None and not children:
            beneath = own.statements
            rated = "statements" if own.statements else "items"
            on_levels = not own.statements and own.answers is self.scale
        if isinstance(name := reader.value("rule"), str):
            self.used_rules.add(name)
        setting = Setting(
            scale=self.scale,
            rated=rated,
            on_levels=on_levels,
            classes={code: group.adverse for code, group in common.groups.items()},
            groups=frozenset(each.group for each in beneath),
            not_applicable=common.not_applicable or "redistribute",
            named=common.rules,
        )
        return read_rule(reader, setting, default)

    # What only shows once a node is read with all beneath it

    def _check(self, node: Node, reader: Reader, total: Fraction | None, since: int) -> None:
        if node.is_criterion and node.parent_code is not None:
            if not node.rule.gives_value:
                reader.problem("A criterion must come to a level or a number.", "Choose a rule that gives one.", "rule")
        else:
            if node.children and not any(child.weight for child in node.children):
                reader.problem("Every part of this has zero weight.", "Let at least one part count.", "nodes")
            for child in node.children:
                self._check_child(node, child, reader)
        beneath = node.children or node.statements
        field = "nodes" if node.children else "statements"
        is_off = beneath and total is not None and (weight := sum(each.weight for each in beneath)) != total
        if is_off and not reader.has_unread(field, "weight", since):
            reader.problem(f"The weights here add up to {weight}.", f"Let them add up to {total}.", field)
        if isinstance(node.rule, CumulativeGate):
            self._check_gate(node, reader)

    def _check_child(self, node: Node, child: Node, reader: Reader) -> None:
        if not child.weight or isinstance(node.rule, ProfileOnly):
            return
        if node.rule.carry == "level" and not child.rule.gives_level:
            reader.problem(
                f"The rule {node.rule.kind} needs a level from {child.code}, whose rule gives none.",
                f"Make the rule {child.rule.kind} here too, give {child.code} another, or carry values.",
                "rule",
            )
        elif not child.rule.gives_value:
            reader.problem(
                f"The rule {node.rule.kind} needs a number from {child.code}, whose rule gives none.",
                f"Make the rule {child.rule.kind} here too, or give {child.code} another.",
                "rule",
            )

    def _check_gate(self, node: Node, reader: Reader) -> None:
        if node.is_criterion and not node.statements:
            reader.problem("Evidence items belong to no level.", "Use a gate on statements or nodes.", "rule")
        for each in node.children or node.statements:
            if each.of_level is None and each.weight:
                reader.problem(
                    f"{each.code} belongs to no level, but the rule here asks by level.",
                    f"Give {each.code} an of_level.",
                    "rule",
                )
