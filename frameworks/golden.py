"""Run a framework's golden cases: a version is usable only when it has some, and all come out as its author expects."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from frameworks.readiness import evaluate, facts_of
from frameworks.reading import Problem
from frameworks.trace import Result, exact
from frameworks.tree import Definition, GoldenCase

MISSING = Problem(
    "golden",
    "There are no golden cases, so nothing shows that the rules do what you mean.",
    "Add one at least: made-up items, and the levels that must come out of them.",
)


@dataclass(frozen=True)
class Failure:
    """
    One result that is not what a case expects; `where` is such as "claimed AV1" or "gate G2 of shadow-committee".

    `path` leads to what is expected, from the case on.
    """

    case: str
    where: str
    expected: int | str
    got: int | str
    path: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.case}: {self.where} should be {self.expected}, but is {self.got}"


def run(definition: Definition) -> list[Failure]:
    """Return all failures of all cases; none means that the version has proved itself."""
    return [failure for case in definition.golden for failure in _run_case(definition, case)]


def _run_case(definition: Definition, case: GoldenCase) -> Iterator[Failure]:
    facts = facts_of(
        definition, case.items, unsettled_splits=case.unsettled_splits, open_conditions=case.open_conditions
    )
    yield from _compare(case, "claimed", case.claimed, facts.claimed)
    yield from _compare(case, "supported", case.supported, facts.supported)
    yield from _compare_values(case, "claimed", case.claimed_values, facts.claimed)
    yield from _compare_values(case, "supported", case.supported_values, facts.supported)
    for code, expected in case.gates.items():
        got = {result.code: str(result.status) for result in evaluate(definition, definition.pathway(code), facts)}
        for gate, outcome in expected.items():
            if got[gate] != outcome:
                yield Failure(case.name, f"gate {gate} of {code}", outcome, got[gate], f"expect.gates.{code}.{gate}")


def _compare(
    case: GoldenCase, standing: str, expected: Mapping[str, int | str], results: Mapping[str, Result]
) -> Iterator[Failure]:
    for code, value in expected.items():
        result = results[code]
        got = str(result.status) if result.level is None else result.level
        if got != value:
            yield Failure(case.name, f"{standing} {code or 'root'}", value, got, f"expect.{standing}.{code}")


def _compare_values(
    case: GoldenCase, standing: str, expected: Mapping[str, Fraction], results: Mapping[str, Result]
) -> Iterator[Failure]:
    for code, value in expected.items():
        if results[code].value != value:
            got = results[code].value
            got = str(results[code].status) if got is None else exact(got)
            where, path = f"{standing} value of {code or 'root'}", f"expect.{standing}_values.{code}"
            yield Failure(case.name, where, exact(value), got, path)
