"""
How many places are at which level, as stacked bars: worked out once for picture, browser's figure and table.

Pure. Counts instead of ranks: no bar says which place is where, and bars stand in the framework's order or by name.
"""

from collections import Counter
from dataclasses import dataclass

from frameworks.wording import counted
from reports.figures import STATUS_WORDS

# Of fewer places than this, no levels are counted for readers who may not read each of them.
FEWEST = 5
WITHOUT = tuple(STATUS_WORDS.values())


@dataclass(frozen=True)
class Bar:
    """
    How many are at each level, lowest first, and how many at none, by why: pairs of words and number.

    `note` is said beside it, such as that the criterion meant something else. `is_hidden` where there are too few to
    count. `code` leads on from it.
    """

    code: str
    name: str
    counts: tuple[int, ...]
    without: tuple[tuple[str, int], ...] = ()
    note: str = ""
    is_hidden: bool = False

    @property
    def total(self):
        return sum(self.counts) + self.no_level

    @property
    def no_level(self):
        return sum(number for _, number in self.without)

    def sentence(self, levels):
        """Say it in words; `levels` are the pairs of rank and name."""
        if self.is_hidden:
            return f"{self.name}: fewer than {FEWEST} places, not shown"
        told = [f"{count} {name}" for count, (_, name) in zip(self.counts, levels, strict=True) if count]
        told += [f"{number} {words.lower()}" for words, number in self.without if number]
        return f"{self.name}: {', '.join(told) or 'none'}" + (f" ({self.note})" if self.note else "")

    def reaching(self, place):
        """Return how many are at the level with this place, from 0 for the lowest, or above."""
        return sum(self.counts[place:])


@dataclass(frozen=True)
class Stacks:
    """Bars over the levels of one framework; `levels` are pairs of rank and name, lowest first."""

    message: str
    description: str
    levels: tuple[tuple[int, str], ...]
    bars: tuple[Bar, ...]

    @property
    def most(self):
        return max([bar.total for bar in self.bars if not bar.is_hidden] + [1])

    @property
    def sentences(self):
        return [bar.sentence(self.levels) for bar in self.bars]


def bar(code, name, found, levels, *, note="", is_hidden=False) -> Bar:
    """
    Return the bar of what is found: pairs of a level's rank, or of words that say why there is none, and a number.

    One that `is_hidden` counts nothing.
    """
    numbers = Counter()
    for what, number in found:
        numbers[what] += number
    if is_hidden:
        return Bar(code, name, (0,) * len(levels), note=note, is_hidden=True)
    ranks = [rank for rank, _ in levels]
    without = tuple((words, numbers[words]) for words in WITHOUT if numbers[words])
    return Bar(code, name, tuple(numbers[rank] for rank in ranks), without, note=note)


def by_criterion(matrix, *, standing="supported") -> Stacks:
    """Return, for each criterion of a matrix, how many of its places are at which level."""
    cells = [[row.cells[place] for row in matrix.rows] for place in range(len(matrix.criteria))]
    bars = tuple(
        bar(code, name, _marks(column, standing), matrix.levels)
        for (code, name), column in zip(matrix.criteria, cells, strict=True)
    )
    places = counted(len(matrix.rows), "place", "places")
    return Stacks(_message(bars, matrix.levels, places), f"Level that evidence supports, {places}", matrix.levels, bars)


def of_criterion(matrix, code) -> Stacks:
    """Return of one criterion how many places agreed, have evidence for and were given which level."""
    name = dict(matrix.criteria)[code]
    cells = [cell for row in matrix.rows for cell in row.cells if cell.code == code]
    kinds = [("claimed", "Agreed"), ("supported", "Supported by evidence")]
    if any(cell.reviewed for cell in cells):
        kinds.append(("reviewed", "Reviewed"))
    bars = tuple(bar(kind, words, _marks(cells, kind), matrix.levels) for kind, words in kinds)
    places = counted(len(matrix.rows), "place", "places")
    return Stacks(
        _message([bars[1]], matrix.levels, places),
        f"{name}, {places}: what was agreed and supported",
        matrix.levels,
        bars,
    )


def _marks(cells, kind):
    """Yield a cell's level, or why it has none, with the number one; a reviewed level that is not there counts not."""
    for cell in cells:
        if mark := getattr(cell, kind):
            # A number that its rule calculated is no level.
            yield (
                (mark.words if mark.words in WITHOUT else STATUS_WORDS["no_level"])
                if mark.level is None
                else mark.level,
                1,
            )


def _message(bars, levels, places):
    """Say how often evidence supports the upper half of the levels."""
    upper, name = upper_half(levels)
    if len(bars) == 1:
        return f"The evidence supports {name} at {bars[0].reaching(upper)} of {places}"
    half = sum(2 * bar.reaching(upper) >= bar.total > 0 for bar in bars)
    if not half:
        return f"In none of {len(bars)} criteria does the evidence support {name} at half of the places"
    return f"In {half} of {len(bars)} criteria the evidence supports {name} at half of the places or more"


def upper_half(levels):
    """Return the place of the level, from 0, with which the upper half of a scale begins, and what to call it."""
    upper = len(levels) // 2
    return upper, levels[upper][1] + (" or more" if upper < len(levels) - 1 else "")


def over_rounds(name, bars, levels) -> Stacks:
    """Return of one criterion how many places were at which level, round by round, the newest first."""
    message = f"{name}, round by round: nothing submitted yet"
    if shown := [each for each in bars if each.total]:
        message = f"{name} in {counted(len(shown), 'round', 'rounds')}: level that evidence supports"
    return Stacks(message, "Places by level in each round; no trend is drawn through a change", levels, tuple(bars))
