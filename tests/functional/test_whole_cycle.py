"""A place goes through a whole cycle with several people at once, each in a browser of their own."""

from . import cycle


def test_a_place_goes_through_a_whole_cycle_with_several_people(chromium, address):
    taken = cycle.Cycle(chromium, address)

    cycle.open_round(taken)
    cycle.invite(taken)
    cycle.write_items(taken)
    cycle.score(taken)
    cycle.agree(taken)
    cycle.sign(taken)
    cycle.review(taken)
    cycle.decide(taken)
    cycle.re_open(taken)

    assert taken.complaints == {}
