"""What needs a person now while assessments are reviewed and decided on. Pure; `reports.tasks` puts all in order."""

from assessments.workflow import Move, State
from frameworks.wording import counted
from partnership.roles import Role
from reports.standings import Address, Task


def review_tasks(standings, *, today):
    """Return what is to be done in the reviews of `standings`, in no order."""
    rules = {State.IN_REVIEW: _in_review, State.CLARIFY: _clarify}
    found = [task for each in standings if each.state in rules for task in rules[each.state](each, today)]
    return [*found, *_reviews_to_start(standings)]


def _reviews_to_start(standings):
    """Tell of the places that have submitted, once for each round."""
    waiting = {}
    for standing in standings:
        if standing.state == State.SUBMITTED and standing.reviews:
            waiting.setdefault((standing.round_id, standing.round), []).append(standing)
    for (round_id, round), group in waiting.items():
        one = group[0] if len(group) == 1 else None
        yield Task(
            text=f"{one.place} waits for its review" if one else f"{len(group)} places wait for their review",
            context=round,
            button="Start the review" if one else "See the round",
            address=one.page("assessments:review") if one else Address("assessments:round", (round_id,)),
            rank=3,
        )


def _in_review(standing, today):
    if not standing.reviews:
        return
    left = standing.criteria_with_items - standing.reviewed
    if left > 0:
        text = f"{counted(left, 'criterion', 'criteria')} to review"
        button, page, rank = "Review", "assessments:review", 2
    elif not standing.is_shared:
        text, button, page, rank = "Every criterion is reviewed: finish the review", "Finish the review", "", 1
    elif Role.PROGRAMME_OFFICE in standing.roles:
        text, button, page, rank = "The review is finished: record the decision", "Decide", "", 1
    else:
        return
    move = Move.DECIDE if standing.is_shared else Move.FINISH_REVIEW
    address = standing.page(page) if page else standing.page("assessments:move", move)
    yield Task(text=text, context=standing.title, button=button, address=address, rank=rank)


def _clarify(standing, today):
    if standing.roles & {Role.LEAD, Role.CHAIR}:
        yield Task(
            text=f"Reply to {in_words(standing.open_questions)} from the ICB",
            context=standing.title,
            button="Read and reply",
            address=standing.page("assessments:questions"),
            due_on=standing.reply_by,
            rank=0,
        )
    if standing.reviews and standing.reply_by and standing.reply_by < today:
        yield Task(
            text=f"{standing.place} has not replied in time",
            context=standing.title,
            button="See the questions",
            address=standing.page("assessments:questions"),
            due_on=standing.reply_by,
            due_verb="the reply was due",
            rank=3,
        )


def in_words(questions):
    return "one question" if questions == 1 else f"{questions} questions"
