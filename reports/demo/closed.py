"""Let a place of the demo become part of another one, so that its pages show how a closed place is read."""

from partnership.services.closing import close
from reports.demo import cases


def case_of(told, system_file):
    """Return the case of the place that closes, which took part in a round of its own."""
    return cases.light(told, system_file | {"rounds": [told["round"]]}, about=told["about"])


def close_place(told, *, system, place, successor, by, dates):
    """Let the programme office close the place; nobody goes on, since the successor has a board of its own."""
    close(
        system=system,
        places=[place],
        closed_on=dates.day(told["closed_on"]),
        reason=told["reason"],
        successor=successor,
        by=by,
        at=dates.at(told["closed_on"], 12),
    )
