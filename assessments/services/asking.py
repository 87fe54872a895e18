"""Ask the place: single questions, and what it says to the finished review. Questions are added, never changed."""

from django.db.models import Max
from django.utils import timezone

from assessments import findings, review_table
from assessments.models import Question
from assessments.services import notices
from frameworks.models import Node
from partnership import audit


class AskingRefused(Exception):
    """The question, the finish or the reply cannot be taken; `problems` says what is missing, a sentence each."""

    def __init__(self, *problems):
        super().__init__(" ".join(problems))
        self.problems = problems


class NothingSaid(AskingRefused):
    """The question or the reply says nothing."""


class DeadlinePassed(AskingRefused):
    """The last day for the reply lies before today, or is missing."""


class NoSuchCriterion(AskingRefused):
    """The framework has no such criterion."""


class NotFinished(AskingRefused):
    """The review has gaps, so it cannot be shared with the place."""


class ReplyStillDue(AskingRefused):
    """The place may still reply: its last day has not passed."""


class StillOpen(AskingRefused):
    """A question waits for its reply."""


def ask(assessment, *, capacity, by, at, text, reply_by, code=""):
    """
    Ask about a criterion, or the whole where no code is given; part of the move ASK.

    :raises NoSuchCriterion: if the framework has none with this code
    :raises NothingSaid: if there is no text
    :raises DeadlinePassed: if the last day for the reply lies before today, or is missing
    """
    criterion = None
    if code:
        criterion = Node.objects.filter(version=assessment.framework_version_id, code=code, is_criterion=True).first()
        if criterion is None:
            raise NoSuchCriterion("Choose a criterion of the framework, or the assessment as a whole.")
    question = _add(assessment, Question.Kind.QUESTION, text, reply_by, criterion=criterion, by=by, at=at)
    notices.question_asked(question=question, at=at)
    return {"question": str(question.public_id)}


def finish_review(assessment, *, capacity, by, at, text, reply_by):
    """
    Share the review with the place, and ask what it says to it; part of the move FINISH_REVIEW.

    :raises NotFinished: if the review has gaps
    :raises NothingSaid: if there is no text
    :raises DeadlinePassed: if the last day for the reply lies before today, or is missing
    """
    review = review_table.load_review(assessment=assessment)
    if problems := findings.obstacles(review.rows):
        raise NotFinished(*problems)
    question = _add(assessment, Question.Kind.REVIEW, text, reply_by, criterion=None, by=by, at=at)
    notices.review_shared(question=question, at=at)
    return {"question": str(question.public_id), "reviewed": sum(row.finding is not None for row in review.rows)}


def hand_back(assessment, *, capacity, by, at):
    """
    Let the reviewers go on once every question has its reply; part of the move REPLIED.

    :raises StillOpen: if a question waits for its reply
    """
    waiting = review_table.open_questions(assessment=assessment).count()
    if waiting:
        raise StillOpen(*findings.obstacles((), open_questions=waiting))
    return {}


def go_on(assessment, *, capacity, by, at):
    """
    Go on without the place's reply, once its last day has passed; part of the move GO_ON.

    :raises ReplyStillDue: if it has not
    """
    if problems := why_wait(assessment=assessment, on=timezone.localdate(at)):
        raise ReplyStillDue(*problems)
    return {"without": review_table.open_questions(assessment=assessment).count()}


def why_wait(*, assessment, on):
    """Say until when the place may reply to what is open; nothing once every last day has passed."""
    last = review_table.open_questions(assessment=assessment).aggregate(day=Max("reply_by"))["day"]
    return (f"The place may reply until the end of {last:%-d %B %Y}.",) if last and last >= on else ()


def _add(assessment, kind, text, reply_by, *, criterion, by, at):
    text = text.strip()
    if not text:
        raise NothingSaid("Say what you want the place to reply to.")
    if reply_by is None or reply_by < timezone.localdate(at):
        raise DeadlinePassed("The last day for the reply must be today or later.")
    question = Question.objects.create(
        assessment=assessment,
        number=assessment.questions.count() + 1,
        kind=kind,
        criterion=criterion,
        text=text,
        reply_by=reply_by,
        asked_at=at,
        asked_by=by,
    )
    audit.record(
        audit.Type.QUESTION_ASKED,
        chain=assessment,
        by=by,
        at=at,
        target=question,
        number=question.number,
        kind=kind.value,
        criterion=criterion.code if criterion else "",
        reply_by=reply_by.isoformat(),
        text=audit.digest(text),
    )
    return question
