"""
How a node's level follows from those beneath it: the closed set of roll-up rules.

A rule is a small immutable object, read from the definition together with its options. It sees ranks with weights
above zero, at least one of them, after everything missing, not applicable or weightless has been dealt with, and
answers in exact numbers.

**None supported.** Evidence may fail to support even the lowest level. Such an input counts as one rung below the
lowest level (`Scale.below`) under every rule, so that it always weighs against a node and never drops out of it:
the minimum is then "none supported"; the lower median is, where half the weight or more is; the headline can reach
the lowest level at most; in a mean it counts one less than the lowest rank.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from frameworks.reading import Reader
from frameworks.scale import Scale

if TYPE_CHECKING:
    from frameworks.wording import Wording


@dataclass(frozen=True)
class Input:
    """
    One child or item in a roll-up: its key, its rank and its weight above 0.

    `rank` is `Scale.below` for none supported. It is None for a child whose own rule gives no level; such a child
    occurs only under `profile_only`.
    """

    key: str
    rank: int | None
    weight: Fraction = Fraction(1)


@dataclass(frozen=True)
class Rounding:
    """What was done to a number before it was banded: the exact number, how it was rounded, and the outcome."""

    exact: Fraction
    mode: str
    digits: int
    rounded: Fraction


@dataclass(frozen=True)
class Combined:
    """
    What a rule makes of its inputs.

    `rank` is None where the rule gives no level, `Scale.below` where none is supported. `steps` are the ranks met on
    the way, by name. `held_by` are the keys of the inputs that keep the rank from being higher.
    """

    rank: int | None
    held_by: tuple[str, ...] = ()
    steps: Mapping[str, int] = field(default_factory=dict)
    rounding: Rounding | None = None


class Rule:
    """What every rule offers; the classes below are the whole set."""

    kind: ClassVar[str]
    gives_level: ClassVar[bool] = True

    @classmethod
    def read(cls, reader: Reader, scale: Scale) -> "Rule":
        """Read the rule's options from the definition; most have none."""
        return cls()

    def combine(self, inputs: Sequence[Input], scale: Scale) -> Combined:
        raise NotImplementedError

    def because(self, wording: "Wording") -> str:
        """Say in a clause of plain English why several inputs give the level that they give."""
        raise NotImplementedError

    # What it takes to reach a rank, for `frameworks.lift`: every input at `floor` or above, and gains that are enough.

    def floor(self, target: int, scale: Scale) -> int:
        """Return the rank that every single input must have for the node to reach `target`."""
        return scale.below

    def gain(self, each: Input, target: int) -> Fraction:
        """Return what an input adds towards `target`; gains of several inputs are summed."""
        raise NotImplementedError

    def enough(self, gain: Fraction, weight: Fraction, target: int, scale: Scale) -> bool:
        """Say whether inputs of this total weight, all at `floor` or above, reach `target` with this gain."""
        raise NotImplementedError


def lower_median(inputs: Sequence[Input]) -> int:
    """Return the first rank, in ascending order, at which half of the weight is reached."""
    half = sum(each.weight for each in inputs) / 2
    reached = Fraction(0)
    for each in sorted(inputs, key=lambda each: each.rank):
        reached += each.weight
        if reached >= half:
            return each.rank
    raise ValueError("There is no median of nothing")


def minimum(inputs: Sequence[Input]) -> int:
    return min(each.rank for each in inputs)


def at_most(inputs: Sequence[Input], rank: int) -> tuple[str, ...]:
    """Return the keys of the inputs at a rank or below it."""
    return tuple(each.key for each in inputs if each.rank <= rank)


@dataclass(frozen=True)
class LowerMedian(Rule):
    """The level that at least half of the weight stays at or below: the middle one, the lower of two."""

    kind = "lower_median"

    def combine(self, inputs: Sequence[Input], scale: Scale) -> Combined:
        middle = lower_median(inputs)
        return Combined(middle, at_most(inputs, middle) if middle < scale.highest else (), {"lower_median": middle})

    def because(self, wording: "Wording") -> str:
        return f"{wording.middle()} is {wording.step('lower_median')}"

    def gain(self, each: Input, target: int) -> Fraction:
        return each.weight if each.rank >= target else Fraction(0)

    def enough(self, gain: Fraction, weight: Fraction, target: int, scale: Scale) -> bool:
        # The lower median reaches the target when less than half of the weight stays below it.
        return 2 * gain > weight


@dataclass(frozen=True)
class Minimum(Rule):
    """The lowest level of any input."""

    kind = "minimum"

    def combine(self, inputs: Sequence[Input], scale: Scale) -> Combined:
        lowest = minimum(inputs)
        return Combined(lowest, at_most(inputs, lowest) if lowest < scale.highest else (), {"minimum": lowest})

    def because(self, wording: "Wording") -> str:
        verb = "is" if wording.lowest_is_single() else "are"
        return f"the lowest of {wording.count()} {verb} {wording.lowest_inputs()}, at {wording.step('minimum')}"

    def floor(self, target: int, scale: Scale) -> int:
        return target

    def gain(self, each: Input, target: int) -> Fraction:
        return Fraction(0)

    def enough(self, gain: Fraction, weight: Fraction, target: int, scale: Scale) -> bool:
        return True


