"""What people are told who see a page of an assessment for the first time; put away, it comes back by a link."""

from frameworks.scale import Scale
from frameworks.wording import counted
from partnership.guides import FirstSteps, Guide

# Half a minute to a minute for each item: a guess that the page calls one.
FASTEST, SLOWEST = 30, 60
# What a split item takes a board, and one that is not split, in minutes: guesses, too.
SPLIT_TAKES, OPEN_TAKES = 5, 2


def minutes(seconds: int) -> int:
    """Return seconds as minutes, in fives from ten on: more exact would be a promise."""
    whole = max(1, -(-seconds // 60))
    return whole if whole < 10 else -(-whole // 5) * 5


def how_long(count: int, noun: str) -> str:
    """Say how long so many items take one person."""
    low, high = minutes(count * FASTEST), minutes(count * SLOWEST)
    span = f"{low} to {high} minutes" if low < high else counted(high, "minute", "minutes")
    return f"About {span} for the {counted(count, noun, f'{noun}s')} that {'is' if count == 1 else 'are'} left to you"


def scoring(*, left: int, noun: str, scale: Scale, closes: str, practice: str) -> FirstSteps:
    """Lead a member in who scores alone; `closes` is the day scoring closes, `practice` an address."""
    lowest, highest = scale.levels[0].name, scale.levels[-1].name
    judging = (
        f"Each item is a statement that the place makes about itself. Choose the level that describes what you see "
        f"happening now, not what is planned: {lowest} is the lowest, {highest} the highest."
        if noun == "item"
        else "Answer each statement for what you see happening now, not for what is planned. The level follows from "
        "the answers."
    )
    time = f"{how_long(left, noun)}: that is a guess, half a minute to a minute for each. " if left else ""
    return FirstSteps(
        Guide.SCORING,
        "New to scoring?",
        (
            ("What you judge", f"{judging} If you do not know enough, choose “cannot judge”: it lowers nothing."),
            (
                "What happens to your score",
                "You alone see it until the chair closes scoring; the lead and the chair see only who has still to "
                "score. Then the board sees your scores and comments with your name, and agrees on each item. The ICB "
                "is told how many chose each level, never who.",
            ),
            (
                "How long it takes",
                f"{time}Stop whenever you like: what is saved waits for you, here or on another device, and can be "
                f"changed until scoring closes on {closes}.",
            ),
        ),
        ("Try a practice item that counts for nothing", practice),
    )


def writing_items(*, scale: Scale, noun: str) -> FirstSteps:
    """Lead a lead or a contributor in who writes a place's items."""
    free = [level.name for level in scale.levels if not level.demand]
    support = (
        f"Without any, an item is supported at {free[-1]} at most, whatever the board agrees."
        if free
        else "Without any, no level of an item is supported, whatever the board agrees."
    )
    return FirstSteps(
        Guide.ITEMS,
        "New to preparing an assessment?",
        (
            (
                "What to write",
                "One thing to an item: something that the place has done or has in place, so that somebody else could "
                "check it. Each member scores each item on its own."
                if noun == "item"
                else "The framework asks the questions. Beside each you can say in your own words what the place does, "
                "which helps members to answer.",
            ),
            (
                "What to attach",
                f"The document, minute or figures that show it, with their date. {support} An artefact is entered in "
                "the register once and can be attached to many items.",
            ),
            (
                "What happens then",
                "When the lead opens scoring, the wording is fixed. Evidence can be added until the result is put up "
                "for signature.",
            ),
        ),
    )


def agreeing(*, split: int, unsettled: int, undisputed: int, noun: str, may_agree: bool) -> FirstSteps:
    """Lead a board in that settles levels; the counts are of items not settled yet."""
    lively = max(0, unsettled - split - undisputed)
    time = minutes(60 * (split * SPLIT_TAKES + lively * OPEN_TAKES))
    accepted = (
        f"{counted(undisputed, noun, f'{noun}s')} that nobody disputes can be accepted at once. " if undisputed else ""
    )
    guess = (
        f"{'For the rest allow' if accepted else 'Allow'} about {counted(time, 'minute', 'minutes')}: that is a guess, "
        f"{SPLIT_TAKES} minutes for each {noun} that is split and {OPEN_TAKES} for each other. "
        if split + lively
        else ""
    )
    who = (
        "You settle the level, with the board in the room or on a call."
        if may_agree
        else "The chair settles the level, and you can put a dissent on record."
    )
    return FirstSteps(
        Guide.AGREEING,
        "New to agreeing?",
        (
            (
                "What you see",
                "How the members' scores lie, and who gave which. The lower median marks the middle. “Split” means "
                "that they lie too far apart for a middle to say much: talk about those.",
            ),
            (
                "What the board does",
                f"{who} It need not be the middle. A split one needs its reason in words, and stays marked as split.",
            ),
            ("How long it takes", f"{accepted}{guess}The board can stop and go on another day.".strip()),
            (
                "What happens then",
                "The chair puts the result up for signature, and nothing in it changes any more. The ICB sees it only "
                "once it is signed and submitted, without anybody's name beside a score.",
            ),
        ),
    )


def signing(*, closes: str) -> FirstSteps:
    """Lead a signatory in; `closes` is the day signing closes."""
    return FirstSteps(
        Guide.SIGNING,
        "New to signing?",
        (
            (
                "What you sign",
                "The content below, exactly as it was put up: everybody signs the same. Its hash is its fingerprint, "
                "and shows if a single character were changed. Reading the levels of each domain takes about ten "
                "minutes: that is a guess.",
            ),
            (
                "What you can answer",
                "Sign; sign with a reservation, which is printed; decline, with the reason; or declare an interest. "
                "You answer for your organisation, once. Somebody else can sign in your place if you name them.",
            ),
            (
                "What happens then",
                f"You can change the answer until the chair closes the signing, by {closes}. It is printed with your "
                "name and organisation, and the ICB reads it once the place submits.",
            ),
        ),
    )


def reviewing(*, criteria: int) -> FirstSteps:
    """Lead a reviewer in."""
    return FirstSteps(
        Guide.REVIEW,
        "New to reviewing?",
        (
            (
                "What you judge",
                "Each criterion, by the evidence that the place has signed. Your level stands beside the place's own "
                "and replaces nothing.",
            ),
            (
                "Who reads it",
                "Those who review with you and the ICB's programme office, at once. The place reads it when the review "
                "is finished, before the ICB decides. You never see who gave which score.",
            ),
            (
                "How long it takes",
                f"There {'is' if criteria == 1 else 'are'} {counted(criteria, 'criterion', 'criteria')} left. Nobody "
                "has measured it: it depends on how much evidence you open. Each is saved by itself, so that you can "
                "stop after any of them, and ask the place where something is not clear.",
            ),
        ),
    )
