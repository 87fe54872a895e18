"""Every page within reach of the people of a place that is scoring."""

import pytest

from .every_page import walk

PEOPLE = {
    "member": "member@sthelens.example",
    "chair": "chair@sthelens.example",
    "lead": "lead@sthelens.example",
    "contributor": "contributor@sthelens.example",
    "signatory": "signatory@sthelens.example",
    "observer": "observer@sthelens.example",
}


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_within_reach_of_a_place_is_sound(chromium, address, who):
    wrong = walk(chromium, address, PEOPLE[who])

    assert not wrong, "\n".join(wrong)
