"""Every page within reach of the people of a system, and of its administrator."""

import pytest

from .every_page import walk

PEOPLE = {
    "programme office": "office@icb.example",
    "reviewer": "reviewer@icb.example",
    "administrator": "administrator@icb.example",
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_within_reach_of_a_system_is_sound(chromium, address, who):
    wrong = walk(chromium, address, PEOPLE[who])

    assert not wrong, "\n".join(wrong)
