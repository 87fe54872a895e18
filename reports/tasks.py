"""
What needs a person now, worked out from where each of their assessments stands.

Pure. `reports.selectors` reads the standings; the home page shows the tasks, most urgent first.
"""

import datetime
from dataclasses import dataclass

from assessments.quorum import Quorum
from assessments.workflow import SPEAKERS, Move, Power, State
from partnership.roles import AT_PLACE, OF_SYSTEM, Role

# An action shows up so many days before it is due.
NOTICE_DAYS = 21
# An agreement shows up so many days before it is due for review.
REVIEW_DAYS = 90


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
    those of its agreements whose review is near or over.

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


def tasks(standings, *, drafts=0, asked=(), others=(), today) -> list[Task]:
    """Return what is to be done and `others`, most urgent first: late, then by day, then what others wait for."""
    found = [task for standing in standings for rule in RULES.get(standing.state, ()) for task in rule(standing, today)]
    found += [task for standing in standings for task in (*_actions(standing, today), *_agreements(standing, today))]
    found += others
    for each in asked:
        found.append(
            Task(
                text=f"{_many(each.places, 'place')} asked for more time",
                context=each.title,
                button="Answer",
                address=Address("assessments:round", (each.round_id,)),
                rank=0,
            )
        )
    if drafts:
        found.append(
            Task(
                text=f"{_many(drafts, 'framework draft')} to publish",
                button="See the drafts",
                address=Address("frameworks:library"),
            )
        )
    return sorted(found, key=lambda task: (not task.is_now, task.due_on or datetime.date.max, task.rank))


def waiting(standing) -> str:
    """Say what a person waits for at an assessment and when it comes, in a sentence."""
    day = f"{standing.scoring_closes_on:%-d %B %Y}"
    end = f"{standing.signing_closes_on:%-d %B %Y}"
    match standing.state:
        case State.PREPARING:
            return f"The place is putting its evidence together. Scoring is to close on {day}."
        case State.SCORING if Role.MEMBER in standing.roles and standing.own_scored < standing.asked:
            left = standing.asked - standing.own_scored
            return f"You have {_many(left, standing.noun)} left to score by {day}."
        case State.SCORING if Role.MEMBER in standing.roles:
            return f"You have scored everything. The chair closes scoring by {day}; then the board agrees."
        case State.SCORING:
            members = _many(standing.members, "member")
            return f"{standing.finished} of {members} have finished scoring, which closes on {day}."
        case State.AGREEING:
            return f"The board is agreeing its levels; it is to be signed by {end}."
        case State.SIGNING:
            return f"It is up for signature until {end}."
        case State.SIGNED:
            return "It is signed and sealed. The chair submits it to the ICB."
        case State.SUBMITTED:
            return "It is signed and with the ICB."
        case State.IN_REVIEW:
            return "The ICB is reviewing it. You see what the review finds once it is finished."
        case State.CLARIFY:
            until = f" by {standing.reply_by:%-d %B %Y}" if standing.reply_by else ""
            return f"The ICB asks, and the place lead and the chair reply{until}."
        case State.DECIDED:
            return "The ICB has decided on it."
    return "It was withdrawn."


def _preparing(standing, today):
    if Role.LEAD in standing.roles:
        bare = standing.criteria - standing.criteria_with_items
        if bare > 0:
            yield Task(
                text=f"{_many(bare, 'criterion', 'criteria')} without evidence items",
                context=standing.title,
                button="Write items",
                address=standing.page(),
                due_on=standing.scoring_closes_on,
                due_verb="scoring closes",
                rank=2,
            )
        if standing.unconfirmed:
            yield Task(
                text=f"Confirm {_many(standing.unconfirmed, f'carried {standing.noun}')}",
                context=standing.title,
                button=f"Confirm {standing.noun}s",
                address=standing.page("assessments:carried"),
                due_on=standing.scoring_closes_on,
                due_verb="scoring closes",
                rank=0,
            )
        if standing.items:
            yield Task(
                text=f"Open scoring: {_many(standing.items, standing.noun)} to score",
                context=standing.title,
                button="Open scoring",
                address=_move(standing, Move.OPEN_SCORING),
                due_on=standing.scoring_closes_on,
                due_verb="scoring closes",
                rank=3 if bare > 0 else 1,
            )
    yield from _evidence(standing, today)


def _evidence(standing, today):
    """Ask those who keep the register for evidence while it may still be attached."""
    without = standing.items - standing.items_with_evidence
    if without and standing.roles & {Role.LEAD, Role.CONTRIBUTOR}:
        yield Task(
            text=f"{without} of {_many(standing.items, standing.noun)} without evidence",
            context=standing.title,
            button="Attach evidence",
            address=standing.page(),
            due_on=standing.signing_closes_on if standing.state == State.AGREEING else standing.scoring_closes_on,
            due_verb="attach it before",
            rank=4,
        )


