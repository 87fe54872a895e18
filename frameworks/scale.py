"""The ordered levels of a framework, and of the answers to its statements, with the evidence that each demands."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType

# What each evidence strength means, by its number. An item's strength is that of its best artefact in date.
STRENGTHS = (
    "none that counts",
    "documented intent",
    "documented process in use",
    "measured performance",
    "independent assurance",
)


@dataclass(frozen=True)
class Level:
    """
    One rung of a scale. `demand` is the strength of in-date evidence that the level needs, 0 to 4.

    `value` is what the level counts in sums and means, where that is not its rank.
    """

    rank: int
    name: str
    meaning: str = ""
    demand: int = 0
    value: Fraction | None = None


@dataclass(frozen=True)
class Scale:
    """
    The levels of a framework, or the answers to a statement, lowest first, with ranks that rise by one.

    Where no level at all is supported, calculations use the rank `below`, one under the lowest level. It is never
    shown as a level: results carry None instead.
    """

    levels: tuple[Level, ...]

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        return tuple(level.rank for level in self.levels)

    @cached_property
    def by_name(self) -> Mapping[str, int]:
        """Each level's rank by its name."""
        return {level.name: level.rank for level in self.levels}

    @cached_property
    def values(self) -> tuple[Fraction, ...]:
        """What each level counts, lowest first."""
        return tuple(Fraction(level.rank) if level.value is None else level.value for level in self.levels)

    @property
    def names(self) -> dict[int, str]:
        """The levels' names by their ranks."""
        return {level.rank: level.name for level in self.levels}

    @property
    def lowest(self) -> int:
        return self.levels[0].rank

    @property
    def highest(self) -> int:
        return self.levels[-1].rank

    @property
    def below(self) -> int:
        return self.lowest - 1

    @property
    def least(self) -> Fraction:
        """What the lowest level counts."""
        return self.values[0]

    @property
    def most(self) -> Fraction:
        """What the highest level counts."""
        return self.values[-1]

    def level(self, rank: int) -> Level:
        """
        Return the level with this rank.

        :raises KeyError: if the scale has no such rank
        """
        if rank not in self.ranks:
            raise KeyError(rank)
        return self.levels[rank - self.lowest]

    def value(self, rank: int) -> Fraction:
        """Return what a rank counts; `below` counts as much less than the lowest as that is less than the next."""
        if rank == self.below:
            return self.values[0] - (self.values[1] - self.values[0])
        return self.values[rank - self.lowest]

    def name(self, rank: int | None) -> str:
        """Name a rank in words; None and `below` both read "no supported level"."""
        if rank is None or rank == self.below:
            return "no supported level"
        return self.level(rank).name

    def mirrored(self, rank: int) -> int:
        """Return the rank as far from the other end of the scale: what answers to an adverse statement are worth."""
        return self.lowest + self.highest - rank

    def best(self, *, adverse: bool = False) -> int:
        """Return the rank that is best to have: the highest or, where lower is better, the lowest."""
        return self.lowest if adverse else self.highest

    def supported(self, claimed: int, strength: int, *, adverse: bool = False) -> int | None:
        """
        Return the highest rank, not above `claimed`, whose demand `strength` meets; None if there is none.

        Of an adverse statement, better is lower: that something bad is not true needs the same evidence as that
        something good is.
        """
        if adverse:
            found = self.supported(self.mirrored(claimed), strength)
            return None if found is None else self.mirrored(found)
        for level in reversed(self.levels):
            if level.rank <= claimed and level.demand <= strength:
                return level.rank
        return None


def _answers(*named: tuple[str, str]) -> Scale:
    return Scale(tuple(Level(rank, name, value=Fraction(value)) for rank, (name, value) in enumerate(named)))


# Answers that every framework may use by name, without declaring them.
COMMON_ANSWERS: Mapping[str, Scale] = MappingProxyType(
    {
        "yes_no": _answers(("No", "0"), ("Yes", "1")),
        "yes_partly_no": _answers(("No", "0"), ("Partly", "1/2"), ("Yes", "1")),
    }
)
