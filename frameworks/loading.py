"""Examine a framework file, YAML or workbook: everything that is wrong with it, or what it says."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from frameworks import bounds, golden
from frameworks.definition import DefinitionError, canonical_text, digest, parse
from frameworks.gaps import Gap, gaps
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
    golden cases that do not come out as expected, or that there are none: the framework can be kept as a draft, but not
    be published.
    `advice` is what its author should think about.
    """

    findings: tuple[Finding, ...] = ()
    definition: Definition | None = None
    text: str = ""
    failures: tuple[Finding, ...] = ()
    advice: tuple[Gap, ...] = ()
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
        advice=tuple(gaps(definition)),
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
    if not definition.golden:
        return [golden.MISSING]
    numbers = {case.name: number for number, case in enumerate(definition.golden)}
    return [
        Problem(
            f"golden[{numbers[failure.case]}].{failure.path}".rstrip("."),
            f"{failure.where} should be {failure.expected}, but is {failure.got}, in “{failure.case}”.",
            "Correct the rule or the expectation.",
        )
        for failure in golden.run(definition)
    ]
