"""
The rules that calculate: a mean, a sum or a percentage, rounded as declared and then banded to a level.

They count what each input is worth (`Input.merit`) by its weight. Where something does not apply, its weight goes to
the rest in proportion (`redistribute`), or is kept in the denominator so that it counts for nothing (`leave_out`).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from frameworks.fronts import Front, Pick, Step, Way, fewest_in_parts, flat, front_of, worth_having
from frameworks.reading import Reader
from frameworks.rules import ONE, ZERO, Combined, Input, Need, Rounding, Rule, anything
from frameworks.scale import Scale

if TYPE_CHECKING:
    from frameworks.rulebook import Setting
    from frameworks.wording import Wording

ROUNDINGS = ("none", "half_up", "floor", "truncate")
CARRIES = ("level", "value", "exact")
NOT_APPLICABLE = ("redistribute", "leave_out")
UNBANDED = "none"

# A level with the least number that reaches it; None for the lowest level where that is whatever can come out.
Band = tuple[int, Fraction | None]


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


def total(numbers: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Add up the products of some pairs, without reducing every one of them: that would take most of the time."""
    by_denominator: dict[int, int] = {}
    for one, other in numbers:
        denominator = one.denominator * other.denominator
        by_denominator[denominator] = by_denominator.get(denominator, 0) + one.numerator * other.numerator
    return sum((Fraction(number, denominator) for denominator, number in by_denominator.items()), ZERO)


@dataclass(frozen=True)
class Totals:
    """Weights, and the least and most that can be had, of what applies and of everything."""

    weight: Fraction
    weight_of_all: Fraction
    least: Fraction
    most: Fraction
    most_of_all: Fraction

    @classmethod
    def of(cls, inputs: Sequence[Input], spared: Sequence[Input]) -> "Totals":
        weight, weight_spared = _weight(inputs), _weight(spared)
        least, most = _alike(inputs)
        most = total((each.weight, each.most) for each in inputs) if most is None else weight * most
        return cls(
            weight=weight,
            weight_of_all=weight + weight_spared,
            least=total((each.weight, each.least) for each in inputs) if least is None else weight * least,
            most=most,
            most_of_all=most + total((each.weight, each.most) for each in spared),
        )


def _weight(inputs: Sequence[Input]) -> Fraction:
    return total((each.weight, ONE) for each in inputs)


def _alike(inputs: Sequence[Input]) -> tuple[Fraction, Fraction] | tuple[None, None]:
    """Return the bounds that all inputs have in common, where they do: mostly they are the very same objects."""
    first = inputs[0]
    alike = all(each.least is first.least and each.most is first.most for each in inputs)
    return (first.least, first.most) if alike else (None, None)