def _scoring(standing, today):
    left = standing.asked - standing.own_scored
    if Role.MEMBER in standing.roles and left > 0:
        yield Task(
            text=f"Score {standing.title}: {left} of {standing.asked} left",
            button="Start scoring" if not standing.own_scored else "Continue scoring",
            address=standing.page(),
            due_on=standing.scoring_closes_on,
            due_verb="closes",
            rank=0,
        )
    if standing.does(Power.CLOSE_SCORING):
        done = standing.members and standing.finished == standing.members
        late = standing.scoring_closes_on < today
        said = "All" if done else f"{standing.finished} of"
        yield Task(
            text=f"{said} {_many(standing.members, 'member')} have finished scoring"
            + (": close scoring" if done or late else ""),
            context=standing.title,
            button="Close scoring" if done or late else "See who is left",
            address=_move(standing, Move.CLOSE_SCORING) if done or late else standing.page(),
            due_on=standing.scoring_closes_on,
            due_verb="closes",
            rank=0 if done else 3,
        )
    yield from _evidence(standing, today)


def _workshop(standing, today):
    votes = Role.MEMBER in standing.roles
    if standing.has_workshop and (votes or standing.roles & SPEAKERS):
        yield Task(
            text="A workshop is open" + (": join it with the code from the screen in the room" if votes else ""),
            context=standing.title,
            button="Join" if votes else "Go to the workshop",
            address=Address("assessments:workshop_join") if votes else standing.page("assessments:workshop"),
            is_now=True,
        )


def _agreeing(standing, today):
    if standing.does(Power.AGREE):
        left = standing.items - standing.agreed
        if left > 0:
            split = f", {standing.unsettled} of them split" if standing.unsettled else ""
            yield Task(
                text=f"{_many(left, standing.noun)} to agree{split}",
                context=standing.title,
                button="Agree levels",
                address=standing.page(AGREEING_PAGE),
                due_on=standing.signing_closes_on,
                due_verb="to be signed by",
                rank=1,
            )
        else:
            yield Task(
                text=f"Every {standing.noun} is agreed: put the result up for signature",
                context=standing.title,
                button="Put up for signature",
                address=_move(standing, Move.PUT_UP),
                due_on=standing.signing_closes_on,
                due_verb="to be signed by",
                rank=1,
            )
    yield from _evidence(standing, today)


def _signing(standing, today):
    for organisation in standing.to_sign:
        yield Task(
            text=f"Sign for {organisation}" + (", as its deputy" if standing.is_deputy else ""),
            context=standing.title,
            button="Read and sign",
            address=standing.page(SIGN_PAGE),
            due_on=standing.signing_closes_on,
            due_verb="closes",
            rank=0,
        )
    if standing.does(Power.SEAL) and standing.quorum:
        counted = len(standing.quorum.counted)
        yield Task(
            text="The quorum is met: close the signing"
            if standing.quorum.met
            else f"{_many(counted, 'organisation')} signed so far: {' '.join(standing.quorum.problems)}",
            context=standing.title,
            button="Close the signing" if standing.quorum.met else "See who has signed",
            address=_move(standing, Move.SEAL) if standing.quorum.met else standing.page(SIGN_PAGE),
            due_on=standing.signing_closes_on,
            due_verb="closes",
            rank=1 if standing.quorum.met else 3,
        )


def _signed(standing, today):
    if standing.does(Power.SEAL):
        yield Task(
            text="Submit the signed assessment to the ICB",
            context=standing.title,
            button="Submit",
            address=_move(standing, Move.SUBMIT),
            due_on=standing.signing_closes_on,
            due_verb="due",
            rank=1,
        )


def _actions(standing, today):
    if not standing.tells_actions or not standing.roles & {Role.LEAD, Role.CHAIR}:
        return
    told = []
    if standing.late_actions:
        told.append(f"{_many(standing.late_actions, 'action')} overdue")
    if standing.near_actions:
        told.append(f"{_many(standing.near_actions, 'action')} due within {NOTICE_DAYS} days")
    if told:
        yield Task(
            text=" and ".join(told),
            context=standing.place,
            button="See the actions",
            address=Address("improvement:actions", (standing.place_id,)),
            due_on=standing.next_action_on,
            due_verb="the first was due" if standing.late_actions else "the first is due",
            rank=2,
        )


def _agreements(standing, today):
    if standing.tells_actions and standing.agreements_due and standing.roles & {Role.LEAD, Role.CONTRIBUTOR}:
        late = standing.next_review_on < today
        yield Task(
            text=f"{_many(standing.agreements_due, 'agreement')} due for review",
            context=standing.place,
            button="See the agreements",
            address=Address("reports:governance", (standing.place_id,)),
            due_on=standing.next_review_on,
            due_verb="the first was due" if late else "the first is due",
            rank=3,
        )


def _move(standing, move):
    return standing.page("assessments:move", move)


AGREEING_PAGE = "assessments:agreeing"
SIGN_PAGE = "assessments:sign"
RULES = {
    State.PREPARING: (_preparing,),
    State.SCORING: (_scoring,),
    State.AGREEING: (_workshop, _agreeing),
    State.SIGNING: (_signing,),
    State.SIGNED: (_signed,),
}


def _many(number, one, more=None):
    return f"{number} {one if number == 1 else more or one + 's'}"
