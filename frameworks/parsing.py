"""Turn the written form of a framework version into its tree, noting every problem on the way."""

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from types import MappingProxyType

from frameworks.parsing_gates import read_gate
from frameworks.parsing_golden import read_case
from frameworks.reading import Problem, Reader
from frameworks.rules import Headline, ProfileOnly, read_rule
from frameworks.scale import STRENGTHS, Level, Scale
from frameworks.tree import Definition, Node, Pathway

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
SLUG_MEANING = "lower-case letters, digits and hyphens, such as “place-development”"
CODE = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*", re.ASCII)
CODE_MEANING = "letters and digits, such as “DD1”"
MOST_TIERS = 12


def read_definition(data: object, problems: list[Problem]) -> Definition:
    """Read a whole definition. What it returns is sound only if no problem was added to `problems`."""
    reader = Reader(data, "", problems)
    reader.integer("format", 1, 1)
    code = reader.code("code", SLUG, SLUG_MEANING)
    number = reader.text("number")
    name = reader.text("name")
    tiers = reader.texts("tiers")
    if len(tiers) > MOST_TIERS:
        reader.problem(f"These are {len(tiers)} tiers.", f"Use {MOST_TIERS} at most.", "tiers")
    scale = read_scale(reader.reader("scale"))
    tree = TreeReader(scale, tiers[:MOST_TIERS], problems)
    root = tree.read_root(reader, name)
    definition = Definition(
        code=code,
        number=number,
        name=name,
        owner=reader.text("owner", required=False),
        notes=reader.text("notes", required=False),
        language=reader.text("language"),
        tiers=tiers,
        scale=scale,
        root=root,
        pathways=(),
        golden=(),
    )
    return _with_pathways_and_cases(definition, reader)


def read_scale(reader: Reader) -> Scale:
    """Read 3 to 6 levels, whose ranks rise by one from 0 or 1 and whose demands never fall."""
    levels: list[Level] = []
    for each in reader.readers("levels"):
        level = Level(
            rank=each.integer("rank", 0, 6),
            name=each.text("name"),
            meaning=each.text("meaning", required=False),
            demand=each.integer("demand", 0, len(STRENGTHS) - 1),
        )
        each.close()
        if levels:
            before = levels[-1]
            if level.rank != before.rank + 1:
                each.problem(f"Rank {level.rank} follows {before.rank}.", "Let ranks rise by one.", "rank")
            if level.demand < before.demand:
                each.problem("A higher level demands weaker evidence.", "Let demands never fall.", "demand")
        elif level.rank > 1:
            each.problem(f"The scale begins at {level.rank}.", "Begin at 0 or 1.", "rank")
        if level.name in [other.name for other in levels]:
            each.problem(f"Two levels are named “{level.name}”.", "Give each its own name.", "name")
        levels.append(level)
    if not 3 <= len(levels) <= 6:
        reader.problem(f"The scale has {len(levels)} levels.", "Use 3 to 6 levels.", "levels")
    reader.close()
    # Later checks need some scale to look at, even where this one was unreadable.
    return Scale(tuple(levels) or (Level(1, "", "", 0),))


