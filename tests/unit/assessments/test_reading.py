"""What is read out of a sealed document, in words."""

import pytest

from assessments.reading import number_beside, number_of


def result(rule, rounded, level):
    return {"level": level, "status": "level", "trace": {"rule": rule, "rounding": {"rounded": rounded}}}


@pytest.mark.parametrize(
    "rule, rounded, level, number, beside",
    [
        ("mean", "1", 1, "1", ""),
        ("mean", "7/4", 1, "1.75", "1.75"),
        ("mean", "1", None, "1", "1"),
        ("sum", "0", 0, "0", ""),
        ("percent_of_maximum", "1", 1, "1%", "1%"),
    ],
)
def test_a_number_that_is_the_levels_own_is_not_shown_beside_it(rule, rounded, level, number, beside):
    found = result(rule, rounded, level)

    assert (number_of(found), number_beside(found)) == (number, beside)
