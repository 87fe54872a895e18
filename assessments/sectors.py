"""
How the sectors of a board scored, where enough of its members belong to each; and who gives very many of the scores.

Pure. A sector is shown as a whole or not at all, the same everywhere in an assessment, so that nobody finds out what a
few members scored: not from a small group, nor by taking what is shown away from the total that is shown beside it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

FEWEST_SHOWN = 5
LARGE_SHARE = Fraction(1, 3)


@dataclass(frozen=True)
class Voice:
    """A seat of the panel: for whom it scores, and the rank that it gave each item, by the item's key."""

    organisation: str
    sector: str
    ranks: Mapping[str, int]


def shown(groups: Sequence[Mapping[str, int]]) -> frozenset[str]:
    """
    Return the sectors that may be shown, of how many members each has in each group of items.

    One with fewer than five in any group is hidden in all. What is left over for the hidden ones must not give them
    away either: while in some group one alone of them has members, or all together have fewer than five, the next
    smallest is hidden as well.
    """
    names = {name for group in groups for name in group}
    smallest = sorted((min(group.get(name, 0) for group in groups), name) for name in names)
    kept = [name for size, name in smallest if size >= FEWEST_SHOWN]
    while kept and any(_gives_away(group, kept) for group in groups):
        kept.pop(0)
    return frozenset(kept)


def _gives_away(group, kept):
    rest = [size for name, size in group.items() if size and name not in kept]
    return bool(rest) and (len(rest) < 2 or sum(rest) < FEWEST_SHOWN)


def by_sector(panel, groups: Mapping[str, frozenset], ranks) -> list[dict]:
    """
    Return, for each sector that may be shown, by name, its counts by rank in all and in each group of items.

    `groups` are item keys by the code of a criterion. What is shown in one group is shown in every, so that no group
    can be worked out from the others and the whole.
    """
    panel = [voice for voice in panel if voice.ranks]
    asked = {code: keys for code, keys in groups.items() if any(keys & voice.ranks.keys() for voice in panel)}
    may_be = shown([Counter(voice.sector for voice in panel if keys & voice.ranks.keys()) for keys in asked.values()])
    return [
        {
            "sector": sector,
            "members": sum(voice.sector == sector for voice in panel),
            "counts": _counts(panel, sector, frozenset().union(*asked.values()), ranks),
            "criteria": {code: _counts(panel, sector, keys, ranks) for code, keys in asked.items()},
        }
        for sector in sorted(may_be)
    ]


def large_shares(panel) -> list[dict]:
    """Return each organisation that gives more than a third of all levels, by name, with how many of how many."""
    given = Counter()
    for voice in panel:
        given[voice.organisation] += len(voice.ranks)
    total = given.total()
    return [
        {"organisation": name, "given": count, "of": total}
        for name, count in sorted(given.items())
        if count > LARGE_SHARE * total
    ]


def _counts(panel, sector, keys, ranks):
    given = Counter(
        rank for voice in panel if voice.sector == sector for key, rank in voice.ranks.items() if key in keys
    )
    return [given[rank] for rank in ranks]
