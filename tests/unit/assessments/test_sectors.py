"""How sectors scored is shown only where nobody can be found out by it."""

from hypothesis import given
from hypothesis import strategies as st

from assessments.sectors import FEWEST_SHOWN, Voice, by_sector, large_shares, shown

sizes = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 12), max_size=8)


@given(sizes)
def test_no_group_under_five_is_shown(sizes):
    assert all(sizes[name] >= FEWEST_SHOWN for name in shown([sizes]))


@given(sizes)
def test_what_is_left_of_the_total_is_nobody_or_two_groups_with_five_members_together(sizes):
    kept = shown([sizes])
    hidden = [size for name, size in sizes.items() if size and name not in kept]

    assert not hidden or not kept or (len(hidden) >= 2 and sum(hidden) >= FEWEST_SHOWN)


@given(sizes)
def test_no_group_is_hidden_without_need(sizes):
    small = [name for name, size in sizes.items() if 0 < size < FEWEST_SHOWN]
    hidden = {name for name, size in sizes.items() if size} - shown([sizes])

    if not small:
        assert not hidden
    for name in hidden - set(small):
        # Were it shown, a single group or fewer than five members would be left.
        rest = [sizes[each] for each in hidden - {name} if sizes[each] <= sizes[name]]
        assert len(rest) < 2 or sum(rest) < FEWEST_SHOWN


FULL = {"1": 2, "2": 3, "3": 3, "4": 4}
PART = [{}, {"1": 2}, {"2": 1, "3": 4}, {"1": 3, "4": 3}]


@st.composite
def panels(draw):
    """Return a panel of some sectors in which most members have scored everything."""
    return [
        Voice(draw(st.sampled_from("xyz")), sector, draw(st.sampled_from([FULL, FULL, FULL, *PART])))
        for sector in "abcd"
        for _ in range(draw(st.integers(0, 9)))
    ]


GROUPS = {"ONE": frozenset("1"), "TWO": frozenset("23"), "THREE": frozenset("4")}
RANKS = (1, 2, 3, 4)


@given(panels())
def test_no_figure_nor_any_difference_of_figures_speaks_for_fewer_than_five_members(panel):
    rows = by_sector(panel, GROUPS, RANKS)
    shown_sectors = {row["sector"] for row in rows}
    groups = {code: keys for code, keys in GROUPS.items() if any(keys & voice.ranks.keys() for voice in panel)}

    for keys in groups.values():
        judged = [voice.sector for voice in panel if keys & voice.ranks.keys()]
        for sector in shown_sectors:
            assert judged.count(sector) >= FEWEST_SHOWN
        # What anybody can work out is the total of the group without the sectors that are shown.
        rest = [sector for sector in judged if sector not in shown_sectors]
        if shown_sectors and rest:
            assert len(rest) >= FEWEST_SHOWN
            assert len(set(rest)) >= 2


@given(panels())
def test_the_counts_of_a_sector_add_up(panel):
    for row in by_sector(panel, GROUPS, RANKS):
        assert row["counts"] == [sum(each) for each in zip(*row["criteria"].values(), strict=True)]
        assert row["members"] >= FEWEST_SHOWN


def test_sectors_of_five_are_shown_and_a_lone_small_one_takes_another_along():
    assert shown([{"nhs": 5, "council": 6}]) == {"nhs", "council"}
    assert shown([{"nhs": 5, "council": 6, "housing": 2}]) == {"council"}
    assert shown([{"nhs": 8, "council": 1, "housing": 2}]) == frozenset()
    assert shown([{"nhs": 8, "council": 3, "housing": 2}]) == {"nhs"}


def voice(organisation, scores):
    return Voice(organisation, "a", {str(number): 3 for number in range(scores)})


def test_more_than_a_third_of_the_scores_is_told_and_a_third_is_not():
    assert large_shares([voice("trust", 2), voice("council", 2), voice("carers", 2)]) == []
    assert large_shares([voice("trust", 2), voice("trust", 1), voice("council", 2), voice("carers", 2)]) == [
        {"organisation": "trust", "given": 3, "of": 7}
    ]
    assert large_shares([]) == []
