"""
How a node's level follows from those beneath it: what every roll-up rule offers, and the rules that pick a level.

A rule is a small immutable object, read from the definition together with its options. It sees what lies beneath the
node as inputs with weights above zero, at least one of them, after everything missing or weightless has been dealt
with, and answers in exact numbers. `frameworks.banded` holds the rules that calculate, `frameworks.practices` those
that ask what is met, `frameworks.rulebook` the whole set.

**None supported.** Evidence may fail to support even the lowest level. Such an input counts as one rung below the
lowest level (`Scale.below`) under every rule, so that it always weighs against a node and never drops out of it:
the minimum is then "none supported"; the lower median is, where half the weight or more is; the headline can reach
the lowest level at most; in a mean it counts as much less than the lowest level as that counts less than the next.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from frameworks.fronts import Pick, Way, fewest_in_parts
from frameworks.reading import Reader
from frameworks.scale import Scale

if TYPE_CHECKING:
    from frameworks.rulebook import Setting
    from frameworks.wording import Wording

ONE = Fraction(1)
ZERO = Fraction(0)


class Input(NamedTuple):
    """
    One child, item or statement in a roll-up: its key, its rank and its weight above 0.

    `rank` is `Scale.below` for none supported. It is None for a child whose own rule gives no level. `value` is what
    the input counts in sums and means, between `least` and `most` unless none is supported; None where it counts
    nothing. `group` and `of_level` are the class and the level it is declared to belong to. An adverse input is
    better the lower its answer is.
    """

    key: str
    rank: int | None
    weight: Fraction = ONE
    value: Fraction | None = None
    least: Fraction = ZERO
    most: Fraction = ONE
    group: str = ""
    of_level: int | None = None
    adverse: bool = False

    @property
    def merit(self) -> Fraction:
        """What the input counts in favour of the node: its value or, of an adverse one, what that leaves."""
        return self.least + self.most - self.value if self.adverse else self.value

    @property
    def share(self) -> Fraction:
        """How far the input has come from the least to the most it can count in favour, 0 to 1."""
        width = self.most - self.least
        return (self.merit - self.least) / width if width else ONE


@dataclass(frozen=True)
class Rounding:
    """What was done to a number before it was banded: the exact number, how it was rounded, and the outcome."""

    exact: Fraction
    mode: str
    digits: int
    rounded: Fraction


@dataclass(frozen=True)
class Check:
    """
    One thing that a rule looked at: `what` it was, how many inputs met it `of` how many, and whether it holds.

    `level` is the level that the check stands before.
    """

    what: str
    met: int
    of: int
    holds: bool
    level: int


@dataclass(frozen=True)
class Combined:
    """
    What a rule makes of its inputs.

    `rank` is None where the rule gives no level, `Scale.below` where none is reached. `steps` are the ranks met on
    the way, by name; `figures` the numbers, and `checks` what was looked at. `held_by` are the keys of the inputs
    that keep the result from being higher. `bounds` are the least and the most that the number could be.
    """

    rank: int | None
    held_by: tuple[str, ...] = ()
    steps: Mapping[str, int] = field(default_factory=dict)
    rounding: Rounding | None = None
    figures: Mapping[str, Fraction] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    bounds: tuple[Fraction, Fraction] | None = None


class Need(NamedTuple):
    """
    What it takes to reach a level: every input `allowed`, and a sum of `gain`s that is `enough`.

    More gain is never worse. Keeping both apart is what makes the smallest set of changes quick to find.
    """

    allowed: Callable[[Input], bool]
    gain: Callable[[Input], Fraction]
    enough: Callable[[Fraction], bool]


def anything(each: Input) -> bool:
    return True


def nothing(each: Input) -> Fraction:
    return ZERO


class Rule:
    """What every rule offers; `frameworks.rulebook` lists the whole set."""

    kind: ClassVar[str]
    gives_level: bool = True
    gives_value: bool = True
    # Where all inputs are at the level that the rule gives, there is nothing more to explain.
    plain_when_alike: ClassVar[bool] = True
    # The rule compares ranks, and so needs inputs that are rated on the framework's own levels.
    compares_levels: ClassVar[bool] = True
    # Whether better inputs can never give a lower level.
    monotone: bool = True
    # What a child passes on to a node with this rule: its level, its value as rounded, or its exact value.
    carry: str = "level"
    # Whether all that applies has to be answered, or only what may still decide the level.
    unanswered: str = "required"

    @classmethod
    def read(cls, reader: Reader, setting: "Setting") -> "Rule":
        """Read the rule's options from the definition; most have none."""
        return cls()

    def rounded(self, value: Fraction) -> Fraction:
        """Round a value of this rule as it is shown."""
        return value

    def bounds(self, inputs: Sequence[Input]) -> tuple[Fraction, Fraction] | None:
        """Return the least and the most that a rule with a number could come to, from the bounds of its inputs."""
        return None

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        """Combine the inputs that apply; `spared` are those that are not applicable, without rank or value."""
        raise NotImplementedError

    def because(self, wording: "Wording") -> str:
        """Say in a clause of plain English why several inputs give the level that they give."""
        raise NotImplementedError

    # What would lift a node, for `frameworks.lift`.

    def needs(
        self, inputs: Sequence[Input], spared: Sequence[Input], target: int, scale: Scale
    ) -> list[tuple[list[int], Need]] | None:
        """
        Say what it takes to reach `target`: parts of the inputs by position, each with its own need.

        Inputs in no part do not matter. None if no change can reach it.
        """
        raise NotImplementedError

    def fewest(self, ways: Sequence[Sequence[Way]], spared: Sequence[Input], target: int, scale: Scale) -> Pick | None:
        """Pick, of each input's ways to change, those with which the node reaches `target` in fewest changes."""
        needs = self.needs([some[0].input for some in ways], spared, target, scale)
        return None if needs is None else fewest_in_parts(ways, needs, at_any_cost=True)


