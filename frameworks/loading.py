"""Examine a framework file, YAML or workbook: everything that is wrong with it, or what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from frameworks import bounds, golden
from frameworks.definition import DefinitionError, canonical_text, digest, parse
from frameworks.marks import FileRefused, Finding, Source, locate
from frameworks.reading import Problem
from frameworks.reading_yaml import read_yaml
from frameworks.tree import Definition
from frameworks.workbook import read_workbook

OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, eq=False)
class Examined:
    """
    What came of examining a file.

    `findings` are what is wrong, in the order of the file; with any of them, nothing else is there. `failures` are the
    golden cases that do not come out as expected: the framework can be kept as a draft, but not be published.
    `advice` is what its author should think about.
    """

    findings: tuple[Finding, ...] = ()
    definition: Definition | None = None
    text: str = ""
    failures: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    source: Source | None = field(default=None, repr=False)

    @property
    def is_sound(self) -> bool:
        return self.definition is not None

    @property
    def digest(self) -> str:
        return digest(self.text)

    def refused(self, problems: Sequence[Problem]) -> "Examined":
        """Return what to say where problems show only beside what is stored."""
        return Examined(self.located(problems))

    def located(self, problems: Sequence[Problem]) -> tuple[Finding, ...]:
        """Return where in the file problems stand."""
        return tuple(locate(self.source, list(problems)))


def examine(content: bytes) -> Examined:
    """Examine a file's content; nothing is raised, whatever it holds."""
    try:
        source = _read(content)
        problems = bounds.check(source.data)
        definition, more = _parse(source.data)
        findings = locate(source, [*problems, *more])
    except FileRefused as refusal:
        return Examined((refusal.finding,))
    except bounds.TooMuch as refusal:
        return Examined(tuple(locate(source, [refusal.problem])))
    if findings:
        return Examined(tuple(findings))
    return Examined(
        definition=definition,
        text=canonical_text(source.data),
        failures=tuple(locate(source, _failures(definition))),
        advice=tuple(_advice(definition)),
        source=source,
    )


def _read(content: bytes) -> Source:
    if content.startswith(b"PK"):
        return read_workbook(content)
    if content.startswith(OLD_OFFICE):
        raise FileRefused(
            "This is an Excel workbook of the old kind, or one with a password.",
            "Save it as .xlsx, without a password.",
        )
    return read_yaml(content)


def _parse(data: object) -> tuple[Definition | None, tuple[Problem, ...]]:
    try:
        return parse(data), ()
    except DefinitionError as error:
        return None, error.problems


def _failures(definition: Definition) -> list[Problem]:
    numbers = {case.name: number for number, case in enumerate(definition.golden)}
    return [
        Problem(
            f"golden[{numbers[failure.case]}].{failure.path}".rstrip("."),
            f"{failure.where} should be {failure.expected}, but is {failure.got}, in “{failure.case}”.",
            "Correct the rule or the expectation.",
        )
        for failure in golden.run(definition)
    ]


def _advice(definition: Definition) -> list[str]:
    advice = []
    if not definition.golden:
        advice.append("There are no golden cases, so nothing shows that the rules do what you mean. Add some.")
    bare = [node.code for node in definition.criteria if not node.descriptors and not node.statements]
    if bare:
        advice.append(f"These criteria have no descriptors: {_listed(bare)}. Assessors would have to guess.")
    if not any(level.demand for level in definition.scale.levels):
        advice.append("No level demands evidence, so evidence supports whatever is claimed.")
    return advice


def _listed(codes: list[str]) -> str:
    shown = ", ".join(codes[:20])
    return shown if len(codes) <= 20 else f"{shown} and {len(codes) - 20} more"