class TreeReader:
    """Read the nodes of one definition, remembering the codes already used."""

    def __init__(self, scale: Scale, tiers: tuple[str, ...], problems: list[Problem]) -> None:
        self.scale = scale
        self.tiers = tiers
        self.problems = problems
        self.codes: set[str] = set()
        self.deepest = 0

    def read_root(self, reader: Reader, name: str) -> Node:
        rule = read_rule(reader, self.scale, ProfileOnly)
        children = self._read_children(reader, depth=0, parent_code="")
        if self.deepest < len(self.tiers):
            reader.problem(
                f"{len(self.tiers)} tiers are named, but the deepest node is on tier {self.deepest}.",
                "Name as many tiers as the tree has.",
                "tiers",
            )
        root = Node("", name, "", Fraction(1), rule, children, MappingProxyType({}), (), False, None, "")
        self._check_children(root, reader)
        return root

    def _read_children(self, reader: Reader, depth: int, parent_code: str) -> tuple[Node, ...]:
        if depth == len(self.tiers):
            reader.problem(f"This lies deeper than the {depth} named tiers.", "Name one more tier.", "nodes")
            reader.has("nodes")
            return ()
        self.deepest = max(self.deepest, depth + 1)
        return tuple(self._read_node(each, depth, parent_code) for each in reader.readers("nodes"))

    def _read_node(self, reader: Reader, depth: int, parent_code: str) -> Node:
        code = reader.code("code", CODE, CODE_MEANING)
        if code in self.codes:
            reader.problem(f"Another node has the code {code}.", "Give each node its own code.", "code")
        self.codes.add(code)
        is_criterion = not reader.has("nodes")
        children = () if is_criterion else self._read_children(reader, depth + 1, code)
        node = Node(
            code=code,
            name=reader.text("name"),
            summary=reader.text("summary", required=False),
            weight=self._read_weight(reader),
            rule=read_rule(reader, self.scale, Headline),
            children=children,
            descriptors=self._read_descriptors(reader) if is_criterion else MappingProxyType({}),
            expected_evidence=reader.texts("expected_evidence", required=False) if is_criterion else (),
            optional=reader.flag("optional", default=False),
            parent_code=parent_code,
            tier=self.tiers[depth],
        )
        reader.close()
        self._check_children(node, reader)
        return node

    def _read_weight(self, reader: Reader) -> Fraction:
        weight = reader.number("weight", default=1)
        if weight < 0:
            reader.problem(f"The weight is {weight}.", "Use 0, which leaves the node out, or more.", "weight")
            return Fraction(1)
        return weight

    def _read_descriptors(self, reader: Reader) -> Mapping[int, str]:
        descriptors = reader.reader("descriptors")
        texts = {rank: descriptors.text(str(rank)) for rank in self.scale.ranks} if reader.has("descriptors") else {}
        descriptors.close()
        return MappingProxyType(texts)

    def _check_children(self, node: Node, reader: Reader) -> None:
        if node.is_criterion:
            if not node.rule.gives_level and node.parent_code is not None:
                reader.problem("A criterion must come to a level.", "Choose a rule that gives one.", "rule")
            return
        if not any(child.weight for child in node.children):
            reader.problem("Every part of this has zero weight.", "Let at least one part count.", "nodes")
        for child in node.children:
            if child.weight and node.rule.gives_level and not child.rule.gives_level:
                reader.problem(
                    f"The rule {node.rule.kind} needs a level from {child.code}, whose rule gives none.",
                    f"Make the rule {child.rule.kind} here too, or give {child.code} another.",
                    "rule",
                )


def _with_pathways_and_cases(definition: Definition, reader: Reader) -> Definition:
    pathways: list[Pathway] = []
    for each in reader.readers("pathways", required=False):
        pathway = _read_pathway(each, definition)
        if pathway.code in [other.code for other in pathways]:
            each.problem(f"Another pathway has the code {pathway.code}.", "Give each its own code.", "code")
        pathways.append(pathway)
    definition = replace(definition, pathways=tuple(pathways))
    cases = tuple(read_case(each, definition) for each in reader.readers("golden", required=False))
    reader.close()
    return replace(definition, golden=cases)


def _read_pathway(reader: Reader, definition: Definition) -> Pathway:
    gates = []
    for each in reader.readers("gates"):
        gate = read_gate(each, definition)
        if gate.code in [other.code for other in gates]:
            each.problem(f"Another gate has the code {gate.code}.", "Give each gate its own code.", "code")
        gates.append(gate)
    pathway = Pathway(
        code=reader.code("code", SLUG, SLUG_MEANING),
        name=reader.text("name"),
        summary=reader.text("summary", required=False),
        ready_text=reader.text("ready_text", required=False),
        gates=tuple(gates),
    )
    reader.close()
    return pathway