@dataclass(frozen=True)
class Headline(LowerMedian):
    """
    The lower median, but never more than one level above the minimum.

    An average cannot hide a hole: one weak item is forgiven one level, no more.
    """

    kind = "headline"

    def combine(self, inputs: Sequence[Input], scale: Scale) -> Combined:
        middle, lowest = lower_median(inputs), minimum(inputs)
        rank = min(middle, lowest + 1)
        if rank == scale.highest:
            return Combined(rank, (), {"lower_median": middle, "minimum": lowest})
        # Where the minimum binds, only the weakest are to blame; else all that keep the middle where it is.
        return Combined(
            rank, at_most(inputs, lowest if rank < middle else rank), {"lower_median": middle, "minimum": lowest}
        )

    def because(self, wording: "Wording") -> str:
        middle, lowest = wording.steps["lower_median"], wording.steps["minimum"]
        text = f"{wording.middle()} is {wording.step('lower_median')}"
        if middle > lowest + 1:
            holds, it = ("holds", "it") if wording.lowest_is_single() else ("hold", "them")
            return (
                f"{text}, but {wording.lowest_inputs()} at {wording.step('minimum')} {holds} it down to "
                f"one level above {it}"
            )
        if middle > lowest:
            return f"{text}, and none is more than one level below that"
        return f"{text}, and none is below that"

    def floor(self, target: int, scale: Scale) -> int:
        return target - 1


@dataclass(frozen=True)
class Mean(Rule):
    """
    The weighted mean of the ranks, rounded as declared, then banded to a level.

    `bands` gives, by rank, the least rounded mean that reaches the level. A level without a band of its own begins at
    its rank, so that by default a level counts only when reached in full: a mean of 2.9 is level 2, unless the
    framework declares that it is rounded to 3 first. What lies under the lowest level's rank, possible only with an
    input that has none supported, is none supported.
    """

    kind = "mean"
    ROUNDINGS: ClassVar[tuple[str, ...]] = ("none", "half_up", "floor", "truncate")

    rounding: str = "none"
    digits: int = 0
    bands: tuple[tuple[int, Fraction], ...] = ()

    @classmethod
    def read(cls, reader: Reader, scale: Scale) -> "Mean":
        rounding = reader.choice("rounding", cls.ROUNDINGS, default="none")
        digits = reader.integer("digits", 0, 6, default=0)
        declared = reader.reader("bands", required=False)
        bands = []
        for rank in scale.ranks:
            least = declared.number(str(rank), default=rank)
            if rank == scale.lowest and least != rank:
                declared.problem("The lowest level begins at its own rank.", "Leave its band out.", str(rank))
            if bands and least <= bands[-1][1]:
                declared.problem(
                    f"This band begins at {least}, not above the one before it ({bands[-1][1]}).",
                    "Let each level begin above the level below it.",
                    str(rank),
                )
            if least > scale.highest:
                declared.problem(f"No mean can reach {least}.", f"Let it begin at {scale.highest} at most.", str(rank))
            bands.append((rank, least))
        declared.close()
        return cls(rounding, digits, tuple(bands))

    def combine(self, inputs: Sequence[Input], scale: Scale) -> Combined:
        total = sum(each.weight for each in inputs)
        exact = Fraction(sum(each.rank * each.weight for each in inputs), total)
        rounded = rounded_to(exact, self.rounding, self.digits)
        rank = self._band(rounded, scale)
        held_by = at_most(inputs, minimum(inputs)) if rank < scale.highest else ()
        return Combined(rank, held_by, rounding=Rounding(exact, self.rounding, self.digits, rounded))

    def because(self, wording: "Wording") -> str:
        return f"{wording.mean()}, which lies in the band of {wording.level()}"

    def gain(self, each: Input, target: int) -> Fraction:
        return each.weight * each.rank

    def enough(self, gain: Fraction, weight: Fraction, target: int, scale: Scale) -> bool:
        return self._band(rounded_to(gain / weight, self.rounding, self.digits), scale) >= target

    def _band(self, rounded: Fraction, scale: Scale) -> int:
        reached = [rank for rank, least in self.bands if rounded >= least]
        return reached[-1] if reached else scale.below


@dataclass(frozen=True)
class ProfileOnly(Rule):
    """No level at all: the children are shown side by side. The root's default: no number sums up a place."""

    kind = "profile_only"
    gives_level = False

    def combine(self, inputs: Sequence[Input], scale: Scale) -> Combined:
        return Combined(None)

    def because(self, wording: "Wording") -> str:
        return f"the framework shows {wording.count()} side by side and sums them up in no single level"


def rounded_to(value: Fraction, mode: str, digits: int) -> Fraction:
    """
    Round an exact number to a number of decimal digits.

    `half_up` takes halves upwards, `floor` goes down, `truncate` towards zero, `none` leaves the number as it is.
    """
    scaled = value * 10**digits
    match mode:
        case "half_up":
            return Fraction(math.floor(scaled + Fraction(1, 2)), 10**digits)
        case "floor":
            return Fraction(math.floor(scaled), 10**digits)
        case "truncate":
            return Fraction(math.trunc(scaled), 10**digits)
        case _:
            return value


RULES: Mapping[str, type[Rule]] = {rule.kind: rule for rule in (Headline, LowerMedian, Minimum, Mean, ProfileOnly)}


def read_rule(reader: Reader, scale: Scale, default: type[Rule]) -> Rule:
    """Read a node's rule; one that is left out is the default."""
    if not reader.has("rule"):
        return default()
    options = reader.reader("rule")
    kind = options.choice("kind", tuple(RULES))
    rule = RULES[kind].read(options, scale) if kind else default()
    if kind:
        options.close()
    return rule
