import pytest

from frameworks.spread import consensus, krippendorff_alpha, shown_alpha, spread

NAMES = {1: "Emerging", 2: "Evolving", 3: "Established", 4: "Thriving"}
RANKS = (1, 2, 3, 4)

# The worked example shipped with the fast-krippendorff package.
THREE_RATERS = [
    [None, None, None, None, None, 3, 4, 1, 2, 1, 1, 3, 3, None, 3],
    [1, None, 2, 1, 3, 3, 4, 3, None, None, None, None, None, None, None],
    [None, None, 2, 1, 3, 4, 4, None, 2, 1, 1, 3, 3, None, 4],
]
# 58 of 60 scores are equal.
NEARLY_UNANIMOUS = [[3] * 12, [3] * 11 + [4], [3] * 12, [3] * 12, [4] + [3] * 11]


@pytest.mark.parametrize(
    "counts, expected, digits",
    [
        # From the help page of consensus in the R package agrmt.
        ([30, 40, 210, 130, 530, 50, 10], 0.7256876, 7),
        ([5, 0, 0, 5], 0.0, 6),
        ([0, 0, 8, 0], 1.0, 6),
        ([0, 0, 4, 4], 0.736966, 6),
        ([1, 2, 4, 3], 0.535087, 6),
        ([0, 4, 4, 4], 0.610025, 6),
        ([0, 2, 5, 1], 0.752491, 6),
    ],
)
def test_consensus_to_the_published_digits(counts, expected, digits):
    assert round(consensus(counts), digits) == expected


@pytest.mark.parametrize(
    "counts, split",
    [
        pytest.param([0, 4, 4, 4], True, id="8 of 12 on the best pair is two thirds"),
        pytest.param([1, 2, 4, 3], True, id="consensus 0.535 and range 3"),
        pytest.param([0, 2, 5, 1], False, id="7 of 8 on the best pair"),
        pytest.param([0, 0, 4, 4], False, id="one level apart"),
        pytest.param([5, 0, 0, 5], True, id="both ends"),
        pytest.param([0, 1, 1, 0], None, id="too few"),
        pytest.param([1, 0, 0, 1], None, id="too few, however far apart"),
        pytest.param([0, 0, 3, 0], False, id="all agree"),
        pytest.param([0, 0, 0, 0], None, id="nobody"),
        pytest.param([0, 6, 0, 5], True, id="nobody between"),
    ],
)
def test_split(counts, split):
    assert spread(dict(zip(RANKS, counts, strict=True)), RANKS).split is split


def test_a_spread_is_the_same_from_counts_and_from_scores():
    assert spread([2, 4, 4, 3], RANKS) == spread({4: 2, 3: 1, 2: 1}, RANKS)


def test_a_spread_has_its_figures():
    got = spread([1, 2, 2, 3, 3, 3, 3, 4, 4, 4], RANKS, cannot_judge=2, not_applicable=1)

    assert (got.n, got.counts) == (10, (1, 2, 4, 3))
    assert (got.lower_median, got.minimum, got.maximum) == (3, 1, 4)


@pytest.mark.parametrize("scores, middle", [([1, 4], 1), ([1, 2, 4, 4], 2), ([2], 2), ([1, 1, 4], 1), ([], None)])
def test_the_median_is_the_lower_of_two(scores, middle):
    assert spread(scores, RANKS).lower_median == middle


def test_nobody_has_scored():
    got = spread([], RANKS, cannot_judge=1)

    assert (got.n, got.consensus, got.minimum, got.maximum, got.split) == (0, None, None, None, None)
    assert got.sentence(NAMES) == "Too few scores to say: 1 cannot judge."


def test_a_score_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="Not on the scale: 5"):
        spread([3, 5], RANKS)


@pytest.mark.parametrize(
    "given, words",
    [
        ({"scores": {2: 5, 4: 6}, "cannot_judge": 1}, "Split: 5 at Evolving, 6 at Thriving, 1 cannot judge."),
        (
            {"scores": {3: 4, 4: 1}, "not_applicable": 2},
            "Not split: 4 at Established, 1 at Thriving, 2 not applicable.",
        ),
        ({"scores": {3: 2}}, "Too few scores to say: 2 at Established."),
        ({"scores": {}}, "Too few scores to say: nobody has scored."),
    ],
)
def test_a_spread_in_words(given, words):
    assert spread(ranks=RANKS, **given).sentence(NAMES) == words


@pytest.mark.parametrize("metric, alpha", [("nominal", 0.691358), ("interval", 0.810845), ("ordinal", 0.806721)])
def test_alpha_to_the_published_digits(metric, alpha):
    assert round(krippendorff_alpha(THREE_RATERS, metric), 6) == alpha


def test_alpha_is_hidden_where_scores_hardly_vary():
    assert round(krippendorff_alpha(NEARLY_UNANIMOUS), 6) == -0.017241
    assert shown_alpha(NEARLY_UNANIMOUS) is None
    assert round(shown_alpha(THREE_RATERS), 6) == 0.806721


def test_alpha_is_hidden_from_nine_tenths_on():
    nine_of_ten = [[3, 3, 3, 3, 3], [3, 3, 3, 3, 1]]
    eight_of_ten = [[3, 3, 3, 3, 3], [3, 3, 3, 1, 1]]

    assert shown_alpha(nine_of_ten) is None
    assert shown_alpha(eight_of_ten) is not None


@pytest.mark.parametrize("ratings", [[], [[]], [[3, None], [None, 3]], [[3, 3], [3, 3]]])
def test_alpha_needs_pairs_that_vary(ratings):
    assert krippendorff_alpha(ratings) is None
    assert shown_alpha(ratings) is None


def test_alpha_knows_its_metrics():
    with pytest.raises(ValueError, match="Unknown metric 'ratio'"):
        krippendorff_alpha(THREE_RATERS, "ratio")
