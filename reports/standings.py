"""Where assessments stand for a person, and what a task is: what `reports.tasks` works with. Pure."""

import datetime
from dataclasses import dataclass

from assessments.quorum import Quorum
from partnership.roles import AT_PLACE, OF_SYSTEM, Role


@dataclass(frozen=True)
class Address:
    """A page of the portal: the name of its address and what that takes."""

    route: str
    values: tuple = ()


@dataclass(frozen=True)
class Task:
    """
    Something to do, with one button. `due_on` is None where nothing is due.

    `rank` orders tasks that are due on the same day: what others wait for comes first. One that `is_now` comes before
    all others, and nobody is reminded of it by e-mail.
    """

    text: str
    button: str
    address: Address
    context: str = ""
    due_on: datetime.date | None = None
    due_verb: str = "due"
    rank: int = 5
    is_now: bool = False


@dataclass(frozen=True)
class Standing:
    """
    Where an assessment stands, for one person with `roles` at its place or in its system.

    `unconfirmed` items were brought from an earlier round and wait for the lead's word.
    `noun` is what one of its items is called. `asked` items are open for scoring and need an answer of this person's;
    `own_scored` of them have it. `finished` of the `members` have scored all that they need to, and all gave `scores`
    of the `scores_wanted`. What needs no answer any more is not among the `items`. `has_workshop` while the board holds
    one.
    `unsettled` counts items whose scores are split and for which nothing is agreed. `to_sign` names the organisations
    that this person signs for and that have not answered, as whose deputy where one `is_deputy`. `late_actions` and
    `near_actions` count open actions of the place, the earliest of which is due on `next_action_on`; `agreements_due`
    those of its agreements whose review is near or over; `pathway_on` is the next day that is planned for a pathway.

    `reviewed` counts the criteria that the reviewers have done, `open_questions` what they asked and the place has not
    replied to, the first by `reply_by`. `is_shared` once the review is finished and the place may reply to it;
    `stays_at_place` where nobody reviews it. `powers` are the chair's, where this person stands in for them.
    """

    public_id: str
    place_id: str
    place: str
    round: str
    state: str
    roles: frozenset
    scoring_closes_on: datetime.date
    signing_closes_on: datetime.date
    noun: str = "item"
    items: int = 0
    items_with_evidence: int = 0
    unconfirmed: int = 0
    criteria: int = 0
    criteria_with_items: int = 0
    asked: int = 0
    own_scored: int = 0
    scores: int = 0
    scores_wanted: int = 0
    members: int = 0
    finished: int = 0
    agreed: int = 0
    unsettled: int = 0
    quorum: Quorum | None = None
    to_sign: tuple[str, ...] = ()
    is_deputy: bool = False
    late_actions: int = 0
    near_actions: int = 0
    next_action_on: datetime.date | None = None
    agreements_due: int = 0
    next_review_on: datetime.date | None = None
    pathway_on: datetime.date | None = None
    # A place has one standing for each of its live rounds, and its actions are told once.
    tells_actions: bool = True
    round_id: str = ""
    reviewed: int = 0
    open_questions: int = 0
    reply_by: datetime.date | None = None
    is_shared: bool = False
    stays_at_place: bool = False
    has_workshop: bool = False
    powers: frozenset = frozenset()

    def does(self, power):
        """Tell whether this person does what a chair does under a power: as the chair, or standing in for them."""
        return Role.CHAIR in self.roles or power in self.powers

    @property
    def reviews(self):
        """Tell whether this person reviews it: never somebody of the place itself."""
        return bool(self.roles & OF_SYSTEM) and not self.roles & AT_PLACE and not self.stays_at_place

    @property
    def title(self):
        return f"{self.place}, {self.round}"

    def page(self, route="assessments:assessment", *more):
        return Address(route, (self.public_id, *more))


@dataclass(frozen=True)
class Asked:
    """A round of which so many `places` asked for more time and wait for the programme office's answer."""

    round_id: str
    title: str
    places: int
