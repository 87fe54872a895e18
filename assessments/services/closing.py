"""What stands against closing a place, and what stays behind there: assessments that are not over."""

from django.db.models import Count

from assessments.models import Assessment, PeerReviewer, Round
from assessments.workflow import MOVES, SHARED_WITH_ICB, UNDER_REVIEW, Move, State
from partnership.services.closing import Hindrance

# What must be done with an assessment before its place closes, by its state; nothing where it is over.
WITHDRAW_OR_FINISH = "withdraw it, or let the board sign and submit it"
FIRST = (
    dict.fromkeys(MOVES[Move.WITHDRAW].sources, WITHDRAW_OR_FINISH)
    | {State.SIGNED: "its chair has to submit it"}
    | dict.fromkeys(UNDER_REVIEW, "the ICB has to record its decision")
)


def held_open_by(*, places, lock):
    """Return the assessments of these places that must be over first, and lock all of theirs if told to."""
    here = Assessment.objects.filter(place__in=places).order_by("place__name", "round__opens_on", "pk")
    if lock:
        # In the order of their keys, as everywhere; who re-opens one waits here, and finds the place closed.
        list(Assessment.objects.locked().filter(place__in=places).order_by("pk"))
    return [
        Hindrance(
            f"{each.place.name}, {each.title}: {each.get_state_display().lower()} – {FIRST[each.state]}",
            "assessments:assessment",
            each.public_id,
        )
        for each in here.newest().select_related("place", "round")
        if each.state in FIRST
    ]


def stays(*, places):
    """Say what nobody goes on with: submitted assessments without a review, and reviews of other places as a peer."""
    submitted = Assessment.objects.newest().filter(place__in=places, state=State.SUBMITTED)
    reviewed = submitted.exclude(round__visibility=Round.Visibility.PLACE).select_related("place", "round")
    for each in reviewed.order_by("place__name", "pk"):
        yield f"{each.place.name}, {each.title}: submitted, and stays without a review"
    named = PeerReviewer.objects.filter(
        membership__place__in=places,
        ended_at=None,
        assessment__state__in=SHARED_WITH_ICB - {State.DECIDED},
    ).exclude(assessment__place__in=places)
    for row in named.values("membership__place__name").annotate(n=Count("pk")).order_by("membership__place__name"):
        yield (
            f"{row['membership__place__name']}: {row['n']} review{'' if row['n'] == 1 else 's'} of other places as a "
            "peer; whoever goes on elsewhere is named anew"
        )
