"""Read what only criteria have: what their items are rated on, statements, descriptors, examples, evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from frameworks.reading import Reader
from frameworks.scale import Scale
from frameworks.tree import Group, Statement

SCORINGS = ("descriptors", "checklist")
ITEMS = ("several", "one")
LONGEST_CODE = 40


@dataclass(frozen=True)
class Criterion:
    """What a criterion has and other nodes do not, by the names of the fields of `Node`."""

    answers: Scale
    statements: tuple[Statement, ...] = ()
    single_item: bool = False
    descriptors: Mapping[int, str] = field(default_factory=dict)
    anchors: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    expected_evidence: tuple[str, ...] = ()


def read_criterion(
    reader: Reader, scale: Scale, answers: Mapping[str, Scale], groups: Mapping[str, Group]
) -> Criterion:
    """Read a criterion's own fields; `answers` and `groups` are what the framework declares."""
    scoring = reader.choice("scoring", SCORINGS, default="descriptors")
    statements: tuple[Statement, ...] = ()
    single_item = False
    if scoring == "checklist":
        rated_on = read_answers_of(reader, answers, answers["yes_no"])
        statements = _read_statements(reader, rated_on, answers, groups, scale)
        described = scale
    else:
        rated_on = described = read_answers_of(reader, answers, scale)
        single_item = reader.choice("items", ITEMS, default="several") == "one"
        if reader.has("statements"):
            reader.problem("Only a checklist has statements.", "Write “scoring: checklist” too.", "statements")
    return Criterion(
        answers=rated_on,
        statements=statements,
        single_item=single_item,
        descriptors=_read_descriptors(reader, described),
        anchors=_read_anchors(reader, described),
        expected_evidence=reader.texts("expected_evidence", required=False),
    )


def read_answers_of(reader: Reader, answers: Mapping[str, Scale], default: Scale) -> Scale:
    """Read the name of a set of answers."""
    code = reader.choice("answers", answers, default="") if reader.has("answers") else ""
    return answers.get(code, default)


def read_group(reader: Reader, groups: Mapping[str, Group]) -> str:
    """Read the class that a statement or node belongs to, "" if none."""
    code = reader.text("class", required=False)
    if code and code not in groups:
        known = ", ".join(groups) or "none yet"
        reader.problem(f"There is no class {code}.", f"Declare it under classes; known are: {known}.", "class")
        return ""
    return code


def read_of_level(reader: Reader, scale: Scale) -> int | None:
    """Read the level that a statement or node belongs to, None if none."""
    return reader.integer("of_level", scale.lowest, scale.highest) if reader.has("of_level") else None


def read_weight(reader: Reader) -> Fraction:
    """Read a weight of 0, which leaves something out, or more."""
    weight = reader.number("weight", default=1)
    if weight < 0:
        reader.problem(f"The weight is {weight}.", "Use 0, which leaves the node out, or more.", "weight")
        return Fraction(1)
    return weight


def _read_statements(
    reader: Reader, default: Scale, answers: Mapping[str, Scale], groups: Mapping[str, Group], scale: Scale
) -> tuple[Statement, ...]:
    statements: list[Statement] = []
    codes: set[str] = set()
    for each in reader.readers("statements"):
        group = read_group(each, groups)
        statement = Statement(
            code=each.text("code"),
            text=each.text("text"),
            answers=read_answers_of(each, answers, default),
            weight=read_weight(each),
            group=group,
            of_level=read_of_level(each, scale),
            adverse=bool(group) and groups[group].adverse,
        )
        if statement.code in codes:
            each.problem(f"Another statement here has the code {statement.code}.", "Give each its own code.", "code")
        if len(statement.code) > LONGEST_CODE:
            each.problem(f"The code is longer than {LONGEST_CODE} characters.", "Shorten it.", "code")
        codes.add(statement.code)
        each.close()
        statements.append(statement)
    if statements and not any(statement.weight for statement in statements):
        reader.problem("Every statement has zero weight.", "Let at least one count.", "statements")
    return tuple(statements)


def _read_descriptors(reader: Reader, scale: Scale) -> Mapping[int, str]:
    descriptors = reader.by_rank("descriptors", scale.by_name)
    texts = {rank: descriptors.text(str(rank)) for rank in scale.ranks} if reader.has("descriptors") else {}
    descriptors.close()
    return MappingProxyType(texts)


def _read_anchors(reader: Reader, scale: Scale) -> Mapping[int, tuple[str, ...]]:
    anchors = reader.by_rank("anchors", scale.by_name)
    texts = {rank: anchors.texts(str(rank), required=False) for rank in scale.ranks}
    anchors.close()
    return MappingProxyType({rank: examples for rank, examples in texts.items() if examples})