@dataclass(frozen=True)
class Banded(Rule):
    """
    A rule that comes to a number.

    `bands` gives, by rank, the least rounded number that reaches the level. The lowest level may go without: it then
    begins at the least that the inputs can give on their scale, so that only an input that has none supported can
    take the node below it. Without any bands, the node has a value and no level.
    """

    compares_levels = False

    rounding: str = "none"
    digits: int = 0
    bands: tuple[Band, ...] | None = None
    carry: str = "level"
    not_applicable: str = "redistribute"

    # Whether every level above the lowest has to be given a band; otherwise it begins at what the level counts.
    needs_bands: ClassVar[bool] = True

    @property
    def gives_level(self) -> bool:
        return self.bands is not None

    @property
    def plain_when_alike(self) -> bool:
        return False

    @classmethod
    def read(cls, reader: Reader, setting: "Setting") -> "Banded":
        rounding = reader.choice("rounding", ROUNDINGS, default="none")
        digits = reader.integer("digits", 0, 6, default=0)
        carry = reader.choice("carry", CARRIES, default="level")
        if carry != "level" and setting.rated != "children":
            reader.problem("Nothing is carried up to a criterion.", "Leave this out.", "carry")
        return cls(
            rounding,
            digits,
            cls._read_bands(reader, setting, on_levels=setting.on_levels and carry == "level"),
            carry or "level",
            reader.choice("not_applicable", NOT_APPLICABLE, default=setting.not_applicable),
        )

    @classmethod
    def _read_bands(cls, reader: Reader, setting: "Setting", *, on_levels: bool) -> tuple[Band, ...] | None:
        if reader.value("bands") == UNBANDED:
            return None
        scale = setting.scale
        declared = reader.reader("bands", required=cls.needs_bands)
        bands: list[Band] = []
        for rank in scale.ranks:
            least = cls._read_band(declared, rank, scale)
            last = bands[-1][1] if bands else None
            if least is not None and last is not None and least <= last:
                declared.problem(
                    f"This band begins at {least}, not above the one before it ({last}).",
                    "Let each level begin above the level below it.",
                    str(rank),
                )
            if least is not None:
                cls._check_band(declared, rank, least, scale, on_levels=on_levels)
            bands.append((rank, least))
        declared.close()
        return tuple(bands)

    @classmethod
    def _read_band(cls, declared: Reader, rank: int, scale: Scale) -> Fraction | None:
        if declared.has(str(rank)):
            return declared.number(str(rank))
        if rank == scale.lowest:
            return None
        if cls.needs_bands:
            declared.problem("This level has no band.", "Say from which number on it is reached.", str(rank))
        return scale.value(rank)

    @classmethod
    def _check_band(cls, declared: Reader, rank: int, least: Fraction, scale: Scale, *, on_levels: bool) -> None:
        """Note a band that no number reaches, or that leaves out numbers beneath the lowest level."""

    def figure(self, points: Fraction, totals: Totals) -> Fraction:
        """Return the exact number that so many points, weights counted, come to."""
        raise NotImplementedError

    def rounded(self, value: Fraction) -> Fraction:
        return rounded_to(value, self.rounding, self.digits)

    def combine(self, inputs: Sequence[Input], scale: Scale, spared: Sequence[Input] = ()) -> Combined:
        totals = Totals.of(inputs, spared)
        points = total((each.weight, each.merit) for each in inputs)
        exact = self.figure(points, totals)
        bounds = self._bounds(totals)
        rounded = self.rounded(exact)
        rank = None if self.bands is None else self._band(rounded, bounds, scale)
        return Combined(
            rank,
            () if rank == scale.highest else _least_far(inputs),
            rounding=Rounding(exact, self.rounding, self.digits, rounded),
            figures=self._figures(points, totals),
            bounds=bounds,
        )

    def bounds(self, inputs: Sequence[Input]) -> tuple[Fraction, Fraction]:
        return self._bounds(Totals.of(inputs, ()))

    def _bounds(self, totals: Totals) -> tuple[Fraction, Fraction]:
        return self.figure(totals.least, totals), self.figure(totals.most, totals)

    def _band(self, rounded: Fraction, bounds: tuple[Fraction, Fraction], scale: Scale) -> int:
        least = self.rounded(bounds[0])
        reached = [rank for rank, start in self.bands if rounded >= (least if start is None else start)]
        return reached[-1] if reached else scale.below

    def _figures(self, points: Fraction, totals: Totals) -> Mapping[str, Fraction]:
        return {}

    # What would lift a node

    def needs(
        self, inputs: Sequence[Input], spared: Sequence[Input], target: int, scale: Scale
    ) -> list[tuple[list[int], Need]]:
        totals = Totals.of(inputs, spared)
        bounds = self._bounds(totals)
        need = Need(
            allowed=anything,
            gain=lambda each: each.weight * each.merit,
            enough=lambda gain: self._band(self.rounded(self.figure(gain, totals)), bounds, scale) >= target,
        )
        return [(list(range(len(inputs))), need)]

    def fewest(self, ways: Sequence[Sequence[Way]], spared: Sequence[Input], target: int, scale: Scale) -> Pick | None:
        return fewest_in_parts(ways, self.needs([some[0].input for some in ways], spared, target, scale))

    def front(self, ways: Sequence[Sequence[Way]], spared: Sequence[Input]) -> tuple[Front, bool]:
        """Return the exact numbers that the node can come to, by number of changes, and whether none is missed."""
        totals = Totals.of([some[0].input for some in ways], spared)
        fronts = [
            worth_having([Step(way.cost, way.input.weight * way.input.merit, (way,)) for way in some]) for some in ways
        ]
        merged, exact = front_of(fronts)
        front = []
        for cost, gain, done in merged:
            picked = flat(done)
            exact = exact and all(way.exact for way in picked)
            front.append(Step(cost, self.figure(gain, totals), tuple(way.done for way in picked)))
        return front, exact


