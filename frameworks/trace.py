"""What a roll-up answers for each node, and the trace of how it got there."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from frameworks.rules import Check, Input, Rounding
from frameworks.tree import Definition
from frameworks.wording import Wording


class Standing(StrEnum):
    """Which level of an item counts: the one the board agreed, or the one its evidence supports."""

    CLAIMED = "claimed"
    SUPPORTED = "supported"


class Status(StrEnum):
    """What kind of answer a node has; only LEVEL comes with a level."""

    LEVEL = "level"
    INCOMPLETE = "incomplete"
    NOT_APPLICABLE = "not_applicable"
    NONE_SUPPORTED = "none_supported"
    NO_LEVEL = "no_level"


LEVEL, INCOMPLETE, NOT_APPLICABLE, NONE_SUPPORTED, NO_LEVEL = Status


class LeftOutBecause(StrEnum):
    """Why a child or item takes no part in the roll-up."""

    NOT_APPLICABLE = "not_applicable"
    ZERO_WEIGHT = "zero_weight"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class LeftOut:
    """A child or item that takes no part; `reason` is what the board said, where it is not applicable."""

    key: str
    why: LeftOutBecause
    reason: str = ""


@dataclass(frozen=True)
class Cap:
    """
    An item whose evidence supports less than was agreed, or less good an answer.

    `supported` is None where not even the lowest level is. `strength` is that of the item's best artefact in date;
    `demand` is the strength that the claimed level needs. `statement` is the code of the statement answered, if any.
    """

    key: str
    claimed: int
    supported: int | None
    strength: int
    demand: int
    statement: str = ""


@dataclass(frozen=True)
class Trace:
    """
    How a node came to its result, complete in itself.

    `inputs` took part; `left_out` did not; `missing` are the items without a level, or children that are incomplete
    themselves. `held_by` are the keys of the inputs that keep the level from being higher. `figures` are numbers met on
    the way, `checks` what a gate or a rule table looked at.
    """

    code: str
    standing: Standing
    rule: str
    status: Status
    level: int | None = None
    value: Fraction | None = None
    inputs: tuple[Input, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    missing: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()
    steps: dict[str, int] = field(default_factory=dict)
    rounding: Rounding | None = None
    held_by: tuple[str, ...] = ()
    figures: dict[str, Fraction] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def sentence(self, definition: Definition) -> str:
        """Say in plain English what the result is and why."""
        return Wording(self, definition).sentence()

    def to_data(self, definition: Definition) -> dict[str, object]:
        """Return the trace as JSON-able data: whole numbers, "n/d" texts, and null for a level that is none."""
        ranks = definition.scale.ranks

        def level(rank: int | None) -> int | None:
            return rank if rank in ranks else None

        return {
            "code": self.code,
            "standing": str(self.standing),
            "rule": self.rule,
            "status": str(self.status),
            "level": self.level,
            "value": exact(self.value),
            "inputs": [self._input_data(each, definition) for each in self.inputs],
            "left_out": [{"key": each.key, "why": str(each.why), "reason": each.reason} for each in self.left_out],
            "missing": list(self.missing),
            "caps": [
                {
                    "key": cap.key,
                    "claimed": cap.claimed,
                    "supported": cap.supported,
                    "strength": cap.strength,
                    "demand": cap.demand,
                }
                for cap in self.caps
            ],
            "steps": {name: level(rank) for name, rank in self.steps.items()},
            "rounding": self.rounding
            and {
                "exact": exact(self.rounding.exact),
                "mode": self.rounding.mode,
                "digits": self.rounding.digits,
                "rounded": exact(self.rounding.rounded),
            },
            "held_by": list(self.held_by),
        } | self._more_data()

    def _input_data(self, each: Input, definition: Definition) -> dict[str, object]:
        unsupported = definition.is_on_levels(definition.node(self.code)) and each.rank == definition.scale.below
        data = {"key": each.key, "level": None if unsupported else each.rank, "weight": exact(each.weight)}
        # What goes without saying is left out, here and below.
        if each.value is not None and each.rank != each.value:
            data["value"] = exact(each.value)
        return data

    def _more_data(self) -> dict[str, object]:
        data: dict[str, object] = {}
        if self.figures:
            data["figures"] = {name: exact(number) for name, number in self.figures.items()}
        if self.checks:
            data["checks"] = [
                {"what": each.what, "met": each.met, "of": each.of, "holds": each.holds, "level": each.level}
                for each in self.checks
            ]
        return data


@dataclass(frozen=True)
class Result:
    """
    A node's answer. `level` is set only with the status LEVEL.

    `value` is the exact number behind the level: the number of a rule that calculates one, as rounded, otherwise what
    the level counts. A rule without bands gives a value alone, with the status NO_LEVEL. `exact` is the number before
    it was rounded and `bounds` the least and the most that it could have been; both only where a rule calculates.
    """

    code: str
    status: Status
    level: int | None
    value: Fraction | None
    trace: Trace
    exact: Fraction | None = None
    bounds: tuple[Fraction, Fraction] | None = None


def exact(number: Fraction | None) -> int | str | None:
    """Write an exact number for JSON: a whole number as such, any other as "n/d"."""
    if number is None or number.denominator != 1:
        return None if number is None else str(number)
    return number.numerator
