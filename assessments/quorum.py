"""
Whether enough organisations have signed; pure.

An organisation counts that signed, with or without a reservation. One that declined or declared an
interest has answered, and does not count. Organisations go by name, which is theirs alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

COUNTING = frozenset({"SIGNED", "RESERVED"})
ANSWERS = {"DECLINED": "it declined", "INTEREST": "it declared an interest"}


@dataclass(frozen=True)
class Quorum:
    """
    What the round asks for and what was given.

    `required` must sign; at least `minimum` must in all; `expected` have a signatory at the place.
    `given` maps the organisations that answered to the kind of their signature.
    """

    required: tuple[str, ...]
    minimum: int
    expected: tuple[str, ...]
    given: Mapping[str, str]

    @property
    def counted(self):
        return tuple(sorted(name for name, kind in self.given.items() if kind in COUNTING))

    @property
    def missing(self):
        """Return the organisations that were asked and have not answered."""
        return tuple(sorted({*self.required, *self.expected} - self.given.keys()))

    @property
    def met(self):
        return not self.problems

    @property
    def problems(self):
        """Return what keeps the signing from being closed, a sentence each."""
        problems = [self._unsigned(name) for name in sorted(self.required) if name not in self.counted]
        if (short := self.minimum - len(self.counted)) > 0:
            more = "one more signature" if short == 1 else f"{short} more signatures"
            problems.append(f"The round asks for at least {self.minimum}, so {more} must be given.")
        return tuple(problems)

    @property
    def rule(self):
        """Say what the round asks for."""
        count = "one organisation" if self.minimum == 1 else f"{self.minimum} organisations"
        if not self.required:
            return f"At least {count} must sign."
        return f"At least {count} must sign, among them {', '.join(sorted(self.required))}."

    def _unsigned(self, name):
        why = ANSWERS.get(self.given.get(name, ""))
        return f"{name} must sign, but {why}." if why else f"{name} must sign and has not yet."
