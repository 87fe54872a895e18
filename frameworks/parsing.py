"""Read whole definitions: their names, scale, tree, pathways, golden cases and changes, noting every problem."""

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from frameworks import vocabulary_fields
from frameworks.banded import NOT_APPLICABLE
from frameworks.parsing_changes import read_changes
from frameworks.parsing_gates import read_gate
from frameworks.parsing_golden import read_case
from frameworks.parsing_scale import read_answer_sets, read_scale
from frameworks.parsing_tree import CODE, CODE_MEANING, SLUG, SLUG_MEANING, Common, TreeReader
from frameworks.reading import Problem, Reader
from frameworks.tree import Definition, GoldenCase, Group, Pathway, Target

MOST_TIERS = 12
LANGUAGE = re.compile(vocabulary_fields.LANGUAGE, re.ASCII)


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
    groups = _read_groups(reader)
    common = Common(
        scale=scale,
        # Where none is named, that is said once, and the tree is looked at all the same.
        tiers=tiers[:MOST_TIERS] or ("",) * MOST_TIERS,
        answers=read_answer_sets(reader),
        groups=groups,
        not_applicable=reader.choice("not_applicable", NOT_APPLICABLE, default="redistribute"),
        rules=_read_rules(reader),
        weights_total=reader.number("weights_total") if reader.has("weights_total") else None,
    )
    tree = TreeReader(common, problems)
    root = tree.read_root(reader, name)
    for unused in [name for name in common.rules if name not in tree.used_rules]:
        reader.problem("No node uses this rule.", "Remove it, or name it as the rule of a node.", f"rules.{unused}")
    definition = Definition(
        code=code,
        number=number,
        name=name,
        owner=reader.text("owner", required=False),
        notes=reader.text("notes", required=False),
        language=reader.code("language", LANGUAGE, "the code of a language, such as en-GB, cy or fr"),
        tiers=tiers,
        scale=scale,
        root=root,
        pathways=(),
        golden=(),
        groups=groups,
    )
    return _with_pathways_and_cases(definition, reader)


def _read_groups(reader: Reader) -> Mapping[str, Group]:
    """Read the classes that statements and nodes may belong to."""
    groups: dict[str, Group] = {}
    for each in reader.readers("classes", required=False):
        group = Group(
            code=each.code("code", CODE, CODE_MEANING),
            name=each.text("name"),
            adverse=each.flag("adverse", default=False),
        )
        if group.code in groups:
            each.problem(f"Another class has the code {group.code}.", "Give each its own code.", "code")
        each.close()
        groups[group.code] = group
    return MappingProxyType(groups)


def _read_rules(reader: Reader) -> Mapping[str, object]:
    """Return the rules that the framework declares by name, unread: what they mean depends on where they are used."""
    declared = reader.reader("rules", required=False)
    return {name: declared.value(name) for name in declared.names()}


def _with_pathways_and_cases(definition: Definition, reader: Reader) -> Definition:
    pathways: list[Pathway] = []
    for each in reader.readers("pathways", required=False):
        pathway = _read_pathway(each, definition)
        if pathway.code in [other.code for other in pathways]:
            each.problem(f"Another pathway has the code {pathway.code}.", "Give each its own code.", "code")
        pathways.append(pathway)
    definition = replace(definition, pathways=tuple(pathways), targets=_read_targets(reader, definition))
    cases: dict[str, GoldenCase] = {}
    for each in reader.readers("golden", required=False):
        case = read_case(each, definition)
        if case.name in cases:
            each.problem("Another case has this name.", "Give each its own name.", "name")
        cases[case.name] = case
    changes = read_changes(reader, definition)
    reader.close()
    return replace(definition, golden=tuple(cases.values()), changes_from=changes)


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


def _read_targets(reader: Reader, definition: Definition) -> tuple[Target, ...]:
    """Read the profiles to aim for."""
    targets: list[Target] = []
    for each in reader.readers("targets", required=False):
        levels = each.reader("levels")
        for code in levels.names():
            if code not in definition.nodes:
                levels.problem(f"There is no node {code}.", "Use the code of a domain or criterion.", code)
            elif not definition.node(code).rule.gives_level:
                levels.problem(f"{code} comes to no single level.", "Name a node whose rule gives a level.", code)
        lowest, highest = definition.scale.lowest, definition.scale.highest
        target = Target(
            code=each.code("code", SLUG, SLUG_MEANING),
            name=each.text("name"),
            summary=each.text("summary", required=False),
            levels=MappingProxyType({code: levels.integer(code, lowest, highest) for code in levels.names()}),
        )
        if target.code in [other.code for other in targets]:
            each.problem(f"Another profile has the code {target.code}.", "Give each its own code.", "code")
        each.close()
        targets.append(target)
    return tuple(targets)
