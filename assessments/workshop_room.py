"""What a workshop's room has before it: the item on the screen, how far the vote has come, what is most disputed."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils import timezone

from assessments import visibility
from assessments.deliberation import Row, Table, load_table
from assessments.models import Assessment, Presence, Step, Workshop
from frameworks.wording import counted
from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import BOARD

Phase, Kind = Workshop.Phase, Step.Kind
WENT_ON = {
    Kind.TAKEN: "put item {item} on the screen",
    Kind.VOTE_OPENED: "opened a vote on item {item}",
    Kind.CALLED_OFF: "called off the vote on item {item}",
    Kind.REVEALED: "showed the scores of item {item}",
    Kind.SETTLED: "recorded the level of item {item}",
}


@dataclass(frozen=True)
class Room:
    """A workshop as it stands. Its table holds how all scores lie that were shown: never a vote before the reveal."""

    workshop: Workshop
    table: Table

    @cached_property
    def row(self) -> Row | None:
        """The item on the screen; None before the first one."""
        key = str(self.workshop.item.public_id) if self.workshop.item else ""
        return next((self.table.row(item) for item in self.table.case.items if item.key == key), None)

    @property
    def criterion(self):
        return self.table.criterion(self.row.item.criterion)

    @property
    def domain(self):
        return self.table.domain_of(self.row.item.criterion)

    @property
    def is_presented(self):
        return bool(self.row) and self.workshop.phase == Phase.PRESENTED

    @property
    def is_voting(self):
        return self.workshop.phase == Phase.VOTING

    @property
    def is_revealed(self):
        return self.workshop.phase == Phase.REVEALED

    @property
    def ballot(self):
        """The ballot that is being held, or that would be held next."""
        return self.workshop.item.ballot + 1

    @property
    def was_voted_on(self):
        """Whether the last ballot of the item on the screen is one after the scores that members gave alone."""
        return self.workshop.item.ballot > 1

    @cached_property
    def next(self) -> Row | None:
        """The most disputed item that is still open, other than the one on the screen."""
        return self.table.next_open(after={self.row.item.key} if self.row else ())

    @cached_property
    def others(self):
        """What may be put on the screen instead, most disputed first: items that are open, then those that are not."""
        rows = [row for row in self.table.rows if not self.row or row.item.key != self.row.item.key]
        return sorted(rows, key=lambda row: not row.is_open)

    @property
    def open_words(self):
        left = len(self.table.open_rows)
        return f"{counted(left, 'item', 'items')} still to settle" if left else "All items are settled"

    @property
    def count_words(self):
        return count_words(self.workshop)

    @property
    def everybody_voted(self):
        return self.workshop.voted >= self.workshop.present > 0

    @property
    def seats(self):
        """One for each member present, true for as many as have voted: who they are stays unknown."""
        present = max(self.workshop.present, self.workshop.voted)
        return [number < self.workshop.voted for number in range(present)]

    @property
    def said(self):
        """What has just come about, in a sentence, for those who hear the page."""
        if not self.row:
            return "The workshop is open. No item is on the screen yet."
        label = self.row.item.label
        if self.is_voting:
            return f"{'Everybody has voted' if self.everybody_voted else 'A vote is open'} on item {label}."
        if self.is_revealed:
            agreed = f" Agreed: {self.row.agreed}." if self.row.agreed else ""
            return f"The scores of item {label} are shown. {self.row.sentence}{agreed}"
        return f"Item {label} is on the screen."


def count_words(workshop):
    """Say how many have voted, while a vote is open, or how many are there: never who."""
    if workshop.phase == Phase.VOTING:
        return f"{workshop.voted} of {max(workshop.present, workshop.voted)} have voted"
    return f"{counted(workshop.present, 'member', 'members')} joined"


def get_workshop(*, user, public_id):
    """
    Return the workshop with its counts, if the user has a part at its place; one query.

    :raises Http404: otherwise; for them it does not exist
    """
    for workshop in _visible(user=user.pk, public_id=public_id, day=timezone.localdate()):
        return workshop
    raise Http404("There is no such workshop for this person")


def get_pulse(*, user, public_id):
    """
    Return a workshop with its counts, as far as it tells that something changed; one query.

    Of the board of an open place alone; None for anybody else, whoever they are.
    """
    return next(iter(_pulse(user=user.pk, public_id=public_id, day=timezone.localdate())), None)


@prepared
def _visible(*, user, public_id, day):
    found = Workshop.objects.filter(assessment__in=Assessment.objects.visible_to(user, on=day), public_id=public_id)
    related = ("assessment__place__system", "assessment__round", "assessment__framework_version")
    joined = Presence.objects.filter(workshop=OuterRef("pk"), membership__user=user)
    return (
        visibility.counted_in_room(found)
        .annotate(joined=Exists(joined))
        .select_related(*related, "assessment__superseded_by", "item__criterion", "opened_by")
    )


@prepared
def _pulse(*, user, public_id, day):
    board = Membership.objects.current(day).filter(user=user, role__in=sorted(BOARD), place__ended_on=None)
    found = Workshop.objects.filter(assessment__place__in=board.values("place"), public_id=public_id)
    return visibility.counted_in_room(found).only("version", "phase", "closed_at")


def load_room(workshop):
    """Read all that the room has before it; five queries. The caller has checked that the reader is of the board."""
    return Room(workshop, load_table(assessment=workshop.assessment))


def load_device(workshop):
    """Read what `load_room` does as far as a member's device shows it: what is on the screen, and no other item."""
    return Room(workshop, load_table(assessment=workshop.assessment, item=workshop.item_id))


def last_step(workshop):
    """Say who went on with a workshop last, and how: "The chair put item GO1.1 on the screen"; "" for nobody."""
    step = workshop.steps.select_related("item__criterion", "taken_by").order_by("-number").first()
    if step is None:
        return ""
    label = f"{step.item.criterion.code}.{step.item.name}"
    return f"{step.taken_by.name} {WENT_ON[step.kind].format(item=label)}"