def lower_median(inputs: Sequence[Input]) -> int:
    """
    Return the first rank, in ascending order, at which half of the weight is reached.

    :raises ValueError: if there are no inputs
    """
    half = sum(each.weight for each in inputs) / 2
    reached = ZERO
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

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        middle = lower_median(inputs)
        return Combined(middle, at_most(inputs, middle) if middle < scale.highest else (), {"lower_median": middle})

    def because(self, wording: "Wording") -> str:
        return f"{wording.middle()} is {wording.step('lower_median')}"

    def needs(
        self, inputs: Sequence[Input], spared: Sequence[Input], target: int, scale: Scale
    ) -> list[tuple[list[int], Need]]:
        floor, weight = self._floor(target, scale), sum(each.weight for each in inputs)
        need = Need(
            allowed=lambda each: each.rank >= floor,
            gain=lambda each: each.weight if each.rank >= target else ZERO,
            # The lower median reaches the target when less than half of the weight stays below it.
            enough=lambda gain: 2 * gain > weight,
        )
        return [(list(range(len(inputs))), need)]

    def _floor(self, target: int, scale: Scale) -> int:
        return scale.below


@dataclass(frozen=True)
class Minimum(Rule):
    """The lowest level of any input."""

    kind = "minimum"

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        lowest = minimum(inputs)
        return Combined(lowest, at_most(inputs, lowest) if lowest < scale.highest else (), {"minimum": lowest})

    def because(self, wording: "Wording") -> str:
        verb = "is" if wording.lowest_is_single() else "are"
        return f"the lowest of {wording.count()} {verb} {wording.lowest_inputs()}, at {wording.step('minimum')}"

    def needs(
        self, inputs: Sequence[Input], spared: Sequence[Input], target: int, scale: Scale
    ) -> list[tuple[list[int], Need]]:
        need = Need(lambda each: each.rank >= target, nothing, lambda gain: True)
        return [(list(range(len(inputs))), need)]


@dataclass(frozen=True)
class Headline(LowerMedian):
    """
    The lower median, but never more than one level above the minimum.

    An average cannot hide a hole: one weak item is forgiven one level, no more.
    """

    kind = "headline"

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
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

    def _floor(self, target: int, scale: Scale) -> int:
        return target - 1


@dataclass(frozen=True)
class ProfileOnly(Rule):
    """No level at all: the children are shown side by side. The root's default: no number sums up a place."""

    kind = "profile_only"
    gives_level = False
    gives_value = False
    compares_levels = False

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        return Combined(None)

    def because(self, wording: "Wording") -> str:
        return f"the framework shows {wording.count()} side by side and sums them up in no single level"
