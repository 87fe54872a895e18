"""
What needs a person now, worked out from where each of their assessments stands.

Pure. `reports.selectors` reads the standings; the home page shows the tasks, most urgent first.
"""

import datetime

from assessments.workflow import SPEAKERS, Move, Power, State
from frameworks.wording import counted
from partnership.roles import Role
from reports.standings import Address, Task

# An action shows up so many days before it is due.
NOTICE_DAYS = 21
# An agreement shows up so many days before it is due for review.
REVIEW_DAYS = 90


def tasks(standings, *, drafts=0, asked=(), others=(), today) -> list[Task]:
    """Return what is to be done and `others`, most urgent first: late, then by day, then what others wait for."""
    found = [task for standing in standings for rule in RULES.get(standing.state, ()) for task in rule(standing, today)]
    of_places = (_actions, _agreements, _pathways)
    found += [task for standing in standings for rule in of_places for task in rule(standing, today)]
    found += others
    for each in asked:
        found.append(
            Task(
                text=f"{counted(each.places, 'place')} asked for more time",
                context=each.title,
                button="Answer",
                address=Address("assessments:round", (each.round_id,)),
                rank=0,
            )
        )
    if drafts:
        found.append(
            Task(
                text=f"{counted(drafts, 'framework draft')} to publish",
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
            return f"You have {counted(left, standing.noun)} left to score by {day}."
        case State.SCORING if Role.MEMBER in standing.roles:
            return f"You have scored everything. The chair closes scoring by {day}; then the board agrees."
        case State.SCORING:
            members = counted(standing.members, "member")
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
                text=f"{counted(bare, 'criterion', 'criteria')} without evidence items",
                context=standing.title,
                button="Write items",
                address=standing.page(),
                due_on=standing.scoring_closes_on,
                due_verb="scoring closes",
                rank=2,
            )
        if standing.unconfirmed:
            yield Task(
                text=f"Confirm {counted(standing.unconfirmed, f'carried {standing.noun}')}",
                context=standing.title,
                button=f"Confirm {standing.noun}s",
                address=standing.page("assessments:carried"),
                due_on=standing.scoring_closes_on,
                due_verb="scoring closes",
                rank=0,
            )
        if standing.items:
            yield Task(
                text=f"Open scoring: {counted(standing.items, standing.noun)} to score",
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
            text=f"{without} of {counted(standing.items, standing.noun)} without evidence",
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
            text=f"{said} {counted(standing.members, 'member')} have finished scoring"
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
                text=f"{counted(left, standing.noun)} to agree{split}",
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
        signed = counted(len(standing.quorum.counted), "organisation")
        yield Task(
            text="The quorum is met: close the signing"
            if standing.quorum.met
            else f"{signed} signed so far: {' '.join(standing.quorum.problems)}",
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
        told.append(f"{counted(standing.late_actions, 'action')} overdue")
    if standing.near_actions:
        told.append(f"{counted(standing.near_actions, 'action')} due within {NOTICE_DAYS} days")
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
            text=f"{counted(standing.agreements_due, 'agreement')} due for review",
            context=standing.place,
            button="See the agreements",
            address=Address("reports:governance", (standing.place_id,)),
            due_on=standing.next_review_on,
            due_verb="the first was due" if late else "the first is due",
            rank=3,
        )


def _pathways(standing, today):
    if standing.tells_actions and standing.pathway_on and standing.roles & SPEAKERS:
        yield Task(
            text="A readiness pathway is planned to begin",
            context=standing.place,
            button="See what it still asks for",
            address=Address("reports:place", (standing.place_id,)),
            due_on=standing.pathway_on,
            due_verb="planned for",
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
