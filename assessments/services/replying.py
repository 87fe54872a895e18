"""Reply for the place to what the reviewers ask: replies are added, never changed."""

from assessments import review_table
from assessments.models import Reply
from assessments.services import notices
from assessments.services.asking import NothingSaid
from assessments.services.locking import lock_for
from assessments.services.moves import make_move
from assessments.workflow import Act, Move, State
from partnership import audit, idempotency


def reply(*, question, text, by, at, token=None):
    """
    Say something for the place to a question, and return the reply; the last one hands back to the reviewers.

    A reply after the last day counts all the same, and is shown as late.

    :raises PermissionDenied: if `by` does not speak for the place
    :raises permissions.WrongState: if the assessment is not in review any more
    :raises NothingSaid: if there are no words
    :raises partnership.idempotency.AlreadyDone: if the form with `token` was acted on before
    """
    text = text.strip()
    with idempotency.once(by=by, token=token, at=at) as act:
        assessment, _ = lock_for(Act.REPLY, question.assessment_id, by=by, at=at)
        if not text:
            raise NothingSaid("Enter the reply.")
        made = Reply.objects.create(question=question, text=text, replied_at=at, replied_by=by)
        audit.record(
            audit.Type.REPLY_GIVEN,
            chain=assessment,
            by=by,
            at=at,
            target=made,
            question=str(question.public_id),
            is_late=made.is_late,
            text=audit.digest(text),
        )
        notices.reply_given(reply=made, at=at)
        if assessment.state == State.CLARIFY and not review_table.open_questions(assessment=assessment).exists():
            make_move(assessment=assessment, move=Move.REPLIED, based_on=assessment.version, by=by, at=at)
        act.result = str(made.public_id)
    return made
