"""Run a framework's golden cases: a version is usable only when it has some, and all come out as its author expects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from frameworks.readiness import Facts, evaluate, facts_of
from frameworks.reading import Problem
from frameworks.trace import Result, exact
from frameworks.tree import Definition, GoldenCase

MISSING = Problem(
    "golden",
    "There are no golden cases, so nothing shows that the rules do what you mean.",
    "Add one at least: made-up items, and the levels that must come out of them.",
)


@dataclass(frozen=True)
class Compared:
    """
    One result beside what a case expects; `where` is such as "claimed AV1" or "gate G2 of shadow-committee".

    `path` leads to what is expected, from the case on.
    """

    case: str
    where: str
    expected: int | str
    got: int | str
    path: str = field(default="", compare=False)

    @property
    def holds(self) -> bool:
        return self.expected == self.got

    def __str__(self) -> str:
        return f"{self.case}: {self.where} should be {self.expected}, but is {self.got}"


def run(definition: Definition) -> list[Compared]:
    """Return all that is not as expected, of all cases; none means that the version has proved itself."""
    return [each for case in definition.golden for each in compare(definition, case) if not each.holds]


def compare(definition: Definition, case: GoldenCase, facts: Facts | None = None) -> Iterator[Compared]:
    """Set all that a case expects beside what comes out of its items, or of `facts`."""
    facts = facts or facts_of(
        definition, case.items, unsettled_splits=case.unsettled_splits, open_conditions=case.open_conditions
    )
    yield from _levels(case, "claimed", case.claimed, facts.claimed)
    yield from _levels(case, "supported", case.supported, facts.supported)
    yield from _values(case, "claimed", case.claimed_values, facts.claimed)
    yield from _values(case, "supported", case.supported_values, facts.supported)
    for code, expected in case.gates.items():
        got = {result.code: str(result.status) for result in evaluate(definition, definition.pathway(code), facts)}
        for gate, outcome in expected.items():
            yield Compared(case.name, f"gate {gate} of {code}", outcome, got[gate], f"expect.gates.{code}.{gate}")


def outcome(result: Result) -> int | str:
    """Write a result as a golden case does: a rank, or the name of a status."""
    return str(result.status) if result.level is None else result.level


def _levels(
    case: GoldenCase, standing: str, expected: Mapping[str, int | str], results: Mapping[str, Result]
) -> Iterator[Compared]:
    for code, value in expected.items():
        where, path = f"{standing} {code or 'root'}", f"expect.{standing}.{code}"
        yield Compared(case.name, where, value, outcome(results[code]), path)


def _values(
    case: GoldenCase, standing: str, expected: Mapping[str, Fraction], results: Mapping[str, Result]
) -> Iterator[Compared]:
    for code, value in expected.items():
        got = results[code].value
        got = str(results[code].status) if got is None else exact(got)
        where, path = f"{standing} value of {code or 'root'}", f"expect.{standing}_values.{code}"
        yield Compared(case.name, where, exact(value), got, path)
