"""The ordered levels of a framework, and the evidence that each of them demands."""

from dataclasses import dataclass
from functools import cached_property

# What each evidence strength means, by its number. An item's strength is that of its best artefact in date.
STRENGTHS = (
    "none or out of date",
    "documented intent",
    "documented process in use",
    "measured performance",
    "independent assurance",
)


@dataclass(frozen=True)
class Level:
    """One rung of the scale. `demand` is the strength of in-date evidence that the level needs, 0 to 4."""

    rank: int
    name: str
    meaning: str
    demand: int


@dataclass(frozen=True)
class Scale:
    """
    The levels of a framework, lowest first, with ranks that rise by one.

    Where no level at all is supported, calculations use the rank `below`, one under the lowest level. It is never
    shown as a level: results carry None instead.
    """

    levels: tuple[Level, ...]

    @cached_property
    def ranks(self) -> tuple[int, ...]:
        return tuple(level.rank for level in self.levels)

    @property
    def lowest(self) -> int:
        return self.levels[0].rank

    @property
    def highest(self) -> int:
        return self.levels[-1].rank

    @property
    def below(self) -> int:
        return self.lowest - 1

    def level(self, rank: int) -> Level:
        """
        Return the level with this rank.

        :raises KeyError: if the scale has no such rank
        """
        if rank not in self.ranks:
            raise KeyError(rank)
        return self.levels[rank - self.lowest]

    def name(self, rank: int | None) -> str:
        """Name a rank in words; None and `below` both read "no supported level"."""
        if rank is None or rank == self.below:
            return "no supported level"
        return self.level(rank).name

    def supported(self, claimed: int, strength: int) -> int | None:
        """Return the highest rank, not above `claimed`, whose demand `strength` meets; None if there is none."""
        met = [level.rank for level in self.levels if level.rank <= claimed and level.demand <= strength]
        return met[-1] if met else None
