"""Every page within reach of people of places that prepare, agree and sign."""

import pytest

from .every_page import walk

PEOPLE = {
    "chair of a board that is agreeing": "chair@halton.example",
    "signatory of a place that is signing": "trust@liverpool.example",
    "lead of a place that is preparing": "lead@cheshire-west.example",
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_within_reach_in_another_state_is_sound(chromium, address, who):
    wrong = walk(chromium, address, PEOPLE[who])

    assert not wrong, "\n".join(wrong)
