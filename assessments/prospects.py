"""What a move will do, and what stands in its way: for the page on which a person decides, before the button."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format

from assessments import disagreement, findings, permissions, review_table
from assessments.aims import aims
from assessments.earlier_items import unconfirmed_labels
from assessments.models import Round
from assessments.progress import board_progress, items_of
from assessments.selectors import load_case
from assessments.services.asking import why_wait
from assessments.services.deciding import decision_obstacles
from assessments.services.signing import current_snapshot, quorum, signatures_on
from assessments.still_missing import Missing, still_missing
from assessments.workflow import Act, Move, State
from frameworks.definition import load
from frameworks.wording import counted, listed
from partnership.models import Membership
from partnership.roles import Role

SEEN_BY = {
    Round.Visibility.PLACE: "Only people of this place can read the assessment, its observers now among them",
    Round.Visibility.ICB: "The ICB's programme office and reviewers can read the assessment",
    Round.Visibility.PEERS: "The ICB's programme office and reviewers, and the other places of the system, can read it",
    Round.Visibility.PUBLISHED: "The ICB's programme office and reviewers, and the other places of the system, can "
    "read it, and anybody a published summary without names and evidence",
}


@dataclass(frozen=True)
class Prospect:
    """
    A move as the page shows it before it is made.

    `happens`, `warnings` and `obstacles` are sentences; with an obstacle there is no button. `listed` are
    lines under `list_heading`. `gaps` are what would be sealed as incomplete and must be accepted, `missing` what else
    is missing.
    `is_final` where nothing leads back; `ends_it` where nothing leads on either.
    """

    heading: str
    button: str
    happens: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    list_heading: str = ""
    listed: tuple[str, ...] = ()
    gaps: tuple[disagreement.Gap, ...] = ()
    missing: tuple[Missing, ...] = ()
    is_final: bool = False
    ends_it: bool = False

    @property
    def gap_lines(self):
        return disagreement.gap_lines(self.gaps)


def prospect(*, assessment, move, capacity):
    """Return what a move would do now; the caller has checked that the person may make it."""
    return PROSPECTS[Move(move)](assessment, capacity)


def _open_scoring(assessment, capacity):
    case = load_case(assessment=assessment, on=timezone.localdate())
    members = Membership.objects.current().filter(place=assessment.place_id, role=Role.MEMBER)
    count = members.values("user").distinct().count()
    noun = case.definition.noun
    bare = [item.label for item in case.items if not item.citations]
    warnings = []
    if (begins := assessment.round.opens_on) > timezone.localdate():
        warnings.append(
            f"The round begins on {_day(begins)}, and scoring was planned from that day. "
            "You can open it now all the same."
        )
    if without := [gap for gap in disagreement.gaps(case) if not gap.is_item]:
        warnings.append(_without_items(without))
    if bare:
        share = counted(len(bare), f"{noun} has", f"{noun}s have")
        warnings.append(f"{share} no evidence attached. You can still attach it while the board scores and agrees.")
    if unconfirmed := unconfirmed_labels(assessment=assessment):
        brought = counted(len(unconfirmed), noun)
        is_are = "is not" if len(unconfirmed) == 1 else "are not"
        warnings.append(
            f"{brought} brought from an earlier round {is_are} confirmed: {listed(unconfirmed)}. "
            "After this, nobody can say of them any more that they still hold."
        )
    if not count:
        warnings.append("Nobody is a member of the board at present, so nobody could score.")
    return Prospect(
        heading="Open scoring",
        button="Open scoring",
        happens=(
            f"The wording and order of the {counted(len(case.items), noun)} are fixed from then on."
            if noun == "item"
            else f"What the place says of the {counted(len(case.items), noun)} is fixed from then on.",
            f"{_people(count)} of the board can score until {_day(assessment.scoring_closes_on)}, each alone.",
            "Nobody sees anybody else's score until the chair closes scoring.",
        ),
        warnings=tuple(warnings),
        obstacles=() if case.items else ("There is nothing to score: write at least one evidence item first.",),
    )


def _close_scoring(assessment, capacity):
    definition = load(assessment.framework_version.definition)
    board = board_progress(assessment=assessment, items=items_of(assessment=assessment), definition=definition)
    warnings = []
    if timezone.localdate() <= assessment.scoring_closes_on:
        warnings.append(f"Members were told that they can score until {_day(assessment.scoring_closes_on)}.")
    if board.unfinished:
        warnings.append(
            f"{len(board.unfinished)} of {counted(board.members, 'member')} still {_have(board.unfinished)} "
            "something to score. What they have not scored stays empty."
        )
    return Prospect(
        heading="Close scoring and show the spread",
        button="Close scoring",
        happens=(
            "Scores are fixed: nobody can give or change one.",
            "The board sees who gave which score, and how the scores lie. Nobody else does, the ICB included.",
            f"You settle each {definition.noun} with the board. You can have chosen ones scored again.",
        ),
        warnings=tuple(warnings),
        list_heading="Still to score" if board.unfinished else "",
        listed=tuple(
            f"{member.user.name}, {member.organisation.name}: {counted(left, definition.noun)} left"
            for member, left in board.unfinished
        )
        if permissions.can(Act.SEE_WHO_IS_LEFT, capacity=capacity, assessment=assessment)
        else (),
    )


def _score_again(assessment, capacity):
    return Prospect(
        heading="Score some items again",
        button="Score these items again",
        happens=(
            "Members score the chosen items once more, each alone; the other items stay as they are.",
            "The first scores are kept, and so is what was agreed on them, but they no longer count.",
            "The spread is hidden again until you close scoring.",
        ),
    )


def _put_up(assessment, capacity):
    case = load_case(assessment=assessment, on=timezone.localdate())
    asked = quorum(assessment=assessment, on=timezone.localdate())
    signatories = Membership.objects.current().filter(place=assessment.place_id, role=Role.SIGNATORY)
    gaps = tuple(disagreement.gaps(case))
    found = still_missing(case, assessment=assessment.public_id, asked=asked, aims=aims(assessment=assessment))
    return Prospect(
        heading="Put up for signature",
        button="Put up for signature",
        happens=(
            "The content is written down and gets a hash, so that everybody signs the same thing.",
            "Items, evidence, levels and dissent can no longer be changed. "
            "You can take the assessment back, which voids the signatures given by then.",
            f"{asked.rule} They can do so until {_day(assessment.signing_closes_on)}.",
        ),
        list_heading="Asked to sign" if asked.expected else "",
        listed=tuple(
            f"{part.organisation.name}: {part.user.name}"
            for part in signatories.select_related("user", "organisation").order_by("organisation__name", "user__name")
        ),
        gaps=gaps,
        # What makes the result incomplete is told, and accepted, as a gap.
        missing=tuple(each for each in found if each.kind not in ("open", "empty")),
    )


def _take_back(assessment, capacity):
    snapshot = current_snapshot(assessment)
    given = list(signatures_on(snapshot))
    voided = "No signature has been given yet."
    if given:
        voided = (
            f"The {counted(len(given), 'signature')} given so far {'is' if len(given) == 1 else 'are'} void. "
            "They stay on record with the content that they were given for."
        )
    return Prospect(
        heading="Take back for changes",
        button="Take back",
        happens=(
            voided,
            "The board is agreeing again: levels can be changed and evidence attached.",
            "Once it is put up again, every organisation is asked to sign anew.",
        ),
        list_heading="Signatures that become void" if given else "",
        listed=tuple(f"{signature.organisation.name}: {signature.get_kind_display().lower()}" for signature in given),
    )


def _seal(assessment, capacity):
    asked = quorum(assessment=assessment, on=timezone.localdate())
    return Prospect(
        heading="Close the signing and seal",
        button="Close the signing and seal",
        happens=(
            "No organisation can sign any more.",
            "The content, the signatures with their words, and the meeting and minute are sealed with a hash. "
            "None of it can be changed by anybody.",
            "The readiness report is made from it.",
        ),
        warnings=("These are printed as missing: " + ", ".join(asked.missing) + ".",) if asked.missing else (),
        obstacles=asked.problems,
        is_final=True,
    )


def _submit(assessment, capacity):
    return Prospect(
        heading="Submit to the ICB",
        button="Submit to the ICB",
        happens=(
            f"{SEEN_BY[assessment.round.visibility]}: levels, evidence, agreement and sign-off.",
            "They never see who gave which score.",
        ),
        is_final=True,
    )


def _start_review(assessment, capacity):
    return Prospect(
        heading="Start the review",
        button="Start the review",
        happens=(
            "The reviewers set a level for each criterion beside the place's own, and ask where they need to.",
            "The place sees that its assessment is in review, and what the review finds once it is finished.",
            "What the place signed does not change.",
        ),
    )


def _ask(assessment, capacity):
    waiting = review_table.open_questions(assessment=assessment).count()
    return Prospect(
        heading="Ask the place a question",
        button="Ask the place",
        happens=(
            "The place lead and the chair get an e-mail and reply on the page of questions.",
            "It cannot be changed or taken back. Everybody who reads the assessment at the place can read it.",
            "The review can go on meanwhile. It cannot be finished before the place has replied or the day has passed.",
        ),
        warnings=(f"{counted(waiting, 'question')} of the reviewers already open.",) if waiting else (),
    )


def _finish_review(assessment, capacity):
    review = review_table.load_review(assessment=assessment)
    differing = [f"{row.code} {row.name}: {_in_words(review, row)}" for row in review.rows if row.differs]
    return Prospect(
        heading="Finish the review",
        button="Finish the review",
        happens=(
            "Everybody who reads the assessment at the place sees the reviewed levels, your words and recommendations.",
            "The place lead and the chair get an e-mail. They may reply until the day that you set.",
            "The programme office can record its decision once they have replied or the day has passed.",
        ),
        list_heading="Where the review differs from the place" if differing else "",
        listed=tuple(differing),
        obstacles=findings.obstacles(review.rows),
    )


def _in_words(review, row):
    claimed = review.levels.get(row.claimed["level"], "no level")
    return f"the place agreed {claimed}, the review finds {review.levels[row.reviewed]}"


def _go_on(assessment, capacity):
    waiting = review_table.open_questions(assessment=assessment).count()
    return Prospect(
        heading="Go on without a reply",
        button="Go on",
        happens=(
            f"The review goes on. {counted(waiting, 'question')} will be without a reply.",
            "The place can still reply until the decision; the reply is then shown as late.",
        ),
        obstacles=why_wait(assessment=assessment, on=timezone.localdate()),
    )


def _decide(assessment, capacity):
    review = review_table.load_review(assessment=assessment)
    sections = [section for section in review.document.values() if isinstance(section, dict)]
    statements = [each for section in sections for each in section.get("statements", ())]
    return Prospect(
        heading="Record the decision",
        button="Record and seal the decision",
        happens=(
            "The decision is sealed with a hash, and cites the hash of what the place signed. Nobody can change it.",
            "The place reads it, with its reasons. Each condition becomes one of the place's actions.",
        ),
        list_heading="What the gates say of the signed content" if statements else "",
        listed=tuple(f"{each['heading']}. {each['sentence']}" for each in statements),
        obstacles=decision_obstacles(assessment, review),
        is_final=True,
    )


def _withdraw(assessment, capacity):
    happens = [
        f"{assessment.place.name} takes no further part in {assessment.round.name}. "
        "What was written stays on record and can be read, not changed.",
    ]
    if assessment.state == State.SIGNING:
        happens.append("The signatures given so far are void.")
    return Prospect(
        heading="Withdraw the assessment",
        button="Withdraw",
        happens=tuple(happens),
        is_final=True,
        ends_it=True,
    )


def reopening(*, assessment):
    """Return what re-opening a signed assessment would do."""
    return Prospect(
        heading="Re-open as a new version",
        button="Re-open",
        happens=(
            f"Version {assessment.number} stays as it was signed, with its seal and its report. Wherever it is shown, "
            "it is marked as superseded.",
            "A new version is made beside it, in which the board is agreeing again: with the same items, evidence, "
            "scores, agreed levels and dissents, which can then be changed.",
            "Every organisation is asked to sign anew, and the ICB reads the new version once it is submitted.",
        ),
    )


PROSPECTS = {
    Move.OPEN_SCORING: _open_scoring,
    Move.CLOSE_SCORING: _close_scoring,
    Move.SCORE_AGAIN: _score_again,
    Move.PUT_UP: _put_up,
    Move.TAKE_BACK: _take_back,
    Move.SEAL: _seal,
    Move.SUBMIT: _submit,
    Move.START_REVIEW: _start_review,
    Move.ASK: _ask,
    Move.FINISH_REVIEW: _finish_review,
    Move.GO_ON: _go_on,
    Move.DECIDE: _decide,
    Move.WITHDRAW: _withdraw,
}


def _without_items(gaps):
    if len(gaps) == 1:
        return gaps[0].sentence
    names = [f"{gap.criterion.code} {gap.criterion.name}" for gap in gaps]
    return f"{len(gaps)} criteria have no evidence items: {listed(names)}."


def _people(count):
    return "The one member" if count == 1 else f"The {count} members"


def _have(people):
    return "has" if len(people) == 1 else "have"


def _day(day):
    return date_format(day, "j F Y")
