"""
How a panel's scores lie: the spread of one item, and agreement over a whole assessment.

Counting and the split rule are exact. Consensus and alpha are statistics for display, as floats; where consensus
decides whether an item is split, it is far more precise than the threshold needs.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

FEWEST_TO_SAY = 3
SPLIT_RANGE = 2
SPLIT_CONSENSUS = 0.6
SPLIT_SHARE = Fraction(2, 3)
ALIKE_SHARE = Fraction(9, 10)


@dataclass(frozen=True)
class Spread:
    """
    The scores of one item.

    `counts` holds, for each rank of the scale in ascending order, how many scored it; `n` is their sum. Those who
    cannot judge, or hold the item not applicable, are counted outside n. `split` is None with fewer than three
    scores, which are too few to say; the other figures are None without any score.
    """

    ranks: tuple[int, ...]
    counts: tuple[int, ...]
    cannot_judge: int = 0
    not_applicable: int = 0

    @property
    def n(self) -> int:
        return sum(self.counts)

    @property
    def lower_median(self) -> int | None:
        """The first rank, in ascending order, at which half of the scores are reached."""
        reached = 0
        for rank, count in zip(self.ranks, self.counts, strict=True):
            reached += count
            if count and 2 * reached >= self.n:
                return rank
        return None

    @property
    def minimum(self) -> int | None:
        return min(self._scored(), default=None)

    @property
    def maximum(self) -> int | None:
        return max(self._scored(), default=None)

    @property
    def consensus(self) -> float | None:
        """Tastle and Wierman's consensus over the full width of the scale: 1 all agree, 0 half at either end."""
        return _known_consensus(self.counts)

    @property
    def too_few(self) -> bool:
        return self.n < FEWEST_TO_SAY

    @property
    def split(self) -> bool | None:
        """
        Say whether the panel is split.

        It is when its scores are two levels or more apart with consensus under 0.6, or when two thirds of them or
        fewer lie on the best pair of adjacent levels. On a scale of two, where every score lies on the only pair, it is
        when two thirds or fewer agree.
        """
        if self.too_few:
            return None
        far_apart = self.maximum - self.minimum >= SPLIT_RANGE and self.consensus < SPLIT_CONSENSUS
        if len(self.counts) == 2:
            return max(self.counts) <= SPLIT_SHARE * self.n
        best_pair = max(first + second for first, second in zip(self.counts, self.counts[1:], strict=False))
        return far_apart or best_pair <= SPLIT_SHARE * self.n

    def sentence(self, names: Mapping[int, str]) -> str:
        """Say how the scores lie, such as "Split: 5 at Evolving, 6 at Thriving, 1 cannot judge."; `names` by rank."""
        head = {None: "Too few scores to say", True: "Split", False: "Not split"}[self.split]
        parts = [f"{count} at {names[rank]}" for rank, count in zip(self.ranks, self.counts, strict=True) if count]
        if self.cannot_judge:
            parts.append(f"{self.cannot_judge} cannot judge")
        if self.not_applicable:
            parts.append(f"{self.not_applicable} not applicable")
        return f"{head}: {', '.join(parts) or 'nobody has scored'}."

    def _scored(self) -> list[int]:
        return [rank for rank, count in zip(self.ranks, self.counts, strict=True) if count]


def spread(
    scores: Mapping[int, int] | Sequence[int], ranks: Sequence[int], *, cannot_judge: int = 0, not_applicable: int = 0
) -> Spread:
    """
    Return the spread of scores, given as counts by rank or one by one, over the ranks of a scale.

    :raises ValueError: if a score is not on the scale
    """
    counts = Counter(scores)
    if strange := sorted(set(counts) - set(ranks)):
        raise ValueError(f"Not on the scale: {', '.join(map(str, strange))}")
    ranks = tuple(sorted(ranks))
    return Spread(ranks, tuple(counts[rank] for rank in ranks), cannot_judge, not_applicable)


def consensus(counts: Sequence[int]) -> float | None:
    """
    Return the consensus of counts by level, lowest level first; None of nothing.

    1 + Σ p·log2(1 − |x − mean| / width), with the width of the whole scale. (W. J. Tastle and M. J. Wierman,
    Consensus and dissention: a measure of ordinal dispersion, International Journal of Approximate Reasoning 45, 2007.)
    """
    n = sum(counts)
    if not n:
        return None
    width = len(counts) - 1
    mean = Fraction(sum(place * count for place, count in enumerate(counts)), n)
    terms = (count / n * math.log2(1 - abs(place - mean) / width) for place, count in enumerate(counts) if count)
    # Rounding in the last place must not show an agreement of 1.0000000000000002 or −0.0.
    return min(1.0, max(0.0, 1 + math.fsum(terms)))


# A page asks again and again for the same few counts.
_known_consensus = lru_cache(maxsize=4096)(consensus)


def krippendorff_alpha(ratings: Sequence[Sequence[int | None]], metric: str = "ordinal") -> float | None:
    """
    Return Krippendorff's alpha of ratings by rater and unit, None where a rater gave none.

    `metric` is "nominal", "ordinal" or "interval". A unit with fewer than two ratings says nothing of agreement and
    is left out. The answer is None where nothing can be paired or nothing varies. (K. Krippendorff, Computing
    Krippendorff's alpha-reliability, 2011.)
    """
    units = [[rating for rating in unit if rating is not None] for unit in zip(*ratings, strict=True)]
    units = [Counter(unit) for unit in units if len(unit) > 1]
    totals = sum(units, Counter())
    n = totals.total()
    distance = _distances(totals, metric)
    expected = sum(totals[a] * totals[b] * distance[a, b] for a in totals for b in totals)
    if not expected:
        return None
    # Each unit's pairs share the weight of its ratings: a unit of m ratings has m − 1 partners for each.
    observed = sum(
        Fraction(sum(unit[a] * unit[b] * distance[a, b] for a in unit for b in unit), unit.total() - 1)
        for unit in units
    )
    return float(1 - (n - 1) * observed / expected)


def shown_alpha(ratings: Sequence[Sequence[int | None]], metric: str = "ordinal") -> float | None:
    """
    Return alpha for the method annex, None where it would mislead.

    Where nine tenths of the scores or more are equal, alpha is near zero however well the panel agrees.
    """
    scores = Counter(rating for rater in ratings for rating in rater if rating is not None)
    if not scores or max(scores.values()) >= ALIKE_SHARE * scores.total():
        return None
    return krippendorff_alpha(ratings, metric)


def _distances(totals: Counter[int], metric: str) -> dict[tuple[int, int], Fraction]:
    """Return the squared distance between each two values that occur."""
    values = sorted(totals)

    def between(low: int, high: int) -> Fraction:
        match metric:
            case "nominal":
                return Fraction(low != high)
            case "interval":
                return Fraction(high - low) ** 2
            case "ordinal":
                # How many ratings lie between the two, counting half of those at either end.
                passed = sum(totals[value] for value in values if low <= value <= high)
                return (passed - Fraction(totals[low] + totals[high], 2)) ** 2 if low != high else Fraction(0)
        raise ValueError(f"Unknown metric {metric!r}")

    return {(a, b): between(min(a, b), max(a, b)) for a in values for b in values}