def _least_far(inputs: Sequence[Input]) -> tuple[str, ...]:
    """Return the keys of the inputs that have come least far from the least to the most they can count."""
    _, most = _alike(inputs)
    far = [each.share if most is None else each.merit for each in inputs]
    least = min(far)
    if least == (1 if most is None else most):
        return ()
    return tuple(each.key for each, come in zip(inputs, far, strict=True) if come == least)


@dataclass(frozen=True)
class Mean(Banded):
    """
    The weighted mean.

    A level without a band of its own begins at what it counts, so that by default a level counts only when reached in
    full: a mean of 2.9 is level 2, unless the framework declares that it is rounded to 3 first.
    """

    kind = "mean"
    needs_bands = False

    @property
    def plain_when_alike(self) -> bool:
        return self.carry == "level" and self.bands is not None

    @classmethod
    def _check_band(cls, declared: Reader, rank: int, least: Fraction, scale: Scale, *, on_levels: bool) -> None:
        if on_levels and rank == scale.lowest and least > scale.least:
            declared.problem(
                f"A mean of levels can be as low as {scale.least}.", "Let it begin there, or leave it out.", str(rank)
            )
        if on_levels and least > scale.most:
            declared.problem(f"No mean can reach {least}.", f"Let it begin at {scale.most} at most.", str(rank))

    def figure(self, points: Fraction, totals: Totals) -> Fraction:
        return Fraction(points) / (totals.weight_of_all if self.not_applicable == "leave_out" else totals.weight)

    def because(self, wording: "Wording") -> str:
        return f"{wording.mean()}{wording.band()}"


@dataclass(frozen=True)
class Sum(Banded):
    """The weighted sum. The weight of what does not apply goes to the rest, so that the sum can still be as high."""

    kind = "sum"

    def figure(self, points: Fraction, totals: Totals) -> Fraction:
        if self.not_applicable == "leave_out":
            return Fraction(points)
        return points * totals.weight_of_all / Fraction(totals.weight)

    def because(self, wording: "Wording") -> str:
        return f"{wording.sum()}{wording.band()}"

    def _figures(self, points: Fraction, totals: Totals) -> Mapping[str, Fraction]:
        return {"points": points, "weight": totals.weight, "weight_of_all": totals.weight_of_all}


@dataclass(frozen=True)
class PercentOfMaximum(Banded):
    """The weighted sum as a percentage of the most that it could be."""

    kind = "percent_of_maximum"

    @classmethod
    def _check_band(cls, declared: Reader, rank: int, least: Fraction, scale: Scale, *, on_levels: bool) -> None:
        if least > 100:
            declared.problem(f"No percentage can reach {least}.", "Let it begin at 100 at most.", str(rank))

    def figure(self, points: Fraction, totals: Totals) -> Fraction:
        most = totals.most_of_all if self.not_applicable == "leave_out" else totals.most
        return 100 * points / Fraction(most) if most else Fraction(0)

    def because(self, wording: "Wording") -> str:
        return f"{wording.percentage(self.not_applicable == 'leave_out')}{wording.band()}"

    def _figures(self, points: Fraction, totals: Totals) -> Mapping[str, Fraction]:
        most = totals.most_of_all if self.not_applicable == "leave_out" else totals.most
        return {"points": points, "maximum": most}
